//! The languages in which we speak to readers.

use super::text_enum::text_enum;

text_enum! {
    /// A language with a complete set of texts in `locales/`.
    pub enum Language as "language" {
        /// French.
        French = "fr",
        /// English.
        English = "en",
        /// German.
        German = "de",
    }
}

/// A language that has no texts here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a language of this service; use fr, en or de")]
pub struct UnknownLanguage(pub String);

impl Language {
    /// Reads a BCP 47 tag such as `de` or `de-AT`; only the primary subtag counts.
    ///
    /// # Errors
    /// When there are no texts in that language.
    pub fn from_tag(tag: &str) -> Result<Self, UnknownLanguage> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        primary
            .to_ascii_lowercase()
            .parse()
            .map_err(|_| UnknownLanguage(tag.chars().take(40).collect()))
    }

    /// The first language of an `Accept-Language` header (RFC 9110 §12.5.4)
    /// that we speak, by descending quality.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let mut wishes: Vec<(f32, Self)> = accept_language
            .split(',')
            .take(20)
            .filter_map(|wish| {
                let (tag, quality) = wish.split_once(";q=").unwrap_or((wish, "1"));
                let quality: f32 = quality.trim().parse().ok()?;
                let language = Self::from_tag(tag).ok()?;
                (quality > 0.0).then_some((quality, language))
            })
            .collect();
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
        wishes.first().map(|(_, language)| *language)
    }

    /// The language's own name for itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::French => "Français",
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn follows_the_visitors_order() {
        assert_eq!(
            Language::negotiate("ru, en;q=0.5, de-CH;q=0.8"),
            Some(Language::German)
        );
        assert_eq!(Language::negotiate("ru,*;q=0.1"), None);
        assert_eq!(Language::negotiate("fr;q=0, en;q=x"), None);
    }
}
