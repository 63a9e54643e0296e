//! How many transactional mails wait, and for how long.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::MailKind;
use crate::store::dialect::{fetch_all, statements};
use crate::store::rows::Row;
use crate::store::{Read, StoreError};

statements! {
    // Reads the index on due mails.
    BY_KIND = [
        r"SELECT kind, COUNT(*) AS mails, MIN(due_at) AS next_due
          FROM outbox
          WHERE due_at IS NOT NULL
          GROUP BY kind",
    ];
}

/// The waiting mails of one kind, those that are being sent included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// The kind.
    pub kind: MailKind,
    /// How many.
    pub mails: i64,
    /// When the first of them is due, or its lease ends.
    pub next_due: Timestamp,
}

#[derive(FromRow)]
struct BacklogRow {
    kind: String,
    mails: i64,
    next_due: i64,
}

/// The mails that wait, by kind; kinds of which none waits are left out.
pub async fn by_kind(db: &mut Read) -> Result<Vec<Backlog>, StoreError> {
    let rows: Vec<BacklogRow> = fetch_all!(db, BY_KIND)?;
    let place = Row {
        table: "outbox",
        id: &"by kind",
    };
    let backlog = |row: BacklogRow| {
        Ok(Backlog {
            kind: place.parse("kind", &row.kind)?,
            mails: row.mails,
            next_due: place.time("due_at", row.next_due)?,
        })
    };
    rows.into_iter().map(backlog).collect()
}
