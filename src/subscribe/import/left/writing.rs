//! Writes who has left elsewhere, and finds out who of them is active here.

use std::collections::HashSet;

use super::LeftRow;
use crate::domain::NewsletterId;
use crate::membership::{self, Evidence, LeftOutcome};
use crate::service::Service;
use crate::store::subscription::import::{Batch, ImportRow, left};
use crate::store::{self, StoreError};
use crate::subscribe::import::writing::{Written, distinct};

/// Notes in one transaction that people have left.
///
/// # Errors
/// When the database cannot be used.
pub(in crate::subscribe::import) async fn write(
    service: &Service,
    (newsletter, number): (NewsletterId, Option<i64>),
    batch: Vec<(ImportRow, Evidence)>,
) -> Result<Written, StoreError> {
    let (rows, proofs, doubles) = distinct(batch);
    let mut written = Written::default();
    if rows.is_empty() {
        return Ok(written);
    }
    let mut tx = service.store.write().await?;
    let batch = Batch {
        newsletter,
        number,
        at: service.clock.now(),
    };
    let (outcomes, events) = membership::import_left(&mut tx, &rows, proofs, batch).await?;
    store::consent::append(&mut tx, service.links.key(), &events).await?;
    tx.commit().await?;
    for (row, outcome) in rows.iter().zip(&outcomes) {
        match outcome {
            LeftOutcome::Added => written.imported += 1,
            LeftOutcome::Ended => written.ended += 1,
            LeftOutcome::Unchanged => written.known += 1,
            LeftOutcome::ConfirmedHere => written.refuse(
                row.line,
                "the reader has confirmed here, and stays active; every mail has the link to leave",
            ),
            LeftOutcome::AgreedSince => written.refuse(
                row.line,
                "by an import the reader has agreed again after leaving, and stays active",
            ),
        }
    }
    // What counts is the row before them.
    written.known += doubles.len() as u64;
    Ok(written)
}

/// The lines of those who are active here by an import alone.
///
/// # Errors
/// When the database cannot be used.
pub(in crate::subscribe::import) async fn still_active(
    service: &Service,
    newsletter: NewsletterId,
    rows: &[LeftRow],
) -> Result<HashSet<u64>, StoreError> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let keys = rows.iter().enumerate();
    let keys: Vec<(usize, &str)> = keys.map(|(place, row)| (place, row.key.as_str())).collect();
    let mut db = service.store.read().await?;
    let found = left::active(&mut db, &keys, newsletter).await?;
    let by_import = found.into_iter().filter(|one| !one.confirmed_here);
    let rows = by_import.filter_map(|one| rows.get(one.place));
    Ok(rows.map(|row| row.line).collect())
}
