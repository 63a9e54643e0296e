//! What a verdict means for a delivery, and when to try again.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::config::Worker;
use crate::domain::{Attempt, DeliveryState, Reply, Verdict};
use crate::store::delivery::record::Record;
use crate::store::outbox::MailOutcome;

/// How long a delivery waits whose relay cannot be used.
const UNUSABLE_RELAY: SignedDuration = SignedDuration::from_secs(30);

/// The pauses between attempts.
#[derive(Debug, Clone)]
pub struct RetryPlan {
    pauses: Vec<u32>,
    give_up: SignedDuration,
}

/// Where a delivery goes from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Next {
    pub(crate) state: DeliveryState,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) attempted: bool,
    pub(crate) reply: Option<Reply>,
}

/// What is known of a delivery before the attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before {
    pub(crate) state: DeliveryState,
    pub(crate) attempts: u32,
    pub(crate) first_attempt_at: Option<Timestamp>,
}

impl RetryPlan {
    /// For digests.
    #[must_use]
    pub fn for_deliveries(worker: &Worker) -> Self {
        Self::new(&worker.retry_seconds, worker.give_up_hours)
    }

    /// For single mails.
    #[must_use]
    pub fn for_outbox(worker: &Worker) -> Self {
        Self::new(&worker.outbox_retry_seconds, worker.outbox_give_up_hours)
    }

    fn new(pauses: &[u32], give_up_hours: u32) -> Self {
        Self {
            pauses: pauses.to_vec(),
            give_up: SignedDuration::from_hours(give_up_hours.into()),
        }
    }

    /// When to try again after `attempts` attempts, the first of them at `first`; `None` when it is
    /// time to give up. A queue that is long, or a clock that jumps, gives nobody fewer attempts
    /// than there are pauses.
    fn next(&self, attempts: u32, first: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let index = (attempts.max(1) - 1) as usize;
        let pause = *self.pauses.get(index).or(self.pauses.last())?;
        let at = now
            .saturating_add(SignedDuration::from_secs(pause.into()))
            .ok()?;
        let too_long = at.duration_since(first) > self.give_up;
        let all_tried = attempts as usize > self.pauses.len();
        (!too_long || !all_tried).then_some(at)
    }

    pub(crate) fn decide(&self, before: Before, verdict: Verdict, now: Timestamp) -> Next {
        let ended = |state, reply| Next {
            state,
            due_at: None,
            attempted: true,
            reply: Some(reply),
        };
        let unknown = |due_at, reply| Next {
            state: DeliveryState::Unknown,
            due_at,
            attempted: true,
            reply,
        };
        let first = before.first_attempt_at.unwrap_or(now);
        let again = self.next(before.attempts + 1, first, now);
        match verdict {
            Verdict::Accepted(reply) => ended(DeliveryState::Sent, reply),
            Verdict::PutBack => Next {
                state: before.state,
                due_at: Some(now),
                attempted: false,
                reply: None,
            },
            Verdict::NotTried(reply) => Next {
                state: before.state,
                due_at: Some(now.saturating_add(UNUSABLE_RELAY).unwrap_or(now)),
                attempted: false,
                reply: Some(reply),
            },
            // The relay was not even asked: the one more try is still to come.
            Verdict::TryLater(reply)
                if before.state == DeliveryState::Unknown && reply.code == 0 =>
            {
                unknown(again, Some(reply))
            }
            // It may have arrived. One more try, then it stays visible as it is.
            _ if before.state == DeliveryState::Unknown => unknown(None, reply_of(verdict)),
            Verdict::Unknown(reply) => unknown(again, Some(reply)),
            Verdict::TryLater(reply) | Verdict::SlowDown(reply, _) => match again {
                Some(_) => Next {
                    state: DeliveryState::Deferred,
                    due_at: again,
                    attempted: true,
                    reply: Some(reply),
                },
                None => ended(DeliveryState::Failed, reply),
            },
            Verdict::RecipientRefused(reply) => ended(DeliveryState::Bounced, reply),
            Verdict::Refused(reply) => ended(DeliveryState::Failed, reply),
            Verdict::NotWanted(why) => Next {
                state: DeliveryState::Skipped,
                due_at: None,
                attempted: false,
                reply: Some(Reply::new(0, why)),
            },
        }
    }
}

fn reply_of(verdict: Verdict) -> Option<Reply> {
    match verdict {
        Verdict::Accepted(reply)
        | Verdict::TryLater(reply)
        | Verdict::SlowDown(reply, _)
        | Verdict::RecipientRefused(reply)
        | Verdict::Refused(reply)
        | Verdict::Unknown(reply)
        | Verdict::NotTried(reply) => Some(reply),
        Verdict::NotWanted(why) => Some(Reply::new(0, why)),
        Verdict::PutBack => None,
    }
}

/// The line of the ledger for the outcome of an attempt.
pub(crate) fn record(
    plan: &RetryPlan,
    attempt: &Attempt,
    lease: Uuid,
    verdict: Verdict,
    now: Timestamp,
) -> Record {
    let before = Before {
        state: attempt.state_before,
        attempts: attempt.attempts_before,
        first_attempt_at: attempt.first_attempt_at,
    };
    let next = plan.decide(before, verdict, now);
    let micros = now.as_microsecond();
    Record {
        subscription: attempt.subscription,
        lease,
        before: attempt.state_before,
        state: next.state,
        due_at: next.due_at.map(Timestamp::as_microsecond),
        attempt: u8::from(next.attempted),
        first_attempt_at: next.attempted.then_some(micros),
        ended_at: next.due_at.is_none().then_some(micros),
        code: next.reply.as_ref().map(|r| r.code),
        text: next.reply.map(|r| r.text),
    }
}

/// The same for a mail of the outbox.
pub(crate) fn mail_outcome(
    plan: &RetryPlan,
    before: Before,
    verdict: Verdict,
    now: Timestamp,
) -> MailOutcome {
    let next = plan.decide(before, verdict, now);
    MailOutcome {
        state: next.state,
        due_at: next.due_at,
        attempted: next.attempted,
        ended_at: next.due_at.is_none().then_some(now),
        reply: next.reply,
    }
}

#[cfg(test)]
mod tests {
    use super::{Before, RetryPlan};
    use crate::domain::{DeliveryState, Reply, Verdict};
    use jiff::{SignedDuration, Timestamp};

    fn plan() -> RetryPlan {
        RetryPlan::new(&[300, 600, 3600], 48)
    }

    fn before(state: DeliveryState, attempts: u32) -> Before {
        Before {
            state,
            attempts,
            first_attempt_at: (attempts > 0).then_some(Timestamp::UNIX_EPOCH),
        }
    }

    fn reply() -> Reply {
        Reply::new(450, "4.2.0 later")
    }

    #[test]
    fn a_4xx_is_tried_again_by_the_schedule_until_it_is_given_up() {
        let now = Timestamp::UNIX_EPOCH;
        let pause = |attempts, hours| {
            let now = now + SignedDuration::from_hours(hours);
            let next = plan().decide(
                before(DeliveryState::Deferred, attempts),
                Verdict::TryLater(reply()),
                now,
            );
            (
                next.state,
                next.due_at.map(|at| at.duration_since(now).as_secs()),
            )
        };
        assert_eq!(pause(0, 0), (DeliveryState::Deferred, Some(300)));
        assert_eq!(pause(1, 0), (DeliveryState::Deferred, Some(600)));
        assert_eq!(pause(2, 0), (DeliveryState::Deferred, Some(3600)));
        assert_eq!(pause(40, 46), (DeliveryState::Deferred, Some(3600)));
        assert_eq!(pause(41, 48), (DeliveryState::Failed, None));
        assert_eq!(pause(2, 500), (DeliveryState::Deferred, Some(3600)));
        assert_eq!(
            pause(3, 500),
            (DeliveryState::Failed, None),
            "all pauses were made"
        );
    }

    #[test]
    fn unknown_gets_one_more_try_and_then_stays() {
        let now = Timestamp::UNIX_EPOCH;
        let first = plan().decide(
            before(DeliveryState::Queued, 0),
            Verdict::Unknown(reply()),
            now,
        );
        assert_eq!(first.state, DeliveryState::Unknown);
        assert!(first.due_at.is_some());
        for verdict in [
            Verdict::Unknown(reply()),
            Verdict::TryLater(reply()),
            Verdict::RecipientRefused(reply()),
        ] {
            let second = plan().decide(before(DeliveryState::Unknown, 1), verdict, now);
            assert_eq!(
                (second.state, second.due_at),
                (DeliveryState::Unknown, None)
            );
        }
        let never_asked = Verdict::TryLater(Reply::new(0, "connection refused"));
        let second = plan().decide(before(DeliveryState::Unknown, 1), never_asked, now);
        assert_eq!(second.state, DeliveryState::Unknown);
        assert!(second.due_at.is_some(), "that was no try");
        let second = plan().decide(
            before(DeliveryState::Unknown, 1),
            Verdict::Accepted(reply()),
            now,
        );
        assert_eq!(second.state, DeliveryState::Sent);
    }

    #[test]
    fn what_was_not_tried_is_as_before() {
        let now = Timestamp::UNIX_EPOCH;
        let next = plan().decide(before(DeliveryState::Deferred, 3), Verdict::PutBack, now);
        assert_eq!(
            (next.state, next.due_at, next.attempted),
            (DeliveryState::Deferred, Some(now), false)
        );
        let unusable = Verdict::NotTried(Reply::new(0, "the relay cannot be used"));
        for state in [DeliveryState::Queued, DeliveryState::Unknown] {
            let next = plan().decide(before(state, 40), unusable.clone(), now);
            assert_eq!((next.state, next.attempted), (state, false));
            assert!(next.due_at > Some(now), "not at once");
        }
    }
}
