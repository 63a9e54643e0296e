//! Suppression: addresses that are never mailed.

use crate::domain::text_enum::text_enum;

/// The keyed hashes of an address under which sign-ups of it may be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuppressionKeys {
    /// Of this spelling: for every reason.
    pub address: [u8; 32],
    /// Of the mailbox (`EmailAddress::mailbox`): for "this was not me".
    pub mailbox: [u8; 32],
    /// Of the spelling that is the mailbox itself, where "this was not me" of earlier versions is.
    pub plain: [u8; 32],
}

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
        /// An operator said so.
        Operator = "operator",
    }
}
