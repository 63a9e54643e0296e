//! The content of the demo's start page and mailbox.

use serde::{Deserialize, Serialize};

/// The start page of the demo.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DemoStart {
    /// An issue that was corrected.
    pub corrected_href: Option<String>,
    /// A form with fields of its newsletter.
    pub fields_href: Option<String>,
}

/// The mails in the demo's mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct Mailbox<'a> {
    /// The mails that are shown, the latest first.
    pub mails: Vec<CaughtMail<'a>>,
    /// How many went to the sample readers.
    pub others: usize,
    /// Whether those are shown too.
    pub all: bool,
    /// To how many readers the sample issue has just been sent.
    pub sent: Option<i64>,
}

/// One mail of the demo's mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct CaughtMail<'a> {
    /// Its page, `/mailbox/{id}`.
    pub href: String,
    /// The From header.
    pub from: &'a str,
    /// The To header.
    pub to: &'a str,
    /// The Subject header, decoded.
    pub subject: &'a str,
    /// When it arrived, RFC 3339.
    pub received: &'a str,
}

/// One mail of the demo's mailbox, opened. Its HTML is framed from `{href}/html`.
#[derive(Debug, Clone, Serialize)]
pub struct MailboxMail<'a> {
    /// The mail.
    pub mail: CaughtMail<'a>,
    /// The views that it has.
    pub views: &'a [MailView],
    /// The current view: `?view=` in the URL.
    pub view: MailView,
    /// The plain part.
    pub text: Vec<TextPiece<'a>>,
    /// The header lines as they came.
    pub headers: &'a str,
    /// What the frame of the layout allows.
    pub sandbox: &'a str,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct TextPiece<'a> {
    /// Its characters.
    pub text: &'a str,
    /// Whether it is a web address.
    pub is_link: bool,
}

/// A view of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailView {
    /// The HTML part, in a sandboxed frame.
    Html,
    /// The plain part.
    Text,
    /// The header lines.
    Headers,
}

impl MailView {
    /// As the URL says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Text => "text",
            Self::Headers => "headers",
        }
    }
}
