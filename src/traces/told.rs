//! What a collector is told: the only spans and attributes that leave the process.

use opentelemetry::trace::{SpanContext, SpanKind, Status, TraceState};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use tracing::Metadata;

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

/// Whether the exporter gets to see it. Events, whose texts are for the log, never.
pub(super) fn is_told(metadata: &Metadata<'_>) -> bool {
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
