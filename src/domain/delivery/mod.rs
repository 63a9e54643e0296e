//! One issue on its way to one reader.

mod outbox;
mod throttle;

pub use outbox::MailKind;
pub use throttle::{Limits, Quota, Scope, Throttle};

use jiff::Timestamp;

use super::text_enum::text_enum;
use super::{EmailAddress, IssueId, SubscriptionId};

text_enum! {
    /// queued → one of the rest. Only `deferred` and, once, `unknown` are tried again.
    /// Whether a worker holds a lease is kept beside the state, so that a lease
    /// that runs out changes nothing.
    pub enum DeliveryState as "delivery state" {
        /// Waits for its first attempt.
        Queued = "queued",
        /// The server said 250.
        Sent = "sent",
        /// The server said "not now"; it will be tried again.
        Deferred = "deferred",
        /// The server said this reader cannot be reached.
        Bounced = "bounced",
        /// Given up, for a reason that does not speak against the reader.
        Failed = "failed",
        /// Not wanted any more when its turn came.
        Skipped = "skipped",
        /// The connection broke after the final dot: it may have arrived.
        Unknown = "unknown",
    }
}

/// What a server said, or what went wrong instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The three-digit code; 0 when no reply came.
    pub code: u16,
    /// The words, cut to 500 characters.
    pub text: String,
}

impl Reply {
    /// The longest text that is kept.
    pub const MAX_TEXT: usize = 500;

    /// A reply of a server.
    #[must_use]
    pub fn new(code: u16, text: &str) -> Self {
        let text = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(Self::MAX_TEXT)
            .collect();
        Self { code, text }
    }

    /// The enhanced status code (RFC 3463) at the start of the text, as class, subject, detail.
    #[must_use]
    pub fn enhanced_status(&self) -> Option<(u16, u16, u16)> {
        let mut numbers = self.text.split_whitespace().next()?.split('.');
        let mut next = || numbers.next()?.parse().ok();
        let status = (next()?, next()?, next()?);
        (matches!(status.0, 2 | 4 | 5) && numbers.next().is_none()).then_some(status)
    }
}

/// How one attempt to hand a mail to a server ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The server took responsibility (2xx after the final dot).
    Accepted(Reply),
    /// 4xx, or no connection: later.
    TryLater(Reply),
    /// The same, and it asks for less (421, 4.7.x).
    SlowDown(Reply, Scope),
    /// 5xx that speaks of this recipient.
    RecipientRefused(Reply),
    /// 5xx that speaks of us or of the message.
    Refused(Reply),
    /// The connection broke after the final dot, before a reply.
    Unknown(Reply),
    /// It was no longer wanted when its turn came.
    NotWanted(&'static str),
    /// It was not tried (the issue is paused, or the worker is stopping).
    PutBack,
    /// It was not tried, as its relay cannot be used; says why.
    NotTried(Reply),
}

/// A delivery that a worker holds a lease on.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Which issue.
    pub issue: IssueId,
    /// Which reader.
    pub subscription: SubscriptionId,
    /// Where to.
    pub address: EmailAddress,
    /// Where it stood before.
    pub state_before: DeliveryState,
    /// How often it was tried before.
    pub attempts_before: u32,
    /// When the first attempt began, if there was one.
    pub first_attempt_at: Option<Timestamp>,
    /// Which revision of the issue the reader gets.
    pub revision: i64,
    /// This reader may have had it already: no other revision will do.
    pub bound: bool,
}

#[cfg(test)]
mod tests {
    use super::Reply;

    #[test]
    fn reads_enhanced_status_codes() {
        let status = |text: &str| Reply::new(550, text).enhanced_status();
        assert_eq!(status("5.1.1 no such user"), Some((5, 1, 1)));
        assert_eq!(status("mailbox 5.1.1 unknown"), None);
        assert_eq!(status("5.1 x"), None);
        assert_eq!(status("192.0.2.1 x"), None);
        assert_eq!(status("5.1.1.1 x"), None);
        assert_eq!(status(""), None);
    }
}
