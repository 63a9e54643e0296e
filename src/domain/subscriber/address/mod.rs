//! E-mail addresses that mail servers accept.

mod readable;

pub use readable::readable_address;

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// Octets allowed before the `@` (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL: usize = 64;
/// Octets allowed in the whole address (RFC 5321 §4.5.3.1.3, less the angle brackets).
const MAX_TOTAL: usize = 254;

/// An address that can stand in an SMTP envelope.
///
/// The local part is kept as written; the domain is stored as lower-case
/// A-labels (RFC 5890). Quoted local parts, comments and address literals are
/// refused: no mailbox provider assigns them, and they are used for attacks.
#[derive(Debug, Clone)]
pub struct EmailAddress {
    local: String,
    domain: String,
}

/// Why a text is not an address that can be mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was given.
    #[error("an e-mail address is required")]
    Missing,
    /// There is no `@`, or nothing on one side of it.
    #[error("an e-mail address has a name, an @ and a domain, as in name@example.org")]
    NoAtSign,
    /// Longer than RFC 5321 allows.
    #[error("the e-mail address is too long (at most 64 octets before the @ and 254 in all)")]
    TooLong,
    /// A space or a character that is not seen stands inside.
    #[error("there is a space or a character that is not seen (U+{:04X}) in the e-mail address; type it anew", u32::from(*.0))]
    Unseen(char),
    /// More than the address: `mailto:`, a name and angle brackets, a mark at its end.
    #[error(
        "write the address alone, as in name@example.org, without mailto:, a name, angle brackets or a mark at its end"
    )]
    Decorated,
    /// Letters of two scripts that look alike, next to each other.
    #[error("the letter {} (U+{:04X}) is of another script than those beside it; type the address anew", .0, u32::from(*.0))]
    MixedScripts(char),
    /// A control character, white space, quotes or other characters that mail servers refuse.
    #[error("the part before the @ has a character or a dot where mail servers accept none")]
    BadLocalPart,
    /// Not a public domain name.
    #[error("the part after the @ is not a valid domain name")]
    BadDomain,
}

impl AddressError {
    /// A stable word for programs and for looking up the localised text.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "address-missing",
            Self::NoAtSign => "address-no-at-sign",
            Self::TooLong => "address-too-long",
            Self::Unseen(_) => "address-unseen",
            Self::Decorated => "address-decorated",
            Self::MixedScripts(_) => "address-mixed-scripts",
            Self::BadLocalPart => "address-bad-local-part",
            Self::BadDomain => "address-bad-domain",
        }
    }

    /// The letter of [`Self::MixedScripts`] and its alphabet: `cyrillic` or `greek`.
    #[must_use]
    pub fn mixed_letter(self) -> Option<(char, &'static str)> {
        match self {
            Self::MixedScripts(letter) if letter.script() == Script::Greek => {
                Some((letter, "greek"))
            }
            Self::MixedScripts(letter) => Some((letter, "cyrillic")),
            _ => None,
        }
    }
}

impl EmailAddress {
    /// Parses an address; white space and characters that are not seen are ignored around it, and
    /// letters with marks are composed (NFC), so that one spelling is kept of what looks the same.
    ///
    /// # Errors
    /// Says which part of the address is wrong.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim_matches(is_unseen);
        if text.is_empty() {
            return Err(AddressError::Missing);
        }
        if text.len() > 4 * MAX_TOTAL {
            return Err(AddressError::TooLong);
        }
        if is_decorated(text) {
            return Err(AddressError::Decorated);
        }
        if let Some(unseen) = text.chars().find(|c| is_unseen(*c)) {
            return Err(AddressError::Unseen(unseen));
        }
        // ASCII is composed, and of one script.
        let text: Cow<'_, str> = match text.is_ascii() {
            true => text.into(),
            false => text.nfc().collect(),
        };
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError::NoAtSign)?;
        let mut words = std::iter::once(local).chain(domain.split('.'));
        if !text.is_ascii()
            && let Some(letter) = words.find_map(letter_of_other_script)
        {
            return Err(AddressError::MixedScripts(letter));
        }
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::NoAtSign);
        }
        if local.len() > MAX_LOCAL {
            return Err(AddressError::TooLong);
        }
        if !is_dot_atom(local) {
            return Err(AddressError::BadLocalPart);
        }
        let domain = public_domain(domain).ok_or(AddressError::BadDomain)?;
        if local.len() + 1 + domain.len() > MAX_TOTAL {
            return Err(AddressError::TooLong);
        }
        let address = Self {
            local: local.to_owned(),
            domain,
        };
        // Checked again by a library, which knows no combining marks.
        let mut unmarked = address.to_string();
        if !unmarked.is_ascii() {
            unmarked.retain(|c| !is_combining_mark(c));
        }
        if email_address::EmailAddress::is_valid(&unmarked) {
            Ok(address)
        } else {
            Err(AddressError::BadLocalPart)
        }
    }

    /// The part before the `@`, as written.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The domain in lower-case A-labels.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The form under which two spellings of one mailbox are the same.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}@{}", self.local.to_lowercase(), self.domain)
    }

    /// The form that is the same for spellings that usually reach one mailbox: without a `+tag` and
    /// compatibility forms of letters (NFKC), in lower case; at Gmail also without dots and under one
    /// domain. Only limits and "this was not me" use it: two people may have it in common.
    #[must_use]
    pub fn mailbox(&self) -> String {
        let local: String = self.local.nfkc().collect::<String>().to_lowercase();
        let local: String = local.nfkc().collect();
        let name = match local.split_once('+') {
            Some((name, _)) if !name.is_empty() => name,
            _ => &local,
        };
        match self.domain.as_str() {
            "gmail.com" | "googlemail.com" => format!("{}@gmail.com", name.replace('.', "")),
            domain => format!("{name}@{domain}"),
        }
    }

    /// Whether a relay must announce SMTPUTF8 (RFC 6531) to take mail for it.
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        !self.local.is_ascii()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}
impl Eq for EmailAddress {}

impl std::str::FromStr for EmailAddress {
    type Err = AddressError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

/// RFC 5322 dot-atom, with RFC 6531's non-ASCII letters.
fn is_dot_atom(local: &str) -> bool {
    local.split('.').all(|atom| {
        // A mark belongs to the letter before it.
        !atom.is_empty()
            && !atom.starts_with(is_combining_mark)
            && atom.chars().all(|c| match c {
                c if c.is_ascii() => c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c),
                c => c.is_alphanumeric() || is_combining_mark(c),
            })
    })
}

/// White space, controls, and what Unicode calls format characters or fillers: nobody sees them, and
/// they come along when an address is copied.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether more than an address was copied.
fn is_decorated(text: &str) -> bool {
    let scheme = text
        .get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("mailto:"));
    // An address that begins before the bracket is only one with a bracket in it.
    let bracketed = text.ends_with('>') && text.contains('<');
    let has_address = text.contains('@');
    has_address && (scheme || bracketed || text.ends_with(['.', ',', ';', ':', '>']))
}

/// A letter that looks like one of the others and is of another script: Latin, Cyrillic and Greek do
/// not stand in one word. Among Latin letters that is the other one.
fn letter_of_other_script(word: &str) -> Option<char> {
    let of = |script: Script| word.chars().find(|c| c.script() == script);
    let (latin, cyrillic, greek) = (of(Script::Latin), of(Script::Cyrillic), of(Script::Greek));
    match (latin, cyrillic, greek) {
        (Some(_), Some(other), _) | (Some(_), None, Some(other)) | (None, Some(_), Some(other)) => {
            Some(other)
        }
        _ => None,
    }
}

/// The domain in A-labels, when it is a host name with at least two labels.
fn public_domain(domain: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    let labels: Vec<&str> = ascii.split('.').collect();
    let well_formed = labels.len() >= 2
        && ascii.len() <= 253
        && labels.iter().all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
    let top_is_a_name = labels
        .last()
        .is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
    (well_formed && top_is_a_name).then(|| ascii.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
