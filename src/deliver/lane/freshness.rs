//! How old what was read from the database is.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::clock::Clock;

/// How old the look at issue and consent may be when an attempt begins.
const MAX_AGE: Duration = Duration::from_millis(500);

/// When something was looked up, by both clocks: the one that never jumps stands still while a
/// machine is suspended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CheckedAt {
    /// By the clock that never jumps.
    pub(crate) at: Instant,
    wall: Timestamp,
}

impl CheckedAt {
    /// At this moment.
    pub(crate) fn now(clock: &Clock) -> Self {
        Self {
            at: Instant::now(),
            wall: clock.now(),
        }
    }

    /// Whether it may still be relied on.
    pub(crate) fn is_fresh(self, clock: &Clock) -> bool {
        let by_the_wall = clock.now().duration_since(self.wall).unsigned_abs();
        self.at.elapsed() < MAX_AGE && by_the_wall < MAX_AGE
    }
}

#[cfg(test)]
mod tests {
    use super::CheckedAt;
    use crate::clock::Clock;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn a_machine_that_was_suspended_looks_again() {
        let clock = Clock::held(Timestamp::UNIX_EPOCH, 1);
        let look = CheckedAt::now(&clock);
        assert!(look.is_fresh(&clock));
        // No time has passed by the other clock.
        clock.advance(SignedDuration::from_mins(3));
        assert!(!look.is_fresh(&clock));
        assert!(CheckedAt::now(&clock).is_fresh(&clock));
    }
}
