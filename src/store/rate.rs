//! Hits per key and time window, shared by all web processes.

use jiff::Timestamp;

use super::dialect::{run, statements};
use super::{Read, StoreError, Write};

statements! {
    HITS = ["SELECT COALESCE(MAX(hits), 0) FROM rate_counter \
        WHERE key = $1 AND window_seconds = $2 AND window_start = $3"];
    HIT = ["INSERT INTO rate_counter (key, window_seconds, window_start, hits) VALUES ($1, $2, $3, 1) \
        ON CONFLICT (key, window_seconds, window_start) DO UPDATE SET hits = rate_counter.hits + 1 \
        RETURNING hits"];
    FORGET = ["DELETE FROM rate_counter WHERE window_start < $1"];
}

/// A stretch of time aligned to its own length.
#[derive(Debug, Clone, Copy)]
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

/// Counts one more and returns the new number.
///
/// # Errors
/// When the database cannot be used.
pub async fn hit(tx: &mut Write, key: &[u8], window: Window) -> Result<i64, StoreError> {
    Ok(run!(tx, HIT, |sql, connection| sqlx::query_scalar(sql)
        .bind(key)
        .bind(window.seconds)
        .bind(window.start)
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
