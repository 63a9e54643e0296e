//! Addresses that must never be mailed, as keyed hashes.

use jiff::Timestamp;

use super::dialect::{run, statements};
use super::rows::micros;
use super::{Read, StoreError, Write};
use crate::domain::EndReason;

statements! {
    CONTAINS = ["SELECT COUNT(*) FROM suppression WHERE address_hash = $1"];
    INSERT = ["INSERT INTO suppression (address_hash, reason, created_at) VALUES ($1, $2, $3) \
        ON CONFLICT (address_hash) DO NOTHING"];
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

/// Suppresses an address; the first reason stays.
///
/// # Errors
/// When the database cannot be used.
pub async fn insert(
    tx: &mut Write,
    address_hash: &[u8],
    reason: EndReason,
    now: Timestamp,
) -> Result<(), StoreError> {
    run!(tx, INSERT, |sql, connection| sqlx::query(sql)
        .bind(address_hash)
        .bind(reason.as_str())
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}
