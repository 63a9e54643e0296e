//! Pauses an issue that a relay refuses for one subscriber after the other with the same reply: then the
//! mail or the sender is at fault, not the recipients.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::deliver::issue_pause::RefusedAlike;
use crate::domain::{IssueId, Reply, Verdict};

/// How many refusals in a row, with the same code and enhanced status, pause an issue.
const REFUSALS_IN_A_ROW: u32 = 5;
/// The same for refusals that seem to be about mailboxes, whatever they say: so many readers have hardly all lost theirs
/// while nobody is reached between them. Twice as many after each pause, and only those who are tried for the first time:
/// whoever resumes may know that they have.
const MAILBOXES_IN_A_ROW: u32 = 20;

/// Counts the refusals of all issues, by issue and relay.
#[derive(Debug, Default)]
pub(crate) struct RefusalBreakers(HashMap<(IssueId, String), RefusalBreaker>);

impl RefusalBreakers {
    /// Counts a verdict of a relay on a delivery that was tried so often before. Returns why the issue has to be
    /// paused, if it has to.
    pub(crate) fn observe(
        &mut self,
        (issue, relay): (IssueId, &str),
        attempts_before: u32,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Option<RefusedAlike> {
        let is_refusal = matches!(verdict, Verdict::Refused(_) | Verdict::RecipientRefused(_));
        if !is_refusal {
            if matches!(verdict, Verdict::Accepted(_)) && !self.0.is_empty() {
                self.0.remove(&(issue, relay.to_owned()));
            }
            return None;
        }
        let breaker = self.0.entry((issue, relay.to_owned())).or_default();
        let why = breaker.observe(attempts_before, verdict, now)?;
        Some(match why {
            // Another relay may have refused mailboxes of it before.
            RefusedAlike::Bounced { reply, since } => {
                let since = self
                    .mailboxes_since(issue)
                    .map_or(since, |at| at.min(since));
                RefusedAlike::Bounced { reply, since }
            }
            failed @ RefusedAlike::Failed(_) => failed,
        })
    }

    /// Since when a relay refuses mailboxes of this issue and reaches nobody between them.
    pub(crate) fn mailboxes_since(&self, issue: IssueId) -> Option<Timestamp> {
        let of_issue = self.0.iter().filter(|((of, _), _)| *of == issue);
        of_issue
            .filter_map(|(_, breaker)| breaker.mailboxes_since)
            .min()
    }
}

/// Counts the refusals of one issue by one relay since it last accepted a mail of it.
#[derive(Debug, Clone, Default)]
struct RefusalBreaker {
    in_a_row: u32,
    last: Option<Reply>,
    /// Mailboxes since the issue was paused because of them.
    mailboxes: u32,
    /// When the first of these was refused; none if somebody was reached since.
    mailboxes_since: Option<Timestamp>,
    /// How often the issue was paused because of mailboxes.
    pauses: u32,
}

impl RefusalBreaker {
    fn observe(
        &mut self,
        attempts_before: u32,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Option<RefusedAlike> {
        match verdict {
            Verdict::Accepted(_) => {
                *self = Self::default();
                None
            }
            Verdict::Refused(reply) => self.refused(reply),
            Verdict::RecipientRefused(reply) => {
                self.mailbox_refused(attempts_before == 0, reply, now)
            }
            // These are about one recipient, or temporary.
            _ => None,
        }
    }

    fn refused(&mut self, reply: &Reply) -> Option<RefusedAlike> {
        let alike = self.last.as_ref().is_some_and(|last| {
            (last.code, last.enhanced_status()) == (reply.code, reply.enhanced_status())
        });
        self.in_a_row = if alike { self.in_a_row + 1 } else { 1 };
        self.last = Some(reply.clone());
        // Also for each refusal after that: mails that were being sent, or an issue resumed too early.
        (self.in_a_row >= REFUSALS_IN_A_ROW).then(|| RefusedAlike::Failed(reply.clone()))
    }

    fn mailbox_refused(
        &mut self,
        is_first_attempt: bool,
        reply: &Reply,
        now: Timestamp,
    ) -> Option<RefusedAlike> {
        let since = *self.mailboxes_since.get_or_insert(now);
        self.mailboxes += u32::from(is_first_attempt);
        if self.mailboxes < MAILBOXES_IN_A_ROW.saturating_mul(1 << self.pauses.min(16)) {
            return None;
        }
        self.pauses += 1;
        (self.mailboxes, self.mailboxes_since) = (0, None);
        let reply = reply.clone();
        Some(RefusedAlike::Bounced { reply, since })
    }
}

#[cfg(test)]
mod tests {
    use super::{MAILBOXES_IN_A_ROW, RefusalBreaker, RefusalBreakers, RefusedAlike};
    use crate::domain::{IssueId, Reply, Verdict};
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    /// The index of the reply that pauses the issue.
    fn pauses_at(replies: &[(u16, &str)]) -> Option<usize> {
        let mut breaker = RefusalBreaker::default();
        replies.iter().position(|(code, text)| {
            let reply = Reply::new(*code, text);
            let verdict = match code / 100 {
                2 => Verdict::Accepted(reply),
                4 => Verdict::TryLater(reply),
                _ => Verdict::Refused(reply),
            };
            breaker
                .observe(0, &verdict, Timestamp::UNIX_EPOCH)
                .is_some()
        })
    }

    #[test]
    fn only_the_same_refusal_in_a_row_pauses() {
        let spam = (554, "5.7.1 spam");
        assert_eq!(pauses_at(&[spam; 5]), Some(4));
        assert_eq!(pauses_at(&[spam; 4]), None);
        let ok = (250, "2.0.0 ok");
        assert_eq!(pauses_at(&[spam, spam, spam, spam, ok, spam]), None);
        let later = (451, "4.7.1 later");
        assert_eq!(pauses_at(&[spam, spam, later, spam, spam, spam]), Some(5));
        let ours = (0, "the mail cannot be made");
        assert_eq!(pauses_at(&[ours; 5]), Some(4));
        let other = (550, "5.3.4 too large");
        assert_eq!(pauses_at(&[spam, other, spam, other, spam, other]), None);
    }

    /// A time of so many seconds.
    fn at(seconds: u32) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds.into())
    }

    /// At which of so many refused mailboxes, one a second, the issue is paused, and since when they wait again.
    fn pauses(breaker: &mut RefusalBreaker, mailboxes: u32) -> Vec<(u32, Timestamp)> {
        let codes = [550, 551, 553];
        let found = (1..=mailboxes).filter_map(|n| {
            let reply = Reply::new(codes[n as usize % codes.len()], "no");
            match breaker.observe(0, &Verdict::RecipientRefused(reply), at(n))? {
                RefusedAlike::Bounced { since, .. } => Some((n, since)),
                RefusedAlike::Failed(_) => None,
            }
        });
        found.collect()
    }

    #[test]
    fn mailboxes_that_are_all_refused_pause_and_ever_more_of_them_again() {
        let many = MAILBOXES_IN_A_ROW;
        let mut breaker = RefusalBreaker::default();
        assert_eq!(pauses(&mut breaker, many - 1), []);
        assert_eq!(breaker.mailboxes_since, Some(at(1)));
        let accepted = Verdict::Accepted(Reply::new(250, "ok"));
        let again = Verdict::RecipientRefused(Reply::new(550, "no"));
        assert!(
            breaker.observe(1, &again, at(0)).is_none(),
            "it was tried before"
        );
        assert!(breaker.observe(0, &accepted, at(0)).is_none());
        assert_eq!(breaker.mailboxes_since, None);
        let ever_more = [
            (many, at(1)),
            (3 * many, at(many + 1)),
            (7 * many, at(3 * many + 1)),
        ];
        assert_eq!(pauses(&mut breaker, 7 * many), ever_more);
        assert!(breaker.observe(0, &accepted, at(0)).is_none());
        assert_eq!(pauses(&mut breaker, many), [(many, at(1))]);
    }

    #[test]
    fn whom_another_relay_refused_before_waits_again_too() {
        let (issue, other) = (IssueId(Uuid::from_u128(1)), IssueId(Uuid::from_u128(2)));
        let mut breakers = RefusalBreakers::default();
        let refused = Verdict::RecipientRefused(Reply::new(550, "no"));
        let mut observe =
            |issue, relay, seconds| breakers.observe((issue, relay), 0, &refused, at(seconds));
        assert!(observe(other, "main", 1).is_none());
        assert!(observe(issue, "second", 5).is_none());
        let paused = (10..10 + MAILBOXES_IN_A_ROW).find_map(|n| observe(issue, "main", n));
        let Some(RefusedAlike::Bounced { since, .. }) = paused else {
            panic!("{paused:?}");
        };
        assert_eq!(since, at(5));
        assert!(observe(issue, "main", 100).is_none());
        assert_eq!(breakers.mailboxes_since(issue), Some(at(5)));
        assert_eq!(breakers.mailboxes_since(other), Some(at(1)));
        let accepted = Verdict::Accepted(Reply::new(250, "ok"));
        let why = breakers.observe((other, "main"), 0, &accepted, at(101));
        assert!(why.is_none());
        assert_eq!(breakers.mailboxes_since(other), None);
        assert!(
            !breakers.0.contains_key(&(other, "main".to_owned())),
            "it is forgotten"
        );
    }
}
