//! The append-only record of consent.

pub mod audit;
pub(super) mod chain;
pub mod operator_suppression;
pub mod removal;
pub mod suppression;

use std::collections::HashMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use sqlx::FromRow;

use super::bulk::{BulkStatement, Column, Value};
use super::dialect::{
    fetch_all, fetch_all_scalars, fetch_optional_scalar, fetch_scalar, statements,
};
use super::rows::{Row, micros};
use super::{Read, StoreError, Write};
use crate::domain::{ChainContent, ConsentEvent, LinkKey, SubscriberId, SubscriptionId};
use chain::Chain;

statements! {
    WORDING = [r"SELECT id FROM consent_wording WHERE digest = $1"];
    INSERT_WORDING = [
        r"INSERT INTO consent_wording (digest, version, language, wording)
          VALUES ($1, $2, $3, $4)
          ON CONFLICT (digest) DO UPDATE SET version = excluded.version
          RETURNING id",
    ];
    OF_SUBSCRIPTION = [
        r"SELECT e.id, e.address_hash, e.kind, e.method, e.at, e.page, e.ip, w.wording, w.version,
              w.language
          FROM consent_event e
          JOIN consent_wording w ON w.id = e.wording_id
          WHERE e.subscription_id = $1
          ORDER BY e.id",
    ];
    ADDRESS_HASHES = [
        r"SELECT DISTINCT address_hash
          FROM consent_event
          WHERE address_hash IS NOT NULL
            AND subscription_id IN (SELECT id FROM subscription WHERE subscriber_id = $1)",
    ];
}

/// The hashes of all addresses under which a subscriber's consent was recorded.
pub async fn address_hashes(
    db: &mut Read,
    person: SubscriberId,
) -> Result<Vec<Vec<u8>>, StoreError> {
    Ok(fetch_all_scalars!(db, ADDRESS_HASHES, person)?)
}

#[derive(FromRow)]
struct ConsentRow {
    id: i64,
    address_hash: Option<Vec<u8>>,
    kind: String,
    method: String,
    at: i64,
    page: String,
    ip: Option<String>,
    wording: String,
    version: String,
    language: String,
}

/// Adds events.
pub(super) static INSERT: BulkStatement = BulkStatement::new(
    "consent::INSERT",
    0,
    &[
        Column::Integer("id"),
        Column::Integer("subscription"),
        Column::Octets("address_hash"),
        Column::Integer("wording"),
        Column::Text("kind"),
        Column::Text("method"),
        Column::Integer("at"),
        Column::Text("page"),
        Column::Text("ip"),
    ],
    r"INSERT INTO consent_event
          (id, subscription_id, address_hash, wording_id, kind, method, at, page, ip)
      SELECT r.id, r.subscription, r.address_hash, r.wording, r.kind, r.method, r.at, r.page, r.ip
      FROM r
      WHERE r.id IS NOT NULL",
);

/// Identifies a wording by its text, version and language.
pub(super) fn wording_digest(wording: &str, version: &str, language: &str) -> Vec<u8> {
    Sha256::new()
        .chain_update(version)
        .chain_update([0])
        .chain_update(language)
        .chain_update([0])
        .chain_update(wording)
        .finalize()
        .to_vec()
}

/// The number of a wording; inserts the wording if it is new.
async fn wording_id(
    tx: &mut Write,
    event: &ConsentEvent,
    digest: &[u8],
) -> Result<i64, StoreError> {
    let known: Option<i64> = fetch_optional_scalar!(tx, WORDING, digest)?;
    if let Some(id) = known {
        return Ok(id);
    }
    Ok(fetch_scalar!(
        tx,
        INSERT_WORDING,
        digest,
        &event.wording_version,
        event.language.as_str(),
        &event.wording
    )?)
}

/// Appends events to the record and its chain, in this order. It must be the last call of a
/// transaction: it locks the end of the chain, and a transaction that then waits for another lock can
/// deadlock with one that waits for the chain. Only [`audit::append`](super::audit::append) comes after it,
/// in every transaction that does both.
pub async fn append(
    tx: &mut Write,
    key: &LinkKey,
    events: &[ConsentEvent],
) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let mut chain = Chain::lock(tx, key).await?;
    let mut wordings = Wordings::default();
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let (digest, wording) = wordings.find(tx, event).await?;
        rows.push((event, digest, wording, event.ip.map(|ip| ip.to_string())));
    }
    // Some events are hashed while those before are written.
    INSERT
        .execute(tx, &[], &rows, |(event, digest, wording, ip)| {
            let id = chain.add(|event_id| ChainContent {
                event: event_id,
                subscription: event.subscription.0,
                address_hash: &event.address_hash,
                kind: event.kind.as_str(),
                method: event.method.as_str(),
                at: micros(event.at),
                page: &event.page,
                wording: digest,
            });
            [
                Value::Integer(id),
                Value::Integer(event.subscription.0),
                Value::Octets(&event.address_hash),
                Value::Integer(*wording),
                Value::Text(Some(event.kind.as_str())),
                Value::Text(Some(event.method.as_str())),
                Value::Integer(micros(event.at)),
                Value::Text(Some(&event.page)),
                Value::Text(ip.as_deref()),
            ]
        })
        .await?;
    chain.save(tx).await
}

/// The wordings of some events. Most events that follow each other have the same one.
#[derive(Default)]
struct Wordings<'a> {
    known: HashMap<Arc<[u8]>, i64>,
    last: Option<(&'a ConsentEvent, Arc<[u8]>, i64)>,
}

impl<'a> Wordings<'a> {
    /// The digest and the number of an event's wording.
    async fn find(
        &mut self,
        tx: &mut Write,
        event: &'a ConsentEvent,
    ) -> Result<(Arc<[u8]>, i64), StoreError> {
        let words =
            |event: &'a ConsentEvent| (&event.wording, &event.wording_version, event.language);
        if let Some((last, digest, id)) = &self.last
            && words(last) == words(event)
        {
            return Ok((Arc::clone(digest), *id));
        }
        let language = event.language.as_str();
        let digest = wording_digest(&event.wording, &event.wording_version, language);
        let digest: Arc<[u8]> = digest.into();
        let id = match self.known.get(&digest) {
            Some(id) => *id,
            None => wording_id(tx, event, &digest).await?,
        };
        self.known.insert(Arc::clone(&digest), id);
        self.last = Some((event, Arc::clone(&digest), id));
        Ok((digest, id))
    }
}

/// The events of a subscription, oldest first.
pub async fn of_subscription(
    db: &mut Read,
    subscription: SubscriptionId,
) -> Result<Vec<ConsentEvent>, StoreError> {
    let rows: Vec<ConsentRow> = fetch_all!(db, OF_SUBSCRIPTION, subscription)?;
    rows.into_iter()
        .map(|row| {
            let place = Row {
                table: "consent_event",
                id: &row.id,
            };
            let hash = row.address_hash.as_deref().unwrap_or_default();
            Ok(ConsentEvent {
                subscription,
                address_hash: hash
                    .try_into()
                    .map_err(|_| place.corrupt("address_hash", &"not a hash of 32 octets"))?,
                kind: place.parse("kind", &row.kind)?,
                method: place.parse("method", &row.method)?,
                at: place.time("at", row.at)?,
                language: place.parse("language", &row.language)?,
                ip: row
                    .ip
                    .as_deref()
                    .map(|ip| place.parse("ip", ip))
                    .transpose()?,
                wording: row.wording,
                wording_version: row.version,
                page: row.page,
            })
        })
        .collect()
}
