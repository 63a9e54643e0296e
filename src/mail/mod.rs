//! Renders issues and transactional mails, builds MIME messages, signs them, and sends them over SMTP.

#[cfg(test)]
mod digest_tests;
mod message;
mod mx;
mod render;
mod sender_records;
mod smtp;
#[cfg(test)]
mod tests;

pub use crate::texts::TemplateError;
pub(crate) use message::TransparentOctets;
pub use message::{
    DkimError, Envelope, FeedbackId, ListHeaders, MessageError, MessageOctets, Personal,
    PrecompiledMail, SignatureVerdict, Signer, Signing, build, covered_headers, verify_signatures,
};
pub use mx::{MailDomains, TakesMail};
pub use render::{
    DigestLinks, DigestMeta, EnclosedIssue, GMAIL_CLIPS_AT, MailLinks, OneOfSeveral, SystemMail,
    render_digest, render_digest_web, render_editors_copy, render_sample, render_system_mail,
    searchable_text,
};
pub use sender_records::{SenderRecord, dmarc_record, spf_record};
pub(crate) use smtp::is_loopback;
pub use smtp::{
    ConnectPhase, Connection, Examined as ExaminedRelay, Opened, OutageOver, Outgoing, Relay,
    RelayError, Relays, SessionEnd, Step,
};

/// The content of a mail, without its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// A single line.
    pub subject: String,
    /// The plain-text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}
