//! Finds quotation marks that RFC 4180 does not allow. The CSV reader takes them in silence, and then a
//! cell is not what its writer meant.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The lines with a quotation mark inside an unquoted cell, or with text after a closing one; the first
/// line is 1. Clones share them.
#[derive(Clone, Default)]
pub(super) struct MisquotedLines(Arc<Mutex<BTreeSet<u64>>>);

impl MisquotedLines {
    /// The first of them before `end`; forgets all of those.
    pub(super) fn take_before(&self, end: u64) -> Option<u64> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let later = lines.split_off(&end);
        std::mem::replace(&mut *lines, later).first().copied()
    }

    fn add(&self, line: u64) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.insert(line);
    }
}

/// Where in a cell the check is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Unquoted,
    Quoted,
    /// After a quotation mark in a quoted cell: it ends the cell, or is the first of two.
    Closing,
}

/// Follows the octets of a file with `\n` as its line ends.
pub(super) struct QuotingCheck {
    separator: u8,
    place: Place,
    line: u64,
    found: MisquotedLines,
}

impl QuotingCheck {
    pub(super) fn new(separator: u8, found: MisquotedLines) -> Self {
        Self {
            separator,
            place: Place::Start,
            line: 1,
            found,
        }
    }

    pub(super) fn follow(&mut self, octets: &[u8]) {
        for octet in octets {
            self.step(*octet);
        }
    }

    fn step(&mut self, octet: u8) {
        let ends_cell = octet == self.separator || octet == b'\n';
        self.place = match (self.place, octet) {
            (Place::Start | Place::Closing, b'"') => Place::Quoted,
            (Place::Quoted, b'"') => Place::Closing,
            (Place::Quoted, _) => Place::Quoted,
            (_, _) if ends_cell => Place::Start,
            (Place::Unquoted, b'"') | (Place::Closing, _) => {
                self.found.add(self.line);
                Place::Unquoted
            }
            (Place::Start | Place::Unquoted, _) => Place::Unquoted,
        };
        self.line += u64::from(octet == b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::{MisquotedLines, QuotingCheck};

    fn misquoted(text: &str) -> Vec<u64> {
        let found = MisquotedLines::default();
        QuotingCheck::new(b',', found.clone()).follow(text.as_bytes());
        let found = found.0.lock().unwrap();
        found.iter().copied().collect()
    }

    #[test]
    fn quotation_marks_stand_around_a_cell_and_doubled_in_it() {
        for good in [
            "",
            "a,b\n",
            "\"a\",\"b\"\"c\"\n",
            "\"\",\n",
            "\"a\n,b\",c\n",
            "\"\"\"\"\n",
        ] {
            assert_eq!(misquoted(good), Vec::<u64>::new(), "{good}");
        }
        for (bad, lines) in [
            ("a \"b\" c,d\n", vec![1]),
            ("a,b\n\"c\" d,e\nf\n", vec![2]),
            ("a\"\n\"x\ny\"z\n", vec![1, 3]),
            (" \"a\"\n", vec![1]),
        ] {
            assert_eq!(misquoted(bad), lines, "{bad}");
        }
    }

    #[test]
    fn lines_are_taken_once_and_in_order() {
        let found = MisquotedLines::default();
        QuotingCheck::new(b',', found.clone()).follow(b"a\"\nb\nc\"\n");
        assert_eq!(found.take_before(3), Some(1));
        assert_eq!(found.take_before(3), None);
        assert_eq!(found.take_before(4), Some(3));
    }
}
