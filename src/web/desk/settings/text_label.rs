//! What editors call the mails that can be worded, and their texts.

use crate::domain::MailKind;

/// The endings of the keys of texts, a longer one before one that it ends with.
const KINDS: [&str; 14] = [
    "subject",
    "preheader",
    "title",
    "archive-button",
    "button",
    "hello-name",
    "hello",
    "what",
    "link",
    "valid",
    "ignore",
    "leave",
    "archive",
    "latest",
];

/// What kind of text it is, as the key of its label, and whether it is for mails about several newsletters.
pub(in crate::web::desk) fn text_label(key: &str) -> (String, bool) {
    let (key, several) = match key.strip_suffix("-several") {
        Some(key) => (key, true),
        None => (key, false),
    };
    let found = KINDS.iter().find(|kind| key.ends_with(&format!("-{kind}")));
    let label = format!("desk-set-text-{}", found.unwrap_or(&"more"));
    (label, several)
}

/// The mail that a text stands in, as the key of its label; without one, the greeting that all share.
pub(in crate::web::desk) fn mail_label(mail: Option<MailKind>) -> String {
    let name = mail.map_or("greeting", MailKind::as_str);
    format!("desk-set-mail-{}", name.replace('_', "-"))
}
