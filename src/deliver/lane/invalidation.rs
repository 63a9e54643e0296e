//! What was known of an issue may not hold any more.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::freshness::Look;

/// Shared by the recorder, which stops issues, and the lanes, which then look again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Doubt(Arc<Mutex<Option<Instant>>>);

impl Doubt {
    /// Whatever was looked up before this moment has to be looked up again.
    pub(crate) fn raise(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether what was looked up then still holds.
    pub(crate) fn spares(&self, look: Look) -> bool {
        let raised = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        raised.is_none_or(|raised| raised < look.at)
    }
}
