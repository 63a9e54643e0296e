//! Mails as readers see them: subject, text and HTML.

mod digest;
mod letter;
mod markdown;
mod plain;
mod prose_text;
mod system;
mod templates;
#[cfg(test)]
mod tests;

pub use crate::texts::TemplateError;
pub use digest::{DigestLinks, DigestMeta, render_digest, render_digest_web};
pub use system::{MailLinks, SystemMail, render_system_mail};

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
