//! The rows of a file as they were read, for the report of those that are refused.
//!
//! The report has the file's own columns, then `line` and `reason`: once its rows are mended it is imported like any
//! other file. All rows lie in a temporary file without a name, as it is not known before the end whom the database
//! refuses; memory holds about two of its blocks.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use csv::ByteRecord;

use super::external_sort::unwritable;

/// The last columns of a report.
pub(super) const REPORT_COLUMNS: [&str; 2] = ["line", "reason"];
/// Rows are written together, and read together again. A block is only larger than that by its last row.
const BLOCK_OCTETS: usize = 64 * 1024;
/// The line, the length and the number of cells, in front of a row.
const HEAD_OCTETS: usize = 16;

/// The rows of a file. Clones share them.
#[derive(Clone, Default)]
pub struct KeptRows(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    /// The names of the columns, once they were read.
    header: Option<ByteRecord>,
    separator: u8,
    file: Option<File>,
    /// The first line and the place of each block that is in the file.
    blocks: Vec<(u64, u64)>,
    end: u64,
    /// The rows after them.
    last: Vec<u8>,
    last_begins: u64,
    /// A block that was read back, and which one.
    found: Vec<u8>,
    found_number: Option<usize>,
}

impl KeptRows {
    /// The first row of the report, and the separator of the file; none before the header was read.
    #[must_use]
    pub fn header(&self) -> Option<(ByteRecord, u8)> {
        let inner = self.lock();
        let mut header = ByteRecord::new();
        inner.header.as_ref()?.iter().for_each(|name| {
            header.push_field(&guarded(name));
        });
        REPORT_COLUMNS
            .iter()
            .for_each(|name| header.push_field(name.as_bytes()));
        Some((header, inner.separator))
    }

    /// The row that begins on this line as the report has it: its cells, the line and why it is refused. No cell can
    /// act as a formula. Rows are found fastest in the order of their lines.
    ///
    /// # Errors
    /// When the temporary file cannot be used.
    pub fn row(&self, line: u64, why: &str) -> io::Result<ByteRecord> {
        let mut inner = self.lock();
        let columns = inner.header.as_ref().map_or(0, ByteRecord::len);
        let cells = inner.find(line)?.unwrap_or_default();
        let mut row = ByteRecord::new();
        let cell = |number: usize| cells.get(number).unwrap_or_default();
        (0..columns).for_each(|number| row.push_field(&guarded(cell(number))));
        row.push_field(line.to_string().as_bytes());
        row.push_field(&guarded(why.as_bytes()));
        // Cells that have no column; they refuse the row again as long as they are there.
        (columns..cells.len()).for_each(|number| row.push_field(&guarded(cell(number))));
        Ok(row)
    }

    pub(super) fn begin(&self, header: &ByteRecord, separator: u8) {
        let mut inner = self.lock();
        inner.header = Some(header.clone());
        inner.separator = separator;
    }

    /// Keeps a row; they come in the order of their lines. What the reader made of wrong quotation marks becomes one
    /// cell: nobody imports it by mistake as it is.
    pub(super) fn push(&self, line: u64, row: &ByteRecord, misquoted: bool) -> io::Result<()> {
        let mut inner = self.lock();
        if !misquoted {
            return inner.push(line, row).map_err(unwritable);
        }
        let separator = [inner.separator];
        let cells: Vec<&[u8]> = row.iter().collect();
        let joined = ByteRecord::from(vec![cells.join(&separator[..])]);
        inner.push(line, &joined).map_err(unwritable)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn push(&mut self, line: u64, row: &ByteRecord) -> io::Result<()> {
        if self.last.is_empty() {
            self.last_begins = line;
        }
        let short = |length: usize| u32::try_from(length).map_err(io::Error::other);
        let (length, cells) = (short(row.as_slice().len() + 4 * row.len())?, row.len());
        self.last.extend(line.to_le_bytes());
        self.last.extend(length.to_le_bytes());
        self.last.extend(short(cells)?.to_le_bytes());
        for cell in row {
            self.last.extend(short(cell.len())?.to_le_bytes());
        }
        self.last.extend(row.as_slice());
        if self.last.len() >= BLOCK_OCTETS {
            let file = match &mut self.file {
                Some(file) => file,
                none => none.insert(tempfile::tempfile()?),
            };
            file.seek(SeekFrom::Start(self.end))?;
            file.write_all(&self.last)?;
            self.blocks.push((self.last_begins, self.end));
            self.end += self.last.len() as u64;
            self.last.clear();
            self.last.shrink_to(2 * BLOCK_OCTETS);
        }
        Ok(())
    }

    /// The cells of the row that begins on this line.
    fn find(&mut self, line: u64) -> io::Result<Option<ByteRecord>> {
        if !self.last.is_empty() && line >= self.last_begins {
            return Ok(in_block(&self.last, line));
        }
        let after = self.blocks.partition_point(|(first, _)| *first <= line);
        let (Some(number), Some(file)) = (after.checked_sub(1), &mut self.file) else {
            return Ok(None);
        };
        if self.found_number != Some(number) {
            self.found_number = None;
            let begin = self.blocks[number].1;
            let end = self.blocks.get(after).map_or(self.end, |block| block.1);
            self.found.clear();
            self.found.shrink_to(2 * BLOCK_OCTETS);
            file.seek(SeekFrom::Start(begin))?;
            Read::by_ref(file)
                .take(end - begin)
                .read_to_end(&mut self.found)?;
            self.found_number = Some(number);
        }
        Ok(in_block(&self.found, line))
    }
}

fn in_block(mut octets: &[u8], line: u64) -> Option<ByteRecord> {
    loop {
        let (head, rest) = octets.split_at_checked(HEAD_OCTETS)?;
        let number =
            |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().unwrap_or_default());
        let first = u64::from_le_bytes(head[..8].try_into().unwrap_or_default());
        let (row, after) = rest.split_at_checked(number(8) as usize)?;
        if first == line {
            return cells(row, number(12) as usize);
        }
        octets = after;
    }
}

fn cells(row: &[u8], count: usize) -> Option<ByteRecord> {
    let (lengths, mut text) = row.split_at_checked(4 * count)?;
    let mut record = ByteRecord::with_capacity(text.len(), count);
    for length in lengths.chunks_exact(4) {
        let length = u32::from_le_bytes(length.try_into().unwrap_or_default());
        let (cell, after) = text.split_at_checked(length as usize)?;
        record.push_field(cell);
        text = after;
    }
    Some(record)
}

/// Whether a spreadsheet takes a cell for a formula, or would without the apostrophes before it.
fn is_formula(cell: &[u8]) -> bool {
    let begins = cell.iter().find(|octet| **octet != b'\'');
    begins.is_some_and(|octet| matches!(octet, b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
}

/// The cell with an apostrophe before what looks like a formula.
fn guarded(cell: &[u8]) -> Cow<'_, [u8]> {
    match is_formula(cell) {
        true => [b"'", cell].concat().into(),
        false => cell.into(),
    }
}

/// The cell that was guarded.
fn unguarded(cell: &[u8]) -> &[u8] {
    match cell.strip_prefix(b"'") {
        Some(inner) if is_formula(inner) => inner,
        _ => cell,
    }
}

/// How many columns the file had whose report this is, by the header of the report; none for any other file.
pub(super) fn columns_before_report(header: &ByteRecord) -> Option<usize> {
    let count = header.len().checked_sub(REPORT_COLUMNS.len())?;
    let last = header.iter().skip(count);
    let same = |(cell, name): (&[u8], &&str)| cell.trim_ascii() == name.as_bytes();
    (count > 0 && last.zip(&REPORT_COLUMNS).all(same)).then_some(count)
}

/// The row of a report as the file had it that so many columns were in.
pub(super) fn without_report(row: &ByteRecord, columns: usize) -> ByteRecord {
    let ours = columns..columns + REPORT_COLUMNS.len();
    let cells = row.iter().enumerate();
    let theirs = cells.filter(|(number, _)| !ours.contains(number));
    theirs.map(|(_, cell)| unguarded(cell)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_row_comes_back_from_the_report_as_it_was(
            rows in prop::collection::vec(prop::collection::vec("['=+@a\t,]{0,6}", 1..5), 1..40),
        ) {
            let kept = KeptRows::default();
            kept.begin(&ByteRecord::from(vec!["email", "name", "x"]), b';');
            for (line, row) in (2..).zip(&rows) {
                kept.push(line, &ByteRecord::from(row.clone()), false).unwrap();
            }
            let (header, _) = kept.header().unwrap();
            prop_assert_eq!(columns_before_report(&header), Some(3));
            for (line, row) in (2..).zip(&rows) {
                let written = kept.row(line, "=why").unwrap();
                prop_assert!(!written.iter().any(|cell| cell.starts_with(b"=")));
                let mut wanted = row.clone();
                wanted.resize(wanted.len().max(3), String::new());
                prop_assert_eq!(without_report(&written, 3), ByteRecord::from(wanted));
            }
        }
    }

    #[test]
    fn rows_of_any_length_are_found_in_any_order_without_holding_them() {
        let kept = KeptRows::default();
        kept.begin(&ByteRecord::from(vec!["email"]), b',');
        let row = |line: u64| ByteRecord::from(vec!["x".repeat(line as usize * 1_000)]);
        for line in 1..=300 {
            kept.push(line, &row(line), false).unwrap();
        }
        for line in [1, 2, 300, 299, 150, 65, 66, 1] {
            assert_eq!(kept.row(line, "").unwrap()[0], row(line)[0], "{line}");
        }
        assert_eq!(kept.row(301, "").unwrap()[0], *b"");
        let inner = kept.lock();
        assert!(inner.blocks.len() > 100 && inner.last.capacity() < 1_000_000);
        assert!(inner.found.capacity() < 1_000_000);
    }

    #[test]
    fn only_a_report_has_both_columns_at_its_end() {
        for (header, columns) in [
            (vec!["email", "line", "reason"], Some(1)),
            (vec!["line", "reason"], None),
            (vec!["email", "reason", "line"], None),
            (vec!["line", "reason", "email"], None),
        ] {
            assert_eq!(columns_before_report(&ByteRecord::from(header)), columns);
        }
    }
}
