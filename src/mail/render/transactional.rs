//! Renders mails about a subscription: confirmation, welcome, and the like.

use serde::Serialize;

use super::templates::{Sender, render_mail};
use crate::domain::{Certificate, Language, MailKind, Newsletter};
use crate::mail::{EnclosedIssue, RenderedMail, TemplateError};
use crate::texts::{TextOverrides, language_name};

/// A mail to one person about a subscription. It contains no text that a visitor typed in, except the name in
/// the greeting of a welcome.
#[derive(Debug, Clone, Copy)]
pub struct SystemMail<'a> {
    /// The newsletter that sends it.
    pub newsletter: &'a Newsletter,
    /// All newsletters that it is about, if it is about several.
    pub several: &'a [OneOfSeveral],
    /// The recipient's language.
    pub language: Language,
    /// The newsletter's logo, if it has one.
    pub logo_url: Option<&'a str>,
    /// The kind of mail, with its links.
    pub links: MailLinks<'a>,
    /// The name for the greeting. Only a welcome uses it: before the confirmation it could be anybody's text.
    pub greet: Option<&'a str>,
    /// The newsletter's text overrides in that language.
    pub words: &'a TextOverrides,
    /// The latest issue to include. Only a welcome has one.
    pub latest: Option<&'a EnclosedIssue<'a>>,
}

/// One of the newsletters that a mail is about.
#[derive(Debug, Clone, Serialize)]
pub struct OneOfSeveral {
    title: String,
    language: Language,
    language_name: String,
    latest_url: Option<String>,
    unsubscribe_url: String,
}

impl OneOfSeveral {
    /// A newsletter with the page of its latest issue, if there is a public one, and the page where one leaves it.
    /// Only a welcome shows them.
    #[must_use]
    pub fn new(
        newsletter: &Newsletter,
        latest_url: Option<String>,
        unsubscribe_url: String,
    ) -> Self {
        Self {
            title: newsletter.title.clone(),
            language: newsletter.language,
            language_name: language_name(newsletter.language),
            latest_url,
            unsubscribe_url,
        }
    }
}

/// The kinds of mails, each with its links.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub enum MailLinks<'a> {
    /// Asks to confirm a sign-up.
    Confirmation {
        /// The confirmation page.
        confirm_url: &'a str,
        /// How long the link is valid, in hours.
        hours_valid: u32,
    },
    /// Tells an active subscriber who signed up again how to manage the subscription.
    AlreadySubscribed {
        /// The preferences page.
        preferences_url: &'a str,
        /// The unsubscribe page.
        unsubscribe_url: &'a str,
    },
    /// Welcomes a person who has confirmed.
    Welcome {
        /// The preferences page.
        preferences_url: &'a str,
        /// The unsubscribe page.
        unsubscribe_url: &'a str,
        /// The page of the latest issue, if there is a public one.
        latest_url: Option<&'a str>,
    },
    /// Carries a link to the subscriber's own data.
    DataLink {
        /// The page with the data.
        my_data_url: &'a str,
        /// How long the link is valid, in hours.
        hours_valid: u32,
    },
    /// Asks to confirm a new address.
    NewAddress {
        /// The confirmation page.
        new_address_url: &'a str,
        /// How long the link is valid, in hours.
        hours_valid: u32,
    },
    /// Tells the old address that it was changed.
    AddressChanged {},
    /// Confirms an erasure.
    Erased {
        /// What was erased, and what is kept.
        certificate: &'a Certificate,
    },
    /// Asks a new editor to set a password.
    EditorInvitation {
        /// The page for that.
        invitation_url: &'a str,
        /// How long the link is valid, in hours.
        hours_valid: u32,
    },
    /// Carries a link to set a new password.
    PasswordReset {
        /// The page for that.
        reset_url: &'a str,
        /// How long the link is valid, in hours.
        hours_valid: u32,
    },
    /// Tells an editor that a new browser has signed in.
    NewBrowser {
        /// The page where one asks for a new password.
        forgot_url: &'a str,
        /// The page of the account, where one signs out everywhere.
        account_url: &'a str,
        /// When it was, in the recipient's language.
        time: &'a str,
        /// The time zone of that time.
        zone: &'a str,
        /// The families of browser and system; empty when they are not known.
        browser: &'a str,
        /// Until when there is no further notice, in the recipient's language; none when there may be one.
        quiet_until: Option<&'a str>,
    },
    /// Tells an editor that codes are no longer asked for.
    CodesOff {
        /// The page where one asks for a new password.
        forgot_url: &'a str,
        /// The page of the account, where codes are turned on.
        account_url: &'a str,
    },
}

impl<'a> MailLinks<'a> {
    /// The same links for a preview: all lead to `page`, and none opens a subscription. `None` for mails that
    /// editors cannot preview.
    #[must_use]
    pub const fn to_one_page(kind: MailKind, page: &'a str, hours_valid: u32) -> Option<Self> {
        Some(match kind {
            MailKind::Confirmation => Self::Confirmation {
                confirm_url: page,
                hours_valid,
            },
            MailKind::AlreadySubscribed => Self::AlreadySubscribed {
                preferences_url: page,
                unsubscribe_url: page,
            },
            MailKind::Welcome => Self::Welcome {
                preferences_url: page,
                unsubscribe_url: page,
                latest_url: Some(page),
            },
            MailKind::DataLink
            | MailKind::NewAddress
            | MailKind::AddressChanged
            | MailKind::Erased
            | MailKind::EditorInvitation
            | MailKind::PasswordReset
            | MailKind::NewBrowser
            | MailKind::CodesOff
            | MailKind::TestCopy => return None,
        })
    }

    /// The kind of mail that these links belong to.
    #[must_use]
    pub const fn kind(&self) -> MailKind {
        match self {
            Self::Confirmation { .. } => MailKind::Confirmation,
            Self::AlreadySubscribed { .. } => MailKind::AlreadySubscribed,
            Self::Welcome { .. } => MailKind::Welcome,
            Self::DataLink { .. } => MailKind::DataLink,
            Self::NewAddress { .. } => MailKind::NewAddress,
            Self::AddressChanged {} => MailKind::AddressChanged,
            Self::Erased { .. } => MailKind::Erased,
            Self::EditorInvitation { .. } => MailKind::EditorInvitation,
            Self::PasswordReset { .. } => MailKind::PasswordReset,
            Self::NewBrowser { .. } => MailKind::NewBrowser,
            Self::CodesOff { .. } => MailKind::CodesOff,
        }
    }
}

#[derive(Serialize)]
struct Context<'a> {
    newsletter: Sender<'a>,
    several: &'a [OneOfSeveral],
    /// Whether subject, preview and first lines say nothing about the newsletter.
    in_safety_mode: bool,
    latest: Option<&'a EnclosedIssue<'a>>,
    text_overrides: &'a TextOverrides,
    greet: Option<&'a str>,
    #[serde(flatten)]
    links: MailLinks<'a>,
}

/// Renders a mail about a subscription.
///
/// # Errors
/// When a built-in template fails.
pub fn render_system_mail(mail: &SystemMail<'_>) -> Result<RenderedMail, TemplateError> {
    let context = Context {
        newsletter: Sender::new(mail.newsletter, mail.language, mail.logo_url),
        several: mail.several,
        in_safety_mode: mail.newsletter.safety_mode,
        latest: mail
            .latest
            .filter(|_| mail.links.kind() == MailKind::Welcome),
        text_overrides: mail.words,
        greet: mail
            .greet
            .filter(|_| mail.links.kind() == MailKind::Welcome),
        links: mail.links,
    };
    render_mail(mail.language, mail.links.kind().as_str(), &context)
}
