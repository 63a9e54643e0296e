//! Keys of requests that must not be done twice, with the answers that are given again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::store::dialect::{execute, fetch_optional, statements};
use crate::store::rows::{json, micros};
use crate::store::{StoreError, Write};

statements! {
    RESERVE = [
        r"INSERT INTO idempotency_key (token_id, key_hash, request_hash, started_at)
          VALUES ($1, $2, $3, $4)
          ON CONFLICT (token_id, key_hash) DO NOTHING",
    ];
    FIND = [
        r"SELECT request_hash, started_at, status, headers, body
          FROM idempotency_key
          WHERE token_id = $1 AND key_hash = $2",
        for_update,
    ];
    RESTART = [
        r"UPDATE idempotency_key
          SET started_at = $3
          WHERE token_id = $1 AND key_hash = $2 AND status IS NULL",
    ];
    ANSWER = [
        r"UPDATE idempotency_key
          SET status = $4, headers = $5, body = $6
          WHERE token_id = $1 AND key_hash = $2 AND started_at = $3 AND status IS NULL",
    ];
    RELEASE = [
        r"DELETE FROM idempotency_key
          WHERE token_id = $1 AND key_hash = $2 AND started_at = $3 AND status IS NULL",
    ];
    FORGET = [r"DELETE FROM idempotency_key WHERE started_at <= $1"];
}

/// A key of one token, as a hash.
#[derive(Debug, Clone, Copy)]
pub struct KeyOfToken {
    /// The token.
    pub token: Uuid,
    /// The hash of the key.
    pub hash: [u8; 32],
}

/// An answer that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The status.
    pub status: u16,
    /// The headers that are given again.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// A request that used a key.
#[derive(Debug, Clone)]
pub struct KeyedRequest {
    /// The keyed hash of the request.
    pub request_hash: Vec<u8>,
    /// When it began, in microseconds.
    pub started_at: i64,
    /// Its answer, once there is one.
    pub answer: Option<KeptAnswer>,
}

#[derive(FromRow)]
struct KeyedRow {
    request_hash: Vec<u8>,
    started_at: i64,
    status: Option<i64>,
    headers: Option<String>,
    body: Option<Vec<u8>>,
}

impl From<KeyedRow> for KeyedRequest {
    fn from(row: KeyedRow) -> Self {
        let status = row.status.and_then(|status| u16::try_from(status).ok());
        let headers = row.headers.as_deref().map(serde_json::from_str);
        let headers = headers.and_then(Result::ok).unwrap_or_default();
        let body = row.body.unwrap_or_default();
        Self {
            request_hash: row.request_hash,
            started_at: row.started_at,
            answer: status.map(|status| KeptAnswer {
                status,
                headers,
                body,
            }),
        }
    }
}

/// Notes that a request with this key begins; false when one has begun before.
pub async fn reserve(
    tx: &mut Write,
    key: KeyOfToken,
    request_hash: &[u8],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (token, hash) = (key.token, &key.hash[..]);
    let reserved = execute!(tx, RESERVE, token, hash, request_hash, micros(now))?;
    Ok(reserved > 0)
}

/// The request that used this key.
pub async fn find(tx: &mut Write, key: KeyOfToken) -> Result<Option<KeyedRequest>, StoreError> {
    let row: Option<KeyedRow> = fetch_optional!(tx, FIND, key.token, &key.hash[..])?;
    Ok(row.map(Into::into))
}

/// Notes that a request that was abandoned begins again.
pub async fn restart(tx: &mut Write, key: KeyOfToken, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, RESTART, key.token, &key.hash[..], micros(now))?;
    Ok(())
}

/// Keeps the answer to the request that began then.
pub async fn keep(
    tx: &mut Write,
    key: KeyOfToken,
    started_at: Timestamp,
    answer: &KeptAnswer,
) -> Result<(), StoreError> {
    execute!(
        tx,
        ANSWER,
        key.token,
        &key.hash[..],
        micros(started_at),
        i64::from(answer.status),
        json(&answer.headers)?,
        &answer.body
    )?;
    Ok(())
}

/// Forgets the request that began then: it did nothing, and its key may be used again.
pub async fn release(
    tx: &mut Write,
    key: KeyOfToken,
    started_at: Timestamp,
) -> Result<(), StoreError> {
    execute!(tx, RELEASE, key.token, &key.hash[..], micros(started_at))?;
    Ok(())
}

/// Removes keys of requests that began before; returns how many.
pub async fn forget(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET, micros(before))?)
}
