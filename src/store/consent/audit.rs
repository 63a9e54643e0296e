//! The record of consent and its chain, read side by side.

use jiff::Timestamp;
use sqlx::FromRow;

use super::chain;
use super::wording_digest;
use crate::domain::{ChainContent, ChainHead, LinkKey};
use crate::store::dialect::{fetch_all, fetch_all_scalars, fetch_scalar, statements};
use crate::store::{Read, StoreError, Write};

statements! {
    PAGE = [
        r"SELECT c.event_id, c.content, c.hash, c.removed_at, c.removed_why, c.removal,
              e.subscription_id, e.address_hash, e.kind, e.method, e.at, e.page, w.digest
          FROM consent_chain c
          LEFT JOIN consent_event e ON e.id = c.event_id
          LEFT JOIN consent_wording w ON w.id = e.wording_id
          WHERE c.event_id > $1 AND c.event_id <= $2
          ORDER BY c.event_id LIMIT $3",
    ];
    STRAYS = [
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

/// One place of the chain.
#[derive(Debug, Clone)]
pub struct ChainRow {
    /// The event's number.
    pub event: i64,
    /// The hash of its content, as it was kept.
    pub content: Vec<u8>,
    /// Its hash, as it was kept.
    pub hash: Vec<u8>,
    /// The hash of the content that is there now; none where there is no such event.
    pub found: Option<[u8; 32]>,
    /// When and why it was removed, and the seal of that.
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

/// Begins the chain, unless there is one, and takes in what was recorded before there were chains.
///
/// # Errors
/// When the database cannot be used; then nothing has begun.
pub async fn begin(tx: &mut Write, key: &LinkKey, now: Timestamp) -> Result<bool, StoreError> {
    chain::begin(tx, key, now).await
}

/// Where the chain ends, and the seal of that.
pub async fn head(db: &mut Read) -> Result<Option<(ChainHead, Vec<u8>)>, StoreError> {
    chain::head(db).await
}

/// Some of the chain after an event, up to another.
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

/// Some events that are in no chain.
pub async fn strays(db: &mut Read, limit: i64) -> Result<Vec<i64>, StoreError> {
    Ok(fetch_all_scalars!(db, STRAYS, limit)?)
}

/// Looks at some wordings after one; returns the last it looked at and, of those that do not say
/// any more what they said, the first events that used them.
pub async fn changed_wordings(
    db: &mut Read,
    after: i64,
    limit: i64,
) -> Result<Option<(i64, Vec<i64>)>, StoreError> {
    type Wording = (i64, Vec<u8>, String, String, String);
    let rows: Vec<Wording> = fetch_all!(db, WORDINGS, after, limit)?;
    let Some((last, ..)) = rows.last() else {
        return Ok(None);
    };
    let last = *last;
    let mut events = Vec::new();
    for (id, digest, version, language, wording) in &rows {
        if wording_digest(wording, version, language) == *digest {
            continue;
        }
        let first: Option<i64> = fetch_scalar!(db, FIRST_OF_WORDING, id)?;
        events.extend(first);
    }
    Ok(Some((last, events)))
}
