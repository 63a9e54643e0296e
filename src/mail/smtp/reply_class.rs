//! What a refusal means, by the place in the transaction where it comes.

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::response::Response;

use crate::domain::{Reply, Scope, Verdict};

/// Where in the transaction we are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// MAIL FROM: whatever is refused here is our fault.
    Ours,
    /// RCPT TO.
    Recipient,
    /// DATA.
    Message,
    /// The final dot.
    FinalDot,
}

impl Step {
    /// What a negative reply means here.
    pub(crate) fn judge(self, error: &SmtpError, code: u16) -> Verdict {
        let text = std::error::Error::source(error)
            .map(ToString::to_string)
            .unwrap_or_default();
        let reply = Reply::new(code, &text);
        match self {
            _ if error.is_transient() && asks_for_less(&reply) => {
                let scope = match self {
                    Self::Ours => Scope::Relay,
                    _ => Scope::Provider,
                };
                Verdict::SlowDown(reply, scope)
            }
            _ if error.is_transient() => Verdict::TryLater(reply),
            Self::Ours => Verdict::Refused(reply),
            _ if speaks_of_recipient(&reply, self == Self::Recipient) => {
                Verdict::RecipientRefused(reply)
            }
            _ => Verdict::Refused(reply),
        }
    }
}

/// A relay's reply as it is kept.
pub(crate) fn reply(response: &Response) -> Reply {
    let text: Vec<&str> = response.message().collect();
    Reply::new(u16::from(response.code()), &text.join(" "))
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
    use super::{asks_for_less, speaks_of_recipient};
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
}
