//! The languages in which we speak to readers.

use super::text_enum::text_enum;

// Made by `build.rs`: a variant for each folder of `locales/`, `Fr` for `fr`.
include!(concat!(env!("OUT_DIR"), "/language.rs"));

/// A language that has no texts here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{tag}` is not a language of this service; use one of: {known}")]
pub struct UnknownLanguage {
    tag: String,
    known: String,
}

impl Language {
    /// The language that serves a BCP 47 tag best: its own texts, then those of a shorter
    /// tag (`de` for `de-AT`, RFC 4647 §3.4), then those of a sister (`pt-BR` for `pt`).
    ///
    /// # Errors
    /// When there are no texts in that language.
    pub fn from_tag(tag: &str) -> Result<Self, UnknownLanguage> {
        let wanted = tag.trim().replace('_', "-");
        let parts: Vec<&str> = wanted.split('-').collect();
        let shortened = (1..=parts.len()).rev().map(|kept| parts[..kept].join("-"));
        let exact = |tag: String| {
            let mut all = Self::ALL.iter();
            all.find(|l| l.as_str().eq_ignore_ascii_case(&tag))
        };
        let sister = |language: &&Self| {
            let primary = language.as_str().split('-').next();
            primary.is_some_and(|primary| primary.eq_ignore_ascii_case(parts[0]))
        };
        let found = shortened.into_iter().find_map(exact);
        let found = found.or_else(|| Self::ALL.iter().find(sister));
        found.copied().ok_or_else(|| UnknownLanguage {
            tag: tag.chars().take(40).collect(),
            known: Self::ALL
                .iter()
                .map(|l| l.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
    }

    /// The first language of an `Accept-Language` header (RFC 9110 §12.5.4)
    /// that we speak, by descending quality.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let mut wishes: Vec<(f32, Self)> = accept_language
            .split(',')
            .take(20)
            .filter_map(|wish| {
                let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
                let (_, quality) = weight.split_once('=')?;
                let quality: f32 = quality.trim().parse().ok()?;
                let language = Self::from_tag(tag).ok()?;
                (quality > 0.0).then_some((quality, language))
            })
            .collect();
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
        wishes.first().map(|(_, language)| *language)
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn follows_the_visitors_order() {
        for (header, chosen) in [
            ("xx, en;q=0.5, de-CH;q=0.8", Some(Language::De)),
            ("fr;q=0.2, ru ; q=0.9", Some(Language::Ru)),
            ("en-GB,en;q=0.9,fr;q=0.8", Some(Language::En)),
            ("kk-KZ, ru-KZ;q=0.9, en;q=0.8", Some(Language::Ru)),
            ("RU", Some(Language::Ru)),
            ("xx,*;q=0.1", None),
            ("fr;q=0, en;q=x", None),
            ("", None),
        ] {
            assert_eq!(Language::negotiate(header), chosen, "{header}");
        }
    }

    #[test]
    fn a_tag_finds_the_nearest_texts() {
        for (tag, found) in [
            ("de-AT", Language::De),
            ("fr_CH", Language::Fr),
            (" EN-us ", Language::En),
            ("ru-Cyrl-KG", Language::Ru),
        ] {
            assert_eq!(Language::from_tag(tag), Ok(found), "{tag}");
        }
        for tag in ["", "-", "d", "deu", "русский"] {
            let refused = Language::from_tag(tag).unwrap_err().to_string();
            assert!(refused.contains("de, en, fr, ru"), "{refused}");
        }
    }
}
