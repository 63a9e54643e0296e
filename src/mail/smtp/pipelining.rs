//! What a relay has shown that it does not take, though it announces PIPELINING.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a refusal is remembered: software may be exchanged, or another host answer.
const REMEMBERED: Duration = Duration::from_secs(3600);

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
        let until = Some(Instant::now() + REMEMBERED);
        let mut refused = self.refused();
        match pace {
            Pace::BehindText => refused.behind_text = until,
            Pace::Together => refused.together = until,
            Pace::OneByOne => {}
        }
    }

    fn refused(&self) -> MutexGuard<'_, Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Pace, PipeliningMemory, REMEMBERED};
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
}
