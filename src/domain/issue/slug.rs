//! Short names that stand in addresses of pages.

use std::fmt;

use crate::domain::Month;

/// One to 80 of `a-z`, `0-9` and single hyphens between them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Slug(String);

/// A text that cannot be a slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a slug: 1 to 80 of a-z, 0-9 and single hyphens, as in asie-centrale")]
pub struct SlugError(pub String);

impl Slug {
    /// The longest slug.
    pub const MAX: usize = 80;

    /// Reads a slug as it stands in an address.
    ///
    /// # Errors
    /// When a character, a hyphen or the length is out of place.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        let fits = (1..=Self::MAX).contains(&text.len())
            && text.split('-').all(|word| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            });
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(SlugError(text.chars().take(100).collect()))
        }
    }

    /// Makes a slug of any text, with the letters of Central Asia as their readers write them in Latin, cutting
    /// at a word; `fallback` when nothing is left.
    #[must_use]
    pub fn from_text(text: &str, fallback: &Slug) -> Self {
        let full = slug::slugify(latin(text));
        let mut cut = full.as_str();
        while cut.len() > 60 {
            cut = cut.rsplit_once('-').map_or(&cut[..60], |(head, _)| head);
        }
        Self::parse(cut).unwrap_or_else(|_| fallback.clone())
    }

    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Letters of Central Asia in Latin, as their readers write them, without the apostrophes that are part of a
/// letter (`Oʻzbekiston`). The rest stays.
fn latin(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut before = None;
    while let Some(letter) = letters.next() {
        let inside = before.is_some_and(char::is_alphabetic)
            && letters.peek().is_some_and(|next| next.is_alphabetic());
        match letter {
            'қ' | 'Қ' => out.push('q'),
            'ғ' | 'Ғ' => out.push('g'),
            'ұ' | 'Ұ' | 'ү' | 'Ү' => out.push('u'),
            'ө' | 'Ө' => out.push('o'),
            'ә' | 'Ә' => out.push('a'),
            'ə' | 'Ə' => out.push('e'),
            'ҳ' | 'Ҳ' | 'һ' | 'Һ' => out.push('h'),
            'ҷ' | 'Ҷ' => out.push('j'),
            // Written for Oʻ and Gʻ, and for the glottal stop; French elides with another apostrophe.
            'ʻ' | 'ʼ' | '‘' if inside => {}
            '’' | '\'' if inside && matches!(before, Some('o' | 'O' | 'g' | 'G')) => {}
            other => out.push(other),
        }
        before = Some(letter);
    }
    out
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Month> for Slug {
    /// The name of the summary of a month: no other issue has such a one, as theirs begin with a day.
    fn from(month: Month) -> Self {
        Self(month.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::Slug;

    #[test]
    fn is_made_of_any_title() -> Result<(), super::SlugError> {
        let fallback = Slug::parse("issue")?;
        for (title, expected) in [
            (
                "Sommet de l’Organisation : quelles priorités ?",
                "sommet-de-l-organisation-quelles-priorites",
            ),
            ("Навруз", "navruz"),
            ("Қазақстанның Ұлттық қоры", "qazaqstannyn-ulttyq-qory"),
            ("Ғылым және өнер", "gylym-zhane-oner"),
            ("Үйдөгү көл", "uidogu-kol"),
            ("Тоҷикистон: ҳаёт", "tojikiston-haiot"),
            ("Oʻzbekiston va G‘arb", "ozbekiston-va-garb"),
            (
                "O’zbekiston, o'zbek maʼnaviyati",
                "ozbekiston-ozbek-manaviyati",
            ),
            ("L’essentiel d'août ‘cité’", "l-essentiel-d-aout-cite"),
            ("?!", "issue"),
        ] {
            assert_eq!(Slug::from_text(title, &fallback).as_str(), expected);
        }
        assert!(
            Slug::from_text(&"mot ".repeat(90), &fallback)
                .as_str()
                .len()
                <= 60
        );
        Ok(())
    }

    #[test]
    fn refuses_what_would_break_an_address() {
        for text in ["", "-a", "a-", "a--b", "A", "é", "a/b", &"a".repeat(81)] {
            assert!(Slug::parse(text).is_err(), "{text:?}");
        }
    }
}
