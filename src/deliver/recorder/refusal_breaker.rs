//! Pauses an issue that a relay refuses for one subscriber after the other with the same reply: then the
//! mail or the sender is at fault, not the recipients.

use crate::domain::{Reply, Verdict};

/// How many refusals in a row, with the same code and enhanced status, pause an issue.
const REFUSALS_IN_A_ROW: u32 = 5;

/// Counts the refusals of one issue by one relay since it last accepted a mail of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct RefusalBreaker {
    in_a_row: u32,
    last: Option<Reply>,
}

impl RefusalBreaker {
    /// Counts a verdict. Returns the reply if the issue has to be paused.
    pub(crate) fn observe(&mut self, verdict: &Verdict) -> Option<Reply> {
        match verdict {
            Verdict::Accepted(_) => *self = Self::default(),
            Verdict::Refused(reply) => {
                let alike = self.last.as_ref().is_some_and(|last| {
                    (last.code, last.enhanced_status()) == (reply.code, reply.enhanced_status())
                });
                self.in_a_row = if alike { self.in_a_row + 1 } else { 1 };
                self.last = Some(reply.clone());
            }
            // These are about one recipient, or temporary.
            _ => {}
        }
        // Also for each refusal after that: mails that were being sent, or an issue resumed too early.
        match verdict {
            Verdict::Refused(_) if self.in_a_row >= REFUSALS_IN_A_ROW => self.last.clone(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RefusalBreaker;
    use crate::domain::{Reply, Verdict};

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
            breaker.observe(&verdict).is_some()
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
}
