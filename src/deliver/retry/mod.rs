//! When a delivery or a transactional mail is tried again; [`outcome`] says what a verdict means for it.

pub(super) mod outcome;

use jiff::{SignedDuration, Timestamp};

use crate::config::Worker;

/// The pauses between attempts, and when to give up.
#[derive(Debug, Clone)]
pub(crate) struct RetryPolicy {
    /// In seconds; the last one is repeated.
    pauses: Vec<u32>,
    give_up_after: SignedDuration,
}

impl RetryPolicy {
    /// For issues: `worker.retry_seconds` and `worker.give_up_hours`.
    pub(crate) fn for_deliveries(worker: &Worker) -> Self {
        Self::new(&worker.retry_seconds, worker.give_up_hours)
    }

    /// For transactional mails: `worker.outbox_retry_seconds` and `worker.outbox_give_up_hours`.
    pub(crate) fn for_outbox(worker: &Worker) -> Self {
        Self::new(&worker.outbox_retry_seconds, worker.outbox_give_up_hours)
    }

    fn new(pauses: &[u32], give_up_hours: u32) -> Self {
        Self {
            pauses: pauses.to_vec(),
            give_up_after: SignedDuration::from_hours(give_up_hours.into()),
        }
    }

    /// When to try again after `attempts` attempts, the first of which began at `first`. `None` to give
    /// up: the time is over, and there was an attempt after every pause. So neither a long queue nor a
    /// clock that jumps ahead costs a delivery attempts.
    fn next_attempt(&self, attempts: u32, first: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let index = (attempts.max(1) - 1) as usize;
        let pause = *self.pauses.get(index).or(self.pauses.last())?;
        let at = now
            .saturating_add(SignedDuration::from_secs(pause.into()))
            .ok()?;
        let time_is_over = at.duration_since(first) > self.give_up_after;
        let all_tried = attempts as usize > self.pauses.len();
        (!time_is_over || !all_tried).then_some(at)
    }
}
