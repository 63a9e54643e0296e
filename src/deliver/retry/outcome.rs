//! What the verdict on an attempt means for a delivery.

use jiff::{SignedDuration, Timestamp};

use super::RetryPolicy;
use crate::domain::{Attempt, DeliveryState, LeaseId, Reply, Verdict};
use crate::store::delivery::record::Record;
use crate::store::outbox::MailOutcome;

/// How long a delivery waits whose relay cannot be used.
const UNUSABLE_RELAY_PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// The state of a delivery after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Next {
    state: DeliveryState,
    /// When it is due again; `None` if it has ended.
    due_at: Option<Timestamp>,
    /// Whether the relay was asked, which counts as an attempt.
    attempted: bool,
    reply: Option<Reply>,
}

/// The state of a delivery before an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before {
    pub(crate) state: DeliveryState,
    pub(crate) attempts: u32,
    pub(crate) first_attempt_at: Option<Timestamp>,
}

impl Next {
    fn after_attempt(
        state: DeliveryState,
        due_at: Option<Timestamp>,
        reply: Option<Reply>,
    ) -> Self {
        Self {
            state,
            due_at,
            attempted: true,
            reply,
        }
    }

    fn without_attempt(
        state: DeliveryState,
        due_at: Option<Timestamp>,
        reply: Option<Reply>,
    ) -> Self {
        Self {
            state,
            due_at,
            attempted: false,
            reply,
        }
    }
}

/// What the verdict on an attempt means for a delivery.
fn decide(policy: &RetryPolicy, before: Before, verdict: Verdict, now: Timestamp) -> Next {
    use DeliveryState::{Bounced, Deferred, Failed, Sent, Skipped, Unknown};
    let first = before.first_attempt_at.unwrap_or(now);
    let again = policy.next_attempt(before.attempts + 1, first, now);
    let ended = |state, reply| Next::after_attempt(state, None, Some(reply));
    match verdict {
        Verdict::Accepted(reply) => ended(Sent, reply),
        Verdict::PutBack => Next::without_attempt(before.state, Some(now), None),
        Verdict::Surplus(reply) | Verdict::CannotBeBuilt(reply) => {
            Next::without_attempt(before.state, Some(now), Some(reply))
        }
        Verdict::NotTried(reply) => {
            let due_at = now.saturating_add(UNUSABLE_RELAY_PAUSE).unwrap_or(now);
            Next::without_attempt(before.state, Some(due_at), Some(reply))
        }
        // The relay was not asked: the one further attempt is still to come.
        Verdict::TryLater(reply) if before.state == Unknown && reply.code == 0 => {
            Next::after_attempt(Unknown, again, Some(reply))
        }
        // The first mail may have arrived. After one further attempt the delivery stays unknown.
        _ if before.state == Unknown => Next::after_attempt(Unknown, None, reply_of(verdict)),
        Verdict::Unknown(reply) => Next::after_attempt(Unknown, again, Some(reply)),
        Verdict::TryLater(reply) | Verdict::SlowDown(reply, _) => match again {
            Some(_) => Next::after_attempt(Deferred, again, Some(reply)),
            None => ended(Failed, reply),
        },
        Verdict::RecipientRefused(reply) => ended(Bounced, reply),
        Verdict::Refused(reply) => ended(Failed, reply),
        Verdict::NotWanted(why) => Next::without_attempt(Skipped, None, Some(Reply::new(0, why))),
    }
}

fn reply_of(verdict: Verdict) -> Option<Reply> {
    match verdict {
        Verdict::NotWanted(why) => Some(Reply::new(0, why)),
        other => other.reply().cloned(),
    }
}

/// What to write about a delivery of an issue after an attempt.
pub(crate) fn delivery_record(
    policy: &RetryPolicy,
    attempt: &Attempt,
    lease: LeaseId,
    verdict: Verdict,
    now: Timestamp,
) -> Record {
    let before = Before {
        state: attempt.state_before,
        attempts: attempt.attempts_before,
        first_attempt_at: attempt.first_attempt_at,
    };
    let next = decide(policy, before, verdict, now);
    let micros = now.as_microsecond();
    Record {
        subscription: attempt.subscription,
        lease,
        untried: attempt.untried,
        revision: attempt.revision,
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

/// What to write about a transactional mail after an attempt.
pub(crate) fn mail_outcome(
    policy: &RetryPolicy,
    before: Before,
    verdict: Verdict,
    now: Timestamp,
) -> MailOutcome {
    let next = decide(policy, before, verdict, now);
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
    use super::{Before, RetryPolicy, decide};
    use crate::domain::{DeliveryState, Reply, Verdict};
    use jiff::{SignedDuration, Timestamp};

    fn policy() -> RetryPolicy {
        RetryPolicy::new(&[300, 600, 3600], 48)
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
    fn a_4xx_is_retried_by_the_schedule_until_it_is_given_up() {
        let now = Timestamp::UNIX_EPOCH;
        let pause = |attempts, hours| {
            let now = now + SignedDuration::from_hours(hours);
            let next = decide(
                &policy(),
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
            "there was an attempt after every pause"
        );
    }

    #[test]
    fn unknown_gets_one_further_attempt_and_then_stays() {
        let now = Timestamp::UNIX_EPOCH;
        let first = decide(
            &policy(),
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
            let second = decide(&policy(), before(DeliveryState::Unknown, 1), verdict, now);
            assert_eq!(
                (second.state, second.due_at),
                (DeliveryState::Unknown, None)
            );
        }
        let never_asked = Verdict::TryLater(Reply::new(0, "connection refused"));
        let second = decide(
            &policy(),
            before(DeliveryState::Unknown, 1),
            never_asked,
            now,
        );
        assert_eq!(second.state, DeliveryState::Unknown);
        assert!(second.due_at.is_some(), "that was no attempt");
        let second = decide(
            &policy(),
            before(DeliveryState::Unknown, 1),
            Verdict::Accepted(reply()),
            now,
        );
        assert_eq!(second.state, DeliveryState::Sent);
    }

    #[test]
    fn a_delivery_that_is_put_back_keeps_its_state() {
        let now = Timestamp::UNIX_EPOCH;
        let next = decide(
            &policy(),
            before(DeliveryState::Deferred, 3),
            Verdict::PutBack,
            now,
        );
        assert_eq!(
            (next.state, next.due_at, next.attempted),
            (DeliveryState::Deferred, Some(now), false)
        );
        let unusable = Verdict::NotTried(Reply::new(0, "the relay cannot be used"));
        for state in [DeliveryState::Queued, DeliveryState::Unknown] {
            let next = decide(&policy(), before(state, 40), unusable.clone(), now);
            assert_eq!((next.state, next.attempted), (state, false));
            assert!(next.due_at > Some(now), "not at once");
        }
    }
}
