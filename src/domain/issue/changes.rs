//! What is different between two states of an issue, for its history.

use serde::Serialize;

use super::{IssueContent, Item, Part};

/// What an editor changed from one state of an issue to the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ContentChanges {
    /// Whether the subject is another.
    pub subject: bool,
    /// Whether the preheader is another.
    pub preheader: bool,
    /// Whether the intro is another.
    pub intro: bool,
    /// How many items were added.
    pub added: usize,
    /// How many items were removed.
    pub removed: usize,
    /// How many items or parts say something else than before.
    pub edited: usize,
    /// Whether parts or items stand in another order, or parts came or went.
    pub arranged: bool,
}

impl ContentChanges {
    /// What is different in `new`. An item is the same one as before when it has its headline or its
    /// link.
    #[must_use]
    pub fn between(old: &IssueContent, new: &IssueContent) -> Self {
        let (before, after) = (items(old), items(new));
        let mut left: Vec<Option<&Item>> = before.iter().copied().map(Some).collect();
        let (mut added, mut edited, mut order) = (0, 0, Vec::new());
        for item in &after {
            let same = left.iter().position(|old| *old == Some(*item));
            let found = same.or_else(|| {
                let known = |old: &Option<&Item>| old.is_some_and(|old| is_same(old, item));
                left.iter().position(known)
            });
            let Some(place) = found else {
                added += 1;
                continue;
            };
            edited += usize::from(left[place] != Some(*item));
            left[place] = None;
            order.push(place);
        }
        let words = |part: &Part| (part.kind, part.title.clone(), part.body.clone());
        let kinds =
            |content: &IssueContent| content.parts.iter().map(|p| p.kind).collect::<Vec<_>>();
        let same_parts = kinds(old) == kinds(new);
        if same_parts {
            let parts = old.parts.iter().zip(&new.parts);
            edited += parts.filter(|(old, new)| words(old) != words(new)).count();
        }
        Self {
            subject: old.subject != new.subject,
            preheader: old.preheader != new.preheader,
            intro: old.intro != new.intro,
            added,
            removed: left.iter().flatten().count(),
            edited,
            arranged: !same_parts || !order.is_sorted(),
        }
    }

    /// Whether nothing is different.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

fn items(content: &IssueContent) -> Vec<&Item> {
    content.parts.iter().flat_map(|part| &part.items).collect()
}

fn is_same(old: &Item, new: &Item) -> bool {
    (!new.title.is_empty() && old.title == new.title) || (new.url.is_some() && old.url == new.url)
}

#[cfg(test)]
mod tests {
    use super::ContentChanges;
    use crate::domain::{IssueContent, Item, Part, PartKind};

    fn content(subject: &str, items: &[(&str, &str)]) -> IssueContent {
        let item = |(title, summary): &(&str, &str)| Item {
            title: (*title).to_owned(),
            summary: (*summary).to_owned(),
            ..Item::blank()
        };
        IssueContent {
            subject: subject.to_owned(),
            preheader: String::new(),
            intro: String::new(),
            parts: vec![Part {
                kind: PartKind::News,
                title: None,
                body: String::new(),
                items: items.iter().map(item).collect(),
            }],
        }
    }

    #[test]
    fn each_kind_of_change_is_told() {
        let old = content("S", &[("a", ""), ("b", ""), ("c", "")]);
        let changes = |new: &IssueContent| ContentChanges::between(&old, new);
        assert!(changes(&old).is_none());
        let none = ContentChanges::default();
        assert_eq!(
            changes(&content("T", &[("a", ""), ("b", "x"), ("c", "")])),
            ContentChanges {
                subject: true,
                edited: 1,
                ..none
            }
        );
        assert_eq!(
            changes(&content("S", &[("c", ""), ("a", ""), ("d", "")])),
            ContentChanges {
                added: 1,
                removed: 1,
                arranged: true,
                ..none
            }
        );
        let mut more = old.clone();
        more.parts.push(Part {
            body: "text".to_owned(),
            items: Vec::new(),
            ..old.parts[0].clone()
        });
        assert_eq!(
            changes(&more),
            ContentChanges {
                arranged: true,
                ..none
            }
        );
    }
}
