//! Texts in another language than the newsletter's.

use whatlang::{Detector, Lang};

use super::texts::words_of;
use super::{Finding, FindingCode, FindingPlace, IssueContent, items, parts};
use crate::domain::Language;

/// The fewest words by which a language is told.
const MIN_WORDS: usize = 25;
/// How sure the detector must be, from 0 to 1.
const MIN_CONFIDENCE: f64 = 0.9;

/// What the detector calls a language that it knows.
fn detected_as(language: Language) -> Option<Lang> {
    match language.as_str() {
        "de" => Some(Lang::Deu),
        "en" => Some(Lang::Eng),
        "fr" => Some(Lang::Fra),
        "ru" => Some(Lang::Rus),
        _ => None,
    }
}

/// Names the texts that are surely in another language, each once; when most are, the issue alone.
pub(super) fn check(content: &IssueContent, wanted: Language, found: &mut Vec<Finding>) {
    let Some(wanted) = detected_as(wanted) else {
        return;
    };
    let mut blocks = vec![(FindingPlace::Intro, words_of(&content.intro))];
    blocks.extend(parts(content).map(|(place, part)| (place, words_of(&part.body))));
    blocks.extend(items(content).map(|(place, _, item)| {
        let words = format!("{}. {}", item.title, words_of(&item.summary));
        (place, words)
    }));
    let whole: Vec<&str> = blocks.iter().map(|(_, words)| words.as_str()).collect();
    if let Some(other) = other_than(wanted, &whole.join(" ")) {
        found.push(finding(FindingPlace::Issue, other));
        return;
    }
    for (place, words) in &blocks {
        if let Some(other) = other_than(wanted, words) {
            found.push(finding(*place, other));
        }
    }
}

fn finding(place: FindingPlace, other: Lang) -> Finding {
    Finding::warning(FindingCode::OtherLanguage, place).with("found", other.code())
}

/// The language of a text, when it is surely not the wanted one.
fn other_than(wanted: Lang, text: &str) -> Option<Lang> {
    if text.split_whitespace().count() < MIN_WORDS {
        return None;
    }
    // Among those that a magazine here may get a text in: fewer are told apart better.
    let known = vec![
        Lang::Fra,
        Lang::Deu,
        Lang::Eng,
        Lang::Rus,
        Lang::Ita,
        Lang::Spa,
        Lang::Tur,
        Lang::Ukr,
    ];
    let info = Detector::with_allowlist(known).detect(text)?;
    let sure = info.is_reliable() && info.confidence() >= MIN_CONFIDENCE;
    (sure && info.lang() != wanted).then(|| info.lang())
}
