//! Addresses that nobody may sign up or import, as keyed hashes.

use jiff::Timestamp;

use crate::domain::SuppressionReason;
use crate::store::dialect::{run, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

statements! {
    REFUSES = ["SELECT COUNT(*) FROM suppression WHERE address_hash = $1 AND (reason <> $2 OR no_signup_until > $3)"];
    INSERT = ["INSERT INTO suppression (address_hash, reason, created_at, until) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (address_hash) DO UPDATE SET reason = excluded.reason, until = NULL, \
        no_signup_until = suppression.until \
        WHERE suppression.until IS NOT NULL AND excluded.until IS NULL"];
    NO_SIGNUP = ["UPDATE suppression SET no_signup_until = $3 WHERE address_hash = $1 AND reason = $2"];
    LIFT_ERASED = ["DELETE FROM suppression WHERE address_hash = $1 AND reason = $2"];
    LIFT = ["DELETE FROM suppression WHERE until <= $1"];
}

/// Whether nobody may sign this address up. Who was erased may come back by own will.
///
/// # Errors
/// When the database cannot be used.
pub async fn refuses_signup(
    db: &mut Read,
    address_hash: &[u8],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let found: i64 = run!(db, REFUSES, |sql, connection| sqlx::query_scalar(sql)
        .bind(address_hash)
        .bind(SuppressionReason::Erased.as_str())
        .bind(micros(now))
        .fetch_one(connection)
        .await)?;
    Ok(found > 0)
}

/// Keeps further sign-ups from sending mails to an address until a time, also when it was erased.
///
/// # Errors
/// When the database cannot be used.
pub async fn decline(
    tx: &mut Write,
    address_hash: &[u8],
    now: Timestamp,
    until: Timestamp,
) -> Result<(), StoreError> {
    insert(
        tx,
        address_hash,
        SuppressionReason::Declined,
        now,
        Some(until),
    )
    .await?;
    run!(tx, NO_SIGNUP, |sql, connection| sqlx::query(sql)
        .bind(address_hash)
        .bind(SuppressionReason::Erased.as_str())
        .bind(micros(until))
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Lifts the suppression of an erased address, as its owner has come back by own will.
///
/// # Errors
/// When the database cannot be used.
pub async fn lift_erased(tx: &mut Write, address_hash: &[u8]) -> Result<(), StoreError> {
    run!(tx, LIFT_ERASED, |sql, connection| sqlx::query(sql)
        .bind(address_hash)
        .bind(SuppressionReason::Erased.as_str())
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Suppresses an address, for ever unless there is an `until`; the first reason stays, unless it
/// would end and this one does not.
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
