//! The summary of a month, made from that month's issues.

use std::collections::HashSet;

use crate::domain::{CountrySet, IssueContent, Item, Part, PartKind};

/// The parts that are still of interest at the end of a month, in their order. Events are over
/// by then, and a press review or a picture of the week is of its week.
const KEPT: [PartKind; 3] = [PartKind::News, PartKind::Analysis, PartKind::Articles];

/// The most items of one part, as many as a part can have.
const MAX_ITEMS: usize = 200;

/// The longest text of an item.
const MAX_TEXT_CHARS: usize = 20_000;

/// Makes the parts of a summary from the issues of a month, the oldest first: all news, analyses
/// and articles, each once, and the last issue's call for support. `title` gives the headings of the
/// parts. Empty where the issues have nothing of the kind.
#[must_use]
pub fn summary(issues: &[&IssueContent], title: impl Fn(PartKind) -> String) -> Vec<Part> {
    let mut seen = HashSet::new();
    let mut parts = Vec::new();
    for kind in KEPT {
        let found = issues.iter().flat_map(|issue| items(issue, kind));
        let new = found.filter(|item| seen.insert(identity(item)));
        let items: Vec<Item> = new.take(MAX_ITEMS).collect();
        if !items.is_empty() {
            parts.push(Part {
                kind,
                title: Some(title(kind)),
                body: String::new(),
                items,
            });
        }
    }
    if let Some(latest) = issues.last().filter(|_| !parts.is_empty()) {
        parts.extend(of_kind(latest, PartKind::Support).cloned());
    }
    parts
}

fn of_kind(issue: &IssueContent, kind: PartKind) -> impl Iterator<Item = &Part> {
    issue.parts.iter().filter(move |part| part.kind == kind)
}

/// The items of an issue's parts of this kind. The text of a part is one, too, unless it only introduces
/// others: that is of its week, but for an analysis, which may go on with links to earlier ones.
fn items(issue: &IssueContent, kind: PartKind) -> impl Iterator<Item = Item> {
    of_kind(issue, kind).flat_map(move |part| {
        let text = beginning(part.body.trim());
        let is_item = kind == PartKind::Analysis || part.items.is_empty();
        let own = Some(text).filter(|text| is_item && !text.is_empty());
        let own = own.map(|text| Item {
            title: part.title.as_ref().unwrap_or(&issue.subject).clone(),
            url: None,
            summary: text.clone(),
            countries: CountrySet::default(),
            image: None,
            access: None,
        });
        own.into_iter().chain(part.items.iter().cloned())
    })
}

/// As much of a text as an item can have, to the end of a paragraph or at least of a word.
fn beginning(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let Some((end, _)) = text.char_indices().nth(MAX_TEXT_CHARS - 1) else {
        return text;
    };
    let cut = &text[..end];
    let end = cut.rfind("\n\n").or_else(|| cut.rfind(char::is_whitespace));
    format!("{}…", cut[..end.unwrap_or(cut.len())].trim_end())
}

/// By which an item is known again: what it is called, and where it leads or what it says. Several
/// may lead to one page.
fn identity(item: &Item) -> (String, String) {
    let further = item.url.as_ref().unwrap_or(&item.summary);
    (item.title.clone(), further.clone())
}

#[cfg(test)]
mod tests {
    use super::summary;
    use crate::domain::{IssueContent, Part, PartKind};
    use validator::Validate;

    fn issue(parts: serde_json::Value) -> IssueContent {
        serde_json::from_value(serde_json::json!({ "subject": "The week", "parts": parts }))
            .unwrap()
    }

    fn shown(parts: &[Part]) -> String {
        let shown = parts.iter().map(|part| {
            let items: Vec<_> = part.items.iter().map(|item| &*item.title).collect();
            format!(
                "{}: {}",
                part.title.as_deref().unwrap_or(""),
                items.join(", ")
            )
        });
        shown.collect::<Vec<_>>().join(" | ")
    }

    fn of(issues: &[IssueContent]) -> Vec<Part> {
        summary(&issues.iter().collect::<Vec<_>>(), |kind| {
            kind.to_string().to_uppercase()
        })
    }

    #[test]
    fn everything_of_the_month_comes_once_and_what_was_of_a_week_does_not() {
        let first = issue(serde_json::json!([
            { "kind": "articles", "body": "This week", "items": [{ "title": "a", "url": "https://x.example/a", "countries": ["kz"] }, { "title": "b" }] },
            { "kind": "agenda", "items": [{ "title": "over" }] },
            { "kind": "support", "title": "Old call", "body": "Give" },
        ]));
        let second = issue(serde_json::json!([
            { "kind": "news", "items": [{ "title": "a", "url": "https://x.example/a" }, { "title": "a", "url": "https://x.example/other" }] },
            { "kind": "news", "title": "In short", "body": "Prose." },
            { "kind": "analysis", "title": "Water", "body": "A long read.", "items": [{ "title": "earlier" }] },
            { "kind": "analysis", "body": "Another." },
            { "kind": "articles", "items": [{ "title": "b" }, { "title": "b", "summary": "another" }] },
            { "kind": "support", "title": "New call", "body": "Give" },
        ]));
        let parts = of(&[first, second]);
        assert_eq!(
            shown(&parts),
            "NEWS: a, a, In short | ANALYSIS: Water, earlier, The week | ARTICLES: b, b | New call: "
        );
        assert_eq!(parts[1].items[0].summary, "A long read.");
        assert!(parts[2].body.is_empty());
    }

    #[test]
    fn nothing_makes_no_summary() {
        assert!(of(&[]).is_empty());
        let call = issue(
            serde_json::json!([{ "kind": "support", "body": "Give" }, { "kind": "text", "body": "Hello" }]),
        );
        assert!(of(&[call]).is_empty());
    }

    #[test]
    fn what_is_made_of_the_largest_issues_is_an_issue() {
        let items: Vec<_> = (0..200)
            .map(|n| serde_json::json!({ "title": format!("{n}") }))
            .collect();
        let long = format!("{}\r\n\r\n{}", "é".repeat(19_000), "x".repeat(2_000));
        let part = |kind: &str, items: &[serde_json::Value]| serde_json::json!({ "kind": kind, "body": long, "items": items });
        let large = issue(serde_json::json!([
            part("analysis", &items),
            part("articles", &items)
        ]));
        let other = issue(
            serde_json::json!([{ "kind": "articles", "items": (300..499).map(|n| serde_json::json!({ "title": format!("{n}") })).collect::<Vec<_>>() }]),
        );
        let parts = of(&[large, other]);
        assert_eq!(
            parts[0].items[0].summary,
            format!("{}…", "é".repeat(19_000))
        );
        assert_eq!(parts[0].items.len(), 200);
        assert_eq!(parts[1].kind, PartKind::Articles);
        let whole = IssueContent {
            subject: "s".to_owned(),
            preheader: String::new(),
            intro: String::new(),
            parts,
        };
        assert!(whole.validate().is_ok());
    }
}
