//! Imports subscribers in batches: each statement takes a batch as one JSON array.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{NewsletterId, SubscriptionId, SubscriptionState, SuppressionReason};
use crate::store::dialect::{execute, fetch_all, statements};
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    KNOWN = [
        r"SELECT r.line, s.state
          FROM ",
        {
            sqlite: r"(SELECT value->>'line' AS line, value->>'key' AS key FROM json_each($1)) AS r",
            postgres: r"json_to_recordset(CAST($1 AS json)) AS r (line BIGINT, key TEXT)",
        },
        r" JOIN subscriber p ON p.address_key = r.key
          JOIN subscription s ON s.subscriber_id = p.id AND s.newsletter_id = $2",
    ];
    SUPPRESSED = [
        r"SELECT r.line, x.reason
          FROM ",
        {
            sqlite: r"(SELECT value->>'line' AS line, unhex(value->>'hash') AS hash FROM json_each($1)) AS r",
            postgres: r"(
                SELECT line, decode(hash, 'hex') AS hash
                FROM json_to_recordset(CAST($1 AS json)) AS j (line BIGINT, hash TEXT)
              ) AS r",
        },
        r" JOIN suppression x ON x.address_hash = r.hash",
    ];
    // Inserts in the order in which sign-ups lock addresses.
    SUBSCRIBERS = [
        r"INSERT INTO subscriber (address, address_key, name, created_at)
          SELECT r.address, r.key, r.name, $2
          FROM ",
        {
            sqlite: r"(
                SELECT value->>'address' AS address, value->>'key' AS key, value->>'name' AS name
                FROM json_each($1)
              ) AS r",
            postgres: r"json_to_recordset(CAST($1 AS json)) AS r (address TEXT, key TEXT, name TEXT)",
        },
        r" WHERE TRUE
          ORDER BY r.key
          ON CONFLICT (address_key) DO NOTHING",
    ];
    SUBSCRIPTIONS = [
        r"INSERT INTO subscription (subscriber_id, newsletter_id, state, language, countries,
              frequency, created_at, confirmed_at)
          SELECT p.id, $2, $3, r.language, r.countries, r.frequency, $4, r.consent_at
          FROM ",
        {
            sqlite: r"(
                SELECT value->>'key' AS key, value->>'language' AS language,
                    value->>'countries' AS countries, value->>'frequency' AS frequency,
                    value->>'consent_at' AS consent_at
                FROM json_each($1)
              ) AS r",
            postgres: r"json_to_recordset(CAST($1 AS json)) AS r
                  (key TEXT, language TEXT, countries TEXT, frequency TEXT, consent_at BIGINT)",
        },
        r" JOIN subscriber p ON p.address_key = r.key
          WHERE TRUE
          ON CONFLICT (subscriber_id, newsletter_id) DO NOTHING",
    ];
    UNRECORDED = [
        r"SELECT r.line, s.id
          FROM ",
        {
            sqlite: r"(SELECT value->>'line' AS line, value->>'key' AS key FROM json_each($1)) AS r",
            postgres: r"json_to_recordset(CAST($1 AS json)) AS r (line BIGINT, key TEXT)",
        },
        r" JOIN subscriber p ON p.address_key = r.key
          JOIN subscription s ON s.subscriber_id = p.id AND s.newsletter_id = $2
          WHERE NOT EXISTS (SELECT 1 FROM consent_event e WHERE e.subscription_id = s.id)",
    ];
}

/// A row of an import file that has passed all checks that need no database.
#[derive(Debug, Clone, Serialize)]
pub struct ImportRow {
    /// Its line in the file.
    pub line: u64,
    /// The address.
    pub address: String,
    /// The address key (see `EmailAddress::key`).
    pub key: String,
    /// The keyed hash of the address, in hexadecimal.
    pub hash: String,
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

/// The lines whose address already has a subscription to the newsletter, with its state.
pub async fn known(
    db: &mut Read,
    rows: &[ImportRow],
    newsletter: NewsletterId,
) -> Result<HashMap<u64, SubscriptionState>, StoreError> {
    let found: Vec<(i64, String)> = fetch_all!(db, KNOWN, json(rows)?, newsletter)?;
    found
        .into_iter()
        .map(|(line, state)| {
            let state = Row {
                table: "subscription",
                id: &line,
            }
            .parse("state", &state)?;
            Ok((line.unsigned_abs(), state))
        })
        .collect()
}

/// The lines whose address is suppressed, with the reason.
pub async fn suppressed(
    db: &mut Read,
    rows: &[ImportRow],
) -> Result<HashMap<u64, SuppressionReason>, StoreError> {
    let found: Vec<(i64, String)> = fetch_all!(db, SUPPRESSED, json(rows)?)?;
    found
        .into_iter()
        .map(|(line, reason)| {
            let place = Row {
                table: "suppression",
                id: &line,
            };
            Ok((line.unsigned_abs(), place.parse("reason", &reason)?))
        })
        .collect()
}

/// Inserts subscribers and active subscriptions. Returns the number of new subscriptions, and by line
/// those whose consent the caller must record in this transaction. The rows must contain no duplicates
/// and nothing that [`known`] or [`suppressed`] returns. Subscriptions that another process has
/// inserted since are not changed.
pub async fn insert(
    tx: &mut Write,
    rows: &[ImportRow],
    newsletter: NewsletterId,
    now: Timestamp,
) -> Result<(u64, HashMap<u64, SubscriptionId>), StoreError> {
    let rows = json(rows)?;
    execute!(tx, SUBSCRIBERS, &rows, micros(now))?;
    let inserted = execute!(
        tx,
        SUBSCRIPTIONS,
        &rows,
        newsletter,
        SubscriptionState::Active.as_str(),
        micros(now)
    )?;
    let unrecorded: Vec<(i64, SubscriptionId)> = fetch_all!(tx, UNRECORDED, &rows, newsletter)?;
    let by_line = |(line, id): (i64, SubscriptionId)| (line.unsigned_abs(), id);
    Ok((inserted, unrecorded.into_iter().map(by_line).collect()))
}
