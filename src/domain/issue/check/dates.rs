//! Events of the agenda that are over.

use jiff::civil::Date;

use super::texts::words_of;
use super::{Finding, FindingCode, IssueContent, PartKind, items};

/// The names of the months in English, French, German and Russian, as they stand in a date.
const MONTHS: [&[&str]; 12] = [
    &["january", "janvier", "januar", "jänner", "января"],
    &["february", "février", "fevrier", "februar", "февраля"],
    &["march", "mars", "märz", "maerz", "марта"],
    &["april", "avril", "апреля"],
    &["may", "mai", "мая"],
    &["june", "juin", "juni", "июня"],
    &["july", "juillet", "juli", "июля"],
    &["august", "août", "aout", "августа"],
    &["september", "septembre", "сентября"],
    &["october", "octobre", "oktober", "октября"],
    &["november", "novembre", "ноября"],
    &["december", "décembre", "decembre", "dezember", "декабря"],
];

pub(super) fn check(content: &IssueContent, day: Date, found: &mut Vec<Finding>) {
    for (place, part, item) in items(content) {
        if part.kind != PartKind::Agenda {
            continue;
        }
        let text = format!("{} \n {}", item.title, words_of(&item.summary));
        // An event of several days, or one of several dates, is over with the last.
        if let Some(last) = dates_of(&text).into_iter().max()
            && last < day
        {
            let finding = Finding::warning(FindingCode::DatePassed, place).title_of(item);
            found.push(finding.with("date", last));
        }
    }
}

/// A run of letters or digits, and what stands behind it up to the next one.
struct Word<'a> {
    text: &'a str,
    behind: &'a str,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let from = &rest[start..];
        let end = from
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        let gap = after.find(char::is_alphanumeric).unwrap_or(after.len());
        all.push(Word {
            text: word,
            behind: &after[..gap],
        });
        rest = &after[gap..];
    }
    all
}

/// The dates with day, month and year: `2026-03-12`, `12.03.2026`, `12 mars 2026`, `12. März 2026`,
/// `12 March 2026`, `March 12, 2026`, `12 марта 2026`.
pub(super) fn dates_of(text: &str) -> Vec<Date> {
    let words = words(text);
    let triples = words.windows(3);
    triples.filter_map(|three| date(three)).collect()
}

fn date(three: &[Word<'_>]) -> Option<Date> {
    let [one, two, three] = three else {
        return None;
    };
    let spaced = |word: &Word<'_>| word.behind.trim().is_empty() && !word.behind.is_empty();
    let dotted = |word: &Word<'_>| word.behind == "." || word.behind.trim_end() == ".";
    let (year, month, day) = if one.behind == "-" && two.behind == "-" && one.text.len() == 4 {
        (year(one.text)?, number(two.text)?, number(three.text)?)
    } else if one.behind == "." && two.behind == "." {
        (year(three.text)?, number(two.text)?, number(one.text)?)
    } else if (spaced(one) || dotted(one)) && spaced(two) {
        (year(three.text)?, month(two.text)?, ordinal(one.text)?)
    } else if spaced(one) && two.behind.trim_end() == "," {
        (year(three.text)?, month(one.text)?, ordinal(two.text)?)
    } else {
        return None;
    };
    Date::new(year, month, day).ok()
}

fn year(text: &str) -> Option<i16> {
    text.parse()
        .ok()
        .filter(|year| text.len() == 4 && (1990..2100).contains(year))
}

fn number(text: &str) -> Option<i8> {
    text.parse().ok().filter(|_| text.len() <= 2)
}

/// `1er`, `2nd`, `12`.
fn ordinal(text: &str) -> Option<i8> {
    let bare = ["er", "st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| text.strip_suffix(ending));
    number(bare.unwrap_or(text))
}

fn month(text: &str) -> Option<i8> {
    let name = text.to_lowercase();
    let found = MONTHS
        .iter()
        .position(|names| names.contains(&name.as_str()))?;
    i8::try_from(found + 1).ok()
}
