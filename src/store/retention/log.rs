//! The log of what retention removed, for reports on data protection.

use jiff::Timestamp;
use serde::Serialize;

use crate::store::dialect::{execute, fetch_all, statements};
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

/// The most entries that are returned at once.
pub const MAX_ENTRIES: i64 = 500;

statements! {
    ADD = [
        r"INSERT INTO retention_log (at, what, amount)
          SELECT $2, r.what, r.amount
          FROM ",
        {
            sqlite: r"(SELECT value->>'what' AS what, value->>'amount' AS amount FROM json_each($1)) AS r",
            postgres: r"json_to_recordset(CAST($1 AS json)) AS r (what TEXT, amount BIGINT)",
        },
    ];
    LIST = [
        r"SELECT id, at, what, amount FROM retention_log WHERE id < $1 ORDER BY id DESC LIMIT $2",
    ];
    FORGET = [r"DELETE FROM retention_log WHERE at <= $1"];
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Removal {
    /// Its number; a later one is higher.
    pub id: i64,
    /// When, in UTC.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What: a row of the table in docs/PRIVACY.md.
    pub what: String,
    /// How many.
    pub amount: i64,
}

/// Logs what a run removed, as names and amounts.
pub async fn add(
    tx: &mut Write,
    removed: &[(&'static str, u64)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = |(what, amount): &(&'static str, u64)| serde_json::json!({ "what": what, "amount": amount });
    let rows: Vec<_> = removed.iter().map(row).collect();
    execute!(tx, ADD, json(&rows)?, micros(now))?;
    Ok(())
}

/// The latest entries, newest first.
pub async fn latest(db: &mut Read) -> Result<Vec<Removal>, StoreError> {
    page(db, None, MAX_ENTRIES).await
}

/// Entries before the one of this number, newest first.
pub async fn page(
    db: &mut Read,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Removal>, StoreError> {
    let before = before.unwrap_or(i64::MAX);
    let rows: Vec<(i64, i64, String, i64)> = fetch_all!(db, LIST, before, limit)?;
    let read = |(id, at, what, amount)| {
        let place = Row {
            table: "retention_log",
            id: &id,
        };
        Ok(Removal {
            at: place.time("at", at)?,
            id,
            what,
            amount,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Removes entries that are older than `before`.
pub async fn forget(tx: &mut Write, before: Timestamp) -> Result<(), StoreError> {
    execute!(tx, FORGET, micros(before))?;
    Ok(())
}
