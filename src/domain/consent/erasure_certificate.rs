//! The certificate of an erasure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was deleted, what remains, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Certificate {
    /// When, in UTC.
    pub at: String,
    /// Subscriptions that were ended; their preferences are deleted.
    pub subscriptions: u64,
    /// Deliveries that were deleted; the totals of the issues stay.
    pub deliveries: u64,
    /// Transactional mails that were deleted, with the relay's replies.
    pub mails: u64,
    /// Whether a proof of consent remains, locked.
    pub proof_remains: bool,
    /// Until when: a date in UTC. None when it is kept without end.
    pub proof_until: Option<String>,
}
