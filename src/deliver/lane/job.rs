//! A claimed delivery on its way through a lane, and its outcome on its way to the recorder.

use std::sync::{Arc, OnceLock};

use tokio::sync::oneshot;
use tracing::{Span, debug_span, field};

use super::freshness::CheckedAt;
use crate::deliver::variant::Variant;
use crate::domain::{Attempt, LeaseId, Verdict};
use crate::mail::Relay;

/// A claimed delivery.
pub(crate) struct Job {
    pub(crate) attempt: Attempt,
    pub(crate) lease: LeaseId,
    /// Whether the subscription was active and not paused when the delivery was claimed.
    pub(crate) active: bool,
    pub(crate) variant: Arc<Variant>,
    /// When it was claimed, and `active` read.
    pub(crate) checked_at: CheckedAt,
    pub(crate) span: OnceLock<Span>,
}

/// The outcome of a delivery, for the recorder.
pub(crate) struct Done {
    pub(crate) attempt: Attempt,
    pub(crate) lease: LeaseId,
    pub(crate) relay: Arc<Relay>,
    pub(crate) verdict: Verdict,
    /// Answered once the outcome is durable.
    pub(crate) recorded: oneshot::Sender<()>,
}

impl Job {
    /// The ids of this delivery, for what is logged about it: one span from its beginning to its outcome.
    /// Costs nothing unless level debug is on or spans are sent.
    pub(crate) fn span(&self) -> Span {
        let span = self.span.get_or_init(|| {
            debug_span!(
                "delivery",
                issue = %self.attempt.issue,
                subscription = %self.attempt.subscription,
                lease = %self.lease,
                relay = field::Empty,
                result = field::Empty,
            )
        });
        span.clone()
    }

    /// The outcome; the receiver is answered once it is durable.
    pub(crate) fn ended(
        self,
        relay: &Arc<Relay>,
        verdict: Verdict,
    ) -> (Done, oneshot::Receiver<()>) {
        let (recorded, receiver) = oneshot::channel();
        let done = Done {
            attempt: self.attempt,
            lease: self.lease,
            relay: Arc::clone(relay),
            verdict,
            recorded,
        };
        (done, receiver)
    }
}
