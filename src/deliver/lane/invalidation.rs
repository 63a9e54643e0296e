//! Invalidates checks of consent and issue state that were made before an issue was paused.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::freshness::CheckedAt;

/// Shared by the recorder, which pauses issues, and the lanes, which then check again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Invalidation(Arc<Mutex<Option<Instant>>>);

impl Invalidation {
    /// Invalidates every check that was made up to now.
    pub(crate) fn invalidate_checks(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether the check was made after the last invalidation.
    pub(crate) fn is_valid(&self, checked_at: CheckedAt) -> bool {
        let invalidated = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        invalidated.is_none_or(|invalidated| invalidated < checked_at.at)
    }
}
