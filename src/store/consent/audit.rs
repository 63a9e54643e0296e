//! Reads the record of consent together with its hash chain, for an audit.

use jiff::Timestamp;
use sqlx::FromRow;

use super::chain;
pub use super::chain::TakenIn;
use super::wording_digest;
use crate::domain::{ChainContent, ChainHead, LinkKey};
use crate::store::dialect::{fetch_all, fetch_all_scalars, fetch_scalar, statements};
use crate::store::{Read, StoreError, Write};

statements! {
    // The events have the bounds too: PostgreSQL may merge both tables, and would read each from its beginning.
    PAGE = [
        r"SELECT c.event_id, c.content, c.hash, c.removed_at, c.removed_why, c.removal,
              e.subscription_id, e.address_hash, e.kind, e.method, e.at, e.page, w.digest
          FROM consent_chain c
          LEFT JOIN consent_event e ON e.id = c.event_id AND e.id > $1 AND e.id <= $2
          LEFT JOIN consent_wording w ON w.id = e.wording_id
          WHERE c.event_id > $1 AND c.event_id <= $2
          ORDER BY c.event_id LIMIT $3",
    ];
    UNCHAINED = [
        r"SELECT e.id
          FROM consent_event e
          WHERE NOT EXISTS (SELECT 1 FROM consent_chain c WHERE c.event_id = e.id)
          ORDER BY e.id LIMIT $1",
    ];
    WORDINGS = [
        r"SELECT id, digest, version, language, wording
          FROM consent_wording
          WHERE id > $1
          ORDER BY id LIMIT $2",
    ];
    FIRST_OF_WORDING = [r"SELECT MIN(id) FROM consent_event WHERE wording_id = $1"];
}

/// One link of the chain.
#[derive(Debug, Clone)]
pub struct ChainRow {
    /// The event's number, which is its position in the chain.
    pub event: i64,
    /// The stored hash of its content.
    pub content: Vec<u8>,
    /// The stored hash of the link.
    pub hash: Vec<u8>,
    /// The hash of the event's present content; `None` when the event is missing.
    pub found: Option<[u8; 32]>,
    /// When (in microseconds) and why the event was removed, with the seal of both.
    pub removal: Option<(i64, String, Vec<u8>)>,
}

#[derive(FromRow)]
struct PageRow {
    event_id: i64,
    content: Vec<u8>,
    hash: Vec<u8>,
    removed_at: Option<i64>,
    removed_why: Option<String>,
    removal: Option<Vec<u8>>,
    subscription_id: Option<i64>,
    address_hash: Option<Vec<u8>>,
    kind: Option<String>,
    method: Option<String>,
    at: Option<i64>,
    page: Option<String>,
    digest: Option<Vec<u8>>,
}

#[derive(FromRow)]
struct WordingRow {
    id: i64,
    digest: Vec<u8>,
    version: String,
    language: String,
    wording: String,
}

/// Begins the chain if there is none, and takes in a batch of the events that were recorded before. To be
/// repeated, each time in a transaction of its own, until it is complete.
pub async fn take_in(tx: &mut Write, key: &LinkKey, now: Timestamp) -> Result<TakenIn, StoreError> {
    chain::take_in(tx, key, now).await
}

/// Whether there is a chain that holds all events.
pub async fn is_complete(db: &mut Read, key: &LinkKey) -> Result<bool, StoreError> {
    let end = chain::head(db).await?;
    Ok(end.is_some_and(|(head, seal)| chain::is_complete(&head, &seal, key)))
}

/// The end of the chain and its seal; `None` when there is no chain.
pub async fn head(db: &mut Read) -> Result<Option<(ChainHead, Vec<u8>)>, StoreError> {
    chain::head(db).await
}

/// A page of links after the event `after`, up to the event `until`.
pub async fn page(
    db: &mut Read,
    key: &LinkKey,
    after: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<ChainRow>, StoreError> {
    let rows: Vec<PageRow> = fetch_all!(db, PAGE, after, until, limit)?;
    Ok(rows.into_iter().map(|row| chain_row(key, row)).collect())
}

fn chain_row(key: &LinkKey, row: PageRow) -> ChainRow {
    let found = row.subscription_id.map(|subscription| {
        ChainContent {
            event: row.event_id,
            subscription,
            address_hash: row.address_hash.as_deref().unwrap_or_default(),
            kind: row.kind.as_deref().unwrap_or_default(),
            method: row.method.as_deref().unwrap_or_default(),
            at: row.at.unwrap_or_default(),
            page: row.page.as_deref().unwrap_or_default(),
            wording: row.digest.as_deref().unwrap_or_default(),
        }
        .hash(key)
    });
    ChainRow {
        event: row.event_id,
        content: row.content,
        hash: row.hash,
        found,
        removal: row.removed_at.map(|at| {
            let (why, seal) = (row.removed_why, row.removal);
            (at, why.unwrap_or_default(), seal.unwrap_or_default())
        }),
    }
}

/// Up to `limit` events that have no link in the chain.
pub async fn unchained(db: &mut Read, limit: i64) -> Result<Vec<i64>, StoreError> {
    Ok(fetch_all_scalars!(db, UNCHAINED, limit)?)
}

/// Checks the digests of up to `limit` wordings after the wording `after`. Returns the last wording
/// that it checked and, for each that was changed, the first event that used it. `None` when no wording
/// is left.
pub async fn changed_wordings(
    db: &mut Read,
    after: i64,
    limit: i64,
) -> Result<Option<(i64, Vec<i64>)>, StoreError> {
    let rows: Vec<WordingRow> = fetch_all!(db, WORDINGS, after, limit)?;
    let Some(last) = rows.last() else {
        return Ok(None);
    };
    let last = last.id;
    let mut events = Vec::new();
    for row in &rows {
        if wording_digest(&row.wording, &row.version, &row.language) == row.digest {
            continue;
        }
        let first: Option<i64> = fetch_scalar!(db, FIRST_OF_WORDING, row.id)?;
        events.extend(first);
    }
    Ok(Some((last, events)))
}
