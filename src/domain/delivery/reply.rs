//! What a server answered.

use std::fmt::Display;

use crate::domain::EmailAddress;

/// The reply of a server, or an error in place of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The three-digit code; 0 when no reply came.
    pub code: u16,
    /// The text, cut to [`Reply::MAX_TEXT`] characters. It may quote addresses.
    pub text: String,
}

impl Reply {
    /// The longest text that is kept, in characters.
    pub const MAX_TEXT: usize = 500;

    /// A reply; control characters in the text become spaces, and what is too long is cut off.
    #[must_use]
    pub fn new(code: u16, text: &str) -> Self {
        let text = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(Self::MAX_TEXT)
            .collect();
        Self { code, text }
    }

    /// The enhanced status code (RFC 3463) at the start of the text, as class, subject, detail.
    #[must_use]
    pub fn enhanced_status(&self) -> Option<(u16, u16, u16)> {
        let mut numbers = self.text.split_whitespace().next()?.split('.');
        let mut next = || numbers.next()?.parse().ok();
        let status = (next()?, next()?, next()?);
        (matches!(status.0, 2 | 4 | 5) && numbers.next().is_none()).then_some(status)
    }

    /// The enhanced status code as text, for example `4.3.2`.
    #[must_use]
    pub fn status_text(&self) -> Option<String> {
        let (class, subject, detail) = self.enhanced_status()?;
        Some(format!("{class}.{subject}.{detail}"))
    }

    /// The text for people who may see no addresses: the enhanced status of a server's answer, and our
    /// own words where none answered.
    #[must_use]
    pub fn for_viewers(&self) -> String {
        match self.code {
            0 => without_addresses(&self.text),
            _ => self.status_text().unwrap_or_default(),
        }
    }

    /// Whether a 4xx is about the session or the number of connections rather than about a mail: the
    /// service closes the channel (421), has enough connections (432, 4.3.2), or enough mails of this
    /// session (4.4.5, 4.5.3).
    #[must_use]
    pub fn is_about_session(&self) -> bool {
        matches!(self.code, 421 | 432)
            || (400..500).contains(&self.code)
                && matches!(
                    self.enhanced_status(),
                    Some((4, 3, 2) | (4, 4, 5) | (4, 5, 3))
                )
    }

    /// The text without what may identify a person: words with an address, a link, a Message-ID or the
    /// recipient's local part or domain, and everything in angle brackets, become `[…]`.
    #[must_use]
    pub fn redacted(&self, recipient: &EmailAddress) -> impl Display {
        let local = recipient.local();
        let domain = recipient.domain();
        let mut words = Vec::new();
        let mut in_brackets = false;
        for word in self.text.split_whitespace() {
            let opens = word.contains('<');
            let closes = word.contains('>');
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let names_recipient = bare.eq_ignore_ascii_case(local)
                || word.to_lowercase().contains(&domain.to_lowercase());
            let hidden = in_brackets
                || opens
                || names_recipient
                || ["@", "%40", "://"].iter().any(|mark| word.contains(mark));
            in_brackets = (in_brackets || opens) && !closes;
            match hidden {
                true if words.last() == Some(&REDACTED) => {}
                true => words.push(REDACTED),
                false => words.push(word),
            }
        }
        words.join(" ")
    }
}

/// In place of what is left out of a text.
const REDACTED: &str = "[…]";

/// A server's text for people who may see no addresses: words that hold one, or angle brackets, become
/// `[…]`.
#[must_use]
pub fn without_addresses(text: &str) -> String {
    let hides = |word: &str| word.contains(['@', '<', '>']) || word.contains("%40");
    let shown = |word: &str| if hides(word) { REDACTED } else { word }.to_owned();
    let words: Vec<String> = text.split(' ').map(shown).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::Reply;

    #[test]
    fn reads_enhanced_status_codes() {
        let status = |text: &str| Reply::new(550, text).enhanced_status();
        assert_eq!(status("5.1.1 no such user"), Some((5, 1, 1)));
        assert_eq!(status("mailbox 5.1.1 unknown"), None);
        assert_eq!(status("5.1 x"), None);
        assert_eq!(status("192.0.2.1 x"), None);
        assert_eq!(status("5.1.1.1 x"), None);
        assert_eq!(status(""), None);
    }

    #[test]
    fn a_redacted_text_names_nobody() {
        let anna = "anna.k@mail.example".parse().unwrap();
        let redacted = |text: &str| Reply::new(550, text).redacted(&anna).to_string();
        for (text, shown) in [
            ("5.1.1 No such user", "5.1.1 No such user"),
            (
                "5.1.1 <anna.k@mail.example>: Recipient rejected",
                "5.1.1 […] Recipient rejected",
            ),
            ("user 'Anna.K' unknown", "user […] unknown"),
            (
                "no mailbox for anna.k%40mail.example here",
                "no mailbox for […] here",
            ),
            ("<\"anna k\"@x.example> is full", "[…] is full"),
            ("host mx.mail.example said no", "host […] said no"),
            (
                "listed: https://news.example/unsubscribe/abc",
                "listed: […]",
            ),
            ("queued as <1234 5678> now", "queued as […] now"),
        ] {
            assert_eq!(redacted(text), shown);
        }
    }
}
