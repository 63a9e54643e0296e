//! Imports subscribers in batches.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{NewsletterId, SubscriptionId, SubscriptionState, SuppressionReason};
use crate::store::bulk::{BulkStatement, Column, Shared, Value};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

pub(in crate::store) static KNOWN: BulkStatement = BulkStatement::new(
    "subscription::import::KNOWN",
    1,
    &[
        Column::Integer("line"),
        Column::Text("key"),
        Column::Octets("hash"),
    ],
    r"SELECT r.line, p.id, s.state, x.reason
      FROM r
      LEFT JOIN subscriber p ON p.address_key = r.key
      LEFT JOIN subscription s ON s.subscriber_id = p.id AND s.newsletter_id = $1
      LEFT JOIN suppression x ON x.address_hash = r.hash
      WHERE p.id IS NOT NULL OR x.reason IS NOT NULL",
);
pub(in crate::store) static SUBSCRIBERS: BulkStatement = BulkStatement::new(
    "subscription::import::SUBSCRIBERS",
    1,
    &[
        Column::Text("address"),
        Column::Text("key"),
        Column::Text("name"),
    ],
    r"INSERT INTO subscriber (address, address_key, name, created_at)
      SELECT r.address, r.key, r.name, $1
      FROM r
      WHERE r.key IS NOT NULL
      ORDER BY r.key
      ON CONFLICT (address_key) DO NOTHING
      RETURNING id, address_key",
);
/// Subscribers that another process has added since.
pub(in crate::store) static BY_KEY: BulkStatement = BulkStatement::new(
    "subscription::import::BY_KEY",
    0,
    &[Column::Text("key")],
    r"SELECT p.id, p.address_key
      FROM r
      JOIN subscriber p ON p.address_key = r.key",
);
pub(in crate::store) static SUBSCRIPTIONS: BulkStatement = BulkStatement::new(
    "subscription::import::SUBSCRIPTIONS",
    3,
    &[
        Column::Integer("subscriber"),
        Column::Text("language"),
        Column::Text("countries"),
        Column::Text("frequency"),
        Column::Integer("consent_at"),
    ],
    r"INSERT INTO subscription (subscriber_id, newsletter_id, state, language, countries,
          frequency, created_at, confirmed_at)
      SELECT r.subscriber, $1, $2, r.language, r.countries, r.frequency, $3, r.consent_at
      FROM r
      WHERE r.subscriber IS NOT NULL
      ON CONFLICT (subscriber_id, newsletter_id) DO NOTHING
      RETURNING id, subscriber_id",
);

/// A row of an import file that has passed all checks that need no database.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// Its line in the file.
    pub line: u64,
    /// The address.
    pub address: String,
    /// The address key (see `EmailAddress::key`).
    pub key: String,
    /// The keyed hash of the address.
    pub hash: [u8; 32],
    /// The subscriber's name.
    pub name: Option<String>,
    /// The language.
    pub language: &'static str,
    /// The countries, in canonical form.
    pub countries: String,
    /// The frequency.
    pub frequency: &'static str,
    /// When consent was given, in microseconds.
    pub consent_at: i64,
}

#[derive(FromRow)]
struct KnownRow {
    line: i64,
    id: Option<i64>,
    state: Option<String>,
    reason: Option<String>,
}

/// What the database knows of the address of a row.
#[derive(Debug, Clone, Copy, Default)]
pub struct KnownAddress {
    /// The number of the subscriber with this address.
    subscriber: Option<i64>,
    /// The state of its subscription to the newsletter.
    pub state: Option<SubscriptionState>,
    /// Why it must not be mailed.
    pub suppressed: Option<SuppressionReason>,
}

/// The addresses of rows that are known in any way, by line.
pub type KnownAddresses = HashMap<u64, KnownAddress>;

/// What is known of the addresses of these rows.
pub async fn known(
    db: &mut Read,
    rows: &[ImportRow],
    newsletter: NewsletterId,
) -> Result<KnownAddresses, StoreError> {
    let values = rows.iter().map(|row| {
        [
            Value::Integer(row.line.cast_signed()),
            Value::Text(Some(&row.key)),
            Value::Octets(&row.hash),
        ]
    });
    let values: Vec<_> = values.collect();
    let shared = [Shared::Id(newsletter.0)];
    let found: Vec<KnownRow> = KNOWN.fetch_all(db, &shared, &values).await?;
    let read = |row: KnownRow| {
        let place = |table| Row {
            table,
            id: &row.line,
        };
        let state = row
            .state
            .map(|state| place("subscription").parse("state", &state));
        let reason = row
            .reason
            .map(|reason| place("suppression").parse("reason", &reason));
        let known = KnownAddress {
            subscriber: row.id,
            state: state.transpose()?,
            suppressed: reason.transpose()?,
        };
        Ok((row.line.cast_unsigned(), known))
    };
    found.into_iter().map(read).collect()
}

/// Inserts subscribers and active subscriptions. Returns the new subscriptions by line; the caller must
/// record their consent in this transaction. The rows must contain no duplicates and nobody who has a
/// subscription or is suppressed according to `known`. Subscriptions that another process has inserted
/// since are not changed.
pub async fn insert(
    tx: &mut Write,
    rows: &[ImportRow],
    known: &KnownAddresses,
    newsletter: NewsletterId,
    now: Timestamp,
) -> Result<HashMap<u64, SubscriptionId>, StoreError> {
    let mut by_subscriber: HashMap<i64, &ImportRow> = HashMap::with_capacity(rows.len());
    let mut new = Vec::with_capacity(rows.len());
    for row in rows {
        match known.get(&row.line).and_then(|known| known.subscriber) {
            Some(subscriber) => drop(by_subscriber.insert(subscriber, row)),
            None => new.push(row),
        }
    }
    by_subscriber.extend(add_subscribers(tx, new, now).await?);
    let mut chosen: Vec<_> = by_subscriber.iter().collect();
    chosen.sort_unstable_by_key(|(subscriber, _)| **subscriber);
    let values = chosen.iter().map(|(subscriber, row)| {
        [
            Value::Integer(**subscriber),
            Value::Text(Some(row.language)),
            Value::Text(Some(&row.countries)),
            Value::Text(Some(row.frequency)),
            Value::Integer(row.consent_at),
        ]
    });
    let values: Vec<_> = values.collect();
    let shared = [
        Shared::Id(newsletter.0),
        Shared::Text(SubscriptionState::Active.as_str()),
        Shared::Integer(micros(now)),
    ];
    let inserted: Vec<(SubscriptionId, i64)> =
        SUBSCRIPTIONS.fetch_all(tx, &shared, &values).await?;
    let by_line =
        |(id, subscriber): (SubscriptionId, i64)| Some((by_subscriber.get(&subscriber)?.line, id));
    Ok(inserted.into_iter().filter_map(by_line).collect())
}

/// Inserts subscribers in the order in which sign-ups lock addresses, which is also that of the index;
/// returns the rows by their numbers.
async fn add_subscribers<'a>(
    tx: &mut Write,
    mut new: Vec<&'a ImportRow>,
    now: Timestamp,
) -> Result<Vec<(i64, &'a ImportRow)>, StoreError> {
    new.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    let values = new.iter().map(|row| {
        [
            Value::Text(Some(&row.address)),
            Value::Text(Some(&row.key)),
            Value::Text(row.name.as_deref()),
        ]
    });
    let values: Vec<_> = values.collect();
    let shared = [Shared::Integer(micros(now))];
    let mut numbers: Vec<(i64, String)> = SUBSCRIBERS.fetch_all(tx, &shared, &values).await?;
    if numbers.len() < new.len() {
        let added: HashSet<&str> = numbers.iter().map(|(_, key)| key.as_str()).collect();
        let rest = new.iter().map(|row| row.key.as_str());
        let rest = rest.filter(|key| !added.contains(key));
        let rest: Vec<_> = rest.map(|key| [Value::Text(Some(key))]).collect();
        let found: Vec<(i64, String)> = BY_KEY.fetch_all(tx, &[], &rest).await?;
        numbers.extend(found);
    }
    let by_key: HashMap<&str, &ImportRow> = new.iter().map(|row| (&*row.key, *row)).collect();
    let row = |(id, key): (i64, String)| Some((id, *by_key.get(key.as_str())?));
    Ok(numbers.into_iter().filter_map(row).collect())
}
