//! Bringing back a card that was removed, and nothing else.

use std::fmt;

use serde::Serialize;

use super::form::Draft;
use crate::domain::{IssueContent, Item, Language, Part};
use crate::texts::text;

/// The place of a part or an item that was removed, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Removed {
    pub(super) part: usize,
    /// None where the whole part was removed.
    pub(super) item: Option<usize>,
}

impl Removed {
    /// What it is called, where it still was.
    pub(super) fn title(self, before: &IssueContent, language: Language) -> String {
        let part = before.parts.get(self.part);
        let (title, otherwise) = match self.item {
            Some(item) => {
                let item = part.and_then(|part| part.items.get(item));
                let title = item.map(|item| item.title.trim());
                (title, "desk-new-item".to_owned())
            }
            None => {
                let title = part.and_then(|part| part.title.as_deref());
                let kind = part.map(|part| part.kind.as_str()).unwrap_or_default();
                (title, format!("desk-kind-{kind}"))
            }
        };
        match title {
            Some(title) if !title.is_empty() => title.to_owned(),
            _ => text(language, &otherwise, &[]),
        }
    }
}

/// The line where a card was, with the button that brings it back.
#[derive(Debug, Serialize)]
pub(super) struct Gone {
    button: String,
    part: usize,
    item: Option<usize>,
    title: String,
}

impl Gone {
    pub(super) fn new(undo: Undo, title: String) -> Self {
        Self {
            button: undo.to_string(),
            part: undo.removed.part,
            item: undo.removed.item,
            title,
        }
    }
}

/// What is to be brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Undo {
    /// The state in the history that has it.
    pub(super) state: i64,
    /// Where it stood there.
    pub(super) removed: Removed,
}

impl fmt::Display for Undo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "undo:{}:{}", self.state, self.removed.part)?;
        match self.removed.item {
            Some(item) => write!(f, ".{item}"),
            None => Ok(()),
        }
    }
}

impl Undo {
    /// What a button names, if it is one that undoes.
    pub(super) fn parse(action: &str) -> Option<Self> {
        let (state, place) = action.strip_prefix("undo:")?.split_once(':')?;
        let (part, item) = match place.split_once('.') {
            Some((part, item)) => (part, Some(item.parse().ok()?)),
            None => (place, None),
        };
        Some(Self {
            state: state.parse().ok()?,
            removed: Removed {
                part: part.parse().ok()?,
                item,
            },
        })
    }

    /// Puts it back from its state into the draft. Returns the field where writing goes on; empty when the
    /// state does not have it.
    pub(super) fn restore(self, draft: &mut Draft, state: &IssueContent) -> String {
        let Removed { part, item } = self.removed;
        let Some(old) = state.parts.get(part) else {
            return String::new();
        };
        let Some(item) = item else {
            let at = insert_part(draft, part, old.clone());
            return format!("part-{at}-title");
        };
        let Some(card) = old.items.get(item) else {
            return String::new();
        };
        let part = place_for(draft, part, old);
        let at = insert_item(draft, (part, item), card.clone());
        format!("part-{part}-item-{at}-title")
    }
}

fn insert_part(draft: &mut Draft, at: usize, part: Part) -> usize {
    let at = at.min(draft.content.parts.len());
    draft.folded.insert(at, vec![false; part.items.len()]);
    draft.content.parts.insert(at, part);
    at
}

fn insert_item(draft: &mut Draft, (part, at): (usize, usize), item: Item) -> usize {
    let items = &mut draft.content.parts[part].items;
    let at = at.min(items.len());
    items.insert(at, item);
    draft.folded[part].insert(at, false);
    at
}

/// The part that an item belongs into: the one in its place, another of its kind, or a new one.
fn place_for(draft: &mut Draft, part: usize, old: &Part) -> usize {
    let parts = &draft.content.parts;
    if parts.get(part).is_some_and(|there| there.kind == old.kind) {
        return part;
    }
    let other = parts.iter().position(|there| there.kind == old.kind);
    other.unwrap_or_else(|| {
        let emptied = Part {
            kind: old.kind,
            title: old.title.clone(),
            body: String::new(),
            items: Vec::new(),
        };
        insert_part(draft, part, emptied)
    })
}

#[cfg(test)]
mod tests {
    use super::{Removed, Undo};
    use crate::domain::IssueContent;
    use crate::web::desk::writing::form::Draft;

    fn content(parts: &str) -> IssueContent {
        let json = format!(r#"{{"subject":"s","parts":[{parts}]}}"#);
        serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}"))
    }

    const NEWS: &str = r#"{"kind":"news","items":[{"title":"a"},{"title":"b"}]}"#;
    const PRESS: &str = r#"{"kind":"press","items":[{"title":"c"}]}"#;

    #[test]
    fn what_was_removed_comes_back_and_nothing_else() {
        let both = content(&format!("{NEWS},{PRESS}"));
        for (action, now, focus, after) in [
            // Written since: it stays.
            (
                "undo:3:0.0",
                r#"{"kind":"news","items":[{"title":"B"}]},{"kind":"press","items":[{"title":"c"}]}"#,
                "part-0-item-0-title",
                "news:aB|press:c",
            ),
            ("undo:3:0", PRESS, "part-0-title", "news:ab|press:c"),
            ("undo:3:1", NEWS, "part-1-title", "news:ab|press:c"),
            // Its part has moved, or is gone too.
            (
                "undo:3:1.0",
                r#"{"kind":"press"},{"kind":"news","items":[{"title":"b"}]}"#,
                "part-0-item-0-title",
                "press:c|news:b",
            ),
            ("undo:3:1.0", NEWS, "part-1-item-0-title", "news:ab|press:c"),
            ("undo:3:7", PRESS, "", "press:c"),
        ] {
            let mut draft = Draft::opened(content(now));
            let undo = Undo::parse(action).unwrap_or_else(|| panic!("{action}"));
            assert_eq!(undo.to_string(), action);
            assert_eq!(undo.restore(&mut draft, &both), focus, "{action}");
            let parts = draft.content.parts.iter().map(|part| {
                let titles: String = part.items.iter().map(|item| &*item.title).collect();
                format!("{}:{titles}", part.kind)
            });
            assert_eq!(parts.collect::<Vec<_>>().join("|"), after, "{action}");
            let folded = draft.folded.iter().map(Vec::len);
            assert!(folded.eq(draft.content.parts.iter().map(|part| part.items.len())));
        }
    }

    #[test]
    fn only_its_own_buttons_undo() {
        let removed = Removed {
            part: 2,
            item: Some(1),
        };
        let undo = Undo { state: 4, removed };
        assert_eq!(Undo::parse("undo:4:2.1"), Some(undo));
        for other in [
            "undo:4",
            "undo:4:",
            "undo:x:1",
            "undo:4:1.",
            "remove-part:1",
        ] {
            assert_eq!(Undo::parse(other), None, "{other}");
        }
    }
}
