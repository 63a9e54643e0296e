//! What was removed, for those who have to account for it.

use jiff::Timestamp;
use serde::Serialize;

use crate::store::dialect::{run, statements};
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

/// Lines that are read out.
const MAX_ENTRIES: i64 = 500;

statements! {
    ADD = ["INSERT INTO retention_log (at, what, amount) SELECT $2, r.what, r.amount FROM ",
        { sqlite: "(SELECT value->>'what' AS what, value->>'amount' AS amount FROM json_each($1)) AS r",
          postgres: "json_to_recordset(CAST($1 AS json)) AS r (what TEXT, amount BIGINT)" }];
    LIST = ["SELECT at, what, amount FROM retention_log ORDER BY id DESC LIMIT $1"];
    FORGET = ["DELETE FROM retention_log WHERE at <= $1"];
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Removal {
    /// When, in UTC.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// What: a row of the table in docs/OPERATIONS.md.
    pub what: String,
    /// How many.
    pub amount: i64,
}

/// Writes down what a run has removed, as word and number.
///
/// # Errors
/// When the database cannot be used.
pub async fn add(
    tx: &mut Write,
    removed: &[(&'static str, u64)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = |(what, amount): &(&'static str, u64)| serde_json::json!({ "what": what, "amount": amount });
    let rows: Vec<_> = removed.iter().map(row).collect();
    run!(tx, ADD, |sql, connection| sqlx::query(sql)
        .bind(json(&rows)?)
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The latest lines, the latest first.
///
/// # Errors
/// When the database cannot be used.
pub async fn latest(db: &mut Read) -> Result<Vec<Removal>, StoreError> {
    let rows: Vec<(i64, String, i64)> = run!(db, LIST, |sql, connection| sqlx::query_as(sql)
        .bind(MAX_ENTRIES)
        .fetch_all(connection)
        .await)?;
    let place = Row {
        table: "retention_log",
        id: &"at",
    };
    rows.into_iter()
        .map(|(at, what, amount)| {
            Ok(Removal {
                at: place.time("at", at)?,
                what,
                amount,
            })
        })
        .collect()
}

/// Removes lines from `before`.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget(tx: &mut Write, before: Timestamp) -> Result<(), StoreError> {
    run!(tx, FORGET, |sql, connection| sqlx::query(sql)
        .bind(micros(before))
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}
