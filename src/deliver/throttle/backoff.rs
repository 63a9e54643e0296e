//! Back-off after a 421 or 4.7.x: deliveries that were claimed at the old rate are put back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{Scope, Throttle};

/// Within this time, a further throttling reply begins no new back-off.
const REPEAT_WINDOW: Duration = Throttle::REPEAT_WINDOW.unsigned_abs();

/// When each relay and provider was last slowed down. The recorder starts a back-off, the lanes obey it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Backoff(Arc<Mutex<HashMap<(Scope, String), Instant>>>);

impl Backoff {
    fn lock(&self) -> MutexGuard<'_, HashMap<(Scope, String), Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on, deliveries for this relay or provider that were claimed before now are put back.
    /// Changes nothing within half a minute of the last back-off.
    pub(crate) fn start(&self, scope: Scope, name: &str) {
        let mut started = self.lock();
        started.retain(|_, at| at.elapsed() < REPEAT_WINDOW);
        started
            .entry((scope, name.to_owned()))
            .or_insert_with(Instant::now);
    }

    /// Whether a delivery that was claimed at `claimed_at` has to be put back.
    pub(crate) fn holds_back(&self, claimed_at: Instant, relay: &str, provider: &str) -> bool {
        let started = self.lock();
        let since = |scope, name: &str| {
            let at = started.get(&(scope, name.to_owned()));
            at.is_some_and(|at| *at >= claimed_at)
        };
        !started.is_empty() && (since(Scope::Relay, relay) || since(Scope::Provider, provider))
    }
}

#[cfg(test)]
mod tests {
    use super::{Backoff, REPEAT_WINDOW};
    use crate::domain::Scope;
    use tokio::time::{Instant, advance, pause};

    #[tokio::test]
    async fn only_deliveries_claimed_before_the_backoff_are_put_back() {
        pause();
        let backoff = Backoff::default();
        let before = Instant::now();
        advance(REPEAT_WINDOW / 10).await;
        assert!(!backoff.holds_back(before, "main", "gmx"));
        backoff.start(Scope::Provider, "gmx");
        assert!(backoff.holds_back(before, "main", "gmx"));
        assert!(!backoff.holds_back(before, "main", "gmail"));
        advance(REPEAT_WINDOW / 10).await;
        let after = Instant::now();
        backoff.start(Scope::Provider, "gmx");
        assert!(
            !backoff.holds_back(after, "main", "gmx"),
            "a reply to the old rate"
        );
        backoff.start(Scope::Relay, "main");
        assert!(backoff.holds_back(after, "main", "gmail"));
        assert!(!backoff.holds_back(after, "second", "gmail"));
    }
}
