//! Renders issues and transactional mails: subject, plain text and HTML.

mod digest;
pub(super) mod digest_view;
pub(super) mod markdown;
mod markdown_text;
mod plain_text;
mod preview;
mod search_text;
pub(super) mod templates;
mod transactional;

pub use digest::{
    DigestLinks, DigestMeta, EnclosedIssue, GMAIL_CLIPS_AT, render_digest, render_digest_web,
};
pub use preview::{render_editors_copy, render_sample};
pub use search_text::searchable_text;
pub use transactional::{MailLinks, OneOfSeveral, SystemMail, render_system_mail};
