//! Changes of address that are not confirmed yet.

use jiff::Timestamp;

use crate::domain::{EmailAddress, SubscriberId, SuppressionKeys};
use crate::store::consent::suppression;
use crate::store::dialect::{execute, fetch_optional, statements};
use crate::store::error::taken;
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write, subscriber};

statements! {
    ASK = [
        r"INSERT INTO address_change (subscriber_id, address, asked_at)
          VALUES ($1, $2, $3)
          ON CONFLICT (subscriber_id) DO UPDATE SET address = excluded.address,
              asked_at = excluded.asked_at
          WHERE address_change.asked_at / 1000000 <> excluded.asked_at / 1000000",
    ];
    ASKED = [r"SELECT address, asked_at FROM address_change WHERE subscriber_id = $1"];
    FORGET = [r"DELETE FROM address_change WHERE subscriber_id = $1"];
    FORGET_OLD = [r"DELETE FROM address_change WHERE asked_at <= $1"];
    MOVE = [
        r"UPDATE subscriber
          SET address = $2, address_key = $3, address_changed_at = $4
          WHERE id = $1",
    ];
}

/// Stores a requested change of address; it replaces an earlier one. Returns `false` and stores nothing
/// if the earlier one is from the same second: links carry times in seconds, so the link to the first
/// address would confirm the second.
pub async fn ask(
    tx: &mut Write,
    person: SubscriberId,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, ASK, person, address.to_string(), micros(now)).map(|rows| rows > 0)?)
}

/// The address that a subscriber requested last, and when.
pub async fn asked(
    db: &mut Read,
    person: SubscriberId,
) -> Result<Option<(EmailAddress, Timestamp)>, StoreError> {
    let row: Option<(String, i64)> = fetch_optional!(db, ASKED, person)?;
    let place = Row {
        table: "address_change",
        id: &person,
    };
    row.map(|(address, at)| {
        Ok((
            place.parse("address", &address)?,
            place.time("asked_at", at)?,
        ))
    })
    .transpose()
}

/// Removes a subscriber's requested change.
pub async fn forget(tx: &mut Write, person: SubscriberId) -> Result<(), StoreError> {
    execute!(tx, FORGET, person)?;
    Ok(())
}

/// Removes changes that were requested by `before`; returns how many.
pub async fn forget_old(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET_OLD, micros(before))?)
}

/// Whether no other subscriber has the address, and it is not suppressed.
pub async fn is_free(
    db: &mut Read,
    person: SubscriberId,
    address: &EmailAddress,
    keys: &SuppressionKeys,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let owner = subscriber::by_key(db, &address.key()).await?;
    let is_taken = owner.is_some_and(|owner| owner != person);
    Ok(!is_taken && !suppression::refuses_request(db, keys, address, now).await?)
}

/// Changes a subscriber's address and removes the requested change.
///
/// # Errors
/// [`StoreError::Taken`] when another subscriber has the address. Drop the transaction then.
pub async fn carry_out(
    tx: &mut Write,
    person: SubscriberId,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(
        tx,
        MOVE,
        person,
        address.to_string(),
        address.key(),
        micros(now)
    )
    .map_err(taken("subscriber"))?;
    forget(tx, person).await
}
