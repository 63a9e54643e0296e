//! Counters of hits for a key in a time window, shared by all processes.

use std::collections::{BTreeMap, HashMap};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::Serialize;

use crate::store::dialect::{execute, fetch_all, fetch_scalar, statements};
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
    HITS_OF = [
        r"SELECT key, hits
          FROM rate_counter
          WHERE window_seconds = $2
            AND window_start = $3
            AND key IN ",
        {
            sqlite: r"(SELECT unhex(value) FROM json_each($1))",
            postgres: r"(SELECT decode(value, 'hex') FROM json_array_elements_text(CAST($1 AS json)))",
        },
        " ORDER BY key",
        for_update,
    ];
    // The full windows that follow one another are read once for each key.
    AHEAD = [
        r"WITH wanted AS MATERIALIZED (
            SELECT k.key, COALESCE((
              SELECT m.window_start
              FROM rate_counter m
              WHERE m.key = k.key
                AND m.window_seconds = $2
                AND m.window_start >= $3
                AND EXISTS (
                  SELECT 1
                  FROM rate_counter f
                  WHERE f.key = k.key AND f.window_seconds = $2 AND f.window_start = $3
                )
                AND (
                  m.hits < k.most
                  OR NOT EXISTS (
                    SELECT 1
                    FROM rate_counter n
                    WHERE n.key = k.key AND n.window_seconds = $2
                      AND n.window_start = m.window_start + $2
                  )
                )
              ORDER BY m.window_start LIMIT 1
            ), $3) AS start
            FROM ",
        {
            sqlite: r"(
                SELECT unhex(value->>'key') AS key, value->>'most' AS most FROM json_each($1)
              ) AS k",
            postgres: r"(
                SELECT decode(key, 'hex') AS key, most
                FROM json_to_recordset(CAST($1 AS json)) AS j (key TEXT, most BIGINT)
              ) AS k",
        },
        r")
          SELECT c.key, w.start, c.window_start, c.hits
          FROM wanted w
          JOIN rate_counter c
            ON c.key = w.key AND c.window_seconds = $2 AND c.window_start >= w.start
          ORDER BY c.key, c.window_start",
        for_update,
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

/// Whether so many more hits of a key keep all limits, each a length of a window in seconds and the most hits in it;
/// counts them if so. Otherwise the seconds to wait. The caller holds a lock, so that of two at once one waits.
pub async fn hit_within(
    tx: &mut Write,
    key: &[u8],
    (times, limits): (i64, &[(i64, i64)]),
    now: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let mut new = Vec::new();
    let mut wait = None;
    for (seconds, most) in limits {
        let window = Window::at(now, *seconds);
        if hits(tx, key, window).await? + times > *most {
            wait = wait.max(Some(window.seconds_left(now)));
        }
        let one = |_| Hit {
            key: HEXLOWER.encode(key),
            window,
        };
        new.extend((0..times).map(one));
    }
    if wait.is_none() {
        hit(tx, &new).await?;
    }
    Ok(wait)
}

/// The number of hits of each key (in hexadecimal) that has any in this window. The counters are locked until the
/// transaction ends.
pub async fn hits_of(
    tx: &mut Write,
    keys: &[String],
    window: Window,
) -> Result<HashMap<String, i64>, StoreError> {
    let found: Vec<(Vec<u8>, i64)> =
        fetch_all!(tx, HITS_OF, json(keys)?, window.seconds, window.start)?;
    let by_key = found.into_iter();
    Ok(by_key
        .map(|(key, hits)| (HEXLOWER.encode(&key), hits))
        .collect())
}

/// A key, and how many hits a window of it takes.
#[derive(Debug, Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit {
    /// The key, in hexadecimal.
    pub key: String,
    /// The most hits in a window.
    pub most: i64,
}

/// The windows of a key that may have room.
#[derive(Debug, Default)]
pub struct Ahead {
    /// The first from now on that has room, or else the last of the full ones before it. In seconds since 1970.
    pub first: i64,
    /// The hits of this and of all later ones that have any, by their start.
    pub hits: BTreeMap<i64, i64>,
}

/// For each key (in hexadecimal) the windows from `now` on that may have room; none for a key without hits. Each key
/// may occur once. The counters are locked until the transaction ends.
pub async fn ahead(
    tx: &mut Write,
    limits: &[Limit],
    now: Window,
) -> Result<HashMap<String, Ahead>, StoreError> {
    let found: Vec<(Vec<u8>, i64, i64, i64)> =
        fetch_all!(tx, AHEAD, json(limits)?, now.seconds, now.start)?;
    let mut by_key: HashMap<String, Ahead> = HashMap::new();
    for (key, first, start, hits) in found {
        let ahead = by_key.entry(HEXLOWER.encode(&key)).or_default();
        ahead.first = first;
        ahead.hits.insert(start, hits);
    }
    Ok(by_key)
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
