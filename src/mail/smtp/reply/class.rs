//! What a refusal means, by the place in the transaction where it comes.

use super::OurFault;
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
            _ if transient && reply.asks_for_less() => {
                let scope = match self {
                    Self::Idle | Self::MailFrom => Scope::Relay,
                    // A relay passes on what the reader's server says with a code.
                    _ if reply.throttles_by_code() => Scope::Provider,
                    _ => Scope::Relay,
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

/// Whether a 5xx is about the mailbox rather than about us or the message
/// (RFC 3463; without an enhanced code, RFC 5321 §4.2.2 where it answers RCPT).
///
/// Who is refused so gets no other attempt, so what may be about us is not counted.
fn speaks_of_recipient(reply: &Reply, at_rcpt: bool) -> bool {
    match reply.enhanced_status() {
        Some((5, 1, 1 | 2 | 3 | 6 | 10) | (5, 2, 1 | 2) | (5, 7, 13 | 17 | 18)) => true,
        Some((5, 1, 7 | 8)) => false,
        // Exchange Online says "5.4.1 Recipient address rejected: Access denied" of each mailbox that is not there.
        Some((5, 4, 1)) => {
            at_rcpt && matches!(OurFault::told_by(reply), None | Some(OurFault::Unwanted))
        }
        // Servers say these of senders too: 5.1.0, 5.2.0, and 5.2.252 of an account that may not send as somebody.
        Some((5, 1 | 2, _)) => at_rcpt && OurFault::told_by(reply).is_none(),
        Some(_) => false,
        None => {
            let is_of_mailbox = matches!(reply.code, 550 | 551 | 553);
            at_rcpt && is_of_mailbox && OurFault::told_by(reply).is_none()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, refuses_sequence, speaks_of_recipient};
    use crate::domain::{Reply, Scope, Verdict};

    #[test]
    fn a_rate_of_ours_slows_the_relay() {
        let at_dot = |code, text| Step::FinalDot.classify(Reply::new(code, text));
        let ses = "Throttling failure: Maximum sending rate exceeded.";
        assert!(matches!(
            at_dot(454, ses),
            Verdict::SlowDown(_, Scope::Relay)
        ));
        assert!(matches!(
            at_dot(451, "4.7.1 not now"),
            Verdict::SlowDown(_, Scope::Provider)
        ));
        assert!(matches!(
            at_dot(452, "4.2.2 mailbox over its message quota"),
            Verdict::TryLater(_)
        ));
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
        assert!(of(550, "5.1.0 Address rejected", true));
        assert!(of(550, "#5.1.0 Address rejected.", true));
        assert!(!of(550, "5.1.0 <me@example.org>: sender rejected", true));
        assert!(!of(
            554,
            "5.2.252 SendAsDenied; me not allowed to send as you",
            false
        ));
        assert!(!of(
            554,
            "5.2.0 STOREDRV.Submission.Exception:SendAsDenied",
            false
        ));
        assert!(!of(550, "relay not permitted", true));
        let outlook = "5.4.1 Recipient address rejected: Access denied. AS(201806281)";
        assert!(of(550, outlook, true) && !of(550, outlook, false));
        assert!(!of(550, "5.4.1 Relay Access Denied", true));
        assert!(!of(550, "5.4.4 host not found", true));
        assert!(!of(
            553,
            "not in my list of allowed rcpthosts (#5.7.1)",
            true
        ));
        assert!(of(
            550,
            "sorry, no mailbox here by that name. (#5.1.1)",
            false
        ));
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
