//! The kinds of transactional mails.

use crate::domain::text_enum::text_enum;

text_enum! {
    /// The kind of a mail in the outbox. Each but the test copy has a folder in `email_templates/`.
    pub enum MailKind as "mail" {
        /// Asks a person to confirm a sign-up.
        Confirmation = "confirmation",
        /// Tells an active subscriber who signed up again how to manage the subscription.
        AlreadySubscribed = "already_subscribed",
        /// Welcomes a person who has just confirmed.
        Welcome = "welcome",
        /// Carries a new link to the subscriber's own data.
        DataLink = "data_link",
        /// Asks to confirm a new address; goes to the new address.
        NewAddress = "new_address",
        /// Says that the address was changed; goes to the old address.
        AddressChanged = "address_changed",
        /// Confirms an erasure; goes to the address that was erased.
        Erased = "erased",
        /// Asks a new editor to set a password.
        EditorInvitation = "editor_invitation",
        /// Carries a link to set a new password.
        PasswordReset = "password_reset",
        /// Tells an editor that a new browser has signed in to the account.
        NewBrowser = "new_browser",
        /// Tells an editor that somebody has turned off the codes of the account.
        CodesOff = "codes_off",
        /// A test copy of an issue for an editor.
        TestCopy = "test_copy",
    }
}
