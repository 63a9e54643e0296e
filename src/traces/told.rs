//! What a collector is told: the only spans and attributes that leave the process.

use opentelemetry::trace::{SpanContext, SpanKind, Status, TraceState};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;
use tracing_subscriber::layer::{Context, Filter};

/// The spans, by the names that the log has for them too.
const SPANS: &[&str] = &[
    "request", "mail", "claim", "delivery", "record", "schedule", "work", "migrate",
];
/// The fields of these spans that become attributes, and their names there. None holds what somebody wrote.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("id", "xabar.request.id"),
    ("method", "http.request.method"),
    ("route", "http.route"),
    ("status", "http.response.status_code"),
    ("issue", "xabar.issue"),
    ("kind", "xabar.mail.kind"),
    ("relay", "xabar.relay"),
    ("result", "xabar.result"),
    ("deliveries", "xabar.deliveries"),
    ("loop", "xabar.loop"),
];
/// Those of the fields that are numbers; the layer hands unsigned ones over as text.
const NUMBERS: &[&str] = &["status", "deliveries"];
/// Any other method is a word of the client.
const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
];

/// Lets the exporter see the spans that are told. Events, whose texts are for the log, never.
pub(super) struct Told;

impl<S> Filter<S> for Told {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        is_told(metadata)
    }

    /// Never `always`: where all layers say so, the filters are not asked again, and what they found for the
    /// last callsite counts. A crate that only asks whether it may log (sqlx does, for each statement) would
    /// so hide the next span of its thread.
    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        match is_told(metadata) {
            true => Interest::sometimes(),
            false => Interest::never(),
        }
    }

    /// No told span is finer.
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }
}

fn is_told(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with("xabar") && SPANS.contains(&metadata.name())
}

/// A span with nothing but what may be told.
pub(super) fn fit(mut span: SpanData) -> SpanData {
    span.attributes = span.attributes.into_iter().filter_map(attribute).collect();
    span.events = SpanEvents::default();
    span.links = SpanLinks::default();
    let context = &span.span_context;
    span.span_context = SpanContext::new(
        context.trace_id(),
        context.span_id(),
        context.trace_flags(),
        context.is_remote(),
        TraceState::default(),
    );
    span.status = Status::Unset;
    if span.name == "request" {
        describe_request(&mut span);
    }
    span
}

fn attribute(KeyValue { key, value, .. }: KeyValue) -> Option<KeyValue> {
    let (_, name) = ATTRIBUTES
        .iter()
        .find(|(field, _)| *field == key.as_str())?;
    let value = match (key.as_str(), value) {
        ("method", Value::String(method)) if !METHODS.contains(&method.as_str()) => {
            Value::from("_OTHER")
        }
        (field, Value::String(text)) if NUMBERS.contains(&field) => {
            let number = text.as_str().parse();
            number.map_or(Value::String(text), Value::I64)
        }
        (_, value) => value,
    };
    Some(KeyValue::new(*name, value))
}

/// As the semantic conventions for HTTP servers have it.
fn describe_request(span: &mut SpanData) {
    span.span_kind = SpanKind::Server;
    let value = |name: &'static str| {
        let found = span.attributes.iter().find(|one| one.key.as_str() == name);
        found.map(|one| one.value.as_str().into_owned())
    };
    let method = value("http.request.method").filter(|method| method != "_OTHER");
    let method = method.as_deref().unwrap_or("HTTP");
    let route = value("http.route").filter(|route| route != "none");
    let failed = value("http.response.status_code").is_some_and(|status| status.starts_with('5'));
    span.name = match &route {
        Some(route) => format!("{method} {route}").into(),
        None => method.to_owned().into(),
    };
    if route.is_none() {
        span.attributes
            .retain(|one| one.key.as_str() != "http.route");
    }
    if failed {
        span.status = Status::error("");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tracing::dispatcher::get_default;
    use tracing::span::{Attributes, Id};
    use tracing::{Subscriber, debug_span, info_span};
    use tracing_subscriber::EnvFilter;
    use tracing_subscriber::layer::{Layer, SubscriberExt};
    use tracing_subscriber::registry;

    use super::*;

    #[derive(Default, Clone)]
    struct Seen(Arc<AtomicUsize>);

    impl<S: Subscriber> Layer<S> for Seen {
        fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_crate_that_asks_whether_it_may_log_hides_no_span() {
        let (told, logged) = (Seen::default(), Seen::default());
        let subscriber = registry()
            .with(told.clone().with_filter(Told))
            .with(logged.clone().with_filter(EnvFilter::new("info")));
        tracing::subscriber::with_default(subscriber, || {
            for _ in 0..2 {
                // As `log::log_enabled!` asks.
                let statement = debug_span!(target: "sqlx::query", "statement");
                let about = statement.metadata().unwrap();
                get_default(|subscriber| subscriber.enabled(about));
                drop(info_span!("request"));
                drop(info_span!("not told"));
                drop(debug_span!("claim"));
            }
        });
        assert_eq!(told.0.load(Ordering::Relaxed), 4, "request, claim");
        assert_eq!(logged.0.load(Ordering::Relaxed), 4, "request, not told");
    }
}
