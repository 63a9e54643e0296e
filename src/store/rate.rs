//! Hits per key and time window, shared by all web processes.

use jiff::Timestamp;
use serde::Serialize;

use super::dialect::{run, statements};
use super::rows::json;
use super::{Read, StoreError, Write};

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
