//! Addresses that nobody may sign up or import, as keyed hashes.

use jiff::Timestamp;

use super::dialect::{run, statements};
use super::rows::micros;
use super::{Read, StoreError, Write};
use crate::domain::SuppressionReason;

statements! {
    CONTAINS = ["SELECT COUNT(*) FROM suppression WHERE address_hash = $1"];
    INSERT = ["INSERT INTO suppression (address_hash, reason, created_at, until) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (address_hash) DO NOTHING"];
    LIFT = ["DELETE FROM suppression WHERE until <= $1"];
}

/// Whether the address with this hash is suppressed.
///
/// # Errors
/// When the database cannot be used.
pub async fn contains(db: &mut Read, address_hash: &[u8]) -> Result<bool, StoreError> {
    let found: i64 = run!(db, CONTAINS, |sql, connection| sqlx::query_scalar(sql)
        .bind(address_hash)
        .fetch_one(connection)
        .await)?;
    Ok(found > 0)
}

/// Suppresses an address, for ever unless there is an `until`; the first reason stays.
///
/// # Errors
/// When the database cannot be used.
pub async fn insert(
    tx: &mut Write,
    address_hash: &[u8],
    reason: SuppressionReason,
    now: Timestamp,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    run!(tx, INSERT, |sql, connection| sqlx::query(sql)
        .bind(address_hash)
        .bind(reason.as_str())
        .bind(micros(now))
        .bind(until.map(micros))
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Lifts the suppressions whose time is over; returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn lift(tx: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(tx, LIFT, |sql, connection| sqlx::query(sql)
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?)
}
