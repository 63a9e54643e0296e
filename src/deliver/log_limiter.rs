//! One log line a minute for what happens again and again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The least time between two lines about the same cause.
const INTERVAL: Duration = Duration::from_secs(60);

/// Counts what is not logged, for the next line.
#[derive(Debug, Default)]
pub(crate) struct LogLimiter(Mutex<(Option<Instant>, u64)>);

impl LogLimiter {
    /// How many times it happened since the last line, if a line is due now.
    pub(crate) fn may_log(&self) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.1 += 1;
        if state.0.is_some_and(|last| last.elapsed() < INTERVAL) {
            return None;
        }
        let times = std::mem::take(&mut state.1);
        state.0 = Some(Instant::now());
        Some(times)
    }
}

#[cfg(test)]
mod tests {
    use super::{INTERVAL, LogLimiter};
    use tokio::time::{advance, pause};

    #[tokio::test]
    async fn one_line_a_minute_counts_the_rest() {
        pause();
        let limiter = LogLimiter::default();
        assert_eq!(limiter.may_log(), Some(1));
        assert_eq!([limiter.may_log(), limiter.may_log()], [None, None]);
        advance(INTERVAL).await;
        assert_eq!(limiter.may_log(), Some(3));
    }
}
