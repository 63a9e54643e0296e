//! What a refusal means, by the place in the transaction where it comes.

use crate::domain::{Reply, Scope, Verdict};

/// Where in the transaction of a mail something was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Between two mails, unasked.
    Idle,
    /// MAIL FROM: whatever is refused here is our fault.
    MailFrom,
    /// RCPT TO.
    Recipient,
    /// DATA.
    Data,
    /// The text, before its final dot.
    Text,
    /// The final dot.
    FinalDot,
}

impl Step {
    /// What a negative reply (4xx or 5xx) means here.
    pub(crate) fn classify(self, reply: Reply) -> Verdict {
        let transient = (400..500).contains(&reply.code);
        match self {
            _ if transient && asks_for_less(&reply) => {
                let scope = match self {
                    Self::Idle | Self::MailFrom => Scope::Relay,
                    _ => Scope::Provider,
                };
                Verdict::SlowDown(reply, scope)
            }
            _ if transient => Verdict::TryLater(reply),
            Self::Idle | Self::MailFrom => Verdict::Refused(reply),
            _ if speaks_of_recipient(&reply, self == Self::Recipient) => {
                Verdict::RecipientRefused(reply)
            }
            _ => Verdict::Refused(reply),
        }
    }
}

/// Whether a 5xx is about the order of commands or their form rather than about this mail
/// (RFC 5321 §4.2.2, RFC 3463 x.5.x).
pub(crate) fn refuses_sequence(reply: &Reply) -> bool {
    reply.code == 503 || matches!(reply.enhanced_status(), Some((5, 5, _)))
}

/// Whether a 4xx says that too much comes too fast, rather than that this mail must wait:
/// the service closes the channel, or a policy speaks (RFC 3463 x.7.x).
pub(crate) fn asks_for_less(reply: &Reply) -> bool {
    reply.code == 421 || matches!(reply.enhanced_status(), Some((4, 7, _)))
}

/// Whether a 5xx is about the mailbox rather than about us or the message
/// (RFC 3463; without an enhanced code, RFC 5321 §4.2.2 where it answers RCPT).
fn speaks_of_recipient(reply: &Reply, at_rcpt: bool) -> bool {
    match reply.enhanced_status() {
        Some((5, 1, 7 | 8)) => false,
        Some((5, 1 | 2, _)) | Some((5, 7, 13 | 17 | 18)) => true,
        Some(_) => false,
        None => at_rcpt && matches!(reply.code, 550 | 551 | 553),
    }
}

#[cfg(test)]
mod tests {
    use super::{asks_for_less, refuses_sequence, speaks_of_recipient};
    use crate::domain::Reply;

    #[test]
    fn not_every_4xx_asks_for_less() {
        let of = |code, text| asks_for_less(&Reply::new(code, text));
        assert!(of(421, "Too many messages from you"));
        assert!(of(450, "4.7.650 rate limited"));
        assert!(!of(450, "4.2.0 greylisted"));
        assert!(!of(452, "4.2.2 mailbox full"));
    }

    #[test]
    fn only_the_mailbox_speaks_against_the_reader() {
        let of = |code, text: &str, at_rcpt| speaks_of_recipient(&Reply::new(code, text), at_rcpt);
        assert!(of(550, "5.1.1 no such user", true));
        assert!(of(550, "5.1.1 no such user", false));
        assert!(of(550, "no such user", true));
        assert!(!of(550, "no such user", false));
        assert!(!of(550, "5.7.1 spam", true));
        assert!(!of(550, "5.1.8 bad sender domain", true));
        assert!(!of(554, "no", true));
    }

    #[test]
    fn a_wrong_order_of_commands_is_told_from_a_refusal() {
        let of = |code, text| refuses_sequence(&Reply::new(code, text));
        assert!(of(
            503,
            "Bad sequence of commands - pipelined after end of DATA"
        ));
        assert!(of(554, "5.5.1 Error: no valid recipients"));
        assert!(of(503, ""));
        assert!(!of(550, "5.1.1 no such user"));
        assert!(!of(550, "no such user"));
    }
}
