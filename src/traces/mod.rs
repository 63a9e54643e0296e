//! Spans for a collector of OpenTelemetry, by OTLP over HTTP, if `traces.endpoint` is set.
//!
//! Only the spans that [`told`] names leave the process, with the attributes that it names: no address,
//! token, subject or text of a relay. The queue is bounded, and a thread of its own sends; nobody waits for
//! the collector. What it does not take is lost and counted.

mod client;
mod export;
pub(crate) mod parent;
pub(crate) mod probe;
mod told;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::Layer;

use crate::clock::Clock;
use crate::config::{SettingsError, Traces as Settings};
use client::Client;
use export::{BoundedQueue, CountedExporter};

/// How long a collector may take for one request.
const EXPORT_LIMIT: Duration = Duration::from_secs(5);
/// How long the end of the process may wait for the last spans.
const FLUSH_LIMIT: Duration = Duration::from_secs(1);

/// Set once the process sends spans.
static ON: OnceLock<()> = OnceLock::new();
static EXPORTED: AtomicU64 = AtomicU64::new(0);
static DROPPED: AtomicU64 = AtomicU64::new(0);
static FAILED: AtomicU64 = AtomicU64::new(0);

/// What gives spans to the exporter.
pub(crate) type SpanLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Sends spans while the process lives.
pub(crate) struct Traces(SdkTracerProvider);

/// How many spans and exports there were since the start.
pub(crate) struct Counts {
    /// Spans that the collector took.
    pub(crate) exported: u64,
    /// Spans for which the queue had no room, or that the collector did not take.
    pub(crate) dropped: u64,
    /// Requests to the collector that failed.
    pub(crate) failed: u64,
}

/// Whether this process sends spans.
pub(crate) fn is_on() -> bool {
    ON.get().is_some()
}

pub(crate) fn counts() -> Counts {
    Counts {
        exported: EXPORTED.load(Ordering::Relaxed),
        dropped: DROPPED.load(Ordering::Relaxed),
        failed: FAILED.load(Ordering::Relaxed),
    }
}

/// Begins to send spans, if the settings name a collector. It need not be there. Must be called within a
/// runtime, which carries its connections.
///
/// # Errors
/// When the settings make no sense.
pub(crate) fn start(
    settings: &Settings,
    clock: &Clock,
) -> Result<Option<(Traces, SpanLayer)>, SettingsError> {
    let Some(endpoint) = settings.address() else {
        return Ok(None);
    };
    let client = Client::new(&settings.headers, EXPORT_LIMIT)?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(EXPORT_LIMIT)
        .with_endpoint(endpoint)
        .build()
        .map_err(|error| SettingsError::Invalid {
            path: "traces".to_owned(),
            why: error.to_string(),
        })?;
    let resource = Resource::builder_empty().with_attributes([
        KeyValue::new("service.name", "xabar"),
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        KeyValue::new("service.instance.id", clock.new_uuid().to_string()),
    ]);
    let sampler = Sampler::TraceIdRatioBased(settings.sample_ratio);
    let provider = SdkTracerProvider::builder()
        .with_resource(resource.build())
        .with_sampler(Sampler::ParentBased(Box::new(sampler)))
        .with_span_processor(BoundedQueue::before(CountedExporter::new(exporter)))
        .build();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("xabar"))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_target(false)
        .with_level(false)
        .with_filter(told::Told)
        .boxed();
    let _ = ON.set(());
    Ok(Some((Traces(provider), layer)))
}

impl Traces {
    /// Sends the spans that wait, for at most a second and never longer than `grace`.
    pub(crate) async fn finish(self, grace: Duration) {
        let limit = FLUSH_LIMIT.min(grace);
        let flushing = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(limit));
        if !matches!(flushing.await, Ok(Ok(()))) {
            tracing::warn!("the last spans did not reach the collector of the traces");
        }
    }
}
