//! The age of a check of consent and issue state.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::clock::Clock;

/// The greatest age of a check when an attempt begins. Older ones are repeated.
const MAX_AGE: Duration = Duration::from_millis(500);

/// When consent and issue state were read from the database, by two clocks: the monotonic one stands
/// still while a machine is suspended, and the system clock can be set back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CheckedAt {
    /// By the monotonic clock.
    pub(crate) at: Instant,
    system: Timestamp,
}

impl CheckedAt {
    /// A check that begins now. What it finds may be no newer, so this comes before the query.
    pub(crate) fn now(clock: &Clock) -> Self {
        Self {
            at: Instant::now(),
            system: clock.now(),
        }
    }

    /// Whether the check is less than half a second old by both clocks.
    pub(crate) fn is_fresh(self, clock: &Clock) -> bool {
        let by_system_clock = clock.now().duration_since(self.system).unsigned_abs();
        self.at.elapsed() < MAX_AGE && by_system_clock < MAX_AGE
    }
}

#[cfg(test)]
mod tests {
    use super::CheckedAt;
    use crate::clock::Clock;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn a_check_from_before_a_suspend_is_not_fresh() {
        let clock = Clock::held(Timestamp::UNIX_EPOCH, 1);
        let checked_at = CheckedAt::now(&clock);
        assert!(checked_at.is_fresh(&clock));
        // No time has passed by the monotonic clock.
        clock.advance(SignedDuration::from_mins(3));
        assert!(!checked_at.is_fresh(&clock));
        assert!(CheckedAt::now(&clock).is_fresh(&clock));
    }
}
