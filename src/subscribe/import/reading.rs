//! Reads a file of readers, or of those who have left.

use std::io::{self, Read};
use std::sync::Arc;

use csv::ByteRecord;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::columns::{Columns, UnnamedColumns};
use super::left::{self, LeftColumns};
use super::reader::RowReader;
use super::sorting::{self, Step};
use super::status_column::Reading;
use super::{ImportError, ImportReport};
use crate::clock::Clock;
use crate::domain::{LinkKey, Newsletter};

/// Which column of the file is which.
pub(super) enum FileColumns {
    Readers(Columns),
    Left(LeftColumns),
}

impl FileColumns {
    /// Reads the header row of a file of readers.
    pub(super) fn of_readers<R: Read>(
        reader: &mut RowReader<R>,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Self, ImportError> {
        reader.header(zone, now).map(Self::Readers)
    }

    /// Reads the header row of a file of those who have left.
    pub(super) fn of_left<R: Read>(
        reader: &mut RowReader<R>,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Self, ImportError> {
        reader.left_header(zone, now).map(Self::Left)
    }

    /// What a report says of them before a row is read.
    pub(super) fn tell(&self, report: &mut ImportReport) {
        match self {
            Self::Left(columns) => report.told_by.clone_from(&columns.told_by),
            Self::Readers(columns) => {
                report.ignored_columns.clone_from(&columns.ignored);
                report.notes.clone_from(&columns.notes);
            }
        }
    }

    /// The columns without a name, where a report says of them what is in them.
    pub(super) fn unnamed(&self) -> Option<Arc<UnnamedColumns>> {
        match self {
            Self::Left(_) => None,
            Self::Readers(columns) => Some(Arc::clone(&columns.unnamed)),
        }
    }

    /// Reads, checks and sorts all rows, and calls `send` for each step until it returns false.
    ///
    /// # Errors
    /// When the rows cannot be sorted.
    pub(super) fn sort(
        &self,
        reader: RowReader<impl Read>,
        key: &LinkKey,
        (newsletter, clock): (&Newsletter, &Clock),
        send: impl Fn(Step) -> bool,
    ) -> io::Result<()> {
        let mut reading = Reading::default();
        match self {
            Self::Readers(columns) => {
                let check = |record: &ByteRecord, line| {
                    columns.check(record, line, newsletter, clock.now(), &mut reading)
                };
                sorting::sort(reader, key, check, send)
            }
            Self::Left(columns) => {
                left::sort(reader, key, columns, (newsletter, clock.now()), send)
            }
        }
    }
}
