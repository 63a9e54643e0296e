//! When everybody's mail is refused alike, it is the mail that is wrong, or we are.

use crate::domain::{Reply, Verdict};

/// So many readers in a row must have been refused with the same code.
const REFUSALS_IN_A_ROW: u32 = 5;

/// The refusals of one issue since a mail was last accepted.
#[derive(Debug, Clone, Default)]
pub(crate) struct RefusalBreaker {
    length: u32,
    last: Option<Reply>,
}

impl RefusalBreaker {
    /// Takes the next verdict in; returns the reply when it has come often enough.
    pub(crate) fn next(&mut self, verdict: &Verdict) -> Option<Reply> {
        match verdict {
            Verdict::Accepted(_) => *self = Self::default(),
            Verdict::Refused(reply) => {
                let alike = self.last.as_ref().is_some_and(|last| {
                    (last.code, last.enhanced_status()) == (reply.code, reply.enhanced_status())
                });
                self.length = if alike { self.length + 1 } else { 1 };
                self.last = Some(reply.clone());
            }
            // These speak of a reader, or of the moment.
            _ => {}
        }
        // What was in flight is refused after it, and an issue that is resumed too early again.
        match verdict {
            Verdict::Refused(_) if self.length >= REFUSALS_IN_A_ROW => self.last.clone(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RefusalBreaker;
    use crate::domain::{Reply, Verdict};

    /// After which verdict the breaker is long enough; verdicts are the relay's replies.
    fn ends_after(replies: &[(u16, &str)]) -> Option<usize> {
        let mut breaker = RefusalBreaker::default();
        replies.iter().position(|(code, text)| {
            let reply = Reply::new(*code, text);
            let verdict = match code / 100 {
                2 => Verdict::Accepted(reply),
                4 => Verdict::TryLater(reply),
                _ => Verdict::Refused(reply),
            };
            breaker.next(&verdict).is_some()
        })
    }

    #[test]
    fn only_the_same_refusal_for_everybody_counts() {
        let spam = (554, "5.7.1 spam");
        assert_eq!(ends_after(&[spam; 5]), Some(4));
        assert_eq!(ends_after(&[spam; 4]), None);
        let ok = (250, "2.0.0 ok");
        assert_eq!(ends_after(&[spam, spam, spam, spam, ok, spam]), None);
        let later = (451, "4.7.1 later");
        assert_eq!(ends_after(&[spam, spam, later, spam, spam, spam]), Some(5));
        let ours = (0, "the mail cannot be made");
        assert_eq!(ends_after(&[ours; 5]), Some(4));
        let other = (550, "5.3.4 too large");
        assert_eq!(ends_after(&[spam, other, spam, other, spam, other]), None);
    }
}
