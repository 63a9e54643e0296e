//! Suppressed addresses, as keyed hashes: nobody may sign them up or import them.

use jiff::Timestamp;

use crate::domain::{EmailAddress, SubscriptionState, SuppressionKeys, SuppressionReason};
use crate::store::dialect::{execute, fetch_scalar, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

/// `no_signup_until` of an erased address that an operator has suppressed too.
pub(super) const FOREVER: i64 = i64::MAX;

statements! {
    REFUSES = [
        r"SELECT COUNT(*)
          FROM suppression
          WHERE address_hash = $1 AND (reason <> $2 OR no_signup_until > $3)",
    ];
    MAILBOX_DECLINED = [
        r"SELECT COUNT(*)
          FROM suppression
          WHERE address_hash IN ($1, $2)
            AND (reason = $3 OR no_signup_until > $4)
            AND NOT EXISTS (
              SELECT 1
              FROM subscription s
              JOIN subscriber p ON p.id = s.subscriber_id
              WHERE p.address_key = $5 AND s.state = $6
            )",
    ];
    INSERT = [
        r"INSERT INTO suppression (address_hash, reason, created_at, until)
          VALUES ($1, $2, $3, $4)
          ON CONFLICT (address_hash) DO UPDATE SET reason = excluded.reason, until = NULL,
              no_signup_until = CASE WHEN suppression.reason = $5 THEN $6 ELSE suppression.until END
          WHERE (suppression.until IS NOT NULL AND excluded.until IS NULL)
            OR (suppression.reason = $5 AND excluded.reason = $7)",
    ];
    NO_SIGNUP = [
        r"UPDATE suppression
          SET no_signup_until = $3
          WHERE address_hash = $1 AND reason = $2",
    ];
    // Not what an operator has said.
    ALLOW_SIGNUP = [
        r"UPDATE suppression
          SET no_signup_until = NULL
          WHERE address_hash = $1 AND reason = $2 AND no_signup_until < $3",
    ];
    DELETE = [r"DELETE FROM suppression WHERE address_hash = $1 AND reason = $2"];
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

/// Whether a request by anybody may not mail this address: it may not be signed up, or "this was not me" was
/// said for another spelling of its mailbox. The latter does not bind an address that somebody reads with:
/// its owner has confirmed it.
pub async fn refuses_request(
    db: &mut Read,
    keys: &SuppressionKeys,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if refuses_signup(db, &keys.address, now).await? {
        return Ok(true);
    }
    let found: i64 = fetch_scalar!(
        db,
        MAILBOX_DECLINED,
        &keys.mailbox[..],
        &keys.plain[..],
        SuppressionReason::Declined.as_str(),
        micros(now),
        address.key(),
        SubscriptionState::Active.as_str()
    )?;
    Ok(found > 0)
}

/// Blocks sign-ups of a mailbox until a time, by its keyed hash.
pub async fn decline_mailbox(
    tx: &mut Write,
    mailbox_hash: &[u8],
    now: Timestamp,
    until: Timestamp,
) -> Result<(), StoreError> {
    let reason = SuppressionReason::Declined;
    insert(tx, mailbox_hash, reason, now, Some(until)).await?;
    Ok(())
}

/// Blocks sign-ups of an address, and of what usually reaches the same mailbox, until a time; also when the
/// address was erased.
pub async fn decline(
    tx: &mut Write,
    keys: &SuppressionKeys,
    now: Timestamp,
    until: Timestamp,
) -> Result<(), StoreError> {
    decline_mailbox(tx, &keys.mailbox, now, until).await?;
    let (address_hash, reason) = (&keys.address[..], SuppressionReason::Declined);
    insert(tx, address_hash, reason, now, Some(until)).await?;
    execute!(
        tx,
        NO_SIGNUP,
        address_hash,
        SuppressionReason::Erased.as_str(),
        micros(until)
    )?;
    Ok(())
}

/// Takes [`decline`] back.
pub async fn take_back_decline(
    tx: &mut Write,
    address_hash: &[u8],
    mailbox_hash: &[u8],
) -> Result<(), StoreError> {
    for hash in [mailbox_hash, address_hash] {
        delete(tx, hash, SuppressionReason::Declined).await?;
    }
    let erased = SuppressionReason::Erased.as_str();
    execute!(tx, ALLOW_SIGNUP, address_hash, erased, FOREVER)?;
    Ok(())
}

/// Removes the suppression of an erased address whose owner has signed up again.
pub async fn lift_erased(tx: &mut Write, address_hash: &[u8]) -> Result<(), StoreError> {
    delete(tx, address_hash, SuppressionReason::Erased).await?;
    Ok(())
}

/// Removes the suppression of an address if it is for this reason; returns how many there were.
pub(super) async fn delete(
    tx: &mut Write,
    address_hash: &[u8],
    reason: SuppressionReason,
) -> Result<u64, StoreError> {
    Ok(execute!(tx, DELETE, address_hash, reason.as_str())?)
}

/// Suppresses an address, for ever if `until` is `None`. An existing suppression stays, unless it has
/// an end and this one has none, or it is an operator's and this one is for an erasure: then both count.
/// Returns whether anything changed.
pub async fn insert(
    tx: &mut Write,
    address_hash: &[u8],
    reason: SuppressionReason,
    now: Timestamp,
    until: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let changed = execute!(
        tx,
        INSERT,
        address_hash,
        reason.as_str(),
        micros(now),
        until.map(micros),
        SuppressionReason::Operator.as_str(),
        FOREVER,
        SuppressionReason::Erased.as_str()
    )?;
    Ok(changed > 0)
}

/// Removes suppressions that ended by `now`; returns how many.
pub async fn remove_expired(tx: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, DELETE_EXPIRED, micros(now))?)
}
