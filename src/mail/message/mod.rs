//! Builds MIME messages from rendered texts, and signs them.

mod dkim;
mod from_lines;
mod list_headers;
mod octets;
mod precompiled;
mod precompiled_text;
mod sender;
mod transparent;
mod verify;

pub use dkim::{DkimError, Signer, Signing};
pub use list_headers::{FeedbackId, ListHeaders};
pub use octets::{MessageOctets, Personal};
pub use precompiled::PrecompiledMail;
pub(crate) use transparent::TransparentOctets;
pub use verify::{SignatureVerdict, covered_headers, verify_signatures};

use std::time::SystemTime;

use email_encoding::headers::rfc2047;
use email_encoding::headers::writer::EmailWriter;
use jiff::Timestamp;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue, To};
use lettre::message::{Body, Mailbox, Mailboxes, MultiPart, MultiPartKind, SinglePart};
use lettre::{Address, Message};

use super::RenderedMail;
use crate::domain::{EmailAddress, Newsletter};
use from_lines::encode_from_lines;
use sender::from_header;

/// Why a message could not be built.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// A header cannot have this value.
    #[error("the header {header} cannot have its value: {why}")]
    Header {
        /// The header's name.
        header: &'static str,
        /// What is wrong with the value.
        why: String,
    },
}

/// What the headers of a mail are made from.
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    /// The newsletter that sends it.
    pub newsletter: &'a Newsletter,
    /// The recipient.
    pub to: &'a EmailAddress,
    /// The Date header. Like everything here, it is the same for every attempt.
    pub date: Timestamp,
    /// The Message-ID without angle brackets.
    pub message_id: &'a str,
    /// The list headers, for mails that can be unsubscribed from.
    pub list: Option<ListHeaders>,
    /// Whether a program wrote it to one person because of what somebody did on a page (RFC 3834).
    pub auto_generated: bool,
}

/// Builds the message: multipart/alternative with the text first, 7-bit. The same input gives the same octets.
///
/// # Errors
/// When an address or another value cannot stand in a header.
pub fn build(envelope: &Envelope<'_>, mail: &RenderedMail) -> Result<String, MessageError> {
    let newsletter = envelope.newsletter;
    let date = SystemTime::try_from(envelope.date).map_err(|e| MessageError::Header {
        header: "Date",
        why: e.to_string(),
    })?;
    let mut builder = Message::builder()
        // Two that take the place of others: of one that is folded, and of the recipient, whose address lettre would parse.
        .from(mailbox(None, &newsletter.sender_address))
        .to(mailbox(None, &newsletter.sender_address))
        .reply_to(mailbox(None, &newsletter.reply_to))
        .date(date);
    let subject = one_line(&mail.subject);
    builder = if subject.contains("=?") {
        builder.raw_header(encoded_whole("Subject", &subject)?)
    } else {
        builder.subject(subject)
    };
    let message_id = format!("<{}>", envelope.message_id);
    builder = builder
        .raw_header(header("Message-ID", message_id)?)
        // Exchange answers mails of lists too. With `All` it would keep back notices of failure, which must come.
        .raw_header(header("X-Auto-Response-Suppress", "OOF, AutoReply".into())?);
    if let Some(list) = &envelope.list {
        let unsubscribe = format!(
            "<{}>,\r\n <{}>",
            list.unsubscribe_url, list.unsubscribe_mailto
        );
        builder = builder
            .raw_header(header("List-Id", format!("<{}>", newsletter.list_id()))?)
            .raw_header(header("List-Unsubscribe", unsubscribe)?)
            .raw_header(header(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".into(),
            )?)
            .raw_header(header("Feedback-ID", list.feedback_id.to_string())?);
    }
    if envelope.auto_generated {
        builder = builder.raw_header(header("Auto-Submitted", "auto-generated".into())?);
    }
    let message = builder.multipart(alternative(envelope, mail)?);
    let mut message = message.map_err(|e| MessageError::Header {
        header: "From",
        why: e.to_string(),
    })?;
    let from = from_header(&newsletter.sender_name, &newsletter.sender_address)?;
    message.headers_mut().insert_raw(from);
    message.headers_mut().set(to_header(envelope.to));
    let message = String::from_utf8(message.formatted()).map_err(|e| MessageError::Header {
        header: "Content-Transfer-Encoding",
        why: e.to_string(),
    });
    message.map(encode_from_lines)
}

/// The body: the text, then the HTML.
fn alternative(envelope: &Envelope<'_>, mail: &RenderedMail) -> Result<MultiPart, MessageError> {
    let part = |kind, text: &str| {
        // Always quoted-printable, which can encode every text, and whose line breaks `precompiled.rs` relies on.
        let body =
            Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable);
        let body = body.map_err(|_| MessageError::Header {
            header: "Content-Transfer-Encoding",
            why: "the text cannot be encoded as quoted-printable".to_owned(),
        });
        body.map(|body| SinglePart::builder().header(kind).body(body))
    };
    // No body contains this boundary by chance, and it is the same for every attempt.
    let name = envelope.message_id.split('@').next().unwrap_or("xabar");
    Ok(MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(format!("=_{name}"))
        .singlepart(part(ContentType::TEXT_PLAIN, &mail.text)?)
        .singlepart(part(ContentType::TEXT_HTML, &mail.html)?))
}

/// The address for headers and envelopes. It is not parsed again: lettre's own check refuses combining marks,
/// without which Hindi or Tamil cannot be written, and [`EmailAddress`] allows nothing that could end a header
/// or a command.
pub(super) fn envelope_address(address: &EmailAddress) -> Address {
    Address::new_dangerous(address.local(), address.domain())
}

fn mailbox(name: Option<&str>, address: &EmailAddress) -> Mailbox {
    Mailbox::new(name.map(one_line), envelope_address(address))
}

/// The To header.
fn to_header(to: &EmailAddress) -> To {
    To::from(Mailboxes::from(mailbox(None, to)))
}

/// A header whose value is ASCII already, and folded where necessary.
fn header(name: &'static str, encoded: String) -> Result<HeaderValue, MessageError> {
    let bad = |why: &str| MessageError::Header {
        header: name,
        why: why.to_owned(),
    };
    let unfolded = encoded.replace("\r\n ", " ");
    if !unfolded.is_ascii() || unfolded.chars().any(char::is_control) {
        return Err(bad("it has control characters or letters outside ASCII"));
    }
    let header_name =
        HeaderName::new_from_ascii(name.to_owned()).map_err(|e| bad(&e.to_string()))?;
    Ok(HeaderValue::dangerous_new_pre_encoded(
        header_name,
        unfolded,
        encoded,
    ))
}

/// A header whose whole value is in encoded words (RFC 2047), for a text that looks like an encoded word
/// itself.
fn encoded_whole(name: &'static str, text: &str) -> Result<HeaderValue, MessageError> {
    let bad = |why: &dyn std::fmt::Display| MessageError::Header {
        header: name,
        why: why.to_string(),
    };
    let mut encoded = String::new();
    let mut writer = EmailWriter::new(&mut encoded, name.len() + 2, 0, false);
    rfc2047::encode(text, &mut writer).map_err(|e| bad(&e))?;
    drop(writer);
    let header_name = HeaderName::new_from_ascii(name.to_owned()).map_err(|e| bad(&e))?;
    Ok(HeaderValue::dangerous_new_pre_encoded(
        header_name,
        text.to_owned(),
        encoded,
    ))
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control())
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
