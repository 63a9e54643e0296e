//! Addresses that nobody may sign up or import, as keyed hashes.

use jiff::Timestamp;

use crate::domain::SuppressionReason;
use crate::store::dialect::{execute, fetch_scalar, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

statements! {
    REFUSES = [
        r"SELECT COUNT(*)
          FROM suppression
          WHERE address_hash = $1 AND (reason <> $2 OR no_signup_until > $3)",
    ];
    INSERT = [
        r"INSERT INTO suppression (address_hash, reason, created_at, until)
          VALUES ($1, $2, $3, $4)
          ON CONFLICT (address_hash) DO UPDATE SET reason = excluded.reason, until = NULL,
              no_signup_until = suppression.until
          WHERE suppression.until IS NOT NULL AND excluded.until IS NULL",
    ];
    NO_SIGNUP = [
        r"UPDATE suppression
          SET no_signup_until = $3
          WHERE address_hash = $1 AND reason = $2",
    ];
    LIFT_ERASED = [r"DELETE FROM suppression WHERE address_hash = $1 AND reason = $2"];
    LIFT = [r"DELETE FROM suppression WHERE until <= $1"];
}

/// Whether nobody may sign this address up. Who was erased may come back by own will.
pub async fn refuses_signup(
    db: &mut Read,
    address_hash: &[u8],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let found: i64 = fetch_scalar!(
        db,
        REFUSES,
        address_hash,
        SuppressionReason::Erased.as_str(),
        micros(now)
    )?;
    Ok(found > 0)
}

/// Keeps further sign-ups from sending mails to an address until a time, also when it was erased.
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
    execute!(
        tx,
        NO_SIGNUP,
        address_hash,
        SuppressionReason::Erased.as_str(),
        micros(until)
    )?;
    Ok(())
}

/// Lifts the suppression of an erased address, as its owner has come back by own will.
pub async fn lift_erased(tx: &mut Write, address_hash: &[u8]) -> Result<(), StoreError> {
    execute!(
        tx,
        LIFT_ERASED,
        address_hash,
        SuppressionReason::Erased.as_str()
    )?;
    Ok(())
}

/// Suppresses an address, for ever unless there is an `until`; the first reason stays, unless it
/// would end and this one does not.
pub async fn insert(
    tx: &mut Write,
    address_hash: &[u8],
    reason: SuppressionReason,
    now: Timestamp,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    execute!(
        tx,
        INSERT,
        address_hash,
        reason.as_str(),
        micros(now),
        until.map(micros)
    )?;
    Ok(())
}

/// Lifts the suppressions whose time is over; returns how many.
pub async fn lift(tx: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, LIFT, micros(now))?)
}
