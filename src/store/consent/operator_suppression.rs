//! Suppressions as an operator makes, sees and takes back.
//!
//! One of an operator is a row with the reason `operator`. If the address had been erased, the row keeps that
//! reason, and sign-ups are refused for ever.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::FromRow;

use super::suppression::{self, FOREVER, insert};
use crate::domain::{SuppressionKeys, SuppressionReason};
use crate::store::dialect::{execute, fetch_all, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    REFUSE_ERASED = [
        r"UPDATE suppression
          SET no_signup_until = $3
          WHERE address_hash = $1 AND reason = $2
            AND (no_signup_until IS NULL OR no_signup_until < $3)",
    ];
    ADMIT_ERASED = [
        r"UPDATE suppression
          SET no_signup_until = NULL
          WHERE address_hash = $1 AND reason = $2 AND no_signup_until = $3",
    ];
    // "This was not me" had been said before.
    BACK_TO_DECLINED = [
        r"UPDATE suppression
          SET reason = $3, until = no_signup_until, no_signup_until = NULL
          WHERE address_hash = $1 AND reason = $2 AND no_signup_until > $4",
    ];
    DELETE_ANY = [
        r"DELETE FROM suppression
          WHERE address_hash = $1 OR (address_hash IN ($2, $3) AND reason = $4)",
    ];
    OF_ADDRESS = [
        r"SELECT reason, created_at, until, no_signup_until
          FROM suppression
          WHERE (address_hash = $1 OR (address_hash IN ($2, $3) AND reason = $4))
            AND (until IS NULL OR until > $5)
          ORDER BY created_at",
    ];
    COUNTS = [
        r"SELECT reason, COUNT(*) AS hashes, MAX(created_at) AS newest,
              COUNT(CASE WHEN no_signup_until = $2 THEN 1 END) AS by_operator_too
          FROM suppression
          WHERE until IS NULL OR until > $1
          GROUP BY reason
          ORDER BY reason",
    ];
}

/// Why one address is suppressed, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suppression {
    /// Why.
    pub reason: SuppressionReason,
    /// Since when.
    pub since: Timestamp,
    /// Until when; none for ever.
    pub until: Option<Timestamp>,
    /// Whether an operator suppressed it, perhaps besides.
    pub by_operator: bool,
}

/// How many addresses are suppressed for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SuppressionCount {
    /// The reason.
    pub reason: SuppressionReason,
    /// How many hashes. "This was not me" suppresses two: of the address, and of its mailbox.
    pub hashes: i64,
    /// How many of them an operator suppressed besides.
    pub by_operator_too: i64,
    /// When the newest was suppressed.
    pub newest: Timestamp,
}

#[derive(FromRow)]
struct SuppressionRow {
    reason: String,
    created_at: i64,
    until: Option<i64>,
    no_signup_until: Option<i64>,
}

#[derive(FromRow)]
struct CountRow {
    reason: String,
    hashes: i64,
    newest: i64,
    by_operator_too: i64,
}

fn place<'a>(reason: &'a String) -> Row<'a> {
    Row {
        table: "suppression",
        id: reason,
    }
}

/// Suppresses an address for an operator; returns whether none had done so before and its owner had not for
/// ever.
pub async fn add(tx: &mut Write, address_hash: &[u8], now: Timestamp) -> Result<bool, StoreError> {
    let is_new = insert(tx, address_hash, SuppressionReason::Operator, now, None).await?;
    let erased = execute!(
        tx,
        REFUSE_ERASED,
        address_hash,
        SuppressionReason::Erased.as_str(),
        FOREVER
    )?;
    Ok(is_new || erased > 0)
}

/// Takes back what an operator has suppressed; what the owner of the address asked for stays. Returns whether
/// there was anything to take back.
pub async fn remove(
    tx: &mut Write,
    address_hash: &[u8],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (operator, erased) = (SuppressionReason::Operator, SuppressionReason::Erased);
    let declined = execute!(
        tx,
        BACK_TO_DECLINED,
        address_hash,
        operator.as_str(),
        SuppressionReason::Declined.as_str(),
        micros(now)
    )?;
    let removed = suppression::delete(tx, address_hash, operator).await?;
    let admitted = execute!(tx, ADMIT_ERASED, address_hash, erased.as_str(), FOREVER)?;
    Ok(declined + removed + admitted > 0)
}

/// Removes every suppression of an address and of its mailbox. Returns whether there was any.
pub async fn remove_all(tx: &mut Write, keys: &SuppressionKeys) -> Result<bool, StoreError> {
    let removed = execute!(
        tx,
        DELETE_ANY,
        &keys.address[..],
        &keys.mailbox[..],
        &keys.plain[..],
        SuppressionReason::Declined.as_str()
    )?;
    Ok(removed > 0)
}

/// The suppressions of an address and of its mailbox, the oldest first.
pub async fn of_address(
    db: &mut Read,
    keys: &SuppressionKeys,
    now: Timestamp,
) -> Result<Vec<Suppression>, StoreError> {
    let rows: Vec<SuppressionRow> = fetch_all!(
        db,
        OF_ADDRESS,
        &keys.address[..],
        &keys.mailbox[..],
        &keys.plain[..],
        SuppressionReason::Declined.as_str(),
        micros(now)
    )?;
    let read = |row: SuppressionRow| {
        let place = place(&row.reason);
        let reason = place.parse("reason", &row.reason)?;
        Ok(Suppression {
            reason,
            since: place.time("created_at", row.created_at)?,
            until: place.maybe_time("until", row.until)?,
            by_operator: reason == SuppressionReason::Operator
                || row.no_signup_until == Some(FOREVER),
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many addresses are suppressed now, by reason.
pub async fn counts(db: &mut Read, now: Timestamp) -> Result<Vec<SuppressionCount>, StoreError> {
    let rows: Vec<CountRow> = fetch_all!(db, COUNTS, micros(now), FOREVER)?;
    let read = |row: CountRow| {
        let place = place(&row.reason);
        Ok(SuppressionCount {
            reason: place.parse("reason", &row.reason)?,
            hashes: row.hashes,
            by_operator_too: row.by_operator_too,
            newest: place.time("created_at", row.newest)?,
        })
    };
    rows.into_iter().map(read).collect()
}
