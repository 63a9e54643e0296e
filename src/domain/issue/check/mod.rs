//! What may be wrong with an issue before it is sent: the list of checks that an editor sees.
//!
//! [`check_content`] finds what the content alone tells. What needs the network, the database or a
//! rendered mail is found by `publish::check`, and told with the same types.

mod dates;
mod finding;
mod language;
mod links;
mod texts;

use std::collections::HashMap;

use jiff::civil::Date;

pub use finding::{Finding, FindingCode, FindingPlace, Severity};
pub use links::{LinkUse, normalised_link};

use super::content::{IssueContent, Item, Part, PartKind};
use super::variant::{Shown, shown};
use crate::domain::Language;

/// What is known beside the content.
#[derive(Debug)]
pub struct CheckContext<'a> {
    /// The language of the newsletter.
    pub language: Language,
    /// The host of the service's own pages.
    pub own_host: Option<&'a str>,
    /// The domain of the newsletter's sender.
    pub sender_domain: &'a str,
    /// The day of sending, where the newsletter is made.
    pub day: Date,
    /// What earlier issues had.
    pub sent: &'a EarlierIssues,
    /// The fewest articles that every letter should have in full.
    pub min_articles: usize,
}

/// What earlier issues of a newsletter had.
#[derive(Debug, Default)]
pub struct EarlierIssues {
    /// Their links, as [`normalised_link`] makes them.
    pub links: HashMap<String, SentLink>,
    /// Their subjects, as [`EarlierIssues::subject`] makes them, with the day.
    pub subjects: HashMap<String, Date>,
}

impl EarlierIssues {
    /// A subject without what readers do not see as a difference.
    #[must_use]
    pub fn subject(written: &str) -> String {
        written.trim().to_lowercase()
    }
}

/// Where a link was sent before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLink {
    /// The subject of that issue.
    pub subject: String,
    /// The day on which it was sent.
    pub day: Date,
}

/// Everything that the content alone tells, in the order of the letter.
#[must_use]
pub fn check_content(content: &IssueContent, context: &CheckContext<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    missing(content, &mut found);
    sent_subject(content, context, &mut found);
    texts::check(content, &mut found);
    links::check(content, context, &mut found);
    language::check(content, context.language, &mut found);
    dates::check(content, context.day, &mut found);
    thin_letters(content, context.min_articles, &mut found);
    found.sort_by_key(|finding| (finding.place, finding.severity));
    found
}

fn missing(content: &IssueContent, found: &mut Vec<Finding>) {
    if content.subject.trim().is_empty() {
        found.push(Finding::error(
            FindingCode::SubjectMissing,
            FindingPlace::Subject,
        ));
    }
    if content.preheader.trim().is_empty() {
        found.push(Finding::warning(
            FindingCode::PreheaderMissing,
            FindingPlace::Preheader,
        ));
    }
    if content.is_empty() {
        found.push(Finding::error(
            FindingCode::ContentMissing,
            FindingPlace::Intro,
        ));
    }
    // Before a word is written all parts are empty.
    let begun = !content.presentable().is_empty();
    for (place, part) in parts(content).filter(|_| begun) {
        if part.is_blank() {
            let name = match part.title.as_deref().map(str::trim) {
                Some(title) if !title.is_empty() => title,
                _ => part.kind.as_str(),
            };
            found.push(Finding::note(FindingCode::PartEmpty, place).with("part", name));
        }
    }
    // Blank cards are dropped when the issue is sent.
    for (place, part, item) in items(content).filter(|(_, _, item)| !item.is_blank()) {
        if item.title.trim().is_empty() {
            found.push(Finding::error(FindingCode::TitleMissing, place));
        }
        if let Some(image) = &item.image
            && image.alt.trim().is_empty()
        {
            found.push(Finding::warning(FindingCode::AltMissing, place).title_of(item));
        }
        if is_blank(item.url.as_deref()) && texts::links_of(&item.summary).is_empty() {
            // These are about a text that stands elsewhere; an event or a picture need no page.
            match part.kind {
                PartKind::Articles | PartKind::Analysis | PartKind::Press => {
                    found.push(Finding::error(FindingCode::LinkMissing, place).title_of(item));
                }
                PartKind::News => {
                    found.push(Finding::warning(FindingCode::LinkMissing, place).title_of(item));
                }
                PartKind::Photo | PartKind::Agenda | PartKind::Support | PartKind::Text => {}
            }
        }
    }
}

/// A copy of an earlier issue keeps its subject.
fn sent_subject(content: &IssueContent, context: &CheckContext<'_>, found: &mut Vec<Finding>) {
    let subject = EarlierIssues::subject(&content.subject);
    if let Some(day) = context.sent.subjects.get(&subject) {
        let finding = Finding::warning(FindingCode::SubjectSent, FindingPlace::Subject);
        found.push(finding.with("date", day));
    }
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

/// The first choice of countries whose letter has too few articles in full.
fn thin_letters(content: &IssueContent, least: usize, found: &mut Vec<Finding>) {
    let mut articles = parts(content).filter(|(_, part)| part.kind == PartKind::Articles);
    let Some((place, _)) = articles.next() else {
        return;
    };
    let in_full = |followed| -> usize {
        let all = content.article_parts();
        let shown = all.flat_map(|part| shown(&part.items, followed));
        shown.filter(|one| *one != Shown::Named).count()
    };
    let thin = content.choices().into_iter();
    let mut thin = thin.map(|followed| (followed, in_full(followed)));
    if let Some((followed, articles)) = thin.find(|(_, articles)| *articles < least) {
        let finding = Finding::warning(FindingCode::VariantThin, place);
        let finding = finding.with("countries", followed);
        found.push(finding.with("articles", articles));
    }
}

/// The parts with their places.
fn parts(content: &IssueContent) -> impl Iterator<Item = (FindingPlace, &Part)> {
    let numbered = content.parts.iter().enumerate();
    numbered.map(|(part, written)| (FindingPlace::Part(part), written))
}

/// The items with their places and parts.
fn items(content: &IssueContent) -> impl Iterator<Item = (FindingPlace, &Part, &Item)> {
    let numbered = content.parts.iter().enumerate();
    numbered.flat_map(|(part, written)| {
        let items = written.items.iter().enumerate();
        items.map(move |(item, text)| (FindingPlace::Item(part, item), written, text))
    })
}

/// Every text of an issue that is not a link, with its place; Markdown as it was written.
fn all_texts(content: &IssueContent) -> Vec<(FindingPlace, &str)> {
    let mut all = vec![
        (FindingPlace::Subject, content.subject.as_str()),
        (FindingPlace::Preheader, content.preheader.as_str()),
        (FindingPlace::Intro, content.intro.as_str()),
    ];
    for (place, part) in parts(content) {
        all.extend(part.title.as_deref().map(|title| (place, title)));
        all.push((place, part.body.as_str()));
    }
    for (place, _, item) in items(content) {
        all.extend([(place, item.title.as_str()), (place, item.summary.as_str())]);
        if let Some(image) = &item.image {
            all.extend([(place, image.alt.as_str()), (place, image.credit.as_str())]);
        }
    }
    all.retain(|(_, text)| !text.trim().is_empty());
    all
}

#[cfg(test)]
mod tests;
