//! Checks rows as far as that needs no database, and passes them on in the order of their addresses.

use std::io::{self, Read};

use csv::ByteRecord;

use super::external_sort::{ExternalSort, Record};
use super::reader::RowReader;
use super::row::CheckedRow;
use super::{RefusedRow, misquoted};
use crate::domain::LinkKey;
use crate::membership::Evidence;
use crate::store::subscription::import::ImportRow;

/// The most rows in one transaction. Sign-ups wait meanwhile.
const BATCH_ROWS: usize = 4_096;
/// A batch that has so many octets of text gets no more rows, whatever they weigh in memory.
const BATCH_OCTETS: usize = 4 * 1024 * 1024;
/// The most refused rows that are passed on together.
const MAX_REFUSED: usize = 1_000;

/// What is passed on: refused rows, then the end of the file, then batches of the others.
pub(super) enum Step {
    /// In the order of the file.
    Refused(Vec<RefusedRow>),
    /// The whole file was read.
    Read {
        /// How many rows there were, without empty ones.
        rows: u64,
        /// Why reading stopped before the end of the file, if it did.
        stopped: Option<String>,
    },
    /// To be written in one transaction: sorted by their address keys; rows of one address in the order of the
    /// file.
    Batch(Vec<(ImportRow, Evidence)>),
}

/// Reads all rows, and passes on all steps, until one is not wanted.
///
/// # Errors
/// When the rows cannot be sorted.
pub(super) fn sort(
    reader: RowReader<impl Read>,
    key: &LinkKey,
    check: impl FnMut(&ByteRecord, u64) -> Result<CheckedRow, String>,
    pass_on: impl Fn(Step) -> bool,
) -> io::Result<()> {
    let Some(sort) = read_all(reader, check, &pass_on)? else {
        return Ok(());
    };
    let (mut sorted, mut record) = (sort.sorted()?, Record::default());
    let (mut batch, mut octets) = (Vec::new(), 0);
    while sorted.next_into(&mut record)? {
        let row: CheckedRow = serde_json::from_slice(&record.value)?;
        batch.push(row.into_parts(key));
        octets += record.value.len();
        if batch.len() == BATCH_ROWS || octets >= BATCH_OCTETS {
            octets = 0;
            if !pass_on(Step::Batch(std::mem::take(&mut batch))) {
                return Ok(());
            }
        }
    }
    pass_on(Step::Batch(batch));
    Ok(())
}

/// Collects the good rows; none when a step is not wanted.
fn read_all(
    mut reader: RowReader<impl Read>,
    mut check: impl FnMut(&ByteRecord, u64) -> Result<CheckedRow, String>,
    pass_on: impl Fn(Step) -> bool,
) -> io::Result<Option<ExternalSort>> {
    let (mut sort, mut rows, mut refused) = (ExternalSort::default(), 0, Vec::new());
    let mut record = ByteRecord::new();
    let (mut key, mut value) = (Vec::new(), Vec::new());
    let stopped = loop {
        let line = match reader.next(&mut record) {
            Ok(Some(line)) => line,
            end => break end.err(),
        };
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        rows += 1;
        let checked = match reader.misquoted_line() {
            Some(at) => Err(misquoted(at)),
            None => check(&record, line),
        };
        match checked {
            Ok(row) => {
                key.clear();
                row.sort_key(&mut key);
                value.clear();
                serde_json::to_writer(&mut value, &row)?;
                sort.push(&key, &value)?;
            }
            Err(why) => refused.push(RefusedRow { line, why }),
        }
        if refused.len() == MAX_REFUSED && !pass_on(Step::Refused(std::mem::take(&mut refused))) {
            return Ok(None);
        }
    };
    let wanted = pass_on(Step::Refused(refused)) && pass_on(Step::Read { rows, stopped });
    Ok(wanted.then_some(sort))
}
