//! Mails as receivers read them: headers and MIME, DKIM, texts, safety mode.

pub mod dkim;
mod message_format;
mod safety_mode;
mod text_overrides;
