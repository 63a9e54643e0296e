//! The queue before the exporter, and the exporter, both counted.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor,
};

use super::{DROPPED, EXPORTED, FAILED, told};
use crate::log_limiter::failures;

/// How many spans wait at most; further ones are dropped.
const QUEUE: usize = 2048;
/// How many spans go in one request.
const BATCH: usize = 512;
/// How long a span waits for others.
const DELAY: Duration = Duration::from_secs(1);

/// Makes spans fit to leave the process, sends them, and counts what became of them.
#[derive(Debug)]
pub(super) struct CountedExporter<E> {
    exporter: E,
    waiting: Arc<AtomicUsize>,
}

impl<E: SpanExporter> CountedExporter<E> {
    pub(super) fn new(exporter: E) -> Self {
        let waiting = Arc::default();
        Self { exporter, waiting }
    }
}

impl<E: SpanExporter> SpanExporter for CountedExporter<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let amount = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        self.waiting.fetch_sub(batch.len(), Ordering::Relaxed);
        // A panic would end the thread that sends, and nobody would know.
        let exporting = AssertUnwindSafe(async {
            let batch = batch.into_iter().map(told::fit).collect();
            self.exporter.export(batch).await
        });
        let exported = exporting.catch_unwind().await;
        let cause = match &exported {
            Ok(Ok(())) => {
                EXPORTED.fetch_add(amount, Ordering::Relaxed);
                return Ok(());
            }
            Ok(Err(_)) => "the collector at traces.endpoint is away, slow, or refuses them",
            Err(_) => "the exporter of the traces panicked, which is a bug",
        };
        DROPPED.fetch_add(amount, Ordering::Relaxed);
        FAILED.fetch_add(1, Ordering::Relaxed);
        failures::warn("spans are lost", &cause);
        exported.unwrap_or_else(|_| Err(OTelSdkError::InternalFailure(cause.to_owned())))
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// Takes spans while there is room; the SDK's own queue does not tell how many it drops.
#[derive(Debug)]
pub(super) struct BoundedQueue {
    waiting: Arc<AtomicUsize>,
    next: BatchSpanProcessor,
}

impl BoundedQueue {
    pub(super) fn before<E: SpanExporter + 'static>(exporter: CountedExporter<E>) -> Self {
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(DELAY);
        let waiting = Arc::clone(&exporter.waiting);
        let next = BatchSpanProcessor::builder(exporter).with_batch_config(config.build());
        Self {
            waiting,
            next: next.build(),
        }
    }
}

impl SpanProcessor for BoundedQueue {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.next.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if !span.span_context.is_sampled() {
            return;
        }
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            DROPPED.fetch_add(1, Ordering::Relaxed);
            failures::warn("spans are lost", &"the queue of the traces is full");
            return;
        }
        self.next.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.next.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.next.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.next.set_resource(resource);
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{Tracer, TracerProvider};
    use opentelemetry_sdk::trace::SdkTracerProvider;

    use super::*;

    #[derive(Debug)]
    struct Panics;

    impl SpanExporter for Panics {
        async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
            panic!("as a bug would")
        }
    }

    #[test]
    fn a_panic_is_counted_and_the_thread_goes_on() {
        let queue = BoundedQueue::before(CountedExporter::new(Panics));
        let waiting = Arc::clone(&queue.waiting);
        let provider = SdkTracerProvider::builder()
            .with_span_processor(queue)
            .build();
        for failures in 1..=2 {
            drop(provider.tracer("test").start("request"));
            assert!(provider.force_flush().is_err(), "the thread answers");
            assert_eq!(FAILED.load(Ordering::Relaxed), failures);
            assert_eq!(DROPPED.load(Ordering::Relaxed), failures);
            assert_eq!(waiting.load(Ordering::Relaxed), 0);
        }
    }
}
