//! How long a caller waits for a connection of a pool, and why it gets none.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::StoreError;
use super::open_sqlite::ACQUIRE_TIMEOUT;

/// For so long the cause that one caller found holds for others: to find it takes a connection, which a
/// server without room must not be asked for by each of them.
const CAUSE_KEPT: Duration = Duration::from_secs(2);

/// Clones share the count and the cause, not the limit.
#[derive(Debug, Clone)]
pub(super) struct PoolWait {
    /// Never longer than that of the pool.
    pub(super) limit: Duration,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    used_up: AtomicU64,
    cause: Mutex<Option<(Instant, Arc<StoreError>)>>,
}

impl Default for PoolWait {
    fn default() -> Self {
        Self {
            limit: 2 * ACQUIRE_TIMEOUT,
            shared: Arc::default(),
        }
    }
}

impl PoolWait {
    /// The same with another limit.
    pub(super) fn limited(&self, limit: Duration) -> Self {
        Self {
            limit,
            shared: Arc::clone(&self.shared),
        }
    }

    /// How many callers got no connection because all were in use.
    pub(super) fn used_up(&self) -> u64 {
        self.shared.used_up.load(Ordering::Relaxed)
    }

    /// Why a caller got no connection in time, as `why` finds out. Callers at the same time share one look.
    pub(super) async fn cause(&self, why: impl Future<Output = StoreError>) -> StoreError {
        let cause = self.look(why).await;
        if matches!(*cause, StoreError::PoolUsedUp(_)) {
            self.shared.used_up.fetch_add(1, Ordering::Relaxed);
        }
        StoreError::Shared(cause)
    }

    async fn look(&self, why: impl Future<Output = StoreError>) -> Arc<StoreError> {
        let mut known = self.shared.cause.lock().await;
        if let Some((at, cause)) = known.as_ref()
            && at.elapsed() < CAUSE_KEPT
        {
            return Arc::clone(cause);
        }
        let cause = Arc::new(why.await);
        *known = Some((Instant::now(), Arc::clone(&cause)));
        cause
    }
}
