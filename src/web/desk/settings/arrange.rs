//! The buttons that move and remove rows of a list.

/// What a button does to a list. Rows are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// By one place towards the beginning.
    Up(usize),
    /// By one place towards the end.
    Down(usize),
    /// Out of the list.
    Remove(usize),
}

impl Move {
    /// The move that a button names, as in `up:2`.
    pub(super) fn parse(action: &str) -> Option<Self> {
        let (verb, row) = action.split_once(':')?;
        let row = row.parse().ok()?;
        match verb {
            "up" => Some(Self::Up(row)),
            "down" => Some(Self::Down(row)),
            "remove" => Some(Self::Remove(row)),
            _ => None,
        }
    }

    /// Moves, and returns the button where the keyboard goes on: as in `row-1-up`.
    pub(super) fn apply<T>(self, rows: &mut Vec<T>) -> String {
        match self {
            Self::Up(row) => {
                let to = row.saturating_sub(1);
                if row < rows.len() {
                    rows.swap(row, to);
                }
                format!("row-{to}-up")
            }
            Self::Down(row) => {
                let to = if row + 1 < rows.len() { row + 1 } else { row };
                if row < rows.len() {
                    rows.swap(row, to);
                }
                format!("row-{to}-down")
            }
            Self::Remove(row) => {
                if row < rows.len() {
                    rows.remove(row);
                }
                match rows.len() {
                    0 => "add".to_owned(),
                    len => format!("row-{}-remove", row.min(len - 1)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Move;

    #[test]
    fn each_button_does_what_it_says() {
        for (action, after, focus) in [
            ("up:1", "bac", "row-0-up"),
            ("up:0", "abc", "row-0-up"),
            ("down:1", "acb", "row-2-down"),
            ("down:2", "abc", "row-2-down"),
            ("remove:2", "ab", "row-1-remove"),
            // The page was older than the list.
            ("remove:7", "abc", "row-2-remove"),
            ("up:9", "abc", "row-8-up"),
        ] {
            let mut rows = vec!['a', 'b', 'c'];
            let focused = Move::parse(action).map(|step| step.apply(&mut rows));
            let rows: String = rows.into_iter().collect();
            assert_eq!(
                (rows.as_str(), focused.as_deref()),
                (after, Some(focus)),
                "{action}"
            );
        }
        for unknown in ["", "save", "up", "up:x", "add"] {
            assert_eq!(Move::parse(unknown), None, "{unknown}");
        }
    }
}
