//! Transactional mails.

use crate::domain::text_enum::text_enum;

text_enum! {
    /// What a mail of the outbox is for. Each has a folder in `email_templates/`.
    pub enum MailKind as "mail" {
        /// Asks a person to confirm a sign-up.
        Confirmation = "confirmation",
        /// Tells an active subscriber who signed up again how to manage the subscription.
        AlreadySubscribed = "already_subscribed",
        /// Greets a person who has just confirmed.
        Welcome = "welcome",
        /// Carries a fresh link to the reader's own data.
        DataLink = "data_link",
        /// Asks for the confirmation of a new address; goes to that one.
        NewAddress = "new_address",
        /// Tells the old address that there is a new one.
        AddressChanged = "address_changed",
        /// Confirms an erasure; goes to the address that was erased.
        Erased = "erased",
        /// A copy of an issue for an editor to look at.
        TestCopy = "test_copy",
    }
}
