//! Import of subscribers from a CSV file, with proof of their consent.

mod accepted;
mod address_list;
mod cell_forms;
mod columns;
mod consent_time;
mod external_sort;
mod hints;
mod kept_rows;
mod left;
mod logged;
mod proof;
mod quoting;
mod reader;
mod reading;
mod row;
mod row_key;
mod sorting;
mod source;
mod status_column;
mod undo;
mod writing;

use std::io::{self, Read};
use std::sync::OnceLock;

use futures_util::StreamExt;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::domain::{Actor, Newsletter};
use crate::service::Service;
use crate::store::StoreError;
pub use accepted::{AcceptedCell, AcceptedCellError};
pub use address_list::{AddressList, AddressListError, read_addresses};
pub use columns::{ColumnName, ColumnNameError};
pub use consent_time::{DateOrder, DateOrderError};
pub use kept_rows::KeptRows;
pub use logged::{LoggedImport, log_import};
pub use proof::ProofOfFile;
use reader::RowReader;
use reading::FileColumns;
pub use undo::{FoundImport, UndoError, UndoReport, UndoneImport, find_import, undo_import};
use writing::{Results, Target};

/// Batches that PostgreSQL writes at the same time: one inserts readers while the other records their consent, which one
/// does at a time.
const WRITTEN_AT_ONCE: usize = 2;

/// What to do after an import that ended before its last row.
pub const IMPORT_GOES_ON: &str =
    "what is imported by now stays, and running the import again skips it and goes on";

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
    /// New active subscriptions; of people who have left elsewhere, new ones that have ended.
    pub imported: u64,
    /// Subscriptions that ended, as their readers have left elsewhere.
    pub ended: u64,
    /// Rows of an import of those who have left that do not say so. They change nothing.
    pub not_left: u64,
    /// Refused rows whose people have left elsewhere and are active here by an earlier import.
    pub active_here: u64,
    /// The import's number in the audit log, once it has begun to write.
    pub number: Option<i64>,
    /// In an import of those who have left: the columns that tell who has.
    pub told_by: Vec<String>,
    /// Rows whose address has an active subscription already, or is in an earlier row; they change nothing.
    pub known: u64,
    /// Rows refused.
    pub refused: u64,
    /// Those of them whose readers have left the other service, or never confirmed there. There is nothing to mend in
    /// them.
    pub leavers: u64,
    /// A thousand of them, by line; those that are wrong in themselves before those that the database refuses.
    pub refused_rows: Vec<RefusedRow>,
    /// Columns of the file that mean nothing here, with the name that may have been meant.
    pub ignored_columns: Vec<IgnoredColumn>,
    /// What is to be known of a file with such columns.
    pub notes: Vec<&'static str>,
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
    /// What was given as proof for the whole file.
    #[error("the proof for all rows: {0}")]
    Proof(String),
    /// The header row of a file of those who have left.
    #[error(
        "the first line must name a column `email` (--map email=NAME says which it is), and may name `left_at`; {0}"
    )]
    LeftHeader(String),
    /// When people left of whom the file does not say it.
    #[error("{0}")]
    LeftAt(String),
    /// The file or the report.
    #[error("reading the file or writing the report failed: {0}")]
    Io(#[from] io::Error),
    /// The rows cannot be sorted.
    #[error("{0}; {IMPORT_GOES_ON}")]
    Sort(io::Error),
    /// The database.
    #[error("{0}; {IMPORT_GOES_ON}")]
    Store(#[from] StoreError),
}

/// Is told how many rows were written, and how many there are to write.
type Progress = Box<dyn FnMut(u64, u64) + Send>;
/// Decides by what was read whether rows are written.
type Decide<'a> = Box<dyn FnMut(&ImportReport, u64) -> bool + Send + 'a>;

/// Imports a CSV file; memory use does not depend on the length of the file or of a cell.
///
/// The whole file is read, checked and sorted by address before the first row is written, in the folder for
/// temporary files if it is large.
pub struct Importer<'a, R: Read> {
    service: &'a Service,
    newsletter: &'a Newsletter,
    reader: RowReader<R>,
    progress: Progress,
    decide: Decide<'a>,
    by: Option<Actor>,
    /// Whether those of the file have left.
    have_left: bool,
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
            progress: Box::new(|_, _| ()),
            decide: Box::new(|_, _| true),
            by: None,
            have_left: false,
        })
    }

    /// Once the file was read, calls `progress` with the number of rows that are written and that of all to write;
    /// first with 0 of them.
    #[must_use]
    pub fn with_progress(mut self, progress: impl FnMut(u64, u64) + Send + 'static) -> Self {
        self.progress = Box::new(progress);
        self
    }

    /// Does not read these columns by their names, also where they seem to tell who has left. Clear words in them, such as
    /// `unsubscribed`, still refuse a row.
    #[must_use]
    pub fn ignoring(mut self, columns: &[String]) -> Self {
        self.reader.given.to_ignore = columns.to_vec();
        self
    }

    /// Takes these cells as nothing against a row.
    #[must_use]
    pub fn accepting(mut self, cells: &[AcceptedCell]) -> Self {
        self.reader.given.accepted = cells.to_vec();
        self
    }

    /// Takes this proof of consent for rows whose cells have none, or where no column has it.
    #[must_use]
    pub fn with_proof(mut self, proof: ProofOfFile) -> Self {
        self.reader.given.proof = proof;
        self
    }

    /// Reads dates with slashes or dashes in this order, and times that name no zone as those of `time_zone`. By default
    /// such dates are refused, and such times are of the newsletter's zone.
    #[must_use]
    pub fn reading_times(mut self, order: Option<DateOrder>, time_zone: Option<TimeZone>) -> Self {
        self.reader.given.date_order = order;
        self.reader.given.time_zone = time_zone;
        self
    }

    /// Keeps the rows of the file as they are read, for a report of those that are refused. The folder for temporary
    /// files then takes them once more.
    #[must_use]
    pub fn keep_rows(&mut self) -> KeptRows {
        self.reader.keep_rows()
    }

    /// Says in the audit log who has begun to write rows, before the first one.
    #[must_use]
    pub fn logged(mut self, by: Actor) -> Self {
        self.by = Some(by);
        self
    }

    /// The people of the file have left elsewhere, `at` that time where no column says when; without both, now. Who
    /// has left gets a subscription that has ended, and one that is active by an import alone ends. Where columns tell
    /// who has left, the other rows change nothing.
    #[must_use]
    pub fn of_those_who_left(mut self, at: Option<String>) -> Self {
        self.reader.given.left_at = at;
        self.have_left = true;
        self
    }

    /// Once the file was read, calls `decide` with the report so far and the number of rows to write. They are written
    /// only if it returns true; else the report tells what was read.
    #[must_use]
    pub fn deciding(mut self, decide: impl FnMut(&ImportReport, u64) -> bool + Send + 'a) -> Self {
        self.decide = Box::new(decide);
        self
    }

    /// Imports every good row and passes each refused one to `refuse`: those that are wrong in themselves as they
    /// are read, those of people who have left by another row once all are read, and those that the database refuses at
    /// the end; each of these in the order of the file.
    ///
    /// # Errors
    /// When the header row lacks a column, the file cannot be read or sorted, or the database cannot be used.
    pub async fn run(
        self,
        mut refuse: impl FnMut(&RefusedRow) -> io::Result<()>,
    ) -> Result<ImportReport, ImportError> {
        let Self {
            service,
            newsletter,
            mut reader,
            mut progress,
            mut decide,
            by,
            have_left,
        } = self;
        let mut results = Results::default();
        let (zone, now) = (&newsletter.time_zone, service.clock.now());
        let columns = match have_left {
            true => FileColumns::of_left(&mut reader, zone, now)?,
            false => FileColumns::of_readers(&mut reader, zone, now)?,
        };
        columns.tell(&mut results.report);
        // None waits in the channel: a batch is made while those before are written.
        let (send, steps) = flume::bounded(0);
        let unnamed = columns.unnamed();
        let (key, clock) = (service.links.key().clone(), service.clock.clone());
        let (id, newsletter) = (newsletter.id, newsletter.clone());
        // A thread of its own: one that waits for standard input must not keep the process from ending.
        let reading = std::thread::Builder::new()
            .name("import".to_owned())
            .spawn(move || {
                let send = |step| send.send(step).is_ok();
                columns.sort(reader, &key, (&newsletter, &clock), send)
            })?;
        let target = Target {
            service,
            newsletter: id,
            have_left,
        };
        let number = OnceLock::new();
        let at_once = match service.store.sqlite_path() {
            Some(_) => 1,
            None => WRITTEN_AT_ONCE,
        };
        let mut written = Ok(());
        {
            let taken = steps
                .into_stream()
                .map(|step| writing::take(target, number.get().copied(), step));
            let mut taken = std::pin::pin!(taken);
            // Nothing is written until the whole file was read.
            while written.is_ok()
                && results.progress().is_none()
                && let Some(step) = taken.next().await
            {
                written = step.await.and_then(|step| results.add(step, &mut refuse));
            }
            let unnamed = unnamed.iter().flat_map(|one| one.with_text());
            results.report.ignored_columns.extend(unnamed);
            if let Some((rows, all)) = results.progress()
                && written.is_ok()
                && decide(&results.report, all)
            {
                if let Some(by) = &by
                    && all > 0
                {
                    let begun = match have_left {
                        true => LoggedImport::BegunLeft(all),
                        false => LoggedImport::Begun(all),
                    };
                    let logged = log_import(service, id, begun, by).await?;
                    results.report.number = Some(*number.get_or_init(|| logged));
                }
                progress(rows, all);
                let mut taken = taken.buffered(at_once);
                while written.is_ok()
                    && let Some(step) = taken.next().await
                {
                    written = step.and_then(|step| results.add(step, &mut refuse));
                    if let Some((rows, all)) = results.progress() {
                        progress(rows, all);
                    }
                }
            }
            // What is under way after an error is rolled back here, and the reading ends.
        }
        let report = results.finish(&mut refuse);
        written?;
        // It has passed on its last step, or it panicked.
        let read = reading.join();
        read.map_err(|_| io::Error::other("the reading of the file was aborted"))?
            .map_err(ImportError::Sort)?;
        report
    }
}

/// What is wrong with the quotation marks of a line, and how to mend it.
fn misquoted(line: u64) -> String {
    format!(
        "a quotation mark in line {line} stands neither around a cell nor doubled inside one (RFC 4180): save the \
         file from a spreadsheet, or write \"the whole cell\" with each mark in it twice"
    )
}
