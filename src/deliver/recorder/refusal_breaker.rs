//! Pauses an issue that a relay refuses for one subscriber after the other with the same reply: then the
//! mail or the sender is at fault, not the recipients.

use std::time::Duration;

use tokio::time::Instant;

use crate::deliver::issue_pause::RefusedAlike;
use crate::domain::{Reply, SubscriptionId, Verdict};

/// How many refusals in a row, with the same code and enhanced status, pause an issue.
const REFUSALS_IN_A_ROW: u32 = 5;
/// The same for refusals that seem to be about mailboxes: so many readers have hardly all lost theirs while nobody is
/// reached between them.
const MAILBOXES_IN_A_ROW: usize = 20;
/// For so long after that, mails that were under way are refused.
const UNDER_WAY: Duration = Duration::from_secs(60);

/// Counts the refusals of one issue by one relay since it last accepted a mail of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct RefusalBreaker {
    in_a_row: u32,
    last: Option<Reply>,
    /// Whose mailbox was refused since then, with replies like `last_of_mailbox`.
    mailboxes: Vec<SubscriptionId>,
    last_of_mailbox: Option<Reply>,
    /// When the issue was paused because of them.
    paused_at: Option<Instant>,
}

impl RefusalBreaker {
    /// Counts a verdict. Returns why the issue has to be paused, if it has to.
    pub(crate) fn observe(
        &mut self,
        subscription: SubscriptionId,
        verdict: &Verdict,
    ) -> Option<RefusedAlike> {
        match verdict {
            Verdict::Accepted(_) => {
                *self = Self::default();
                None
            }
            Verdict::Refused(reply) => self.refused(reply),
            Verdict::RecipientRefused(reply) => self.mailbox_refused(subscription, reply),
            // These are about one recipient, or temporary.
            _ => None,
        }
    }

    fn refused(&mut self, reply: &Reply) -> Option<RefusedAlike> {
        let alike = self
            .last
            .as_ref()
            .is_some_and(|last| are_alike(last, reply));
        self.in_a_row = if alike { self.in_a_row + 1 } else { 1 };
        self.last = Some(reply.clone());
        // Also for each refusal after that: mails that were being sent, or an issue resumed too early.
        (self.in_a_row >= REFUSALS_IN_A_ROW).then(|| RefusedAlike {
            reply: reply.clone(),
            mailboxes: Vec::new(),
        })
    }

    fn mailbox_refused(
        &mut self,
        subscription: SubscriptionId,
        reply: &Reply,
    ) -> Option<RefusedAlike> {
        let last = self.last_of_mailbox.replace(reply.clone());
        if !last.is_some_and(|last| are_alike(&last, reply)) {
            self.mailboxes.clear();
            self.paused_at = None;
        }
        self.mailboxes.push(subscription);
        let still_under_way = self.paused_at.is_some_and(|at| at.elapsed() < UNDER_WAY);
        if self.mailboxes.len() < MAILBOXES_IN_A_ROW && !still_under_way {
            return None;
        }
        if !still_under_way {
            self.paused_at = Some(Instant::now());
        }
        // If it is resumed, so many readers are tried again before it is paused again.
        Some(RefusedAlike {
            reply: reply.clone(),
            mailboxes: std::mem::take(&mut self.mailboxes),
        })
    }
}

fn are_alike(one: &Reply, other: &Reply) -> bool {
    (one.code, one.enhanced_status()) == (other.code, other.enhanced_status())
}

#[cfg(test)]
mod tests {
    use super::{MAILBOXES_IN_A_ROW, RefusalBreaker, UNDER_WAY};
    use crate::domain::{Reply, SubscriptionId, Verdict};
    use tokio::time::{advance, pause};

    const NOBODY: SubscriptionId = SubscriptionId(0);

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
            breaker.observe(NOBODY, &verdict).is_some()
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

    /// The readers that a pause lets wait again, after these mailboxes were refused one after the other.
    fn refuse(breaker: &mut RefusalBreaker, readers: std::ops::Range<i64>) -> Vec<i64> {
        let verdict = Verdict::RecipientRefused(Reply::new(550, "no"));
        let pauses = readers.filter_map(|n| breaker.observe(SubscriptionId(n), &verdict));
        pauses
            .flat_map(|why| why.mailboxes)
            .map(|reader| reader.0)
            .collect()
    }

    #[tokio::test]
    async fn mailboxes_that_are_all_refused_pause_and_wait_again() {
        pause();
        let many = i64::try_from(MAILBOXES_IN_A_ROW).unwrap();
        let mut breaker = RefusalBreaker::default();
        assert_eq!(refuse(&mut breaker, 0..many - 1), [0; 0]);
        let accepted = Verdict::Accepted(Reply::new(250, "ok"));
        assert!(breaker.observe(NOBODY, &accepted).is_none());
        let all: Vec<i64> = (0..many + 3).collect();
        assert_eq!(
            refuse(&mut breaker, 0..many + 3),
            all,
            "also those under way"
        );
        advance(UNDER_WAY).await;
        assert_eq!(refuse(&mut breaker, 0..many - 1), [0; 0], "it was resumed");
        assert_eq!(refuse(&mut breaker, many - 1..many), all[..20]);
    }
}
