//! Counts what slowed relays and providers accept: by that their rates rise again.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::Scope;

/// How often the counts are written to the database.
const WRITE_INTERVAL: Duration = Duration::from_secs(1);

/// The relays and providers whose rate is lowered. The engine reads them from the database with each
/// claim, also what another process lowered; clones share one set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slowed(Arc<Mutex<HashSet<(Scope, String)>>>);

impl Slowed {
    fn lock(&self) -> MutexGuard<'_, HashSet<(Scope, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the set.
    pub(crate) fn set(&self, slowed: impl Iterator<Item = (Scope, String)>) {
        *self.lock() = slowed.collect();
    }
}

/// The mails that slowed relays and providers accepted and that are not written yet.
#[derive(Debug)]
pub(crate) struct Recovery {
    slowed: Slowed,
    accepted: BTreeMap<(Scope, String), i64>,
    written_at: Instant,
}

impl Recovery {
    /// Nothing is counted yet.
    pub(crate) fn new(slowed: Slowed) -> Self {
        Self {
            slowed,
            accepted: BTreeMap::new(),
            written_at: Instant::now(),
        }
    }

    /// A mail was accepted.
    pub(crate) fn accepted(&mut self, relay: &str, provider: &str) {
        let slowed = self.slowed.lock();
        if slowed.is_empty() {
            return;
        }
        for (scope, name) in [(Scope::Relay, relay), (Scope::Provider, provider)] {
            let key = (scope, name.to_owned());
            if slowed.contains(&key) {
                *self.accepted.entry(key).or_default() += 1;
            }
        }
    }

    /// The counts, when it is time to write them.
    pub(crate) fn due(&mut self) -> BTreeMap<(Scope, String), i64> {
        if self.accepted.is_empty() || self.written_at.elapsed() < WRITE_INTERVAL {
            return BTreeMap::new();
        }
        self.take()
    }

    /// All counts.
    pub(crate) fn take(&mut self) -> BTreeMap<(Scope, String), i64> {
        self.written_at = Instant::now();
        std::mem::take(&mut self.accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::{Recovery, Slowed, WRITE_INTERVAL};
    use crate::domain::Scope;
    use tokio::time::{advance, pause};

    #[tokio::test]
    async fn only_what_is_slowed_is_counted_and_once_a_second() {
        pause();
        let slowed = Slowed::default();
        let mut recovery = Recovery::new(slowed.clone());
        recovery.accepted("main", "gmx");
        let gmx = (Scope::Provider, "gmx".to_owned());
        slowed.set([gmx.clone()].into_iter());
        recovery.accepted("main", "gmx");
        recovery.accepted("main", "gmail");
        recovery.accepted("gmx", "free");
        assert!(recovery.due().is_empty(), "not yet");
        advance(WRITE_INTERVAL).await;
        assert_eq!(recovery.due(), [(gmx.clone(), 1)].into());
        recovery.accepted("main", "gmx");
        assert_eq!(recovery.take(), [(gmx, 1)].into(), "at the end");
    }
}
