//! The trace that a request belongs to.

use axum::http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Only `traceparent` of W3C Trace Context: `tracestate` is free text.
struct TraceParent<'a>(&'a HeaderMap);

impl Extractor for TraceParent<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        match name {
            "traceparent" => self.0.get(name)?.to_str().ok(),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

/// Lets a span continue the trace that a trusted proxy names.
pub(crate) fn continue_trace(span: &Span, headers: &HeaderMap) {
    let context = TraceContextPropagator::new().extract(&TraceParent(headers));
    if context.span().span_context().is_valid() {
        // It fails only where spans are not sent.
        let _ = span.set_parent(context);
    }
}

/// The trace of a span; none where spans are not sent.
pub(crate) fn id(span: &Span) -> Option<String> {
    let context = span.context();
    let context = context.span().span_context().clone();
    context.is_valid().then(|| context.trace_id().to_string())
}
