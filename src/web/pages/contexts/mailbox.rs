//! The content of the pages of the demo's mailbox.

use serde::{Deserialize, Serialize};

/// The mails in the demo's mailbox.
#[derive(Debug, Clone, Serialize)]
pub struct Mailbox<'a> {
    /// The mails, the latest first.
    pub mails: Vec<CaughtMail<'a>>,
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
