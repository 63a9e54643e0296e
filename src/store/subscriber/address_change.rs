//! Changes of address that wait for their confirmation.

use jiff::Timestamp;

use crate::domain::{EmailAddress, SubscriberId};
use crate::store::consent::suppression;
use crate::store::dialect::{run, statements};
use crate::store::error::taken;
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write, subscriber};

statements! {
    ASK = ["INSERT INTO address_change (subscriber_id, address, asked_at) VALUES ($1, $2, $3) \
        ON CONFLICT (subscriber_id) DO UPDATE SET address = excluded.address, asked_at = excluded.asked_at \
        WHERE address_change.asked_at / 1000000 <> excluded.asked_at / 1000000"];
    ASKED = ["SELECT address, asked_at FROM address_change WHERE subscriber_id = $1"];
    FORGET = ["DELETE FROM address_change WHERE subscriber_id = $1"];
    FORGET_OLD = ["DELETE FROM address_change WHERE asked_at <= $1"];
    MOVE = ["UPDATE subscriber SET address = $2, address_key = $3, address_changed_at = $4 WHERE id = $1"];
}

/// Notes what a person asks for; it takes the place of what was asked before. False, and nothing
/// noted, within the same second: the links that go out know no finer time, and the one to the
/// first address would confirm the second.
///
/// # Errors
/// When the database cannot be used.
pub async fn ask(
    tx: &mut Write,
    person: SubscriberId,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(run!(tx, ASK, |sql, connection| sqlx::query(sql)
        .bind(person.0)
        .bind(address.to_string())
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|done| done.rows_affected() > 0))?)
}

/// What a person asked for last, and when.
///
/// # Errors
/// When the database cannot be used.
pub async fn asked(
    db: &mut Read,
    person: SubscriberId,
) -> Result<Option<(EmailAddress, Timestamp)>, StoreError> {
    let row: Option<(String, i64)> = run!(db, ASKED, |sql, connection| sqlx::query_as(sql)
        .bind(person.0)
        .fetch_optional(connection)
        .await)?;
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

/// Forgets what a person asked for.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget(tx: &mut Write, person: SubscriberId) -> Result<(), StoreError> {
    run!(tx, FORGET, |sql, connection| sqlx::query(sql)
        .bind(person.0)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Forgets what was asked for by `before`; returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget_old(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(tx, FORGET_OLD, |sql, connection| sqlx::query(sql)
        .bind(micros(before))
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?)
}

/// Whether nobody else has the address, and its owner has not asked to be left dedicated.
///
/// # Errors
/// When the database cannot be used.
pub async fn is_free(
    db: &mut Read,
    person: SubscriberId,
    address: &EmailAddress,
    address_hash: &[u8],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let owner = subscriber::by_key(db, &address.key()).await?;
    let somebody_elses = owner.is_some_and(|owner| owner != person);
    Ok(!somebody_elses && !suppression::refuses_signup(db, address_hash, now).await?)
}

/// Gives a person the new address, and forgets that it was asked for.
///
/// # Errors
/// [`StoreError::Taken`] when somebody else has it; then the transaction is good for nothing more.
pub async fn carry_out(
    tx: &mut Write,
    person: SubscriberId,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<(), StoreError> {
    run!(tx, MOVE, |sql, connection| sqlx::query(sql)
        .bind(person.0)
        .bind(address.to_string())
        .bind(address.key())
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|_| ()))
    .map_err(taken("subscriber"))?;
    forget(tx, person).await
}
