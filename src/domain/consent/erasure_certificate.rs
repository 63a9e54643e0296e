//! What a person is told after an erasure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was deleted, what remains, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Certificate {
    /// When, in UTC.
    pub at: String,
    /// Subscriptions that were ended; their choices are deleted.
    pub subscriptions: u64,
    /// Lines that said which issue was sent when; the totals of the issues stay.
    pub deliveries: u64,
    /// Transactional mails, with what the relay said.
    pub mails: u64,
    /// Whether a proof of consent remains, locked.
    pub proof_remains: bool,
    /// Until when: a date in UTC. None where it is kept without an end.
    pub proof_until: Option<String>,
}
