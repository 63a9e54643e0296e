//! Notices a clock that has jumped ahead, before it ends the time of everything at once; and one that was set back.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::domain::MAX_CLOCK_SKEW;
use crate::service::Service;
use crate::store::{self, StoreError};

/// A clock may be so far ahead of the last time that is known.
pub const TRUSTED: SignedDuration = SignedDuration::from_hours(24);
/// How long what was scheduled waits after a jump.
const SCHEDULES_WAIT: Duration = Duration::from_secs(10 * 60);
/// How long retention and summaries wait.
const RETENTION_WAITS: Duration = Duration::from_secs(6 * 3600);

/// What one worker knows of its clock. A jump is a clock more than a day ahead of the time when this worker, or at its
/// start any process, was last seen with the database: the clock is wrong, or nothing ran for so long. Only the time
/// that passes tells, which is why both wait and then go on by themselves.
#[derive(Debug, Default)]
pub struct ClockWatch(Mutex<Option<ClockState>>);

/// What waits now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PutOff {
    /// Issues whose time has come.
    pub schedules: bool,
    /// What is removed in its time, and the summaries of months.
    pub retention: bool,
}

#[derive(Debug)]
struct ClockState {
    /// The last time before a jump.
    last: Option<Timestamp>,
    /// When the jump was noticed.
    jumped: Option<Instant>,
}

/// What a look has found.
#[derive(Debug, PartialEq, Eq)]
enum News {
    /// Nothing that the log does not know.
    None,
    Jumped,
    SetBack,
    SetRight,
    Believed,
}

impl ClockState {
    /// Compares the clock with the last time that is known; `at` is when, by a clock that never jumps.
    fn look(&mut self, now: Timestamp, at: Instant) -> News {
        let ahead = self.last.map(|last| now.duration_since(last));
        let is_ahead = ahead.is_some_and(|ahead| ahead > TRUSTED);
        let is_behind = ahead.is_some_and(|ahead| ahead < -MAX_CLOCK_SKEW);
        let news = match (self.jumped, is_ahead) {
            (None, false) if is_behind => News::SetBack,
            (None, false) => News::None,
            (Some(_), false) => News::SetRight,
            (None, true) => News::Jumped,
            (Some(since), true) if at.duration_since(since) >= RETENTION_WAITS => News::Believed,
            (Some(_), true) => return News::None,
        };
        match news {
            News::Jumped => self.jumped = Some(at),
            _ => (self.last, self.jumped) = (Some(now), None),
        }
        news
    }

    fn put_off(&self, at: Instant) -> PutOff {
        let waits = |limit| {
            self.jumped
                .is_some_and(|since| at.duration_since(since) < limit)
        };
        PutOff {
            schedules: waits(SCHEDULES_WAIT),
            retention: waits(RETENTION_WAITS),
        }
    }
}

impl ClockWatch {
    /// Looks at the clock, and logs what is new. To be called before anything that is due is done.
    ///
    /// # Errors
    /// When the first look cannot read from the database; then nothing must be done that is due.
    pub async fn look(&self, service: &Service) -> Result<PutOff, StoreError> {
        let mut seen = self.0.lock().await;
        let seen = match &mut *seen {
            Some(seen) => seen,
            first => {
                let known = store::instance::read(&mut service.store.read().await?).await?;
                first.insert(ClockState {
                    last: known.and_then(|known| known.written_at),
                    jumped: None,
                })
            }
        };
        let (now, at, last) = (service.clock.now(), Instant::now(), seen.last);
        match seen.look(now, at) {
            News::None => {}
            News::Jumped => tracing::warn!(
                %now,
                last = last.map(tracing::field::display),
                schedules_wait_minutes = SCHEDULES_WAIT.as_secs() / 60,
                retention_waits_hours = RETENTION_WAITS.as_secs() / 3600,
                "the clock is more than a day ahead of when this database was last used: issues whose time has come \
                 wait for some minutes, retention and summaries for some hours. If the clock is wrong, set it right \
                 by then; if nothing ran for so long, there is nothing to do"
            ),
            News::SetBack => tracing::warn!(
                %now,
                last = last.map(tracing::field::display),
                "the clock was set back: what is sent goes on, also what the clock of before has put off. If the clock \
                 is wrong now, set it right"
            ),
            News::SetRight => tracing::info!(%now, "the clock is set right: nothing waits for it"),
            News::Believed => {
                tracing::info!(%now, "the clock is taken for right: retention and summaries go on");
            }
        }
        Ok(seen.put_off(at))
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use tokio::time::Instant;

    use super::{ClockState, News, PutOff, RETENTION_WAITS, SCHEDULES_WAIT};

    const NOTHING: PutOff = PutOff {
        schedules: false,
        retention: false,
    };

    fn day(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day)
    }

    fn seen(last: Option<Timestamp>) -> ClockState {
        ClockState { last, jumped: None }
    }

    #[test]
    fn a_jump_puts_off_and_is_believed_after_hours() {
        let (mut seen, begin) = (seen(Some(day(1))), Instant::now());
        assert_eq!(seen.look(day(2), begin), News::None, "a day is no jump");
        assert_eq!(seen.look(day(40), begin), News::Jumped);
        let wait = |retention| PutOff {
            schedules: retention,
            retention,
        };
        assert_eq!(seen.put_off(begin), wait(true));
        let later = begin + SCHEDULES_WAIT;
        assert_eq!(seen.look(day(40), later), News::None);
        assert!(!seen.put_off(later).schedules && seen.put_off(later).retention);
        let end = begin + RETENTION_WAITS;
        assert_eq!(seen.look(day(40), end), News::Believed);
        assert_eq!(seen.put_off(end), NOTHING);
        assert_eq!(seen.look(day(41), end), News::None);
    }

    #[test]
    fn a_clock_that_is_set_right_puts_nothing_off() {
        let (mut seen, at) = (seen(Some(day(1))), Instant::now());
        assert_eq!(seen.look(day(40), at), News::Jumped);
        assert_eq!(seen.look(day(1), at), News::SetRight);
        assert_eq!(seen.put_off(at), NOTHING);
        let skew = SignedDuration::from_secs(30);
        assert_eq!(seen.look(day(1) - skew, at), News::None);
        assert_eq!(seen.look(day(0), at), News::SetBack);
        assert_eq!(seen.look(day(0), at), News::None, "said once");
        assert_eq!(seen.put_off(at), NOTHING);
    }

    #[test]
    fn a_database_that_knows_no_time_trusts_the_clock() {
        let at = Instant::now();
        let mut seen = seen(None);
        assert_eq!(seen.look(day(40), at), News::None);
        assert_eq!(seen.look(day(42), at), News::Jumped);
    }
}
