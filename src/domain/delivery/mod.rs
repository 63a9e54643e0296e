//! A delivery: one issue to one subscriber; its states, and the verdict on an attempt.

mod mail_kind;
mod meaning;
mod relay_limit;
mod reply;
mod throttle;

pub use mail_kind::MailKind;
pub use meaning::ReplyMeaning;
pub use relay_limit::RelayLimit;
pub use reply::{Reply, speaks_of_rate, without_addresses};
pub use throttle::{Limits, Quota, Scope, Slowdown, Throttle};

use jiff::Timestamp;

use super::text_enum::text_enum;
use super::{EmailAddress, IssueId, SubscriptionId};

text_enum! {
    /// From `queued` to one of the others. Only `deferred` and, once, `unknown` are tried again.
    /// A lease is stored beside the state, so that a lease that ends changes no state.
    pub enum DeliveryState as "delivery state" {
        /// It waits for its first attempt.
        Queued = "queued",
        /// The server accepted the mail (250 after the final dot).
        Sent = "sent",
        /// Refused for now (4xx), or the relay could not be reached; it will be tried again.
        Deferred = "deferred",
        /// Refused for good (5xx) because of the recipient's mailbox.
        Bounced = "bounced",
        /// Given up, for a reason that is not about the recipient's mailbox.
        Failed = "failed",
        /// Not sent: the subscription or the issue had ended or was paused when its turn came.
        Skipped = "skipped",
        /// The connection broke after the final dot, before a reply: the mail may have arrived.
        Unknown = "unknown",
    }
}

/// How one attempt to send a mail ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The server accepted the mail (2xx after the final dot).
    Accepted(Reply),
    /// 4xx, or no connection: to be tried later.
    TryLater(Reply),
    /// The same, and the server throttles us (421, 4.7.x).
    SlowDown(Reply, Scope),
    /// 5xx about the recipient's mailbox.
    RecipientRefused(Reply),
    /// 5xx about the sender or the message.
    Refused(Reply),
    /// The connection broke after the final dot, before a reply.
    Unknown(Reply),
    /// Not sent, as it was no longer wanted when its turn came; with the reason, which names nobody.
    NotWanted(&'static str),
    /// Not sent, and due at once as before: for example, the issue was paused or the worker stops.
    PutBack,
    /// It was not tried, as its relay cannot be used; says why.
    NotTried(Reply),
    /// It was not tried, as its mail cannot be rendered, built or signed; says why.
    CannotBeBuilt(Reply),
    /// The relay has enough connections, and said so; the delivery goes over another one.
    Surplus(Reply),
}

impl Verdict {
    /// Whether nothing of the mail was sent, so that it uses up no quota.
    #[must_use]
    pub const fn is_unsent(&self) -> bool {
        matches!(
            self,
            Self::PutBack
                | Self::NotTried(_)
                | Self::CannotBeBuilt(_)
                | Self::Surplus(_)
                | Self::NotWanted(_)
        )
    }

    /// One word for the log, for example `accepted`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::TryLater(_) => "try later",
            Self::SlowDown(..) => "throttled",
            Self::RecipientRefused(_) => "recipient refused",
            Self::Refused(_) => "refused",
            Self::Unknown(_) => "unknown",
            Self::NotWanted(_) => "not wanted",
            Self::PutBack => "put back",
            Self::NotTried(_) => "not tried",
            Self::CannotBeBuilt(_) => "cannot be built",
            Self::Surplus(_) => "surplus connection",
        }
    }

    /// Every word that [`Self::result`] knows.
    pub const RESULTS: &'static [&'static str] = &[
        "accepted",
        "try_later",
        "throttled",
        "recipient_refused",
        "refused",
        "unknown",
        "not_wanted",
        "put_back",
        "not_tried",
        "cannot_be_built",
        "surplus_connection",
    ];

    /// The word of [`Self::as_str`] as the label of a metric.
    #[must_use]
    pub const fn result(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::TryLater(_) => "try_later",
            Self::SlowDown(..) => "throttled",
            Self::RecipientRefused(_) => "recipient_refused",
            Self::Refused(_) => "refused",
            Self::Unknown(_) => "unknown",
            Self::NotWanted(_) => "not_wanted",
            Self::PutBack => "put_back",
            Self::NotTried(_) => "not_tried",
            Self::CannotBeBuilt(_) => "cannot_be_built",
            Self::Surplus(_) => "surplus_connection",
        }
    }

    /// The reply, or the error in its place; `None` if the server was not asked.
    #[must_use]
    pub const fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Accepted(reply)
            | Self::TryLater(reply)
            | Self::SlowDown(reply, _)
            | Self::RecipientRefused(reply)
            | Self::Refused(reply)
            | Self::Unknown(reply)
            | Self::NotTried(reply)
            | Self::CannotBeBuilt(reply)
            | Self::Surplus(reply) => Some(reply),
            Self::NotWanted(_) | Self::PutBack => None,
        }
    }
}

/// A delivery that a worker holds a lease on.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The issue.
    pub issue: IssueId,
    /// The recipient's subscription.
    pub subscription: SubscriptionId,
    /// The recipient's address.
    pub address: EmailAddress,
    /// The state before this attempt.
    pub state_before: DeliveryState,
    /// How many attempts there were before.
    pub attempts_before: u32,
    /// When the first attempt was made, if there was one.
    pub first_attempt_at: Option<Timestamp>,
    /// Whether the ledger had no row of the delivery when it was claimed.
    pub untried: bool,
    /// The revision of the issue to send.
    pub revision: i64,
    /// Whether only this revision may be sent, because the recipient may have it already.
    pub revision_pinned: bool,
}
