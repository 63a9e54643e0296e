//! Deliveries that wait: for a provider that may not have everything at once, or for their next attempt.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::IssueId;
use crate::store::dialect::{fetch_all, fetch_scalar, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError};

statements! {
    // Reads the parked part of the index on due deliveries.
    BY_DESTINATION = [
        r"SELECT destination, COUNT(*) AS readers, MIN(due_at) AS next_due
          FROM delivery
          WHERE issue_id = $1 AND destination > '' AND due_at IS NOT NULL
          GROUP BY destination
          ORDER BY readers DESC, destination",
    ];
    // Three index lookups: all free ranges are due since the freeze. The end of a lease that has not run out lies
    // in the future.
    OLDEST_DUE = [
        r"SELECT MIN(due_at)
          FROM (
            SELECT MIN(due_at) AS due_at
            FROM delivery
            WHERE issue_id = $1 AND destination = '' AND due_at IS NOT NULL
            UNION ALL
            SELECT MIN(due_at) AS due_at FROM ",
        leased_ranges,
        r" WHERE issue_id = $1 AND lease_id IS NOT NULL
            UNION ALL
            SELECT due_at
            FROM (
              SELECT due_at FROM ",
        free_ranges,
        r" WHERE issue_id = $1 AND lease_id IS NULL
              ORDER BY first_id LIMIT 1
            ) AS free
          ) AS oldest",
    ];
    // Leased deliveries are passed over: the end of a lease is no attempt.
    NEXT_DUE = [
        r"SELECT MIN(due_at)
          FROM (
            SELECT due_at
            FROM delivery
            WHERE issue_id = $1 AND destination = '' AND due_at > $2 AND lease_id IS NULL
            ORDER BY due_at LIMIT 1
          ) AS next",
    ];
}

/// Deliveries of an issue that wait under the name of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// The provider.
    pub destination: String,
    /// How many.
    pub readers: i64,
    /// When the first of them is due.
    pub next_due: Timestamp,
}

#[derive(FromRow)]
struct ParkedRow {
    destination: String,
    readers: i64,
    next_due: i64,
}

/// The providers for which deliveries of an issue wait, those with most readers first.
pub async fn by_destination(db: &mut Read, issue: IssueId) -> Result<Vec<Parked>, StoreError> {
    let rows: Vec<ParkedRow> = fetch_all!(db, BY_DESTINATION, issue)?;
    let place = Row {
        table: "delivery",
        id: &issue,
    };
    let parked = |row: ParkedRow| {
        Ok(Parked {
            destination: row.destination,
            readers: row.readers,
            next_due: place.time("due_at", row.next_due)?,
        })
    };
    rows.into_iter().map(parked).collect()
}

/// When the next delivery is due of those that wait for no provider; none where nothing waits for a
/// later time.
pub async fn next_due(
    db: &mut Read,
    issue: IssueId,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let at: Option<i64> = fetch_scalar!(db, NEXT_DUE, issue, micros(now))?;
    let place = Row {
        table: "delivery",
        id: &issue,
    };
    place.maybe_time("due_at", at)
}

/// When the oldest delivery became due of those that wait for no provider; none where none has.
pub async fn oldest_due(
    db: &mut Read,
    issue: IssueId,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let at: Option<i64> = fetch_scalar!(db, OLDEST_DUE, issue)?;
    let place = Row {
        table: "delivery",
        id: &issue,
    };
    let at = place.maybe_time("due_at", at)?;
    Ok(at.filter(|at| *at <= now))
}
