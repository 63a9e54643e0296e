//! What was known of an issue may not hold any more.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::freshness::CheckedAt;

/// Shared by the recorder, which pauses issues, and the lanes, which then look again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Invalidation(Arc<Mutex<Option<Instant>>>);

impl Invalidation {
    /// Whatever was looked up before this moment has to be looked up again.
    pub(crate) fn mark_now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether what was looked up then still holds.
    pub(crate) fn is_after_mark(&self, look: CheckedAt) -> bool {
        let marked = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marked.is_none_or(|marked| marked < look.at)
    }
}
