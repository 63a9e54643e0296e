//! Text that can stand in HTML, Atom and MJML: only the characters that XML 1.0 allows.

use std::borrow::Cow;

/// A character that no text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "holds the invisible character U+{:04X}, which cannot stand in a mail; delete it, or type the text around it again",
    u32::from(*.0)
)]
pub struct ForbiddenChar(pub char);

/// Whether XML 1.0 (§2.2, `Char`) allows the character: no control characters but tab and line
/// ends, no U+FFFE and U+FFFF.
#[must_use]
pub const fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The text with the soft line breaks and page breaks of word processors (U+000B, U+000C) as line
/// ends.
///
/// # Errors
/// When it holds any other character that XML does not allow.
pub fn xml_text(text: &str) -> Result<Cow<'_, str>, ForbiddenChar> {
    let is_break = |c| matches!(c, '\u{B}' | '\u{C}');
    match text.chars().find(|c| !is_xml_char(*c) && !is_break(*c)) {
        Some(c) => Err(ForbiddenChar(c)),
        None if text.contains(is_break) => Ok(text.replace(is_break, "\n").into()),
        None => Ok(text.into()),
    }
}

/// Whether the text is one line of characters that may be shown.
#[must_use]
pub fn is_one_line(text: &str) -> bool {
    // Ends of a line or paragraph by another name, and what turns the rest of a line around.
    let disturbs = |c| matches!(c, '\u{2028}' | '\u{2029}' | '\u{202D}' | '\u{202E}');
    text.chars()
        .all(|c| is_xml_char(c) && !c.is_control() && !disturbs(c))
}

/// Whether nothing of the text can be seen.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    let unseen = |c| {
        matches!(
            c,
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
        )
    };
    text.chars().all(|c| c.is_whitespace() || unseen(c))
}

/// The text without what XML does not allow, for texts that were stored before they were checked.
#[must_use]
pub fn without_forbidden_chars(text: &str) -> Cow<'_, str> {
    match xml_text(text) {
        Ok(fine) => fine,
        Err(_) => text
            .chars()
            .filter(|c| is_xml_char(*c))
            .collect::<String>()
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ForbiddenChar, without_forbidden_chars, xml_text};

    #[test]
    fn only_what_xml_allows_is_taken_and_breaks_become_line_ends() {
        let fine = "Tab\t, line\r\n, «é», қ, 👍🏽, zero\u{200D}width, \u{7F} and \u{85}";
        assert_eq!(xml_text(fine).as_deref(), Ok(fine));
        assert_eq!(xml_text("a\u{B}b\u{C}c").as_deref(), Ok("a\nb\nc"));
        for bad in [
            '\0', '\u{1}', '\u{8}', '\u{1B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}',
        ] {
            let text = format!("a\u{B}{bad}b");
            assert_eq!(xml_text(&text), Err(ForbiddenChar(bad)));
            assert_eq!(without_forbidden_chars(&text), "ab");
        }
        let said = ForbiddenChar('\u{1B}').to_string();
        assert!(said.contains("U+001B"), "{said}");
    }
}
