//! `xabar import FILE.csv --newsletter SLUG`

mod left;
mod report_file;
mod undo;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::CliError;
use super::caution::Caution;
use super::newsletter::find;
use super::output::Output;
use super::serve::stop_on_signal;
use crate::domain::{Actor, Newsletter, time_zone};
use crate::service::Service;
use crate::store::StoreError;
use crate::subscribe::{
    AcceptedCell, ColumnName, DateOrder, IMPORT_GOES_ON, ImportError, ImportReport, Importer,
    LoggedImport, ProofOfFile, log_import,
};
use report_file::ReportFile;
use undo::ImportCommand;

/// Refused rows that are printed; all are in the report file.
pub(super) const SHOWN: usize = 20;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Import {
    #[command(subcommand)]
    command: Option<ImportCommand>,
    #[command(flatten)]
    file: FileImport,
}

#[derive(Debug, Args)]
struct FileImport {
    /// A CSV file with a header row: email, consent_at, consent_source, consent_wording, and if wanted
    /// language, countries, frequency (each or monthly), name. As a spreadsheet saves it: UTF-8 or
    /// UTF-16, with commas, semicolons or tabs. `-` reads standard input.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// The name that a column has in the file, as in email="Email Address"; may be repeated.
    #[arg(long, value_name = "COLUMN=NAME")]
    map: Vec<ColumnName>,
    /// A column whose name does not mean that it tells who has left; may be repeated. Clear words in it, such as
    /// unsubscribed, still refuse a row.
    #[arg(long, value_name = "NAME")]
    ignore: Vec<String>,
    /// What a column has for people who have not left, as in status=premium; may be repeated.
    #[arg(long, value_name = "NAME=CELL")]
    accept: Vec<AcceptedCell>,
    /// Where the readers signed up, for rows without a consent_source.
    #[arg(long, value_name = "TEXT", conflicts_with = "left")]
    consent_source: Option<String>,
    /// The words that the readers agreed to, for rows without a consent_wording.
    #[arg(long, value_name = "TEXT", conflicts_with = "left")]
    consent_wording: Option<String>,
    /// When the readers agreed, for rows without a consent_at.
    #[arg(long, value_name = "DATE", conflicts_with = "left")]
    consent_at: Option<String>,
    /// Whether the day (dmy) or the month (mdy) comes first in dates such as 05/03/2024.
    #[arg(long, value_name = "ORDER")]
    date_order: Option<DateOrder>,
    /// The zone of times that name none, as in UTC; the newsletter's if it is not given.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// The newsletter's slug.
    #[arg(long, required = true)]
    newsletter: Option<String>,
    /// Where to write the refused rows: as they were, with line and reason. Once they are mended, that file can be
    /// imported as it is.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// The people of the file have left elsewhere: they are noted as unsubscribed, and subscriptions end that are active
    /// by an import alone. Of all columns only email is required; left_at may say when.
    #[arg(long)]
    left: bool,
    /// When people left of whom the file does not say it; now when left out.
    #[arg(long, value_name = "DATE", requires = "left")]
    left_at: Option<String>,
    #[command(flatten)]
    caution: Caution,
}

impl Import {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self.command {
            Some(ImportCommand::Undo(undo)) => undo.run(service, out).await,
            None => self.file.run(service, out).await,
        }
    }
}

impl FileImport {
    async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        if !self.left && self.map.iter().any(|one| one.is("left_at")) {
            let why = "--map left_at=… needs --left: it is for files of people who have left";
            return Err(CliError::Failed(why.to_owned()));
        }
        let newsletter = find(service, self.newsletter.as_deref().unwrap_or_default()).await?;
        let zone = self.time_zone.as_deref().map(time_zone).transpose();
        let zone = zone.map_err(|e| CliError::Failed(format!("--time-zone: {e}")))?;
        let (file, length) = self.open()?;
        let bar = match length {
            Some(length) if !out.json => progress(length),
            _ => ProgressBar::hidden(),
        };
        let mut report = ReportFile::create(self.report.as_deref(), self.path())?;
        let mut shown = 0;
        let mut decided = Ok(());
        let importer = Importer::new(service, &newsletter, bar.wrap_read(file), &self.map);
        let rows = bar.clone();
        let last = Arc::new(Mutex::new(None));
        let told = Arc::clone(&last);
        let mut importer = importer.map_err(|e| self.unreadable(&e))?;
        report.take_rows_of(&mut importer);
        if self.left {
            importer = importer.of_those_who_left(self.left_at.clone());
        }
        let importer = importer
            .ignoring(&self.ignore)
            .accepting(&self.accept)
            .with_proof(self.proof())
            .reading_times(self.date_order, zone)
            .deciding(|read, rows| {
                if self.caution.dry_run {
                    return false;
                }
                let question = match self.left {
                    true => left::question(&newsletter, read, rows),
                    false => question(&newsletter, read, rows),
                };
                decided = bar.suspend(|| self.caution.ask_about_file(self.path(), &question));
                decided.is_ok()
            })
            .logged(Actor::CommandLine)
            .with_progress(move |written, all| {
                *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(written);
                if rows.length() != Some(all) {
                    rows.set_style(style("{wide_bar} {pos}/{len} rows {eta}"));
                    rows.set_length(all);
                }
                rows.set_position(written);
            });
        let importing = importer.run(|refused| {
            if shown < SHOWN && !out.json {
                shown += 1;
                bar.suspend(|| out.error(&format!("line {}: {}", refused.line, refused.why)));
            }
            report.write(refused.line, &refused.why)
        });
        let stop = CancellationToken::new();
        tokio::spawn(stop_on_signal(stop.clone()));
        let outcome = tokio::select! {
            outcome = importing => Some(outcome),
            () = stop.cancelled() => None,
        };
        bar.finish_and_clear();
        let written = *last.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = note(service, &newsletter, outcome.as_ref(), (self.left, written)).await;
        let Some(outcome) = outcome else {
            return Err(CliError::Failed(format!("interrupted: {IMPORT_GOES_ON}")));
        };
        let outcome = outcome.map_err(|e| CliError::Failed(e.to_string()))?;
        report.finish()?;
        decided?;
        noted?;
        out.value(&outcome, || match (self.left, self.caution.dry_run) {
            (true, true) => left::would_be(&outcome),
            (true, false) => left::summary(&outcome) + &way_back(&outcome),
            (false, true) => would_be(&outcome),
            (false, false) => summary(&outcome) + &way_back(&outcome),
        })?;
        all_taken(outcome, self.report.as_deref())
    }

    /// The file. Clap requires one where there is no other command.
    fn path(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(""))
    }

    /// The file and its length, or standard input.
    fn open(&self) -> Result<(Box<dyn Read + Send>, Option<u64>), CliError> {
        if self.path().as_os_str() == "-" {
            return Ok((Box::new(std::io::stdin()), None));
        }
        let file = File::open(self.path()).map_err(|e| self.unreadable(&e))?;
        let length = file.metadata().map_err(|e| self.unreadable(&e))?.len();
        Ok((Box::new(file), Some(length)))
    }

    fn proof(&self) -> ProofOfFile {
        ProofOfFile {
            at: self.consent_at.clone(),
            source: self.consent_source.clone(),
            wording: self.consent_wording.clone(),
        }
    }

    fn unreadable(&self, why: &std::io::Error) -> CliError {
        CliError::File {
            path: self.path().display().to_string(),
            why: why.to_string(),
        }
    }
}

/// An error where rows were refused or the rest of the file was not read. `file` has all refused rows.
fn all_taken(report: ImportReport, file: Option<&Path>) -> Result<(), CliError> {
    match report.stopped {
        Some(why) => Err(CliError::Failed(why)),
        None if report.refused > 0 => {
            let (refused, rows) = (report.refused, report.rows);
            let mended = |what: &str| match file {
                Some(file) => format!("mend {what} in {0} and import {0}", file.display()),
                None if refused > SHOWN as u64 => format!(
                    "mend {what} and import the file again ({SHOWN} of them are shown; --report FILE writes all to a file, which can be mended and imported)"
                ),
                None => format!("mend {what} and import the file again"),
            };
            let then = match (report.leavers, refused.saturating_sub(report.leavers)) {
                (0, _) => mended("them"),
                (_, 0) => "their readers have left or never confirmed, so there is nothing to mend"
                    .to_owned(),
                (leavers, _) => format!(
                    "the readers of {leavers} have left or never confirmed; {}",
                    mended("the others")
                ),
            };
            let why = format!("{refused} of {rows} rows were refused; {then}");
            Err(CliError::Failed(why))
        }
        None => Ok(()),
    }
}

/// How long the audit log may take at the end of an import that was interrupted, perhaps because the database does not
/// answer. It has the beginning.
const LAST_NOTE: Duration = Duration::from_secs(5);

/// Says in the audit log how an import ended that had begun to write: `written` rows, by the last that was heard.
async fn note(
    service: &Service,
    newsletter: &Newsletter,
    outcome: Option<&Result<ImportReport, ImportError>>,
    (left, written): (bool, Option<u64>),
) -> Result<(), StoreError> {
    let Some(written) = written else {
        return Ok(());
    };
    let import = match outcome {
        Some(Ok(report)) if left => LoggedImport::Left(report.imported + report.ended),
        Some(Ok(report)) => LoggedImport::Done(report.imported),
        Some(Err(_)) => LoggedImport::Failed(written),
        None => LoggedImport::Interrupted(written),
    };
    let noted = log_import(service, newsletter.id, import, &Actor::CommandLine);
    let noted = timeout(LAST_NOTE, noted).await;
    noted.unwrap_or(Err(StoreError::Silent)).map(|_| ())
}

/// What a person at a terminal is asked once the file was read.
fn question(newsletter: &Newsletter, read: &ImportReport, rows: u64) -> String {
    format!(
        "Import {rows} readers into {}, “{}”? {} of {} rows are refused.{}{}{}\nContinue?",
        newsletter.slug,
        newsletter.title,
        read.refused,
        read.rows,
        active_here(read),
        stopped(read),
        unread(read)
    )
}

/// What a trial found.
fn would_be(read: &ImportReport) -> String {
    format!(
        "{} rows: {} could be imported, {} would be refused; nothing was done. Whether readers are known or suppressed \
         was not looked up{}{}{}",
        read.rows,
        read.rows.saturating_sub(read.refused),
        read.refused,
        active_here(read),
        stopped(read),
        unread(read)
    )
}

/// That the file was not read to its end, and why; a line.
fn stopped(read: &ImportReport) -> String {
    let why = read.stopped.as_ref();
    why.map(|why| format!("\nThe rest of the file is not among them: {why}"))
        .unwrap_or_default()
}

fn summary(report: &ImportReport) -> String {
    format!(
        "{} rows: {} new subscribers, {} already known, {} refused{}{}",
        report.rows,
        report.imported,
        report.known,
        report.refused,
        active_here(report),
        unread(report)
    )
}

/// That some who have left elsewhere get the next issue here; a line.
fn active_here(report: &ImportReport) -> String {
    match report.active_here {
        0 => String::new(),
        some => format!(
            "\n{some} of these are of people who have left and are active here by an earlier import: they get the next \
             issue until you import the same file once more with --left"
        ),
    }
}

/// How to take the import back; a line.
fn way_back(report: &ImportReport) -> String {
    match report.number {
        Some(number) if report.imported > 0 => {
            format!("\nThis was import {number}: `xabar import undo {number}` takes it back")
        }
        _ => String::new(),
    }
}

/// What is to be known of the file, and the columns that were not read, a line each.
fn unread(report: &ImportReport) -> String {
    let notes = report.notes.iter().map(|note| format!("\n{note}"));
    let ignored = report
        .ignored_columns
        .iter()
        .map(|column| match column.perhaps {
            Some(ours) => format!(
                "\nThe column `{0}` was not read; if it is `{ours}`, add --map {ours}=\"{0}\"",
                column.name
            ),
            None => format!("\nThe column `{}` was not read", column.name),
        });
    notes.chain(ignored).collect()
}

/// First of the reading, then of the writing.
fn progress(length: u64) -> ProgressBar {
    ProgressBar::new(length).with_style(style("{wide_bar} {bytes}/{total_bytes} {eta}"))
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
