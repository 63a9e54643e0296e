//! Counters of hits for a key in a time window, shared by all processes.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::Serialize;

use crate::store::dialect::{execute, fetch_all, fetch_optional, fetch_scalar, statements};
use crate::store::rows::json;
use crate::store::{Read, StoreError, Write};

statements! {
    HITS = [
        r"SELECT COALESCE(MAX(hits), 0)
          FROM rate_counter
          WHERE key = $1 AND window_seconds = $2 AND window_start = $3",
    ];
    HIT = [
        r"INSERT INTO rate_counter (key, window_seconds, window_start, hits)
          SELECT r.key, r.seconds, r.start, COUNT(*)
          FROM ",
        {
            sqlite: r"(
                SELECT unhex(value->>'key') AS key, value->>'seconds' AS seconds,
                    value->>'start' AS start
                FROM json_each($1)
              ) AS r",
            postgres: r"(
                SELECT decode(key, 'hex') AS key, seconds, start
                FROM json_to_recordset(CAST($1 AS json)) AS j
                    (key TEXT, seconds BIGINT, start BIGINT)
              ) AS r",
        },
        r" WHERE TRUE
          GROUP BY r.key, r.seconds, r.start
          ORDER BY r.key, r.seconds
          ON CONFLICT (key, window_seconds, window_start) DO UPDATE
              SET hits = rate_counter.hits + excluded.hits",
    ];
    LAST = [
        r"SELECT c.key, c.window_start, c.hits
          FROM rate_counter c
          WHERE c.window_seconds = $2
            AND c.window_start >= $3
            AND c.key IN ",
        {
            sqlite: r"(SELECT unhex(value) FROM json_each($1))",
            postgres: r"(SELECT decode(value, 'hex') FROM json_array_elements_text(CAST($1 AS json)))",
        },
        r" AND c.window_start = (
              SELECT MAX(m.window_start)
              FROM rate_counter m
              WHERE m.key = c.key AND m.window_seconds = $2
            )
          ORDER BY c.key",
        for_update,
    ];
    LAST_NOW = [
        r"SELECT window_start, hits
          FROM rate_counter
          WHERE key = $1 AND window_seconds = $2 AND window_start >= $3
          ORDER BY window_start DESC LIMIT 1",
    ];
    SUM = [
        r"SELECT CAST(COALESCE(SUM(hits), 0) AS BIGINT)
          FROM rate_counter
          WHERE key = $1 AND window_seconds = $2 AND window_start > $3",
    ];
    CLEAR = [r"DELETE FROM rate_counter WHERE key = $1"];
    FORGET = [r"DELETE FROM rate_counter WHERE window_start < $1"];
}

/// A hit to count.
#[derive(Debug, Serialize)]
pub struct Hit {
    /// The key, in hexadecimal.
    pub key: String,
    /// The window.
    #[serde(flatten)]
    pub window: Window,
}

/// A period of time whose start is a multiple of its length.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Window {
    /// Its length in seconds.
    pub seconds: i64,
    /// Its beginning, in seconds since 1970.
    pub start: i64,
}

impl Window {
    /// The window of this length that contains `now`.
    #[must_use]
    pub fn at(now: Timestamp, seconds: i64) -> Self {
        Self {
            seconds,
            start: now.as_second() - now.as_second().rem_euclid(seconds),
        }
    }

    /// The seconds until its end; at least 1.
    #[must_use]
    pub fn seconds_left(self, now: Timestamp) -> i64 {
        (self.start + self.seconds - now.as_second()).max(1)
    }
}

/// The number of hits of a key in a window.
pub async fn hits(db: &mut Read, key: &[u8], window: Window) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, HITS, key, window.seconds, window.start)?)
}

/// Counts hits. The same hit may occur several times.
pub async fn hit(tx: &mut Write, hits: &[Hit]) -> Result<(), StoreError> {
    let hits = json(hits)?;
    execute!(tx, HIT, hits)?;
    Ok(())
}

/// For each key (in hexadecimal) the latest window, not before `now`, that has hits: its start in
/// seconds since 1970 and its hits. The counters are locked until the transaction ends.
pub async fn last(
    tx: &mut Write,
    keys: &[String],
    now: Window,
) -> Result<HashMap<String, (i64, i64)>, StoreError> {
    let found: Vec<(Vec<u8>, i64, i64)> =
        fetch_all!(tx, LAST, json(keys)?, now.seconds, now.start)?;
    let by_key = found.into_iter();
    Ok(by_key
        .map(|(key, start, hits)| (HEXLOWER.encode(&key), (start, hits)))
        .collect())
}

/// Like [`last`] for one key, without a lock.
pub async fn last_now(
    db: &mut Read,
    key: &[u8],
    now: Window,
) -> Result<Option<(i64, i64)>, StoreError> {
    Ok(fetch_optional!(db, LAST_NOW, key, now.seconds, now.start)?)
}

/// The hits of a key in all windows of this length that began after `since`, in seconds since 1970.
pub async fn sum(db: &mut Read, key: &[u8], seconds: i64, since: i64) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, SUM, key, seconds, since)?)
}

/// Forgets the hits of a key.
pub async fn clear(tx: &mut Write, key: &[u8]) -> Result<(), StoreError> {
    execute!(tx, CLEAR, key)?;
    Ok(())
}

/// Removes counters whose window began before `before`; returns how many.
pub async fn forget(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET, before.as_second())?)
}
