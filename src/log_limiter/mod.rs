//! One log line a minute for each cause that comes again and again.

pub(crate) mod failures;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The least time between two lines about the same cause.
const INTERVAL: Duration = Duration::from_secs(60);
/// So many causes are remembered at a time. Further ones are logged each time.
const MAX_CAUSES: usize = 1000;

/// Counts what is not logged, for the next line about the same cause.
#[derive(Debug)]
pub(crate) struct LogLimiter<C>(Mutex<HashMap<C, Count>>);

#[derive(Debug)]
struct Count {
    logged_at: Instant,
    since: u64,
}

impl<C> Default for LogLimiter<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: Eq + Hash + Clone> LogLimiter<C> {
    fn lock(&self) -> MutexGuard<'_, HashMap<C, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts it once more. Returns how many times it came since the last line, if a line is due now.
    pub(crate) fn may_log(&self, cause: C) -> Option<u64> {
        let mut causes = self.lock();
        if causes.len() >= MAX_CAUSES {
            causes.retain(|_, count| count.since > 0 || count.logged_at.elapsed() < INTERVAL);
        }
        let is_full = causes.len() >= MAX_CAUSES;
        let Some(count) = causes.get_mut(&cause) else {
            if !is_full {
                let logged_at = Instant::now();
                causes.insert(
                    cause,
                    Count {
                        logged_at,
                        since: 0,
                    },
                );
            }
            return Some(1);
        };
        count.since += 1;
        if count.logged_at.elapsed() < INTERVAL {
            return None;
        }
        count.logged_at = Instant::now();
        Some(std::mem::take(&mut count.since))
    }

    /// What came since the last line about it, when that was a minute ago or longer: it is to be logged
    /// now. A cause that did not come again is forgotten.
    pub(crate) fn overdue(&self) -> Vec<(C, u64)> {
        let is_due = |count: &Count| count.logged_at.elapsed() >= INTERVAL;
        let mut causes = self.lock();
        causes.retain(|_, count| count.since > 0 || !is_due(count));
        let due = causes.iter_mut().filter(|(_, count)| is_due(count));
        due.map(|(cause, count)| {
            count.logged_at = Instant::now();
            (cause.clone(), std::mem::take(&mut count.since))
        })
        .collect()
    }

    /// Each cause that came since its last line, with how often; all of them are forgotten.
    pub(crate) fn drain(&self) -> Vec<(C, u64)> {
        let causes = std::mem::take(&mut *self.lock());
        let counts = causes.into_iter();
        let unlogged = counts.filter(|(_, count)| count.since > 0);
        unlogged
            .map(|(cause, count)| (cause, count.since))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{INTERVAL, LogLimiter, MAX_CAUSES};
    use tokio::time::{advance, pause};

    #[tokio::test]
    async fn one_line_a_minute_counts_the_rest() {
        pause();
        let limiter = LogLimiter::default();
        assert_eq!(limiter.may_log("timeout"), Some(1));
        assert_eq!(
            [limiter.may_log("timeout"), limiter.may_log("timeout")],
            [None, None]
        );
        assert_eq!(limiter.may_log("refused"), Some(1), "another cause");
        advance(INTERVAL).await;
        assert_eq!(limiter.may_log("timeout"), Some(3));
    }

    #[tokio::test]
    async fn what_did_not_come_again_is_logged_too() {
        pause();
        let limiter = LogLimiter::default();
        for _ in 0..4 {
            limiter.may_log("timeout");
        }
        limiter.may_log("refused");
        assert_eq!(limiter.overdue(), []);
        advance(INTERVAL).await;
        assert_eq!(limiter.overdue(), [("timeout", 3)]);
        limiter.may_log("timeout");
        assert_eq!(limiter.drain(), [("timeout", 1)]);
        assert_eq!(limiter.drain(), []);
        assert_eq!(limiter.may_log("timeout"), Some(1), "forgotten");
    }

    #[tokio::test]
    async fn many_causes_take_bounded_memory_and_lose_no_line() {
        pause();
        let limiter = LogLimiter::default();
        for cause in 0..2 * MAX_CAUSES {
            assert_eq!(limiter.may_log(cause), Some(1));
        }
        assert_eq!(limiter.lock().len(), MAX_CAUSES);
        assert_eq!(limiter.may_log(2 * MAX_CAUSES), Some(1));
        advance(INTERVAL).await;
        limiter.may_log(2 * MAX_CAUSES);
        assert_eq!(limiter.lock().len(), 1);
    }
}
