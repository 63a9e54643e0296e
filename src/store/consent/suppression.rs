//! Suppressed addresses, as keyed hashes: nobody may sign them up or import them.

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
    DELETE_ERASED = [r"DELETE FROM suppression WHERE address_hash = $1 AND reason = $2"];
    DELETE_EXPIRED = [r"DELETE FROM suppression WHERE until <= $1"];
}

/// Whether this address may not be signed up. An erased address may, unless its owner has declined
/// further mails.
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

/// Blocks sign-ups of an address until a time, also when it was erased.
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

/// Removes the suppression of an erased address whose owner has signed up again.
pub async fn lift_erased(tx: &mut Write, address_hash: &[u8]) -> Result<(), StoreError> {
    execute!(
        tx,
        DELETE_ERASED,
        address_hash,
        SuppressionReason::Erased.as_str()
    )?;
    Ok(())
}

/// Suppresses an address, for ever if `until` is `None`. An existing suppression stays, unless it has
/// an end and this one has none.
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

/// Removes suppressions that ended by `now`; returns how many.
pub async fn remove_expired(tx: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, DELETE_EXPIRED, micros(now))?)
}
