//! From an issue or an occasion to the octets of a mail, and to the relay.

mod connection;
mod digest;
mod dkim;
mod domains;
mod editors_copy;
mod hold;
mod judge;
mod letter;
mod markdown;
mod message;
mod mould;
mod plain;
mod prose_text;
mod relay;
mod relays;
mod searchable;
mod system;
mod templates;
#[cfg(test)]
mod tests;
mod tls;
mod wire;

pub use crate::texts::TemplateError;
pub use connection::{Connection, Opened, Outgoing};
pub use digest::{DigestLinks, DigestMeta, EnclosedIssue, render_digest, render_digest_web};
pub use dkim::{DkimError, Signer};
pub use domains::{MailDomains, TakesMail};
pub use editors_copy::render_editors_copy;
pub use message::{Envelope, ListHeaders, MessageError, build};
pub use mould::{Mould, Personal};
pub use relay::{Relay, RelayError};
pub use relays::Relays;
pub use searchable::searchable_text;
pub use system::{MailLinks, OneOfSeveral, SystemMail, render_system_mail};

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
