//! The buttons of the writing page that add, move and remove cards.

use super::form::Draft;
use super::undo::Removed;
use crate::domain::{Item, Part, PartKind};

/// What a button of the writing page does. Parts and items are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrangement {
    /// Adds a part of this kind at the end.
    AddPart(PartKind),
    /// Adds an empty item at the end of a part.
    AddItem(usize),
    /// Removes a part with all that is in it.
    RemovePart(usize),
    /// Removes an item.
    RemoveItem(usize, usize),
    /// Moves a part by one place.
    MovePart(usize, Direction),
    /// Moves an item by one place; from the end of a part into the next one.
    MoveItem(usize, usize, Direction),
    /// Nothing: cards were moved in the browser.
    Moved,
}

/// Where something is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Towards the beginning.
    Up,
    /// Towards the end.
    Down,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arranged {
    /// The field or button where writing goes on, if nothing is brought back first.
    pub(super) focus: String,
    /// What is gone and somebody may want back.
    pub(super) removed: Option<Removed>,
}

impl Arrangement {
    /// The arrangement that a button names, if it is one.
    pub(super) fn parse(action: &str, new_kind: Option<PartKind>) -> Option<Self> {
        let (verb, place) = action.split_once(':').unwrap_or((action, ""));
        let (part, item) = place.split_once('.').unwrap_or((place, ""));
        let part = part.parse().ok();
        let both = part.zip(item.parse().ok());
        match verb {
            "add-part" => new_kind.map(Self::AddPart),
            "add-item" => part.map(Self::AddItem),
            "remove-part" => part.map(Self::RemovePart),
            "remove-item" => both.map(|(part, item)| Self::RemoveItem(part, item)),
            "part-up" => part.map(|part| Self::MovePart(part, Direction::Up)),
            "part-down" => part.map(|part| Self::MovePart(part, Direction::Down)),
            "item-up" => both.map(|(part, item)| Self::MoveItem(part, item, Direction::Up)),
            "item-down" => both.map(|(part, item)| Self::MoveItem(part, item, Direction::Down)),
            "arranged" => Some(Self::Moved),
            _ => None,
        }
    }

    /// Does it. A place that does not exist changes nothing: the page was older than the issue.
    pub(super) fn apply(self, draft: &mut Draft) -> Arranged {
        let parts = &mut draft.content.parts;
        let folded = &mut draft.folded;
        let mut removed = None;
        let focus = match self {
            Self::AddPart(kind) => {
                let items = Vec::from_iter(kind.has_items().then(Item::blank));
                folded.push(vec![false; items.len()]);
                let field = if items.is_empty() {
                    "body"
                } else {
                    "item-0-title"
                };
                parts.push(Part {
                    kind,
                    title: None,
                    body: String::new(),
                    items,
                });
                format!("part-{}-{field}", parts.len() - 1)
            }
            Self::AddItem(part) => match (parts.get_mut(part), folded.get_mut(part)) {
                (Some(place), Some(folded)) => {
                    place.items.push(Item::blank());
                    folded.push(false);
                    format!("part-{part}-item-{}-title", place.items.len() - 1)
                }
                _ => String::new(),
            },
            Self::RemovePart(part) => {
                if part < parts.len() {
                    let gone = parts.remove(part);
                    let says = !gone.is_blank() || gone.title.is_some();
                    removed = says.then_some(Removed { part, item: None });
                    folded.remove(part);
                }
                match heir(part, parts.len()) {
                    Some(next) => format!("part-{next}-title"),
                    None => "new-kind".to_owned(),
                }
            }
            Self::RemoveItem(part, item) => {
                if let (Some(place), Some(folded)) = (parts.get_mut(part), folded.get_mut(part))
                    && item < place.items.len()
                {
                    let says = !place.items.remove(item).is_blank();
                    folded.remove(item);
                    let item = Some(item);
                    removed = says.then_some(Removed { part, item });
                }
                let left = parts.get(part).map_or(0, |place| place.items.len());
                match heir(item, left) {
                    Some(next) => format!("part-{part}-item-{next}-title"),
                    None => format!("part-{part}-add"),
                }
            }
            Self::MovePart(part, direction) => {
                let to = neighbour(part, direction, parts.len()).unwrap_or(part);
                if part < parts.len() {
                    parts.swap(part, to);
                    folded.swap(part, to);
                }
                format!("part-{to}-{}", direction.button())
            }
            Self::MoveItem(part, item, direction) => {
                let (part, item) = move_item(draft, (part, item), direction);
                format!("part-{part}-item-{item}-{}", direction.button())
            }
            Self::Moved => String::new(),
        };
        Arranged { focus, removed }
    }
}

impl Direction {
    fn button(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// What has come into a place whose card was removed: the one that followed, else the one before.
fn heir(at: usize, len: usize) -> Option<usize> {
    len.checked_sub(1).map(|last| at.min(last))
}

fn neighbour(at: usize, direction: Direction, len: usize) -> Option<usize> {
    match direction {
        Direction::Up => at.checked_sub(1),
        Direction::Down => Some(at + 1).filter(|to| *to < len),
    }
}

/// Moves an item; returns where it is now.
fn move_item(
    draft: &mut Draft,
    (part, item): (usize, usize),
    direction: Direction,
) -> (usize, usize) {
    let parts = &mut draft.content.parts;
    let Some(items) = parts.get_mut(part).map(|part| &mut part.items) else {
        return (part, item);
    };
    if item >= items.len() {
        return (part, item);
    }
    if let Some(to) = neighbour(item, direction, items.len()) {
        items.swap(item, to);
        draft.folded[part].swap(item, to);
        return (part, to);
    }
    let Some(other) = neighbour(part, direction, parts.len()) else {
        return (part, item);
    };
    let moved = parts[part].items.remove(item);
    let fold = draft.folded[part].remove(item);
    let at = match direction {
        Direction::Up => parts[other].items.len(),
        Direction::Down => 0,
    };
    parts[other].items.insert(at, moved);
    draft.folded[other].insert(at, fold);
    (other, at)
}

#[cfg(test)]
mod tests {
    use super::Arrangement;
    use crate::domain::{IssueContent, Item, PartKind};
    use crate::web::desk::writing::form::Draft;

    fn draft() -> Draft {
        let parts = r#"{"subject":"s","parts":[{"kind":"news","items":[{"title":"a"},{"title":"b"}]},
            {"kind":"articles","items":[{"title":"c"}]}]}"#;
        Draft::opened(serde_json::from_str::<IssueContent>(parts).unwrap_or_else(|e| panic!("{e}")))
    }

    /// The headlines after an action, and where writing goes on.
    fn after(action: &str) -> (String, String, bool) {
        let mut draft = draft();
        let done = Arrangement::parse(action, Some(PartKind::Text))
            .map(|arrangement| arrangement.apply(&mut draft));
        let part = |items: &Vec<Item>| items.iter().map(|i| i.title.as_str()).collect::<String>();
        let all: Vec<String> = draft.content.parts.iter().map(|p| part(&p.items)).collect();
        let folded = draft.folded.iter().map(Vec::len);
        assert!(
            folded.eq(draft.content.parts.iter().map(|p| p.items.len())),
            "{action}"
        );
        let done = done.unwrap_or_else(|| panic!("{action} is not known"));
        (all.join("|"), done.focus, done.removed.is_some())
    }

    #[test]
    fn each_button_does_what_it_says() {
        for (action, cards, focus, removed) in [
            ("add-part", "ab|c|", "part-2-body", false),
            ("add-item:1", "ab|c", "part-1-item-1-title", false),
            ("remove-part:0", "c", "part-0-title", true),
            ("remove-part:1", "ab", "part-0-title", true),
            ("remove-item:0.0", "b|c", "part-0-item-0-title", true),
            ("remove-item:0.1", "a|c", "part-0-item-0-title", true),
            ("remove-item:1.0", "ab|", "part-1-add", true),
            ("part-down:0", "c|ab", "part-1-down", false),
            ("part-up:0", "ab|c", "part-0-up", false),
            ("item-up:0.1", "ba|c", "part-0-item-0-up", false),
            ("item-down:0.1", "a|bc", "part-1-item-0-down", false),
            ("item-up:1.0", "abc|", "part-0-item-2-up", false),
            ("item-up:0.0", "ab|c", "part-0-item-0-up", false),
            // The page was older than the issue.
            ("remove-item:7.7", "ab|c", "part-7-add", false),
            ("item-down:9.0", "ab|c", "part-9-item-0-down", false),
            ("arranged", "ab|c", "", false),
        ] {
            assert_eq!(
                after(action),
                (cards.to_owned(), focus.to_owned(), removed),
                "{action}"
            );
        }
        for unknown in ["", "send", "add-item:", "remove-item:1", "item-up:x.y"] {
            assert_eq!(Arrangement::parse(unknown, None), None, "{unknown}");
        }
    }
}
