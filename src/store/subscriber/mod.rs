//! People, known by an address.

pub mod address_change;
pub mod answer;
pub mod dossier;
pub mod erasure;

use jiff::Timestamp;

use super::dialect::{execute, fetch_optional, fetch_optional_scalar, statements};
use super::rows::{Row, micros};
use super::{Read, StoreError, Write};
use crate::domain::{EmailAddress, SubscriberId};

statements! {
    INSERT = [
        r"INSERT INTO subscriber (address, address_key, name, created_at)
          VALUES ($1, $2, $3, $4)
          ON CONFLICT (address_key) DO NOTHING
          RETURNING id",
    ];
    // Not FOR UPDATE: it would wait for every transaction that refers to the row, such as a confirmation's.
    BY_KEY = [
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
    FIND = [r"SELECT id FROM subscriber WHERE address_key = $1"];
    HELD = [r"SELECT address, name, created_at, address_changed_at FROM subscriber WHERE id = $1"];
    RENAME = [r"UPDATE subscriber SET name = $2 WHERE id = $1"];
}

/// What is held of a person beside the subscriptions.
#[derive(Debug, Clone)]
pub struct StoredPerson {
    /// The address.
    pub address: EmailAddress,
    /// The name.
    pub name: Option<String>,
    /// When the person became known.
    pub created_at: Timestamp,
    /// When the address last became another.
    pub address_changed_at: Option<Timestamp>,
}

/// Who has the address of this form.
pub async fn by_key(db: &mut Read, key: &str) -> Result<Option<SubscriberId>, StoreError> {
    Ok(fetch_optional_scalar!(db, FIND, key)?)
}

/// Keeps others from signing a person up, or erasing it, until the transaction ends.
pub(super) async fn lock(tx: &mut Write, id: SubscriberId) -> Result<(), StoreError> {
    execute!(tx, LOCK, id)?;
    Ok(())
}

/// What is held of a person beside the subscriptions.
pub async fn held(db: &mut Read, id: SubscriberId) -> Result<Option<StoredPerson>, StoreError> {
    type StoredRow = (String, Option<String>, i64, Option<i64>);
    let row: Option<StoredRow> = fetch_optional!(db, HELD, id)?;
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

/// Corrects or forgets a person's name.
pub async fn rename(
    tx: &mut Write,
    id: SubscriberId,
    name: Option<&str>,
) -> Result<(), StoreError> {
    execute!(tx, RENAME, id, name)?;
    Ok(())
}

/// A subscriber that was found or made.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Who.
    pub id: SubscriberId,
    /// Whether this call made it.
    pub is_new: bool,
}

/// Finds the subscriber with this address or makes one; an existing one stays as it is
/// and is locked until the transaction ends.
pub async fn find_or_insert(
    tx: &mut Write,
    address: &EmailAddress,
    name: Option<&str>,
    now: Timestamp,
) -> Result<Known, StoreError> {
    let key = address.key();
    // Between the two statements it may be erased; then it is new.
    loop {
        let inserted: Option<SubscriberId> =
            fetch_optional_scalar!(tx, INSERT, address.to_string(), &key, name, micros(now))?;
        let found: Option<SubscriberId> = match inserted {
            Some(_) => inserted,
            None => fetch_optional_scalar!(tx, BY_KEY, &key)?,
        };
        if let Some(id) = found {
            return Ok(Known {
                id,
                is_new: inserted.is_some(),
            });
        }
    }
}
