//! The From header: lettre folds none, and leaves dots in names that are not quoted.

use email_encoding::headers::rfc2047;
use email_encoding::headers::writer::EmailWriter;
use lettre::message::header::HeaderValue;

use super::{MessageError, header, one_line};
use crate::domain::EmailAddress;

/// The longest line with an encoded word (RFC 2047 §2).
const MAX_LINE: usize = 76;

/// A name and an address.
pub(super) fn from_header(name: &str, address: &EmailAddress) -> Result<HeaderValue, MessageError> {
    header("From", folded(&one_line(name), &address.to_string())?)
}

/// The value, with the address on a line of its own where one line would be too long.
fn folded(name: &str, address: &str) -> Result<String, MessageError> {
    let name = phrase(name)?;
    let last = match name.rsplit_once("\r\n") {
        Some((_, last)) => last.len(),
        None => "From: ".len() + name.len(),
    };
    let fits = last + " <>".len() + address.len() <= MAX_LINE;
    let space = if fits { " " } else { "\r\n " };
    Ok(match name.is_empty() {
        true => address.to_owned(),
        false => format!("{name}{space}<{address}>"),
    })
}

/// A name as it stands before an address (RFC 5322 §3.2.5): words, a quoted string, or encoded words.
fn phrase(name: &str) -> Result<String, MessageError> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    if !name.is_ascii() || name.contains("=?") {
        let mut encoded = String::new();
        let mut writer = EmailWriter::new(&mut encoded, "From: ".len(), 0, false);
        let failed = rfc2047::encode(name, &mut writer).err();
        drop(writer);
        return match failed {
            None => Ok(encoded),
            Some(error) => Err(MessageError::Header {
                header: "From",
                why: error.to_string(),
            }),
        };
    }
    let words = !name.contains("  ") && name.trim() == name;
    if words && name.chars().all(|c| c == ' ' || is_word(c)) {
        return Ok(name.to_owned());
    }
    let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
    Ok(format!("\"{escaped}\""))
}

#[cfg(test)]
mod tests {
    use super::{MAX_LINE, folded};

    #[test]
    fn a_name_is_quoted_encoded_and_folded_as_it_needs() {
        let raw = |name: &str| folded(name, "weekly@example.org").unwrap();
        assert_eq!(raw("Novastan"), "Novastan <weekly@example.org>");
        assert_eq!(raw("The Weekly"), "The Weekly <weekly@example.org>");
        assert_eq!(raw("Novastan.org"), "\"Novastan.org\" <weekly@example.org>");
        assert_eq!(raw("A \"B\", C"), "\"A \\\"B\\\", C\" <weekly@example.org>");
        assert!(raw("=?utf-8?b?eA==?=").starts_with("=?utf-8?b?PT9"));
        for name in [
            "Asie, \"centrale\" & Cie. (l’équipe)",
            "Redaktion, Dr. Müller-Lüdenscheidt",
            "Еженедельник о Центральной Азии и её соседях, каждую неделю",
            "A very long name of a newsletter in ASCII, with Commas, and a Dot.",
        ] {
            let line = format!("From: {}", raw(name));
            assert!(line.ends_with("<weekly@example.org>"), "{line}");
            for part in line.split("\r\n") {
                assert!(part.len() <= MAX_LINE, "{part}");
            }
        }
    }
}
