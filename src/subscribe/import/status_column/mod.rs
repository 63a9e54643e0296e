//! Columns of other services that tell who has left. Nobody who has left becomes a reader again by an import.

mod folded;
mod names;
#[cfg(test)]
mod tests;
mod words;

use csv::ByteRecord;
use folded::Folded;

use super::columns::LEFT_AT;

/// So much of a cell is read, in octets.
const MAX_READ_OCTETS: usize = 200;
/// A longer cell is a text in which [`words::FIRST`] and [`words::ALONE`] may mean anything; in octets.
const LONGEST_MARK: usize = 80;
/// A longer wording says more than that somebody has left, in octets.
const LONGEST_WORD: usize = 40;
/// So many of the first words are looked at.
const LOOKED_AT: usize = 6;
/// The most of a cell that is shown again, in characters.
const MAX_SHOWN_CHARS: usize = 40;

/// What a column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// How each reader stands: only known words are good.
    Status,
    /// Whether they are subscribed; an empty box says no.
    Subscribed,
    /// When they confirmed.
    ConfirmedAt,
    /// Who has left, or when.
    Left,
    /// Yes, no or how a reader stands, and perhaps something else.
    YesNo,
    /// The same, where nothing says no.
    Box,
    /// People, places and the like, in which many words may stand.
    Names,
    /// The words that readers agreed to, which may tell how one leaves.
    Wording,
    /// One that means nothing to us by its name.
    Other,
}

/// A column that tells who has left, or may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StatusColumn {
    pub(super) index: usize,
    name: String,
    kind: Kind,
    /// The letters of what is good, whatever it says.
    accepted: Vec<String>,
}

/// What is kept between rows, so that reading a cell takes no memory.
#[derive(Debug, Default)]
pub(super) struct Reading {
    folded: Folded,
    /// The last cell of each column that passed: most columns have the same in many rows.
    passed: Vec<String>,
}

impl Reading {
    fn has_passed(&self, index: usize, cell: &str) -> bool {
        let last = self.passed.get(index).filter(|last| !last.is_empty());
        last.is_some_and(|last| last == cell)
    }

    fn pass(&mut self, index: usize, cell: &str) {
        if self.passed.len() <= index {
            self.passed.resize_with(index + 1, String::new);
        }
        self.passed[index].clear();
        self.passed[index].push_str(cell);
    }
}

/// Why a column refuses a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// What it says, and what to do if it means something else.
    pub(super) why: String,
    /// The reader has not confirmed yet, and may have done so in another row.
    pub(super) is_unconfirmed: bool,
}

impl StatusColumn {
    /// The column with this name.
    pub(super) fn new(name: &str, index: usize) -> Self {
        Self {
            index,
            name: name.to_owned(),
            kind: names::kind(name),
            accepted: Vec::new(),
        }
    }

    /// A column of which somebody says that it does not tell who has left: clear words still do.
    pub(super) fn ignored(name: &str, index: usize) -> Self {
        let mut column = Self::new(name, index);
        if column.kind != Kind::Names {
            column.kind = Kind::Other;
        }
        column
    }

    /// A column that is read as one of ours, if it can tell who has left.
    pub(super) fn mapped(name: &str, index: usize, ours: &str) -> Option<Self> {
        let mut column = Self::new(name, index);
        column.kind = match (ours, column.kind) {
            (LEFT_AT, _) => Kind::Left,
            ("consent_at", Kind::ConfirmedAt) => Kind::ConfirmedAt,
            ("consent_source" | "consent_wording" | "name", Kind::Left) => Kind::Left,
            ("consent_source" | "consent_wording" | "name", Kind::Status | Kind::Subscribed) => {
                Kind::YesNo
            }
            ("consent_wording", _) => Kind::Wording,
            ("name", _) => Kind::Names,
            ("consent_source", Kind::YesNo | Kind::Box) => Kind::YesNo,
            ("consent_source", _) => Kind::Other,
            _ => return None,
        };
        Some(column)
    }

    /// Takes what these cells say as nothing against a row.
    #[must_use]
    pub(super) fn accepting<'a>(mut self, cells: impl Iterator<Item = &'a str>) -> Self {
        let letters = |cell: &str| Folded::of(beginning(cell)).letters().to_owned();
        self.accepted.extend(cells.map(letters));
        self
    }

    /// Whether its name says that it tells who has left.
    pub(super) fn is_named_so(&self) -> bool {
        let kinds = [
            Kind::Status,
            Kind::Subscribed,
            Kind::ConfirmedAt,
            Kind::Left,
        ];
        kinds.contains(&self.kind)
    }

    /// Lets a row pass that its cell, without white space around it, says nothing against.
    ///
    /// # Errors
    /// Why the row is refused, and what to do if it is right.
    pub(super) fn check(&self, cell: &str, reading: &mut Reading) -> Result<(), Refusal> {
        if !self.is_named_so() && self.says_nothing(cell) || reading.has_passed(self.index, cell) {
            return Ok(());
        }
        let folded = &mut reading.folded;
        folded.read(beginning(cell));
        let passes =
            self.passes(cell, folded) || self.accepted.iter().any(|one| one == folded.letters());
        match passes {
            true => {
                reading.pass(self.index, cell);
                Ok(())
            }
            false => Err(self.refusal(cell, folded)),
        }
    }

    /// Whether a cell of a column that may have anything cannot tell that somebody has left: it has no letters, or is an
    /// address, a page's or a reader's, or made for programs.
    fn says_nothing(&self, cell: &str) -> bool {
        let is_address =
            || (cell.contains("://") || cell.contains('@')) && !cell.contains(char::is_whitespace);
        let has_letters = || {
            let mut octets = cell.bytes();
            octets.any(|octet| octet.is_ascii_alphabetic() || !octet.is_ascii())
        };
        match self.kind {
            Kind::YesNo => cell.is_empty(),
            Kind::Box => false,
            Kind::Wording => cell.len() > LONGEST_WORD,
            _ => !has_letters() || cell.starts_with('{') || is_address(),
        }
    }

    fn passes(&self, cell: &str, folded: &Folded) -> bool {
        let letters = folded.letters();
        let zeros = letters.bytes().all(|octet| octet == b'0');
        match self.kind {
            // A word that is missing says nothing; an empty box says no.
            Kind::Status => letters.is_empty() || says_subscribed(folded),
            Kind::Subscribed => says_subscribed(folded) || is_time(cell),
            Kind::ConfirmedAt => !zeros && !words::NO.has(letters) && !says_left(folded, false),
            // A time that never was is one of zeros.
            Kind::Left => zeros || words::HAS_NOT.has(letters),
            Kind::YesNo | Kind::Box => {
                let no = zeros && (!letters.is_empty() || self.kind == Kind::Box)
                    || words::NO.has(letters);
                let is_no_of_two = letters == "2" && self.has_two_values();
                let begins_with_no =
                    cell.len() <= LONGEST_MARK && words::NO_FIRST.of(folded.words());
                !(no || is_no_of_two || begins_with_no || says_left(folded, false))
            }
            Kind::Names => !says_left(folded, true),
            Kind::Wording => folded.words().matches(' ').count() > 1 || !says_left(folded, false),
            Kind::Other => !says_left(folded, false),
        }
    }

    /// Whether 1 means yes in it, and 2 no.
    fn has_two_values(&self) -> bool {
        let name = Folded::of(&self.name);
        name.letters().contains("doubleopt")
    }

    fn refusal(&self, cell: &str, folded: &Folded) -> Refusal {
        let mut rests = folded.tails().take(LOOKED_AT);
        let is_unconfirmed = self.kind == Kind::ConfirmedAt
            || rests.any(|rest| words::UNCONFIRMED.of(rest))
            || self.kind == Kind::Left && names::is_of_unconfirmed(&self.name);
        let says = match cell {
            "" => "is empty".to_owned(),
            cell => format!("says `{}`", shown(cell)),
        };
        let who = match is_unconfirmed {
            true => "who has not confirmed",
            false => "who has left",
        };
        let name = &self.name;
        let accept = match shown(cell) == cell && !cell.contains('\n') {
            true => cell,
            false => "THE WHOLE CELL",
        };
        let ignore = match self.is_named_so() {
            true => format!(", or --ignore \"{name}\" if the column does"),
            false => String::new(),
        };
        let why = format!(
            "the column `{name}` {says}: {who} is not imported; if it means something else, add --accept \
             \"{name}={accept}\"{ignore}"
        );
        Refusal {
            why,
            is_unconfirmed,
        }
    }
}

/// Lets a row pass that none of these columns says anything against.
///
/// # Errors
/// Why the row is refused. That somebody has left says more than that they have not confirmed.
pub(super) fn check(
    columns: &[StatusColumn],
    row: &ByteRecord,
    reading: &mut Reading,
) -> Result<(), Refusal> {
    let mut unconfirmed = Ok(());
    for column in columns {
        let octets = row.get(column.index).unwrap_or_default();
        let text = str::from_utf8(octets).unwrap_or_default();
        match column.check(text.trim(), reading) {
            Ok(()) => {}
            Err(refusal) if !refusal.is_unconfirmed => return Err(refusal),
            refused => unconfirmed = unconfirmed.and(refused),
        }
    }
    unconfirmed
}

/// As much of a cell as is read.
fn beginning(cell: &str) -> &str {
    &cell[..cell.floor_char_boundary(MAX_READ_OCTETS)]
}

fn shown(cell: &str) -> &str {
    let end = cell.char_indices().nth(MAX_SHOWN_CHARS);
    &cell[..end.map_or(cell.len(), |(at, _)| at)]
}

/// Whether it has only words for those who are subscribed, perhaps with the day since when.
fn says_subscribed(folded: &Folded) -> bool {
    let (first, rest) = folded.words().split_once(' ').unwrap_or_default();
    let is_more = |word| words::SUBSCRIBED.has(word) || word != "0" && is_a_day(word);
    let letters = folded.letters();
    words::SUBSCRIBED.has(letters)
        || words::SUBSCRIBED.has(first)
            && (words::SUBSCRIBED.has(&letters[first.len()..])
                || rest.split_ascii_whitespace().all(is_more))
}

/// Whether these words are numbers, or stand beside them.
fn is_a_day(words: &str) -> bool {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let mut words = words.split_ascii_whitespace();
    words.all(|word| is_number(word) || words::SINCE.has(word))
}

/// Whether it may be a time: when somebody subscribed or confirmed.
fn is_time(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit);
    cell.starts_with(|c: char| c.is_ascii_digit())
        && digits.clone().count() >= 6
        && !digits.clone().all(|digit| digit == b'0')
}

/// Whether a cell says that somebody has left, bounced, complained or not confirmed; where it is one of `names`, by words
/// that are none.
fn says_left(folded: &Folded, names: bool) -> bool {
    let mut may_begin = !names && folded.words().len() <= LONGEST_MARK;
    for rest in folded.tails().take(LOOKED_AT) {
        if words::CLEAR.of(rest) {
            return true;
        }
        if may_begin {
            let (word, after) = rest.split_once(' ').unwrap_or_default();
            if words::FIRST.of(rest) || words::ALONE.has(word) && is_a_day(after) {
                return true;
            }
            may_begin = words::SAY_LITTLE.has(word);
        }
    }
    false
}
