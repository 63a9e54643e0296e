//! What a relay has shown that it does not take, though it announces PIPELINING: it refuses commands that were written
//! ahead, or throws them away and waits for them.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a refusal is remembered: software may be exchanged, or another host answer.
const REMEMBERED: Duration = Duration::from_secs(3600);
/// How long a loss is, as finding it out again takes minutes.
const LOSS_REMEMBERED: Duration = Duration::from_secs(24 * 3600);
/// Commands that were written ahead and have no answer for so long may be lost.
const MAYBE_LOST: Duration = Duration::from_secs(20);

/// How the commands of a mail may be written, from the fastest way to the one that every server takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pace {
    /// All together, behind the text of the mail before.
    BehindText,
    /// All together, once the mail before is answered.
    Together,
    /// Each once the one before is answered.
    OneByOne,
}

impl Pace {
    /// The next way to try where this one is refused.
    pub(crate) fn slower(self) -> Option<Self> {
        match self {
            Self::BehindText => Some(Self::Together),
            Self::Together => Some(Self::OneByOne),
            Self::OneByOne => None,
        }
    }
}

/// Shared by all connections to a relay.
#[derive(Debug, Default)]
pub(crate) struct PipeliningMemory {
    refused: Mutex<Refused>,
}

/// Until when each way is not tried.
#[derive(Debug, Default)]
struct Refused {
    behind_text: Option<Instant>,
    together: Option<Instant>,
}

impl PipeliningMemory {
    /// Whether commands may be written so.
    pub(crate) fn allows(&self, pace: Pace) -> bool {
        let refused = self.refused();
        let is_over = |until: Option<Instant>| until.is_none_or(|until| until <= Instant::now());
        match pace {
            Pace::BehindText => is_over(refused.behind_text) && is_over(refused.together),
            Pace::Together => is_over(refused.together),
            Pace::OneByOne => true,
        }
    }

    /// The relay has refused commands because they were written so.
    pub(crate) fn refuse(&self, pace: Pace) {
        self.remember(pace, REMEMBERED);
    }

    fn remember(&self, pace: Pace, time: Duration) {
        let until = Some(Instant::now() + time);
        let mut refused = self.refused();
        match pace {
            Pace::BehindText => refused.behind_text = until,
            Pace::Together => refused.together = until,
            Pace::OneByOne => {}
        }
    }

    /// Begins to wait for the answer to commands that were written so. Where none comes for long, however the wait ends,
    /// the relay has lost them: no connection writes so for a day.
    pub(crate) fn wait<'a>(&'a self, pace: Pace, relay: &'a str) -> Wait<'a> {
        Wait {
            memory: self,
            pace,
            relay,
            since: Instant::now(),
            answered: false,
        }
    }

    fn refused(&self) -> MutexGuard<'_, Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait for the answer to a command that may have been written ahead.
pub(crate) struct Wait<'a> {
    memory: &'a PipeliningMemory,
    pace: Pace,
    relay: &'a str,
    since: Instant,
    answered: bool,
}

impl Wait<'_> {
    /// The answer came.
    pub(crate) fn answered(mut self) {
        self.answered = true;
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let maybe_lost = !self.answered && self.since.elapsed() >= MAYBE_LOST;
        if maybe_lost && self.pace != Pace::OneByOne && self.memory.allows(self.pace) {
            self.memory.remember(self.pace, LOSS_REMEMBERED);
            tracing::warn!(
                relay = self.relay,
                pace = ?self.pace,
                "the relay announces PIPELINING and does not answer commands that were written ahead; it gets them more \
                 slowly for a day, and always with pipelining = false in its settings"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LOSS_REMEMBERED, MAYBE_LOST, Pace, PipeliningMemory, REMEMBERED};
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_remembered_for_its_time_and_for_all_faster_ways() {
        let memory = PipeliningMemory::default();
        let allowed = || [Pace::BehindText, Pace::Together].map(|pace| memory.allows(pace));
        assert_eq!(allowed(), [true, true]);
        memory.refuse(Pace::BehindText);
        assert_eq!(allowed(), [false, true]);
        memory.refuse(Pace::Together);
        assert_eq!(allowed(), [false, false]);
        assert!(memory.allows(Pace::OneByOne));
        tokio::time::advance(REMEMBERED - Duration::from_secs(1)).await;
        assert_eq!(allowed(), [false, false]);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(allowed(), [true, true]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_stays_unanswered_for_long_is_lost_for_a_day() {
        let memory = PipeliningMemory::default();
        let allows = || memory.allows(Pace::Together);
        drop(memory.wait(Pace::Together, "smtp"));
        let wait = memory.wait(Pace::Together, "smtp");
        tokio::time::advance(MAYBE_LOST).await;
        wait.answered();
        let alone = memory.wait(Pace::OneByOne, "smtp");
        tokio::time::advance(MAYBE_LOST).await;
        drop(alone);
        assert!(allows());
        let wait = memory.wait(Pace::Together, "smtp");
        tokio::time::advance(MAYBE_LOST).await;
        drop(wait);
        assert!(!allows());
        tokio::time::advance(LOSS_REMEMBERED - Duration::from_secs(1)).await;
        assert!(!allows());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(allows());
    }
}
