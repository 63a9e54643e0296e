//! Why an address is not mailed.

use crate::domain::text_enum::text_enum;

text_enum! {
    /// Why nobody with this address is signed up or imported.
    pub enum SuppressionReason as "suppression reason" {
        /// The address does not exist.
        Bounced = "bounced",
        /// The reader called a mail spam.
        Complained = "complained",
        /// The reader asked to be forgotten.
        Erased = "erased",
        /// Somebody else had signed the address up, and its owner said so.
        Declined = "declined",
    }
}
