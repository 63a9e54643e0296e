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

    /// The enhanced status code (RFC 3463) as class, subject, detail: at the start of the text, or behind it as
    /// qmail writes it, `(#5.1.1)`.
    #[must_use]
    pub fn enhanced_status(&self) -> Option<(u16, u16, u16)> {
        let first = self.text.split_whitespace().next()?;
        let first = first.strip_prefix('#').unwrap_or(first);
        let in_parentheses = || {
            let (_, from) = self.text.rsplit_once("(#")?;
            Some(from.split_once(')')?.0)
        };
        status(first).or_else(|| status(in_parentheses()?))
    }

    /// Code and text; the text alone where no server answered.
    #[must_use]
    pub fn said(&self) -> String {
        let Self { code, text } = self;
        match code {
            0 => text.clone(),
            _ => format!("{code} {text}"),
        }
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

    /// Whether a 4xx says that too much comes too fast, rather than that this mail must wait: the service closes
    /// the channel (421), a policy speaks (RFC 3463 x.7.x), or the words are those of a rate.
    #[must_use]
    pub fn asks_for_less(&self) -> bool {
        self.throttles_by_code() || self.names_our_rate()
    }

    /// The same, if a code says so.
    #[must_use]
    pub fn throttles_by_code(&self) -> bool {
        (400..500).contains(&self.code)
            && (self.code == 421 || matches!(self.enhanced_status(), Some((4, 7, _))))
    }

    /// Whether the words of a 4xx are about the rate or the quota of our account. What a mailbox lacks (x.2.x) is not.
    fn names_our_rate(&self) -> bool {
        let is_of_mailbox = matches!(self.enhanced_status(), Some((_, 2, _)));
        (400..500).contains(&self.code) && !is_of_mailbox && speaks_of_rate(&self.text)
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

/// How relays speak of the rate or the quota of an account, without an enhanced code.
const RATE_WORDS: [&str; 12] = [
    "throttl",
    "per hour",
    "per day",
    "exceeded the max",
    "sending limit",
    "sending rate",
    "rate exceeded",
    "sending quota",
    "message quota",
    "daily quota",
    "daily limit",
    "hourly limit",
];

/// Whether words are about the rate or the quota of an account.
#[must_use]
pub fn speaks_of_rate(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    RATE_WORDS.iter().any(|words| text.contains(words))
}

/// `5.1.1` as three numbers.
fn status(word: &str) -> Option<(u16, u16, u16)> {
    let mut numbers = word.split('.');
    let mut next = || numbers.next()?.parse().ok();
    let status = (next()?, next()?, next()?);
    (matches!(status.0, 2 | 4 | 5) && numbers.next().is_none()).then_some(status)
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
        assert_eq!(status("#5.1.0 Address rejected."), Some((5, 1, 0)));
        assert_eq!(status("no mailbox by that name. (#5.1.1)"), Some((5, 1, 1)));
        assert_eq!(status("4.2.0 full (#5.1.1)"), Some((4, 2, 0)));
        assert_eq!(status("line (#12) is bad"), None);
    }

    #[test]
    fn not_every_4xx_asks_for_less() {
        let of = |code, text| Reply::new(code, text).asks_for_less();
        assert!(of(421, "Too many messages from you"));
        assert!(of(450, "4.7.650 rate limited"));
        assert!(of(
            454,
            "Throttling failure: Maximum sending rate exceeded."
        ));
        assert!(of(454, "Throttling failure: Daily message quota exceeded."));
        assert!(!of(450, "4.2.0 greylisted"));
        assert!(!of(452, "4.2.2 mailbox full"));
        assert!(!of(452, "4.2.2 daily quota of the mailbox"));
        assert!(!of(550, "Maximum sending rate exceeded"));
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
