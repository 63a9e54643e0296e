//! Whether the database can be used, as this process sees it: the log tells each change once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::StoreError;

/// An outage is not over before this time: until then a connection from before it may be handed out untested.
const SHORTEST: Duration = Duration::from_secs(2);

/// Shared by the clones of a store.
#[derive(Debug, Default)]
pub(super) struct Availability {
    is_away: AtomicBool,
    outage: Mutex<Option<Outage>>,
}

#[derive(Debug, Clone, Copy)]
struct Outage {
    since: Instant,
    failed: u64,
}

impl Availability {
    fn lock(&self) -> MutexGuard<'_, Option<Outage>> {
        self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call has ended so.
    pub(super) fn observe<T>(&self, ended: Result<T, StoreError>) -> Result<T, StoreError> {
        match &ended {
            Ok(_) => self.succeeded(),
            Err(error) => self.failed(error),
        }
        ended
    }

    /// A call has failed. What does not tell that the database is away is not counted: a pool that is used
    /// up or closed.
    pub(super) fn failed(&self, error: &StoreError) {
        if !is_about_database(error) {
            return;
        }
        let mut outage = self.lock();
        if let Some(outage) = outage.as_mut() {
            outage.failed += 1;
            return;
        }
        *outage = Some(Outage {
            since: Instant::now(),
            failed: 1,
        });
        self.is_away.store(true, Ordering::Relaxed);
        drop(outage);
        tracing::error!(%error, "the database is away");
    }

    /// A call has succeeded.
    pub(super) fn succeeded(&self) {
        if self.is_away.load(Ordering::Relaxed)
            && let Some(over) = self.end()
        {
            tracing::info!(
                seconds = over.since.elapsed().as_secs(),
                failed = over.failed,
                "the database is back"
            );
        }
    }

    fn end(&self) -> Option<Outage> {
        let mut outage = self.lock();
        let over = outage.take_if(|outage| outage.since.elapsed() >= SHORTEST)?;
        self.is_away.store(false, Ordering::Relaxed);
        Some(over)
    }
}

fn is_about_database(error: &StoreError) -> bool {
    match error {
        StoreError::Unavailable(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => false,
        StoreError::Unavailable(_)
        | StoreError::File { .. }
        | StoreError::TooManyConnections(_)
        | StoreError::Silent
        | StoreError::NotLetIn(_) => true,
        StoreError::Shared(error) => is_about_database(error),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Availability, SHORTEST, StoreError};
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn an_outage_begins_and_ends_once_and_counts_its_failures() {
        let seen = Availability::default();
        seen.failed(&StoreError::PoolUsedUp(3));
        seen.failed(&StoreError::Unavailable(sqlx::Error::PoolClosed));
        assert!(seen.lock().is_none(), "the database is there");
        for _ in 0..3 {
            seen.failed(&StoreError::Silent);
        }
        seen.succeeded();
        assert_eq!(seen.lock().map(|outage| outage.failed), Some(3), "too soon");
        advance(SHORTEST).await;
        seen.succeeded();
        assert!(seen.lock().is_none());
        seen.failed(&StoreError::Silent);
        assert_eq!(seen.lock().map(|outage| outage.failed), Some(1));
    }
}
