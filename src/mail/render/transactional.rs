//! Mails about a subscription itself.

use serde::Serialize;

use super::templates::{Sender, render_mail};
use crate::domain::{Certificate, Language, MailKind, Newsletter};
use crate::mail::{EnclosedIssue, RenderedMail, TemplateError};
use crate::texts::{TextOverrides, language_name};

/// A mail to one person about a subscription. It says nothing that the person
/// or a stranger typed in, but for the name in the greeting of a welcome.
#[derive(Debug, Clone, Copy)]
pub struct SystemMail<'a> {
    /// The newsletter in whose name it is sent.
    pub newsletter: &'a Newsletter,
    /// All the newsletters that it is about, where it is about several.
    pub several: &'a [OneOfSeveral],
    /// The reader's language.
    pub language: Language,
    /// The newsletter's logo, if it has one.
    pub logo_url: Option<&'a str>,
    /// Which mail it is, with what it links to.
    pub links: MailLinks<'a>,
    /// The name to greet by; only a mail after the confirmation may say it.
    pub greet: Option<&'a str>,
    /// The newsletter's own words in that language.
    pub words: &'a TextOverrides,
    /// An issue to read at once; only a welcome carries one.
    pub latest: Option<&'a EnclosedIssue<'a>>,
}

/// One of the newsletters that a mail is about.
#[derive(Debug, Clone, Serialize)]
pub struct OneOfSeveral {
    title: String,
    language: Language,
    language_name: String,
    archive_url: Option<String>,
}

impl OneOfSeveral {
    /// A newsletter with its archive, if everybody may read it; only a mail to a reader names it.
    #[must_use]
    pub fn new(newsletter: &Newsletter, archive_url: Option<String>) -> Self {
        Self {
            title: newsletter.title.clone(),
            language: newsletter.language,
            language_name: language_name(newsletter.language),
            archive_url,
        }
    }
}

/// The links that each mail carries.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub enum MailLinks<'a> {
    /// Asks for the confirmation of a sign-up.
    Confirmation {
        /// The page with the button.
        confirm_url: &'a str,
        /// How long it works.
        hours_valid: u32,
    },
    /// Tells an active subscriber that there is nothing to do.
    AlreadySubscribed {
        /// Countries and language.
        preferences_url: &'a str,
        /// The way out.
        unsubscribe_url: &'a str,
    },
    /// Greets after the confirmation.
    Welcome {
        /// Countries and language.
        preferences_url: &'a str,
        /// The way out.
        unsubscribe_url: &'a str,
        /// Earlier issues, where everybody may read them.
        archive_url: Option<&'a str>,
    },
    /// Opens all that is held of the reader.
    DataLink {
        /// The page.
        my_data_url: &'a str,
        /// How long it works.
        hours_valid: u32,
    },
    /// Asks for the confirmation of a new address.
    NewAddress {
        /// The page with the button.
        new_address_url: &'a str,
        /// How long it works.
        hours_valid: u32,
    },
    /// Tells the old address.
    AddressChanged {},
    /// Confirms an erasure.
    Erased {
        /// What was deleted, and what remains.
        certificate: &'a Certificate,
    },
}

impl<'a> MailLinks<'a> {
    /// Links that open nobody's subscription, for editors to look at: all of them lead to `page`.
    /// None where the mail is not about a subscription.
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
                archive_url: Some(page),
            },
            MailKind::DataLink
            | MailKind::NewAddress
            | MailKind::AddressChanged
            | MailKind::Erased
            | MailKind::TestCopy => return None,
        })
    }

    /// The kind of mail these links belong to.
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
        }
    }
}

#[derive(Serialize)]
struct Context<'a> {
    newsletter: Sender<'a>,
    several: &'a [OneOfSeveral],
    latest: Option<&'a EnclosedIssue<'a>>,
    own_words: &'a TextOverrides,
    greet: Option<&'a str>,
    #[serde(flatten)]
    links: MailLinks<'a>,
}

/// Renders a mail about a subscription.
///
/// # Errors
/// When a built-in template is at fault.
pub fn render_system_mail(mail: &SystemMail<'_>) -> Result<RenderedMail, TemplateError> {
    let context = Context {
        newsletter: Sender::new(mail.newsletter, mail.language, mail.logo_url),
        several: mail.several,
        latest: mail
            .latest
            .filter(|_| mail.links.kind() == MailKind::Welcome),
        own_words: mail.words,
        greet: mail
            .greet
            .filter(|_| mail.links.kind() == MailKind::Welcome),
        links: mail.links,
    };
    render_mail(mail.language, mail.links.kind().as_str(), &context)
}
