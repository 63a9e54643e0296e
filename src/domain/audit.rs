//! The audit log: who did what at the desk, over the API and on the command line.

use jiff::Timestamp;

use super::text_enum::text_enum;
use super::{Actor, ChainHash, Editor, EditorId, Issue, LinkKey, NewsletterId};

text_enum! {
    /// What was done.
    pub enum AuditAction as "audited action" {
        /// Somebody signed in.
        SignedIn = "signed-in",
        /// A password or a code was wrong.
        SignInFailed = "sign-in-failed",
        /// Somebody signed out, in one browser or in all.
        SignedOut = "signed-out",
        /// An issue was sent.
        Sent = "sent",
        /// An issue was scheduled, or moved to another time.
        Scheduled = "scheduled",
        /// Test copies of an issue were sent.
        TestCopies = "test-copies",
        /// A second person approved an issue.
        Approved = "approved",
        /// An issue was sent again to those to whom it had failed.
        SentAgain = "sent-again",
        /// A scheduled issue was taken back.
        TakenBack = "taken-back",
        /// The sending was stopped for the moment.
        Paused = "paused",
        /// The sending went on.
        Resumed = "resumed",
        /// The sending was stopped for good.
        Cancelled = "cancelled",
        /// Everything was kept from being sent.
        SendingHeld = "sending-held",
        /// Sending was let go on.
        SendingReleased = "sending-released",
        /// An issue was corrected after mails of it had gone out.
        Corrected = "corrected",
        /// The settings or the texts of a newsletter were changed.
        NewsletterEdited = "newsletter-edited",
        /// Data of readers was exported.
        Exported = "exported",
        /// A reader was erased.
        ReaderErased = "reader-erased",
        /// One subscription was ended on its reader's request.
        ReaderUnsubscribed = "reader-unsubscribed",
        /// Readers were imported.
        Imported = "imported",
        /// An import was taken back.
        ImportUndone = "import-undone",
        /// An account was made.
        EditorAdded = "editor-added",
        /// An account was removed.
        EditorRemoved = "editor-removed",
        /// Somebody was invited by mail.
        Invited = "invited",
        /// A role was given.
        RoleGiven = "role-given",
        /// A role was taken.
        RoleTaken = "role-taken",
        /// An API token was made.
        TokenMade = "token-made",
        /// An API token was revoked.
        TokenRevoked = "token-revoked",
        /// A password was set or changed.
        PasswordChanged = "password-changed",
        /// Codes of an app are asked for from now on.
        TotpOn = "totp-on",
        /// Codes are no longer asked for.
        TotpOff = "totp-off",
        /// New recovery codes were made.
        RecoveryCodesMade = "recovery-codes-made",
        /// A recovery code was used.
        RecoveryCodeUsed = "recovery-code-used",
        /// A transactional mail that waited or was given up was sent at once.
        MailRetried = "mail-retried",
        /// A relay or provider is no longer slowed down.
        ThrottleReset = "throttle-reset",
        /// Addresses were suppressed.
        AddressesSuppressed = "addresses-suppressed",
        /// An address may be mailed again.
        SuppressionRemoved = "suppression-removed",
        /// A relay gets no mails for the moment.
        RelayPaused = "relay-paused",
        /// A relay gets mails again.
        RelayResumed = "relay-resumed",
        /// A newsletter was added.
        NewsletterAdded = "newsletter-added",
        /// The page of an issue was taken off the web.
        PageHidden = "page-hidden",
        /// The page of an issue was put back.
        PageShown = "page-shown",
    }
}

/// One line of the audit log. It has identifiers and names, and no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who, as [`Actor::identity`] says it; empty when nobody is known.
    pub actor: String,
    /// The name of that person or token at that time.
    pub actor_name: String,
    /// What.
    pub action: AuditAction,
    /// In which newsletter, if in one.
    pub newsletter: Option<NewsletterId>,
    /// On what, as in `issue:UUID`; may be empty.
    pub object: String,
    /// More about it in few words; may be empty.
    pub detail: String,
}

impl AuditEvent {
    /// What the log says of whom it does not name. The log is a chain, so the words never change.
    pub const ONE_READER: &'static str = "one reader";

    /// What somebody did.
    #[must_use]
    pub fn new(actor: &Actor, action: AuditAction, at: Timestamp) -> Self {
        let name = actor.name().unwrap_or_default();
        Self {
            at,
            actor: actor.identity(),
            // Somebody may have named a token by an address.
            actor_name: name.split('@').next().unwrap_or_default().to_owned(),
            action,
            newsletter: None,
            object: String::new(),
            detail: String::new(),
        }
    }

    /// What somebody did whom nobody knows.
    #[must_use]
    pub fn by_nobody(action: AuditAction, at: Timestamp) -> Self {
        Self {
            at,
            actor: String::new(),
            actor_name: String::new(),
            action,
            newsletter: None,
            object: String::new(),
            detail: String::new(),
        }
    }

    /// What somebody did about one reader, whom the log does not name.
    #[must_use]
    pub fn about_a_reader(actor: &Actor, action: AuditAction, at: Timestamp) -> Self {
        Self::new(actor, action, at).saying(Self::ONE_READER)
    }

    /// In this newsletter.
    #[must_use]
    pub fn in_newsletter(mut self, newsletter: Option<NewsletterId>) -> Self {
        self.newsletter = newsletter;
        self
    }

    /// On this issue.
    #[must_use]
    pub fn on_issue(mut self, issue: &Issue) -> Self {
        self.newsletter = Some(issue.newsletter);
        self.object = format!("issue:{}", issue.id);
        self
    }

    /// On this account.
    #[must_use]
    pub fn on_editor(mut self, editor: EditorId) -> Self {
        self.object = format!("editor:{editor}");
        self
    }

    /// On something else, as in `token:UUID`.
    #[must_use]
    pub fn on(mut self, object: String) -> Self {
        self.object = object;
        self
    }

    /// With more about it.
    #[must_use]
    pub fn saying(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The hash over all fields, for the chain. `number` is that of the event.
    #[must_use]
    pub fn hash(&self, key: &LinkKey, number: i64) -> ChainHash {
        let newsletter = self.newsletter.map(|newsletter| newsletter.0.into_bytes());
        let parts: [&[u8]; 8] = [
            &number.to_be_bytes(),
            &self.at.as_microsecond().to_be_bytes(),
            self.actor.as_bytes(),
            self.actor_name.as_bytes(),
            self.action.as_str().as_bytes(),
            newsletter.as_ref().map_or(&[], |octets| octets.as_slice()),
            self.object.as_bytes(),
            self.detail.as_bytes(),
        ];
        key.keyed_hash("audit-content", &parts)
    }
}

impl Editor {
    /// What this person did.
    #[must_use]
    pub fn did(&self, action: AuditAction, at: Timestamp) -> AuditEvent {
        AuditEvent::new(&self.actor(), action, at)
    }
}
