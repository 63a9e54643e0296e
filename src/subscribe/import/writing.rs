//! Writes rows to the database, and says what became of them.

use std::collections::HashSet;
use std::io;

use super::external_sort::{ExternalSort, Record};
use super::left::{self, LeftRow};
use super::sorting::Step;
use super::{ImportError, ImportReport, RefusedRow};
use crate::domain::{NewsletterId, SubscriptionState, SuppressionReason};
use crate::membership::{self, Evidence};
use crate::service::Service;
use crate::store;
use crate::store::subscription::import::{Batch, ImportRow, RowOutcome};

/// The most refused rows that a report lists.
const MAX_LISTED: usize = 1_000;

/// What a refused row of somebody says who has left elsewhere and is active here.
const STILL_ACTIVE: &str = "; here the reader is active by an earlier import, and gets the next issue until you import the file with --left";

/// Where to write.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) service: &'a Service,
    pub(super) newsletter: NewsletterId,
    /// Whether those of the file have left.
    pub(super) have_left: bool,
}

/// What became of the rows of a batch.
#[derive(Default)]
pub(super) struct Written {
    pub(super) imported: u64,
    pub(super) known: u64,
    /// Subscriptions that ended.
    pub(super) ended: u64,
    refused: Vec<RefusedRow>,
}

/// Takes a step; writes a batch in one transaction. `number` is that of the import in the audit log.
pub(super) async fn take(
    Target {
        service,
        newsletter,
        have_left,
    }: Target<'_>,
    number: Option<i64>,
    step: Step,
) -> Result<Step<Written>, ImportError> {
    Ok(match step {
        Step::Left(mut rows) => {
            let active = left::still_active(service, newsletter, &rows).await?;
            rows.retain(|row| active.contains(&row.line));
            Step::Left(rows)
        }
        Step::Refused(rows) => Step::Refused(rows),
        Step::NotLeft(rows) => Step::NotLeft(rows),
        Step::EndOfFile {
            rows,
            leavers,
            stopped,
        } => Step::EndOfFile {
            rows,
            leavers,
            stopped,
        },
        Step::Batch(rows) => Step::Batch(match have_left {
            true => left::write(service, (newsletter, number), rows).await?,
            false => write(service, (newsletter, number), rows).await?,
        }),
    })
}

/// Rows without those whose address an earlier one has, their proofs, and the others: the line, and the place of the
/// row that counts.
pub(super) fn distinct(
    batch: Vec<(ImportRow, Evidence)>,
) -> (Vec<ImportRow>, Vec<Evidence>, Vec<(u64, usize)>) {
    let mut rows = Vec::<ImportRow>::with_capacity(batch.len());
    let mut proofs = Vec::with_capacity(batch.len());
    let mut doubles = Vec::new();
    for (row, proof) in batch {
        if rows.last().is_some_and(|last| last.key == row.key) {
            doubles.push((row.line, rows.len() - 1));
        } else {
            rows.push(row);
            proofs.push(proof);
        }
    }
    (rows, proofs, doubles)
}

async fn write(
    service: &Service,
    (newsletter, number): (NewsletterId, Option<i64>),
    batch: Vec<(ImportRow, Evidence)>,
) -> Result<Written, ImportError> {
    let mut written = Written::default();
    if batch.is_empty() {
        return Ok(written);
    }
    let (rows, proofs, doubles) = distinct(batch);
    let mut tx = service.store.write().await?;
    let batch = Batch {
        newsletter,
        number,
        at: service.clock.now(),
    };
    let (outcomes, events) = membership::import(&mut tx, &rows, proofs, batch).await?;
    store::consent::append(&mut tx, service.links.key(), &events).await?;
    tx.commit().await?;
    for (row, outcome) in rows.iter().zip(&outcomes) {
        match outcome {
            RowOutcome::Added(_) => written.imported += 1,
            unchanged => written.add_unchanged(row.line, unchanged),
        }
    }
    for (line, first) in doubles {
        // The row before it may have subscribed the address.
        written.add_unchanged(line, &outcomes[first]);
    }
    Ok(written)
}

impl Written {
    /// Counts a row that changed nothing, or says why it is refused.
    fn add_unchanged(&mut self, line: u64, outcome: &RowOutcome) {
        let why = match outcome {
            RowOutcome::Added(_) | RowOutcome::Subscribed(SubscriptionState::Active) => {
                self.known += 1;
                return;
            }
            RowOutcome::Subscribed(state) => format!(
                "the address has a subscription that is {state}; only its owner can confirm it"
            ),
            RowOutcome::Suppressed(reason) => refusal(*reason),
        };
        self.refused.push(RefusedRow { line, why });
    }

    fn rows(&self) -> u64 {
        self.imported + self.known + self.ended + self.refused.len() as u64
    }

    pub(super) fn refuse(&mut self, line: u64, why: &str) {
        let why = why.to_owned();
        self.refused.push(RefusedRow { line, why });
    }
}

/// What is known so far.
#[derive(Default)]
pub(super) struct Results {
    pub(super) report: ImportReport,
    /// Rows that the database has taken, or refused.
    written: u64,
    /// How many rows these will be; none until the file was read.
    to_write: Option<u64>,
    /// The lines of the next refused rows whose people have left elsewhere and are active here.
    left_and_active: HashSet<u64>,
    /// By their lines.
    refused_by_database: ExternalSort,
}

impl Results {
    /// How many rows are written, and of how many; none until the file was read.
    pub(super) fn progress(&self) -> Option<(u64, u64)> {
        Some((self.written, self.to_write?))
    }

    /// Adds what a step did, and calls `refuse` for the rows that it refused.
    ///
    /// # Errors
    /// Those of `refuse`, and when rows cannot be sorted.
    pub(super) fn add(
        &mut self,
        step: Step<Written>,
        refuse: &mut impl FnMut(&RefusedRow) -> io::Result<()>,
    ) -> Result<(), ImportError> {
        match step {
            Step::Left(rows) => {
                self.report.active_here += rows.len() as u64;
                self.left_and_active = rows.into_iter().map(|LeftRow { line, .. }| line).collect();
            }
            Step::NotLeft(rows) => self.report.not_left = rows,
            Step::Refused(rows) => {
                for mut row in rows {
                    if self.left_and_active.contains(&row.line) {
                        row.why.push_str(STILL_ACTIVE);
                    }
                    self.add_refused(row, refuse)?;
                }
            }
            Step::EndOfFile {
                rows,
                leavers,
                stopped,
            } => {
                self.report.rows = rows;
                self.report.leavers = leavers;
                self.report.stopped = stopped;
                let passed_over = self.report.refused + self.report.not_left;
                self.to_write = Some(rows.saturating_sub(passed_over));
            }
            Step::Batch(batch) => {
                self.written += batch.rows();
                self.report.imported += batch.imported;
                self.report.known += batch.known;
                self.report.ended += batch.ended;
                for row in batch.refused {
                    let key = row.line.to_be_bytes();
                    let pushed = self.refused_by_database.push(&key, row.why.as_bytes());
                    pushed.map_err(ImportError::Sort)?;
                }
            }
        }
        Ok(())
    }

    /// Calls `refuse` for the rows that the database refused.
    ///
    /// # Errors
    /// Those of `refuse`, and when rows cannot be sorted.
    pub(super) fn finish(
        mut self,
        refuse: &mut impl FnMut(&RefusedRow) -> io::Result<()>,
    ) -> Result<ImportReport, ImportError> {
        let rows = std::mem::take(&mut self.refused_by_database);
        let mut rows = rows.sorted().map_err(ImportError::Sort)?;
        let mut record = Record::default();
        while rows.next_into(&mut record).map_err(ImportError::Sort)? {
            self.add_refused(refused(&record)?, refuse)?;
        }
        let listed = &mut self.report.refused_rows;
        listed.sort_unstable_by_key(|row| row.line);
        Ok(self.report)
    }

    fn add_refused(
        &mut self,
        row: RefusedRow,
        refuse: &mut impl FnMut(&RefusedRow) -> io::Result<()>,
    ) -> io::Result<()> {
        self.report.refused += 1;
        refuse(&row)?;
        if self.report.refused_rows.len() < MAX_LISTED {
            self.report.refused_rows.push(row);
        }
        Ok(())
    }
}

/// A sorted row that the database refused.
fn refused(record: &Record) -> io::Result<RefusedRow> {
    let line = record.key.as_slice().try_into().map_err(io::Error::other)?;
    let why = str::from_utf8(&record.value).map_err(io::Error::other)?;
    Ok(RefusedRow {
        line: u64::from_be_bytes(line),
        why: why.to_owned(),
    })
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
