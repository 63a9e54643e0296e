//! Checks rows as far as that needs no database, and passes them on in the order of their addresses.

use std::io::{self, Read};

use csv::ByteRecord;

use super::RefusedRow;
use super::external_sort::{ExternalSort, Record, Runs};
use super::left::LeftRow;
use super::reader::{NextRow, RowReader};
use super::row::CheckedRow;
use super::row_key::{RefusedCells, RowKey};
use crate::domain::LinkKey;
use crate::membership::Evidence;
use crate::store::subscription::import::ImportRow;

/// Rows of one transaction. Sign-ups wait meanwhile.
const BATCH_ROWS: usize = 4_096;
/// A batch that has so many octets of text gets no more rows, however few it has.
const BATCH_OCTETS: usize = 4 * 1024 * 1024;
/// The most refused rows that are passed on together.
pub(super) const MAX_REFUSED: usize = 1_000;

/// What is passed on: refused rows, then the end of the file, then batches of the others.
pub(super) enum Step<Batch = Vec<(ImportRow, Evidence)>> {
    /// Those of the next refused rows whose people have left, with their address keys; in the order of the file.
    Left(Vec<LeftRow>),
    /// In the order of the file.
    Refused(Vec<RefusedRow>),
    /// How many rows say that nobody has left, in an import of those who have.
    NotLeft(u64),
    /// The whole file was read.
    EndOfFile {
        /// How many rows there were, without empty ones.
        rows: u64,
        /// How many were refused because their readers have left the other service, or never confirmed there.
        leavers: u64,
        /// Why reading stopped before the end of the file, if it did.
        stopped: Option<String>,
    },
    /// To be written in one transaction: sorted by their address keys; rows of one address in the order of the
    /// file.
    Batch(Batch),
}

/// Reads all rows, and calls `pass_on` for each step until it returns false.
///
/// # Errors
/// When the rows cannot be sorted.
pub(super) fn sort(
    reader: RowReader<impl Read>,
    key: &LinkKey,
    check: impl FnMut(&ByteRecord, u64) -> Result<CheckedRow, RefusedCells>,
    pass_on: impl Fn(Step) -> bool,
) -> io::Result<()> {
    let Some(runs) = read_all(reader, check, &pass_on)? else {
        return Ok(());
    };
    let (mut sorted, mut record) = (runs.merged()?, Record::default());
    let (mut batches, mut left) = (Batches::new(pass_on), Vec::new());
    while sorted.next_into(&mut record)? {
        if has_left(&RowKey::read(&record.key)?, &mut left) {
            continue;
        }
        let row = CheckedRow::from_record(&record)?.into_parts(key);
        if !batches.push(row, record.value.len()) {
            return Ok(());
        }
    }
    batches.end();
    Ok(())
}

/// Passes sorted rows on in batches.
pub(super) struct Batches<F> {
    rows: Vec<(ImportRow, Evidence)>,
    octets: usize,
    pass_on: F,
}

impl<F: Fn(Step) -> bool> Batches<F> {
    pub(super) fn new(pass_on: F) -> Self {
        Self {
            rows: Vec::new(),
            octets: 0,
            pass_on,
        }
    }

    /// Takes the next row, of so many octets; false when no more are wanted.
    pub(super) fn push(&mut self, row: (ImportRow, Evidence), octets: usize) -> bool {
        let is_full = self.rows.len() >= BATCH_ROWS || self.octets >= BATCH_OCTETS;
        // Rows of one address stay together: of two transactions at the same time the later may be the first.
        let last = self.rows.last();
        let is_other = last.is_some_and(|(last, _)| last.key != row.0.key);
        if is_full && is_other || self.octets >= 2 * BATCH_OCTETS {
            self.octets = 0;
            if !(self.pass_on)(Step::Batch(std::mem::take(&mut self.rows))) {
                return false;
            }
        }
        self.octets += octets;
        self.rows.push(row);
        true
    }

    /// Passes the last batch on.
    pub(super) fn end(self) {
        (self.pass_on)(Step::Batch(self.rows));
    }
}

/// Refused rows that are not passed on yet.
#[derive(Default)]
struct Refused {
    rows: Vec<RefusedRow>,
    /// Those of people who have left.
    left: Vec<LeftRow>,
}

impl Refused {
    fn pass_on(&mut self, pass_on: impl Fn(Step) -> bool) -> bool {
        pass_on(Step::Left(std::mem::take(&mut self.left)))
            && pass_on(Step::Refused(std::mem::take(&mut self.rows)))
    }
}

/// Whether the owner of a row's address has left, by this row or one before it. `left` is the last address of which that
/// is known, and begins empty.
fn has_left(row: &RowKey, left: &mut Vec<u8>) -> bool {
    if row.has_left && row.address != &left[..] {
        left.clear();
        left.extend(row.address);
    }
    row.address == &left[..]
}

/// The good rows with the address of somebody who has left by another row, the line of that row, and the address; by their lines.
fn refuse_other_rows(runs: &Runs) -> io::Result<ExternalSort> {
    let (mut sorted, mut record) = (runs.merged()?, Record::default());
    let (mut left, mut line_of_left) = (Vec::new(), 0);
    let mut refused = ExternalSort::default();
    while sorted.next_into(&mut record)? {
        let row = RowKey::read(&record.key)?;
        if row.has_left && row.address != &left[..] {
            line_of_left = row.line;
        }
        if has_left(&row, &mut left) && !row.has_left {
            let value = [&line_of_left.to_be_bytes()[..], row.address].concat();
            refused.push(&row.line.to_be_bytes(), &value)?;
        }
    }
    Ok(refused)
}

/// Passes on that these rows are refused; returns how many, or none when a step is not wanted.
fn pass_on_refused(
    refused: ExternalSort,
    pass_on: impl Fn(Step) -> bool,
) -> io::Result<Option<u64>> {
    let (mut sorted, mut record) = (refused.sorted()?, Record::default());
    let (mut rows, mut step) = (0, Refused::default());
    let strange = || io::Error::other("a sorted row cannot be read");
    while sorted.next_into(&mut record)? {
        let (line, _) = record.key.split_first_chunk().ok_or_else(strange)?;
        let (left, address) = record.value.split_first_chunk().ok_or_else(strange)?;
        let (line, left) = (u64::from_be_bytes(*line), u64::from_be_bytes(*left));
        let key = str::from_utf8(address)
            .map_err(io::Error::other)?
            .to_owned();
        let why = format!(
            "line {left} has the same address, and says that its owner has left: who has left is not imported"
        );
        step.left.push(LeftRow { line, key });
        step.rows.push(RefusedRow { line, why });
        rows += 1;
        if step.rows.len() == MAX_REFUSED && !step.pass_on(&pass_on) {
            return Ok(None);
        }
    }
    Ok(step.pass_on(&pass_on).then_some(rows))
}

/// Collects the good rows, and those of people who have left; none when a step is not wanted.
fn read_all(
    mut reader: RowReader<impl Read>,
    mut check: impl FnMut(&ByteRecord, u64) -> Result<CheckedRow, RefusedCells>,
    pass_on: impl Fn(Step) -> bool,
) -> io::Result<Option<Runs>> {
    let (mut sort, mut rows, mut refused) = (ExternalSort::default(), 0, Refused::default());
    let (mut leavers, mut any_left) = (0, false);
    let mut record = ByteRecord::new();
    let (mut key, mut value) = (Vec::new(), Vec::new());
    let stopped = loop {
        let (line, misquoted) = match reader.next_row(&mut record)? {
            NextRow::Row(line, misquoted) => (line, misquoted),
            NextRow::End(stopped) => break stopped,
        };
        rows += 1;
        let checked = match misquoted {
            Some(why) => Err(why.into()),
            None => check(&record, line),
        };
        match checked {
            Ok(row) => {
                row.write_key(&mut key);
                row.write_value(&mut value)?;
                sort.push(&key, &value)?;
            }
            Err(RefusedCells { why, leaver }) => {
                leavers += u64::from(leaver.is_some());
                if let Some(leaver) = leaver.filter(|one| !one.is_unconfirmed) {
                    any_left = true;
                    leaver.write_key(line, &mut key);
                    sort.push(&key, &[])?;
                    let key = leaver.key;
                    refused.left.push(LeftRow { line, key });
                }
                refused.rows.push(RefusedRow { line, why });
            }
        }
        if refused.rows.len() == MAX_REFUSED && !refused.pass_on(&pass_on) {
            return Ok(None);
        }
    };
    if !refused.pass_on(&pass_on) {
        return Ok(None);
    }
    let runs = sort.into_runs()?;
    if any_left {
        match pass_on_refused(refuse_other_rows(&runs)?, &pass_on)? {
            Some(rows) => leavers += rows,
            None => return Ok(None),
        }
    }
    let end = Step::EndOfFile {
        rows,
        leavers,
        stopped,
    };
    Ok(pass_on(end).then_some(runs))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::Cursor;

    use super::{BATCH_ROWS, CheckedRow, RowReader, Step, sort};
    use crate::domain::LinkKey;

    #[test]
    fn rows_of_one_address_stay_in_one_transaction() {
        let full = (1..BATCH_ROWS).map(|n| format!("a{n:05}"));
        let after = ["c", "b", "d", "b", "b"].map(str::to_owned);
        let file: Vec<String> = after.into_iter().chain(full.rev()).collect();
        let reader = RowReader::new(Cursor::new(file.join("\n")), &[]).unwrap();
        let check = |record: &csv::ByteRecord, line| {
            Ok(CheckedRow::of_address(
                line,
                &String::from_utf8_lossy(&record[0]),
            ))
        };
        let batches = RefCell::new(Vec::new());
        sort(reader, &LinkKey::new([7; 32]), check, |step| {
            if let Step::Batch(rows) = step {
                batches.borrow_mut().push(rows);
            }
            true
        })
        .unwrap();
        let batches = batches.into_inner();
        let rows = |batch: usize| {
            let last: Vec<_> = batches[batch].iter().rev().take(3).rev().collect();
            last.into_iter()
                .map(|(row, _)| (row.key.as_str(), row.line))
                .collect::<Vec<_>>()
        };
        assert_eq!(batches.len(), 2);
        assert_eq!(batches[0].len(), BATCH_ROWS + 2);
        assert_eq!(rows(0), [("b", 2), ("b", 4), ("b", 5)]);
        assert_eq!(rows(1), [("c", 1), ("d", 3)]);
    }
}
