//! Placeholders that were left, and look-alike letters of another script.

use pulldown_cmark::{Event, Options, Parser, Tag};
use unicode_script::{Script, UnicodeScript};

use super::{Finding, FindingCode, FindingPlace, IssueContent, all_texts, items, parts};
use crate::domain::issue::markdown::{link_destination, not_shown, prepare_markdown};

/// What stands for a text that was never written, wherever it stands.
const ANYWHERE: [&str; 3] = ["lorem ipsum", "dolor sit amet", "*|"];
/// The same as a word of its own, in capitals.
const WORDS: [&str; 4] = ["TODO", "FIXME", "TBD", "TBC"];
/// What a bracket begins with in which somebody was to write.
const IN_BRACKETS: [&str; 17] = [
    "insert",
    "insér",
    "inser",
    "à compléter",
    "a completer",
    "à venir",
    "lien ici",
    "votre ",
    "your ",
    "link here",
    "to come",
    "einfügen",
    "hier ",
    "folgt",
    "встав",
    "ссылка",
    "дополнить",
];
/// What is a placeholder when a field has nothing else.
const WHOLE: [&str; 29] = [
    "titre",
    "titre de l'article",
    "titre ici",
    "sans titre",
    "nouveau titre",
    "votre texte ici",
    "texte ici",
    "à compléter",
    "à venir",
    "title",
    "article title",
    "title of the article",
    "title here",
    "headline",
    "untitled",
    "your text here",
    "text here",
    "titel",
    "titel des artikels",
    "überschrift",
    "ohne titel",
    "ihr text",
    "text folgt",
    "заголовок",
    "название",
    "название статьи",
    "без названия",
    "текст",
    "ваш текст",
];

pub(super) fn check(content: &IssueContent, found: &mut Vec<Finding>) {
    for (place, text) in all_texts(content) {
        if let Some(what) = placeholder(text) {
            found.push(Finding::error(FindingCode::Placeholder, place).with("text", what));
        }
        if let Some(word) = mixed_word(text) {
            found.push(Finding::warning(FindingCode::MixedScript, place).with("word", word));
        }
    }
    for (place, text) in markdown_of(content) {
        if let Some(why) = not_shown(text) {
            found.push(Finding::warning(FindingCode::NotShown, place).with("why", why));
        }
    }
}

/// The texts that are Markdown, with their places.
pub(super) fn markdown_of(content: &IssueContent) -> Vec<(FindingPlace, &str)> {
    let mut markdown = vec![(FindingPlace::Intro, content.intro.as_str())];
    markdown.extend(parts(content).map(|(place, part)| (place, part.body.as_str())));
    markdown.extend(items(content).map(|(place, _, item)| (place, item.summary.as_str())));
    markdown
}

/// The first placeholder in a text.
pub(super) fn placeholder(text: &str) -> Option<String> {
    let lower = text.to_lowercase().replace('’', "'");
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    if WHOLE.contains(&bare) {
        return Some(text.trim().to_owned());
    }
    if let Some(phrase) = ANYWHERE.iter().find(|phrase| lower.contains(**phrase)) {
        return Some((*phrase).to_owned());
    }
    for (open, close) in [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("%%", "%%")] {
        if let Some(inner) = between(text, open, close) {
            return Some(format!("{open}{inner}{close}"));
        }
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    let of_x = |word: &str| word.len() >= 3 && word.bytes().all(|b| b == b'X');
    if let Some(word) = words.find(|word| WORDS.contains(word) || of_x(word)) {
        return Some(word.to_owned());
    }
    bracket(&lower)
}

/// What stands between two marks, if that is short enough to be meant so.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(open)?;
    let (inner, _) = rest.split_once(close)?;
    let short = inner.chars().count() <= 60 && !inner.trim().is_empty() && !inner.contains('\n');
    short.then_some(inner)
}

/// A bracket in which somebody was to write. One before a `(` is a link's text.
fn bracket(lower: &str) -> Option<String> {
    let mut rest = lower;
    while let Some((_, after)) = rest.split_once('[') {
        let (inner, behind) = after.split_once(']')?;
        let asks = IN_BRACKETS
            .iter()
            .any(|begin| inner.trim_start().starts_with(begin));
        if asks && !behind.starts_with('(') {
            return Some(format!("[{inner}]"));
        }
        rest = behind;
    }
    None
}

/// Letters of each script that look like one of the other.
const LATIN_ALIKE: &str = "aceijopsxyABCEHIJKMOPSTXY";
const CYRILLIC_ALIKE: &str = "асеіјорѕхуАВСЕНІЈКМОРЅТХУ";

/// The first word of Latin and Cyrillic letters in which those of one script look like the other. A Latin
/// name with a Russian ending of two letters or more, as in `YouTubeом`, is meant so.
pub(super) fn mixed_word(text: &str) -> Option<&str> {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    words.find(|word| {
        let of = |script: Script, alike: &str| {
            let letters: Vec<char> = word.chars().filter(|c| c.script() == script).collect();
            let all_alike = letters.iter().all(|c| alike.contains(*c));
            (letters.len(), all_alike)
        };
        let (latin, latin_alike) = of(Script::Latin, LATIN_ALIKE);
        let (cyrillic, cyrillic_alike) = of(Script::Cyrillic, CYRILLIC_ALIKE);
        let mut letters = word.chars().skip(latin);
        let is_name_with_ending =
            !latin_alike && cyrillic >= 2 && letters.all(|c| c.script() == Script::Cyrillic);
        latin > 0 && cyrillic > 0 && (latin_alike || cyrillic_alike) && !is_name_with_ending
    })
}

/// The links of a Markdown text.
pub(super) fn links_of(markdown: &str) -> Vec<String> {
    let prepared = prepare_markdown(markdown);
    let links = Parser::new_ext(&prepared, Options::ENABLE_STRIKETHROUGH);
    let links = links.filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(link_destination(&dest_url)),
        _ => None,
    });
    links.collect()
}

/// The words of a Markdown text, without its links.
pub(super) fn words_of(markdown: &str) -> String {
    let prepared = prepare_markdown(markdown);
    let mut words = String::new();
    for event in Parser::new_ext(&prepared, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(text) if !text.contains("://") => words.push_str(&text),
            Event::Text(_) | Event::Code(_) => {}
            Event::End(_) | Event::SoftBreak | Event::HardBreak => words.push(' '),
            _ => {}
        }
    }
    words
}
