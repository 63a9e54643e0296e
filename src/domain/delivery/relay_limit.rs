//! A relay that takes fewer connections than we would open.

use jiff::{SignedDuration, Timestamp};

use super::Reply;

/// How many connections a relay takes from one worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayLimit {
    /// The relay's name in the settings.
    pub relay: String,
    /// How many it takes, as far as is known.
    pub connections: i64,
    /// How many the settings say.
    pub configured: i64,
    /// When one more is tried.
    pub next_try_at: Timestamp,
    /// What it said of one too many. It may quote addresses.
    pub reply: Reply,
}

impl RelayLimit {
    /// What a worker wrote of a relay is true for so long.
    pub const TRUE_FOR: SignedDuration = SignedDuration::from_mins(1);
}
