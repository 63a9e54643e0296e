//! Reads the records of the file, with their lines.

use std::io::{self, Read};

use csv::{ByteRecord, Reader, ReaderBuilder};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::columns::{ColumnName, Columns, Given};
use super::kept_rows::{KeptRows, columns_before_report, without_report};
use super::left::LeftColumns;
use super::quoting::{MisquotedLines, QuotingCheck};
use super::source::{self, END_MARKER, NormalizedSource, SinceRecord, Utf8};
use super::{ImportError, misquoted};

/// What comes next in the file.
pub(super) enum NextRow {
    /// A row, the line on which it begins, and why its quotation marks cannot be understood, if they cannot.
    Row(u64, Option<String>),
    /// Nothing more, and why reading stopped before the end of the file, if it did.
    End(Option<String>),
}

/// Reads a CSV file.
pub(super) struct RowReader<R: Read> {
    reader: Reader<NormalizedSource<Utf8<R>>>,
    /// Lines before the header, which the reader does not know of.
    skipped: u64,
    /// What was said of its columns.
    pub(super) given: Given,
    since_record: SinceRecord,
    misquoted: MisquotedLines,
    separator: u8,
    /// How many columns there were before those of a report, if this is one.
    before_report: Option<usize>,
    kept: Option<KeptRows>,
}

impl<R: Read> RowReader<R> {
    pub(super) fn new(file: R, mapping: &[ColumnName]) -> io::Result<Self> {
        let since_record = SinceRecord::default();
        let misquoted = MisquotedLines::default();
        let opened = source::open(file)?;
        let quoting = QuotingCheck::new(opened.separator, misquoted.clone());
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(opened.separator)
            .from_reader(NormalizedSource::new(
                opened.text,
                since_record.clone(),
                quoting,
            ));
        Ok(Self {
            reader,
            skipped: opened.skipped,
            given: Given {
                mapping: mapping.to_vec(),
                ..Given::default()
            },
            since_record,
            misquoted,
            separator: opened.separator,
            before_report: None,
            kept: None,
        })
    }

    /// Keeps all rows from now on that [`next_row`](Self::next_row) reads.
    pub(super) fn keep_rows(&mut self) -> KeptRows {
        self.kept.insert(KeptRows::default()).clone()
    }

    /// Reads the header row.
    pub(super) fn header(
        &mut self,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Columns, ImportError> {
        let record = self.names()?;
        Columns::find(&record, &self.given, zone, now)
    }

    /// Reads the header row of a file of those who have left.
    pub(super) fn left_header(
        &mut self,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<LeftColumns, ImportError> {
        let record = self.names()?;
        LeftColumns::find(&record, &self.given, zone, now)
    }

    /// Reads the names of the columns, without those of a report.
    fn names(&mut self) -> Result<ByteRecord, ImportError> {
        let mut record = ByteRecord::new();
        if self
            .next(&mut record)
            .map_err(ImportError::Header)?
            .is_none()
        {
            return Err(ImportError::Header("the file is empty".into()));
        }
        if let Some(at) = self.misquoted_line() {
            return Err(ImportError::Header(misquoted(at)));
        }
        self.before_report = columns_before_report(&record);
        if let Some(columns) = self.before_report {
            record = without_report(&record, columns);
        }
        if let Some(kept) = &self.kept {
            kept.begin(&record, self.separator);
        }
        Ok(record)
    }

    /// Reads the next row that is not empty, and keeps it for the report, if there is one.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub(super) fn next_row(&mut self, record: &mut ByteRecord) -> io::Result<NextRow> {
        loop {
            let line = match self.next(record) {
                Ok(Some(line)) => line,
                end => return Ok(NextRow::End(end.err())),
            };
            if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            let misquoted_at = self.misquoted_line();
            if let Some(kept) = &self.kept {
                kept.push(line, record, misquoted_at.is_some())?;
            }
            return Ok(NextRow::Row(line, misquoted_at.map(misquoted)));
        }
    }

    /// Reads the next record; returns the line it begins on, or none at the end of the file.
    pub(super) fn next(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, String> {
        let start = self.reader.position().line() + self.skipped;
        let stopped = |line: u64, why: &str| format!("reading stopped at line {line}: {why}");
        let found = self.reader.read_byte_record(record);
        let found = found.map_err(|e| stopped(start, &e.to_string()))?;
        self.since_record.reset();
        let last = record.iter().next_back().unwrap_or_default();
        if !found || record.len() == 1 && last == END_MARKER.trim_ascii() {
            return Ok(None);
        }
        // The reader skips empty lines before a record, so count back from its end.
        let breaks = record.as_slice().iter().filter(|o| **o == b'\n').count() as u64;
        let line = self.reader.position().line() + self.skipped;
        let line = line.saturating_sub(breaks + 1);
        if last.ends_with(END_MARKER) {
            let line = line + 1;
            return Err(stopped(line, "a quotation mark is left open"));
        }
        if let Some(columns) = self.before_report {
            *record = without_report(record, columns);
        }
        Ok(Some(line))
    }

    /// The line of the record just read whose quotation marks cannot be understood, if there is one.
    pub(super) fn misquoted_line(&self) -> Option<u64> {
        let end = self.reader.position().line();
        self.misquoted
            .take_before(end)
            .map(|line| line + self.skipped)
    }
}
