//! Forms in which programs write addresses and languages.

use crate::domain::{EmailAddress, Language};

/// Between several addresses in one cell.
const BETWEEN: [char; 7] = [';', ',', ' ', '/', '|', '\n', '\t'];
/// Names of languages, by their tags, in lower case.
const LANGUAGES: [(&str, &[&str]); 4] = [
    (
        "de",
        &[
            "deutsch",
            "german",
            "allemand",
            "немецкий",
            "tedesco",
            "alemán",
        ],
    ),
    (
        "en",
        &[
            "english",
            "englisch",
            "anglais",
            "английский",
            "inglese",
            "inglés",
        ],
    ),
    (
        "fr",
        &[
            "français",
            "francais",
            "französisch",
            "franzoesisch",
            "french",
            "французский",
            "francese",
            "francés",
        ],
    ),
    (
        "ru",
        &["русский", "russisch", "russian", "russe", "russo", "ruso"],
    ),
];

/// The address of a cell: alone, with the name of its owner before angle brackets, after `mailto:`, or with the apostrophe
/// by which spreadsheets mark texts.
///
/// # Errors
/// Why there is none, or more than one.
pub(super) fn address_in(cell: &str) -> Result<EmailAddress, String> {
    let address = bare(cell);
    let parts = address.split(BETWEEN).filter(|part| part.contains('@'));
    if parts.count() > 1 {
        return Err("email: there are several addresses; give each a row of its own".to_owned());
    }
    EmailAddress::parse(address).map_err(|e| format!("email: {e}"))
}

fn bare(cell: &str) -> &str {
    let text = cell.trim();
    let text = match text.strip_prefix('\'') {
        Some(rest) => rest.strip_suffix('\'').unwrap_or(rest),
        None => text,
    };
    let text = match text.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or(text),
        None => text,
    };
    match text.split_at_checked("mailto:".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => rest,
        _ => text,
    }
}

/// The language that a tag or a name means.
pub(super) fn language_of(cell: &str) -> Option<Language> {
    let tag = Language::from_tag(cell).ok();
    tag.or_else(|| {
        let name = cell.trim().to_lowercase();
        let (tag, _) = LANGUAGES
            .iter()
            .find(|(_, names)| names.contains(&name.as_str()))?;
        Language::from_tag(tag).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{address_in, language_of};

    #[test]
    fn an_address_is_found_in_the_forms_of_programs() {
        for cell in [
            "a@example.org",
            "'a@example.org",
            "'a@example.org'",
            "Anna <a@example.org>",
            "<a@example.org>",
            "mailto:a@example.org",
            "Anna <MAILTO:a@example.org>",
        ] {
            let found = address_in(cell).map(|address| address.to_string());
            assert_eq!(found.as_deref(), Ok("a@example.org"), "{cell}");
        }
        for cell in [
            "a@example.org;b@example.org",
            "a@example.org, b@example.org",
            "a@example.org b@example.org",
        ] {
            let why = address_in(cell).unwrap_err();
            assert!(why.contains("several addresses"), "{why}");
        }
        for cell in ["", "Anna", "Anna <>", "a<b@example.org"] {
            assert!(address_in(cell).is_err(), "{cell}");
        }
    }

    #[test]
    fn languages_are_known_by_tags_and_names() {
        for (cell, tag) in [
            ("de", "de"),
            ("fr-CH", "fr"),
            ("Deutsch", "de"),
            ("АНГЛИЙСКИЙ", "en"),
            ("Français", "fr"),
        ] {
            assert_eq!(
                language_of(cell).map(|one| one.as_str()),
                Some(tag),
                "{cell}"
            );
        }
        assert_eq!(language_of("Klingon"), None);
    }
}
