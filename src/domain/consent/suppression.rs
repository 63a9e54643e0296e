//! Suppression: addresses that are never mailed.

use crate::domain::text_enum::text_enum;

text_enum! {
    /// Why an address cannot be signed up or imported.
    pub enum SuppressionReason as "suppression reason" {
        /// The address does not exist.
        Bounced = "bounced",
        /// The subscriber reported a mail as spam.
        Complained = "complained",
        /// The person was erased.
        Erased = "erased",
        /// The owner of the address said that somebody else had signed it up.
        Declined = "declined",
    }
}
