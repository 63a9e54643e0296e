//! How many transactional mails wait, and for how long.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{DeliveryState, MailKind};
use crate::store::dialect::{fetch_all, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError};

statements! {
    // Reads the index on due mails.
    BY_KIND = [
        r"SELECT kind, state,
              COUNT(*) AS waiting,
              COUNT(CASE WHEN lease_id IS NULL AND due_at <= $1 THEN 1 END) AS due,
              COUNT(lease_id) AS leased,
              MIN(CASE WHEN lease_id IS NULL THEN due_at END) AS oldest_due,
              MIN(due_at) AS next_due
          FROM outbox
          WHERE due_at IS NOT NULL
          GROUP BY kind, state
          ORDER BY kind, state",
    ];
}

/// The waiting mails of one kind in one state, those that are being sent included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// The kind.
    pub kind: MailKind,
    /// The state.
    pub state: DeliveryState,
    /// How many.
    pub waiting: i64,
    /// How many could be sent now and are not leased.
    pub due: i64,
    /// How many a worker has claimed.
    pub leased: i64,
    /// The earliest time of the next attempt of those that are not leased.
    pub oldest_due: Option<Timestamp>,
    /// When the first of all is due, or its lease ends.
    pub next_due: Timestamp,
}

#[derive(FromRow)]
struct BacklogRow {
    kind: String,
    state: String,
    waiting: i64,
    due: i64,
    leased: i64,
    oldest_due: Option<i64>,
    next_due: i64,
}

/// The mails that wait, by kind and state; those of which none waits are left out.
pub async fn by_kind(db: &mut Read, now: Timestamp) -> Result<Vec<Backlog>, StoreError> {
    let rows: Vec<BacklogRow> = fetch_all!(db, BY_KIND, micros(now))?;
    let backlog = |row: BacklogRow| {
        let place = Row {
            table: "outbox",
            id: &row.kind,
        };
        Ok(Backlog {
            kind: place.parse("kind", &row.kind)?,
            state: place.parse("state", &row.state)?,
            waiting: row.waiting,
            due: row.due,
            leased: row.leased,
            oldest_due: place.maybe_time("due_at", row.oldest_due)?,
            next_due: place.time("due_at", row.next_due)?,
        })
    };
    rows.into_iter().map(backlog).collect()
}
