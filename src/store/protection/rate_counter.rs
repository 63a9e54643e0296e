//! Hits per key and time window, shared by all web processes.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::Serialize;

use crate::store::dialect::{run, statements};
use crate::store::rows::json;
use crate::store::{Read, StoreError, Write};

statements! {
    HITS = ["SELECT COALESCE(MAX(hits), 0) FROM rate_counter \
        WHERE key = $1 AND window_seconds = $2 AND window_start = $3"];
    HIT = ["INSERT INTO rate_counter (key, window_seconds, window_start, hits) \
        SELECT r.key, r.seconds, r.start, COUNT(*) FROM ",
        { sqlite: "(SELECT unhex(value->>'key') AS key, value->>'seconds' AS seconds, value->>'start' AS start \
            FROM json_each($1)) AS r",
          postgres: "(SELECT decode(key, 'hex') AS key, seconds, start FROM \
            json_to_recordset(CAST($1 AS json)) AS j (key TEXT, seconds BIGINT, start BIGINT)) AS r" },
        " WHERE TRUE GROUP BY r.key, r.seconds, r.start ORDER BY r.key, r.seconds \
        ON CONFLICT (key, window_seconds, window_start) DO UPDATE SET hits = rate_counter.hits + excluded.hits"];
    LAST = ["SELECT c.key, c.window_start, c.hits FROM rate_counter c \
        WHERE c.window_seconds = $2 AND c.window_start >= $3 AND c.key IN ",
        { sqlite: "(SELECT unhex(value) FROM json_each($1))",
          postgres: "(SELECT decode(value, 'hex') FROM json_array_elements_text(CAST($1 AS json)))" },
        " AND c.window_start = (SELECT MAX(m.window_start) FROM rate_counter m \
        WHERE m.key = c.key AND m.window_seconds = $2) ORDER BY c.key", for_update];
    LAST_NOW = ["SELECT window_start, hits FROM rate_counter \
        WHERE key = $1 AND window_seconds = $2 AND window_start >= $3 ORDER BY window_start DESC LIMIT 1"];
    SUM = ["SELECT CAST(COALESCE(SUM(hits), 0) AS BIGINT) FROM rate_counter \
        WHERE key = $1 AND window_seconds = $2 AND window_start > $3"];
    FORGET = ["DELETE FROM rate_counter WHERE window_start < $1"];
}

/// One more in a window.
#[derive(Debug, Serialize)]
pub struct Hit {
    /// What is counted, in hexadecimal.
    pub key: String,
    /// When.
    #[serde(flatten)]
    pub window: Window,
}

/// A stretch of time aligned to its own length.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Window {
    /// Its length in seconds.
    pub seconds: i64,
    /// Its beginning, in seconds since 1970.
    pub start: i64,
}

impl Window {
    /// The window of this length that `now` lies in.
    #[must_use]
    pub fn at(now: Timestamp, seconds: i64) -> Self {
        Self {
            seconds,
            start: now.as_second() - now.as_second().rem_euclid(seconds),
        }
    }

    /// Seconds until it ends; at least 1.
    #[must_use]
    pub fn seconds_left(self, now: Timestamp) -> i64 {
        (self.start + self.seconds - now.as_second()).max(1)
    }
}

/// Hits so far.
///
/// # Errors
/// When the database cannot be used.
pub async fn hits(db: &mut Read, key: &[u8], window: Window) -> Result<i64, StoreError> {
    Ok(run!(db, HITS, |sql, connection| sqlx::query_scalar(sql)
        .bind(key)
        .bind(window.seconds)
        .bind(window.start)
        .fetch_one(connection)
        .await)?)
}

/// Counts each of these; the same one may be there several times.
///
/// # Errors
/// When the database cannot be used.
pub async fn hit(tx: &mut Write, hits: &[Hit]) -> Result<(), StoreError> {
    let hits = json(hits)?;
    run!(tx, HIT, |sql, connection| sqlx::query(sql)
        .bind(hits)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The latest window from `now` on that each of these (in hexadecimal) was counted in, and its
/// hits. Nobody else counts there until the transaction ends.
///
/// # Errors
/// When the database cannot be used.
pub async fn last(
    tx: &mut Write,
    keys: &[String],
    now: Window,
) -> Result<HashMap<String, (i64, i64)>, StoreError> {
    let found: Vec<(Vec<u8>, i64, i64)> = run!(tx, LAST, |sql, connection| sqlx::query_as(sql)
        .bind(json(keys)?)
        .bind(now.seconds)
        .bind(now.start)
        .fetch_all(connection)
        .await)?;
    let by_key = found.into_iter();
    Ok(by_key
        .map(|(key, start, hits)| (HEXLOWER.encode(&key), (start, hits)))
        .collect())
}

/// The same for one, by a look that keeps nobody waiting.
///
/// # Errors
/// When the database cannot be used.
pub async fn last_now(
    db: &mut Read,
    key: &[u8],
    now: Window,
) -> Result<Option<(i64, i64)>, StoreError> {
    Ok(run!(db, LAST_NOW, |sql, connection| sqlx::query_as(sql)
        .bind(key)
        .bind(now.seconds)
        .bind(now.start)
        .fetch_optional(connection)
        .await)?)
}

/// Hits in all windows of this length that began after `since`, in seconds since 1970.
///
/// # Errors
/// When the database cannot be used.
pub async fn sum(db: &mut Read, key: &[u8], seconds: i64, since: i64) -> Result<i64, StoreError> {
    Ok(run!(db, SUM, |sql, connection| sqlx::query_scalar(sql)
        .bind(key)
        .bind(seconds)
        .bind(since)
        .fetch_one(connection)
        .await)?)
}

/// Removes windows that began before `before`; returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(tx, FORGET, |sql, connection| sqlx::query(sql)
        .bind(before.as_second())
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?)
}
