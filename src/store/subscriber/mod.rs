//! Subscribers, known by their address.

pub mod address_change;
pub mod answer;
pub mod dossier;
pub mod erasure;

use std::collections::HashMap;

use jiff::Timestamp;

use super::dialect::{execute, fetch_all, fetch_optional, fetch_optional_scalar, statements};
use super::rows::{Row, json, micros};
use super::{Read, StoreError, Write};
use crate::domain::{EmailAddress, SubscriberId, SubscriptionId};

statements! {
    INSERT = [
        r"INSERT INTO subscriber (address, address_key, name, created_at)
          VALUES ($1, $2, $3, $4)
          ON CONFLICT (address_key) DO NOTHING
          RETURNING id",
    ];
    // Not FOR UPDATE: that would wait for every transaction that inserts a reference to the row, such
    // as a confirmation.
    LOCK_BY_KEY = [
        r"SELECT id
          FROM subscriber
          WHERE address_key = $1",
        { sqlite: "", postgres: " FOR NO KEY UPDATE" },
    ];
    LOCK = [
        r"SELECT id
          FROM subscriber
          WHERE id = $1",
        { sqlite: "", postgres: " FOR NO KEY UPDATE" },
    ];
    BY_KEY = [r"SELECT id FROM subscriber WHERE address_key = $1"];
    BY_ID = [r"SELECT address, name, created_at, address_changed_at FROM subscriber WHERE id = $1"];
    ADDRESSES = [
        r"SELECT s.id, p.address
          FROM subscription s
          JOIN subscriber p ON p.id = s.subscriber_id
          WHERE s.id IN ",
        ids_1,
    ];
    RENAME = [r"UPDATE subscriber SET name = $2 WHERE id = $1"];
    REMOVE = ["DELETE FROM subscriber WHERE id IN ", ids_1];
}

/// A subscriber's stored data, without the subscriptions.
#[derive(Debug, Clone)]
pub struct StoredPerson {
    /// The address.
    pub address: EmailAddress,
    /// The name.
    pub name: Option<String>,
    /// When the subscriber was created.
    pub created_at: Timestamp,
    /// When the address was last changed.
    pub address_changed_at: Option<Timestamp>,
}

/// The subscriber with this address key (see `EmailAddress::key`).
pub async fn by_key(db: &mut Read, key: &str) -> Result<Option<SubscriberId>, StoreError> {
    Ok(fetch_optional_scalar!(db, BY_KEY, key)?)
}

/// Locks a subscriber against sign-ups and erasure until the transaction ends.
pub async fn lock(tx: &mut Write, id: SubscriberId) -> Result<(), StoreError> {
    execute!(tx, LOCK, id)?;
    Ok(())
}

/// A subscriber's stored data; `None` if there is no such subscriber.
pub async fn by_id(db: &mut Read, id: SubscriberId) -> Result<Option<StoredPerson>, StoreError> {
    type StoredRow = (String, Option<String>, i64, Option<i64>);
    let row: Option<StoredRow> = fetch_optional!(db, BY_ID, id)?;
    let place = Row {
        table: "subscriber",
        id: &id,
    };
    row.map(|(address, name, created_at, changed_at)| {
        Ok(StoredPerson {
            address: place.parse("address", &address)?,
            name,
            created_at: place.time("created_at", created_at)?,
            address_changed_at: place.maybe_time("address_changed_at", changed_at)?,
        })
    })
    .transpose()
}

/// The addresses of these subscriptions; of who was erased there is none.
pub async fn addresses(
    db: &mut Read,
    subscriptions: &[SubscriptionId],
) -> Result<HashMap<SubscriptionId, EmailAddress>, StoreError> {
    let rows: Vec<(SubscriptionId, String)> = fetch_all!(db, ADDRESSES, json(subscriptions)?)?;
    let rows = rows.into_iter();
    // What stands in the place of an erased address is no address.
    let known = rows.filter_map(|(id, address)| Some((id, EmailAddress::parse(&address).ok()?)));
    Ok(known.collect())
}

/// Replaces or removes a subscriber's name.
pub async fn rename(
    tx: &mut Write,
    id: SubscriberId,
    name: Option<&str>,
) -> Result<(), StoreError> {
    execute!(tx, RENAME, id, name)?;
    Ok(())
}

/// Removes subscribers that this transaction has inserted, and that have no subscription.
pub async fn remove(tx: &mut Write, ids: &[SubscriberId]) -> Result<(), StoreError> {
    execute!(tx, REMOVE, json(ids)?)?;
    Ok(())
}

/// A subscriber that was found or inserted.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// The subscriber.
    pub id: SubscriberId,
    /// Whether this call inserted it.
    pub is_new: bool,
}

/// Finds or inserts the subscriber with this address. An existing one is not changed; it is locked until
/// the transaction ends.
pub async fn find_or_insert(
    tx: &mut Write,
    address: &EmailAddress,
    name: Option<&str>,
    now: Timestamp,
) -> Result<Known, StoreError> {
    let key = address.key();
    // The subscriber may be erased between the two statements; then the loop inserts it.
    loop {
        let inserted: Option<SubscriberId> =
            fetch_optional_scalar!(tx, INSERT, address.to_string(), &key, name, micros(now))?;
        let found: Option<SubscriberId> = match inserted {
            Some(_) => inserted,
            None => fetch_optional_scalar!(tx, LOCK_BY_KEY, &key)?,
        };
        if let Some(id) = found {
            return Ok(Known {
                id,
                is_new: inserted.is_some(),
            });
        }
    }
}
