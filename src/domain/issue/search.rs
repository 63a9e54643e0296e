//! How a search over issues compares words: without case, accents or script.

use std::ops::Range;

/// The longest word that is compared; the rest of a longer one does not count.
const MAX_WORD_CHARS: usize = 60;

/// The words of a text, folded and with one blank between them: of `Été à Бишкек`,
/// `ete a bishkek`. Only `a` to `z` and digits are left.
#[must_use]
pub fn folded(text: &str) -> String {
    let words: Vec<String> = words(text).map(|(_, word)| word).collect();
    words.join(" ")
}

/// Each word of a text: where it stands, and how it is compared.
fn words(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    // An accent that is a character of its own belongs to the letter before it.
    let in_word = |c: char| c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c);
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(in_word)?;
        let length = text[start..].find(|c| !in_word(c));
        rest = length.map_or(text.len(), |length| start + length);
        Some((start..rest, fold(&text[start..rest])))
    })
    .filter(|(_, word)| !word.is_empty())
}

fn fold(word: &str) -> String {
    any_ascii::any_ascii(word)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .take(MAX_WORD_CHARS)
        .collect()
}

/// What somebody looks for: every word of it, the last one perhaps not yet finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery(Vec<String>);

/// A piece of a text that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ExcerptPart<'a> {
    /// The text.
    pub text: &'a str,
    /// Whether it is what was looked for.
    pub hit: bool,
}

impl SearchQuery {
    /// The longest question, in characters.
    pub const MAX_CHARS: usize = 200;
    /// Words that count.
    const WORDS: usize = 12;
    /// How much of a text is shown around a hit, in octets.
    const BEFORE: usize = 70;
    const AFTER: usize = 230;

    /// Reads what was typed. Whatever is neither letter nor digit only separates words.
    /// None where there is no word.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let typed: String = typed.chars().take(Self::MAX_CHARS).collect();
        let words: Vec<String> = words(&typed)
            .map(|(_, word)| word)
            .take(Self::WORDS)
            .collect();
        (!words.is_empty()).then_some(Self(words))
    }

    /// The folded words; the last is the beginning of one.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.0
    }

    fn finds(&self, word: &str) -> bool {
        let unfinished = self.0.last().is_some_and(|last| word.starts_with(last));
        unfinished || self.0.iter().any(|whole| whole == word)
    }

    /// The whole text, cut where hits begin and end.
    #[must_use]
    pub fn mark<'a>(&self, text: &'a str) -> Vec<ExcerptPart<'a>> {
        self.mark_within(text, 0..text.len())
    }

    /// The surroundings of the first hit, or the beginning of the text where there is none.
    #[must_use]
    pub fn excerpt<'a>(&self, text: &'a str) -> Vec<ExcerptPart<'a>> {
        let places: Vec<Range<usize>> = words(text).map(|(place, _)| place).collect();
        let first = words(text).find(|(_, word)| self.finds(word));
        let hit = first.map_or(0, |(place, _)| place.start);
        let begins = |place: &&Range<usize>| place.start + Self::BEFORE >= hit;
        let start = places.iter().find(begins).map_or(0, |place| place.start);
        let start = if hit < Self::BEFORE { 0 } else { start };
        let fits = |place: &&Range<usize>| place.end <= hit.saturating_add(Self::AFTER);
        let end = match (places.iter().rfind(fits), places.last()) {
            (Some(end), Some(last)) if end != last => end.end.max(start),
            _ => text.len(),
        };
        let cut = |left_out: bool| {
            left_out.then_some(ExcerptPart {
                text: "…",
                hit: false,
            })
        };
        cut(start > 0)
            .into_iter()
            .chain(self.mark_within(text, start..end))
            .chain(cut(end < text.len()))
            .collect()
    }

    fn mark_within<'a>(&self, text: &'a str, range: Range<usize>) -> Vec<ExcerptPart<'a>> {
        let (mut pieces, mut done) = (Vec::new(), range.start);
        let mut push = |text: &'a str, hit| {
            if !text.is_empty() {
                pieces.push(ExcerptPart { text, hit });
            }
        };
        let hits = words(text)
            .filter(|(place, word)| {
                place.start >= range.start && place.end <= range.end && self.finds(word)
            })
            .map(|(place, _)| place);
        for hit in hits {
            push(&text[done..hit.start], false);
            push(&text[hit.clone()], true);
            done = hit.end;
        }
        push(&text[done..range.end], false);
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::{SearchQuery, folded};
    use proptest::prelude::*;

    fn marked(query: &str, text: &str) -> String {
        let query = SearchQuery::parse(query).expect("words");
        let piece = |p: &super::ExcerptPart<'_>| match p.hit {
            true => format!("[{}]", p.text),
            false => p.text.to_owned(),
        };
        query.excerpt(text).iter().map(piece).collect()
    }

    #[test]
    fn case_accents_and_script_do_not_count() {
        for (text, compared) in [
            ("Été à Бишкек", "ete a bishkek"),
            ("e\u{301}te\u{301}", "ete"),
            ("l’œuvre, STRASSE; Straße", "l oeuvre strasse strasse"),
            ("ёлка елка", "elka elka"),
            ("съезд большой", "sezd bolshoy"),
            ("Қазақстан Ғ. Əliyev", "qazaqstan gh eliyev"),
            ("« \" ' -- * : () ^ ! »", ""),
        ] {
            assert_eq!(folded(text), compared, "{text}");
        }
    }

    #[test]
    fn the_last_word_may_be_unfinished_and_the_others_not() {
        assert_eq!(marked("sech", "La Sécheresse"), "La [Sécheresse]");
        assert_eq!(
            marked("sech eau", "sécheresse, eaux, eau"),
            "sécheresse, [eaux], [eau]"
        );
        assert_eq!(marked("Бишк", "à Bichkek, Бишкеке"), "à Bichkek, [Бишкеке]");
    }

    #[test]
    fn what_has_no_word_asks_for_nothing() {
        for typed in ["", "  ", "\"", "* AND", "-()"] {
            let words = SearchQuery::parse(typed).map(|q| q.words().join(" "));
            assert_eq!(words.unwrap_or_default(), folded(typed), "{typed}");
        }
        assert!(SearchQuery::parse("«»").is_none());
    }

    #[test]
    fn an_excerpt_surrounds_the_first_hit() {
        let text = format!("{} sommet {}", "avant ".repeat(40), "après ".repeat(80));
        let shown = marked("sommet", &text);
        assert!(shown.starts_with("…avant "), "{shown}");
        assert!(
            shown.contains(" [sommet] après") && shown.ends_with("après…"),
            "{shown}"
        );
        assert!(shown.len() < 350, "{shown}");
        assert_eq!(marked("rien", "Court."), "Court.");
    }

    proptest! {
        #[test]
        fn pieces_are_the_text(typed in ".{0,40}", text in ".{0,400}") {
            if let Some(query) = SearchQuery::parse(&typed) {
                let whole: String = query.mark(&text).iter().map(|p| p.text).collect();
                prop_assert_eq!(whole, text.clone());
                prop_assert!(!query.excerpt(&text).is_empty() || text.is_empty());
                let plain = |w: &String| w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
                prop_assert!(query.words().iter().all(plain));
            }
        }
    }
}
