//! Import of subscribers from a CSV file, with proof of their consent.

mod address_list;
mod columns;
mod quoting;
mod reader;
mod row;
mod source;

use std::io::{self, Read};

use serde::Serialize;

use crate::domain::{Newsletter, SubscriptionState, SuppressionReason};
use crate::membership;
use crate::service::Service;
use crate::store::subscription::import::{ImportRow, RowOutcome};
use crate::store::{self, StoreError};
pub use address_list::{AddressList, AddressListError, read_addresses};
pub use columns::{ColumnName, ColumnNameError};
use reader::{Batch, RowReader};
use row::CheckedRow;

/// The most refused rows that a report lists.
const MAX_LISTED: usize = 1_000;

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
    reader: RowReader<R>,
    report: ImportReport,
}

impl<'a, R: Read + Send + 'static> Importer<'a, R> {
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
        Ok(Self {
            service,
            newsletter,
            reader: RowReader::new(file, mapping)?,
            report: ImportReport::default(),
        })
    }

    /// Imports every good row and passes each refused one to `refuse`. While one batch is written, a
    /// thread reads and checks the next.
    ///
    /// # Errors
    /// When the header row lacks a column, the file cannot be read, or the database cannot be used.
    pub async fn run(
        self,
        mut refuse: impl FnMut(&RefusedRow) -> io::Result<()>,
    ) -> Result<ImportReport, ImportError> {
        let Self {
            service,
            newsletter,
            mut reader,
            report,
        } = self;
        let columns = reader.header()?;
        let mut writing = Writing {
            service,
            newsletter,
            report,
        };
        writing.report.ignored_columns.clone_from(&columns.ignored);
        // None waits in the channel: one batch is written, and one read.
        let (send, batches) = flume::bounded(0);
        let (service, newsletter) = (service.clone(), newsletter.clone());
        // A thread of its own: one that waits for standard input must not keep the process from ending.
        let reading = std::thread::Builder::new()
            .name("import".to_owned())
            .spawn(move || {
                let check = |record: &_, line| columns.check(record, line, &service, &newsletter);
                reader.read_all(check, |batch| send.send(batch).is_ok());
            })?;
        while let Ok(batch) = batches.recv_async().await {
            writing.write(batch, &mut refuse).await?;
        }
        // It has passed on its last batch, or it panicked.
        let read = reading.join();
        read.map_err(|_| io::Error::other("the reading of the file was aborted"))?;
        Ok(writing.report)
    }
}

/// The part of an import that uses the database.
struct Writing<'a> {
    service: &'a Service,
    newsletter: &'a Newsletter,
    report: ImportReport,
}

impl Writing<'_> {
    fn refuse(
        &mut self,
        refuse: &mut impl FnMut(&RefusedRow) -> io::Result<()>,
        row: RefusedRow,
    ) -> io::Result<()> {
        self.report.refused += 1;
        refuse(&row)?;
        if self.report.refused_rows.len() < MAX_LISTED {
            self.report.refused_rows.push(row);
        }
        Ok(())
    }

    /// Writes a batch in one transaction.
    async fn write(
        &mut self,
        batch: Batch,
        refuse: &mut impl FnMut(&RefusedRow) -> io::Result<()>,
    ) -> Result<(), ImportError> {
        self.report.rows += batch.rows;
        self.report.stopped = batch.stopped;
        for row in batch.refused {
            self.refuse(refuse, row)?;
        }
        if batch.checked.is_empty() {
            return Ok(());
        }
        let (mut rows, mut proofs) = (
            Vec::<ImportRow>::with_capacity(batch.checked.len()),
            Vec::new(),
        );
        // Lines with the address of another row, and which row that is.
        let mut doubles = Vec::new();
        for CheckedRow { row, proof } in batch.checked {
            if rows.last().is_some_and(|last| last.key == row.key) {
                doubles.push((row.line, rows.len() - 1));
            } else {
                rows.push(row);
                proofs.push(proof);
            }
        }
        let (service, newsletter) = (self.service, self.newsletter.id);
        let mut tx = service.store.write().await?;
        let now = service.clock.now();
        let (outcomes, events) =
            membership::import(&mut tx, &rows, proofs, newsletter, now).await?;
        store::consent::append(&mut tx, service.links.key(), &events).await?;
        tx.commit().await?;
        let mut refused = Vec::new();
        for (row, outcome) in rows.iter().zip(&outcomes) {
            match outcome {
                RowOutcome::Added(_) => self.report.imported += 1,
                unchanged => refused.extend(self.unchanged(row.line, unchanged)),
            }
        }
        for (line, first) in doubles {
            // The row before it may have subscribed the address.
            refused.extend(self.unchanged(line, &outcomes[first]));
        }
        refused.sort_unstable_by_key(|row| row.line);
        for row in refused {
            self.refuse(refuse, row)?;
        }
        Ok(())
    }

    /// Counts a row that changed nothing, or says why it is refused.
    fn unchanged(&mut self, line: u64, outcome: &RowOutcome) -> Option<RefusedRow> {
        let why = match outcome {
            RowOutcome::Added(_) | RowOutcome::Subscribed(SubscriptionState::Active) => {
                self.report.known += 1;
                return None;
            }
            RowOutcome::Subscribed(state) => format!(
                "the address has a subscription that is {state}; only its owner can confirm it"
            ),
            RowOutcome::Suppressed(reason) => refusal(*reason),
        };
        Some(RefusedRow { line, why })
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
        SuppressionReason::Operator => {
            "an operator suppressed it, and takes that back with `xabar suppression remove`"
        }
    };
    format!("the address is suppressed and must not be mailed: {why}")
}
