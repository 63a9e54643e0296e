//! An import of those who have left elsewhere, and who among the refused has left.

mod columns;
mod writing;

use std::io::{self, Read};

use csv::ByteRecord;
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

pub(super) use columns::LeftColumns;
pub(super) use writing::{still_active, write};

use super::RefusedRow;
use super::external_sort::{ExternalSort, Record};
use super::reader::{NextRow, RowReader};
use super::sorting::{Batches, MAX_REFUSED, Step};
use super::status_column::Reading;
use crate::domain::{ConsentMethod, ConsentWording, EmailAddress, Frequency, LinkKey, Newsletter};
use crate::membership::Evidence;
use crate::store::subscription::import::ImportRow;

/// What the record of consent says: the file has no words of the reader.
const WORDING: &str = "An imported file says that the reader has unsubscribed elsewhere.";
/// Where.
const PAGE: &str = "xabar import --left";

/// Somebody who has left, by a row of the file.
pub(super) struct LeftRow {
    pub(super) line: u64,
    /// The address key (see `EmailAddress::key`).
    pub(super) key: String,
}

/// Reads all rows, and calls `pass_on` for each step until it returns false. Where a column tells who has left, those
/// are passed on, or else all.
///
/// # Errors
/// When the rows cannot be sorted.
pub(super) fn sort(
    mut reader: RowReader<impl Read>,
    key: &LinkKey,
    columns: &LeftColumns,
    (newsletter, now): (&Newsletter, Timestamp),
    pass_on: impl Fn(Step) -> bool,
) -> io::Result<()> {
    let (mut said, mut unsaid) = (ExternalSort::default(), ExternalSort::default());
    let (mut rows, mut said_rows, mut unsaid_rows) = (0, 0, 0);
    let (mut refused, mut record) = (Vec::new(), ByteRecord::new());
    let mut reading = Reading::default();
    let stopped = loop {
        let (line, misquoted) = match reader.next_row(&mut record)? {
            NextRow::Row(line, misquoted) => (line, misquoted),
            NextRow::End(stopped) => break stopped,
        };
        rows += 1;
        let address = match misquoted {
            Some(why) => Err(why),
            None => columns.address(&record),
        };
        match address {
            Ok(address) => {
                let (sort, count) = match columns.says_left(&record, &mut reading) {
                    true => (&mut said, &mut said_rows),
                    false => (&mut unsaid, &mut unsaid_rows),
                };
                *count += 1;
                let at = columns.left_at(&record, now);
                push(sort, line, &address, at)?;
            }
            Err(why) => refused.push(RefusedRow { line, why }),
        }
        if refused.len() == MAX_REFUSED && !pass_on(Step::Refused(std::mem::take(&mut refused))) {
            return Ok(());
        }
    };
    let is_told = said_rows > 0 || !columns.told_by.is_empty();
    let (sort, not_left) = match is_told {
        true => (said, unsaid_rows),
        false => (unsaid, 0),
    };
    let end = Step::EndOfFile {
        rows,
        leavers: 0,
        stopped,
    };
    let wanted =
        pass_on(Step::Refused(refused)) && pass_on(Step::NotLeft(not_left)) && pass_on(end);
    match wanted {
        true => pass_batches(sort, key, newsletter, pass_on),
        false => Ok(()),
    }
}

fn push(
    sort: &mut ExternalSort,
    line: u64,
    address: &EmailAddress,
    at: Timestamp,
) -> io::Result<()> {
    let (key, spelling) = (address.key(), address.to_string());
    let value = (
        at.as_microsecond(),
        Some(&spelling).filter(|it| **it != key),
    );
    let value = postcard::to_stdvec(&value).map_err(io::Error::other)?;
    // An address has no NUL.
    sort.push(
        &[key.as_bytes(), &[0], &line.to_be_bytes()].concat(),
        &value,
    )
}

fn pass_batches(
    sort: ExternalSort,
    key: &LinkKey,
    newsletter: &Newsletter,
    pass_on: impl Fn(Step) -> bool,
) -> io::Result<()> {
    let (mut sorted, mut record) = (sort.sorted()?, Record::default());
    let mut batches = Batches::new(pass_on);
    while sorted.next_into(&mut record)? {
        if !batches.push(row(&record, key, newsletter)?, record.value.len()) {
            return Ok(());
        }
    }
    batches.end();
    Ok(())
}

/// A sorted row, and what is recorded of it.
fn row(
    record: &Record,
    key: &LinkKey,
    newsletter: &Newsletter,
) -> io::Result<(ImportRow, Evidence)> {
    let strange = || io::Error::other("a sorted row cannot be read");
    let (micros, address): (i64, Option<String>) =
        postcard::from_bytes(&record.value).map_err(io::Error::other)?;
    let (rest, line) = record.key.split_last_chunk().ok_or_else(strange)?;
    let text = rest.strip_suffix(&[0]).map(str::from_utf8);
    let text = text.and_then(Result::ok).ok_or_else(strange)?;
    let at = Timestamp::from_microsecond(micros).map_err(io::Error::other)?;
    let language = newsletter.language;
    let row = ImportRow {
        line: u64::from_be_bytes(*line),
        hash: key.address_hash(text),
        key: text.to_owned(),
        address,
        name: None,
        language: language.as_str(),
        countries: String::new(),
        frequency: Frequency::default().as_str(),
        consent_at: end_of_day(at, newsletter).as_microsecond(),
    };
    let evidence = Evidence {
        method: ConsentMethod::Import,
        at,
        wording: ConsentWording {
            wording: WORDING.to_owned(),
            version: PAGE.to_owned(),
            language,
        },
        page: PAGE.to_owned(),
        ip: None,
    };
    Ok((row, evidence))
}

/// A day alone may mean any time of it: who agreed and left on one day has left.
fn end_of_day(at: Timestamp, newsletter: &Newsletter) -> Timestamp {
    let local = newsletter.time_zone.to_datetime(at);
    match local.time() == Time::midnight() {
        true => at
            .saturating_add(SignedDuration::from_hours(24))
            .unwrap_or(at),
        false => at,
    }
}
