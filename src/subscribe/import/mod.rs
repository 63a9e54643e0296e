//! Import of subscribers from a CSV file, with proof of their consent.

mod columns;
mod quoting;
mod row;
mod source;

use std::collections::{HashMap, HashSet};
use std::io::{self, Read};

use csv::{ByteRecord, Reader, ReaderBuilder};
use serde::Serialize;

use crate::domain::{Newsletter, SubscriptionState, SuppressionReason};
use crate::membership;
use crate::service::Service;
use crate::store::subscription::import;
use crate::store::subscription::import::ImportRow;
use crate::store::{self, StoreError};
use columns::Columns;
pub use columns::{ColumnName, ColumnNameError};
use quoting::{MisquotedLines, QuotingCheck};
use row::CheckedRow;
use source::{END_MARKER, NormalizedSource, SinceRecord, Utf8};

/// The most refused rows that a report lists.
const MAX_LISTED: usize = 1_000;
/// Rows in one transaction.
const BATCH_ROWS: usize = 2_000;

/// A row that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    /// Its line in the file.
    pub line: u64,
    /// Why, and what to do about it.
    pub why: String,
}

/// The result of an import.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportReport {
    /// Rows read.
    pub rows: u64,
    /// New active subscriptions.
    pub imported: u64,
    /// Rows whose address has an active subscription already, or is in an earlier row; they change nothing.
    pub known: u64,
    /// Rows refused.
    pub refused: u64,
    /// The first thousand of them.
    pub refused_rows: Vec<RefusedRow>,
    /// Columns of the file that mean nothing here, with the name that may have been meant.
    pub ignored_columns: Vec<IgnoredColumn>,
    /// Why reading stopped before the end of the file, if it did. What was imported stays.
    pub stopped: Option<String>,
}

/// A column of the file that is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IgnoredColumn {
    /// Its name in the file.
    pub name: String,
    /// The column that it looks like.
    pub perhaps: Option<&'static str>,
}

/// Why an import failed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The header row.
    #[error(
        "the first line must name the columns email, consent_at, consent_source and consent_wording \
        (and may name language, countries, frequency, name); {0}"
    )]
    Header(String),
    /// The file or the report.
    #[error("reading the file or writing the report failed: {0}")]
    Io(#[from] io::Error),
    /// The database.
    #[error("{0}; the rows before are imported, and running the import again goes on from there")]
    Store(#[from] StoreError),
}

/// Imports a CSV file; memory use does not depend on the length of the file or of a cell.
pub struct Importer<'a, R: Read> {
    service: &'a Service,
    newsletter: &'a Newsletter,
    reader: Reader<NormalizedSource<Utf8<R>>>,
    /// Lines before the header, which the reader does not know of.
    skipped: u64,
    mapping: Vec<ColumnName>,
    since_record: SinceRecord,
    misquoted: MisquotedLines,
    report: ImportReport,
}

impl<'a, R: Read> Importer<'a, R> {
    /// An import of `file` into `newsletter`. `mapping` gives columns of the file our names.
    ///
    /// # Errors
    /// When the beginning of the file cannot be read.
    pub fn new(
        service: &'a Service,
        newsletter: &'a Newsletter,
        file: R,
        mapping: &[ColumnName],
    ) -> io::Result<Self> {
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
            service,
            newsletter,
            reader,
            skipped: opened.skipped,
            mapping: mapping.to_vec(),
            since_record,
            misquoted,
            report: ImportReport::default(),
        })
    }

    /// Imports every good row and passes each refused one to `refuse`.
    ///
    /// # Errors
    /// When the header row lacks a column, the file cannot be read, or the database cannot be used.
    pub async fn run(
        mut self,
        mut refuse: impl FnMut(&RefusedRow) -> io::Result<()>,
    ) -> Result<ImportReport, ImportError> {
        let columns = self.header()?;
        self.report.ignored_columns = columns.ignored.clone();
        let mut record = ByteRecord::new();
        let mut batch: Vec<CheckedRow> = Vec::with_capacity(BATCH_ROWS);
        loop {
            let line = match self.next(&mut record) {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(why) => {
                    self.report.stopped = Some(why);
                    break;
                }
            };
            if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            self.report.rows += 1;
            let checked = match self.misquoted_line() {
                Some(at) => Err(misquoted(at)),
                None => columns.check(&record, line, self.service, self.newsletter),
            };
            match checked {
                Ok(checked) => batch.push(checked),
                Err(why) => self.refuse(&mut refuse, line, why)?,
            }
            if batch.len() == BATCH_ROWS {
                self.write(&mut batch, &mut refuse).await?;
            }
        }
        self.write(&mut batch, &mut refuse).await?;
        Ok(self.report)
    }

    /// Reads the next record; returns the line it begins on, or none at the end of the file.
    fn next(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, String> {
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
        Ok(Some(line))
    }

    /// The line of the record just read whose quotation marks cannot be understood, if there is one.
    fn misquoted_line(&self) -> Option<u64> {
        let end = self.reader.position().line();
        self.misquoted
            .take_before(end)
            .map(|line| line + self.skipped)
    }

    fn refuse(
        &mut self,
        refuse: &mut impl FnMut(&RefusedRow) -> io::Result<()>,
        line: u64,
        why: String,
    ) -> io::Result<()> {
        self.report.refused += 1;
        let row = RefusedRow { line, why };
        refuse(&row)?;
        if self.report.refused_rows.len() < MAX_LISTED {
            self.report.refused_rows.push(row);
        }
        Ok(())
    }

    fn header(&mut self) -> Result<Columns, ImportError> {
        let mut record = ByteRecord::new();
        match self.next(&mut record).map_err(ImportError::Header)? {
            Some(_) => match self.misquoted_line() {
                Some(at) => Err(ImportError::Header(misquoted(at))),
                None => Columns::find(&record, &self.mapping),
            },
            None => Err(ImportError::Header("the file is empty".into())),
        }
    }

    /// Writes a batch in one transaction and empties it.
    async fn write(
        &mut self,
        batch: &mut Vec<CheckedRow>,
        refuse: &mut impl FnMut(&RefusedRow) -> io::Result<()>,
    ) -> Result<(), ImportError> {
        if batch.is_empty() {
            return Ok(());
        }
        let service = self.service;
        let mut tx = service.store.write().await?;
        let mut rows = Vec::with_capacity(batch.len());
        let mut proofs = HashMap::with_capacity(batch.len());
        for CheckedRow { row, proof } in batch.drain(..) {
            proofs.insert(row.line, proof);
            rows.push(row);
        }
        let (rows, refused) = self.filter_rows(&mut tx, rows).await?;
        let inserted = if rows.is_empty() {
            0
        } else {
            let (newsletter, now) = (self.newsletter.id, service.clock.now());
            let (inserted, events) =
                membership::import(&mut tx, &rows, newsletter, proofs, now).await?;
            store::consent::append(&mut tx, service.links.key(), &events).await?;
            inserted
        };
        tx.commit().await?;
        self.report.imported += inserted;
        // Added by another process between the check and the insertion.
        self.report.known += (rows.len() as u64).saturating_sub(inserted);
        for (line, why) in refused {
            self.refuse(refuse, line, why)?;
        }
        Ok(())
    }

    /// Returns the rows to be inserted, and the refused ones with line and reason.
    async fn filter_rows(
        &mut self,
        tx: &mut store::Write,
        mut rows: Vec<ImportRow>,
    ) -> Result<(Vec<ImportRow>, Vec<(u64, String)>), StoreError> {
        let known = import::known(tx, &rows, self.newsletter.id).await?;
        let suppressed = import::suppressed(tx, &rows).await?;
        let mut refused = Vec::new();
        let mut seen = HashSet::new();
        rows.retain(|row| {
            if let Some(reason) = suppressed.get(&row.line) {
                refused.push((row.line, refusal(*reason)));
                return false;
            }
            let is_new = match known.get(&row.line) {
                None => seen.insert(row.key.clone()),
                Some(SubscriptionState::Active) => false,
                Some(state) => {
                    refused.push((row.line, format!(
                        "the address has a subscription that is {state}; only its owner can confirm it"
                    )));
                    return false;
                }
            };
            self.report.known += u64::from(!is_new);
            is_new
        });
        Ok((rows, refused))
    }
}

/// What is wrong with the quotation marks of a line, and how to mend it.
fn misquoted(line: u64) -> String {
    format!(
        "a quotation mark in line {line} stands neither around a cell nor doubled inside one (RFC 4180): save the \
         file from a spreadsheet, or write \"the whole cell\" with each mark in it twice"
    )
}

/// Why a suppressed address is refused, and who can change that.
fn refusal(reason: SuppressionReason) -> String {
    let why = match reason {
        SuppressionReason::Erased => {
            "its owner asked to be erased, and can only come back by signing up"
        }
        SuppressionReason::Declined => "its owner said that somebody else had signed it up",
        SuppressionReason::Complained => "its owner called a mail spam",
        SuppressionReason::Bounced => "it does not exist",
    };
    format!("the address is suppressed and must not be mailed: {why}")
}
