//! From an issue or an occasion to the octets of a mail, and to the relay.

mod message;
mod mx;
mod render;
mod smtp;
#[cfg(test)]
mod tests;

pub use crate::texts::TemplateError;
pub use message::{DkimError, Envelope, ListHeaders, MessageError, Mould, Personal, Signer, build};
pub use mx::{MailDomains, TakesMail};
pub use render::{
    DigestLinks, DigestMeta, EnclosedIssue, MailLinks, OneOfSeveral, SystemMail, render_digest,
    render_digest_web, render_editors_copy, render_system_mail, searchable_text,
};
pub use smtp::{
    ConnectPhase, Connection, Opened, Outgoing, Relay, RelayError, Relays, SessionEnd, Step,
};

/// A mail without its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line, whatever went into it.
    pub subject: String,
    /// The plain part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}
