//! How often a protection of the sign-up form acted.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::text_enum::text_enum;

text_enum! {
    /// What a protection saw.
    pub enum ProtectionCause as "cause of a protection" {
        /// A form whose hidden field was filled in; a proof of work or a wait was asked for.
        Honeypot = "honeypot",
        /// A form whose hidden field was filled in, and that brought such evidence.
        HoneypotPassed = "honeypot_passed",
    }
}

/// How often on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProtectionCount {
    /// The day in UTC, as in `2026-11-23`.
    pub day: String,
    /// What was seen.
    pub cause: ProtectionCause,
    /// How often.
    pub amount: i64,
}
