//! How many connections relays take, as the workers have learned it.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{RelayLimit, Reply, WorkerId};
use crate::store::dialect::{execute, fetch_all, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    SAVE = [
        r"INSERT INTO relay_limit (relay, worker, connections, configured, next_try_at, reply_code,
                                   reply_text, seen_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
          ON CONFLICT (relay, worker) DO UPDATE
          SET connections = excluded.connections, configured = excluded.configured,
              next_try_at = excluded.next_try_at, reply_code = excluded.reply_code,
              reply_text = excluded.reply_text, seen_at = excluded.seen_at",
    ];
    REMOVE = ["DELETE FROM relay_limit WHERE relay = $1 AND worker = $2"];
    SEEN_SINCE = [
        r"SELECT relay, connections, configured, next_try_at, reply_code, reply_text
          FROM relay_limit
          WHERE seen_at >= $1
          ORDER BY relay, connections",
    ];
    REMOVE_OLD = ["DELETE FROM relay_limit WHERE seen_at < $1"];
}

#[derive(FromRow)]
struct RelayLimitRow {
    relay: String,
    connections: i64,
    configured: i64,
    next_try_at: i64,
    reply_code: i64,
    reply_text: String,
}

impl TryFrom<RelayLimitRow> for RelayLimit {
    type Error = StoreError;

    fn try_from(row: RelayLimitRow) -> Result<Self, StoreError> {
        let place = Row {
            table: "relay_limit",
            id: &row.relay,
        };
        let code = u16::try_from(row.reply_code).unwrap_or_default();
        Ok(Self {
            connections: row.connections,
            configured: row.configured,
            next_try_at: place.time("next_try_at", row.next_try_at)?,
            reply: Reply::new(code, &row.reply_text),
            relay: row.relay,
        })
    }
}

/// Writes what a worker has learned of a relay by `now`. The number of the worker is text in this table.
pub async fn save(
    tx: &mut Write,
    worker: WorkerId,
    limit: &RelayLimit,
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(
        tx,
        SAVE,
        &limit.relay,
        worker.to_string(),
        limit.connections,
        limit.configured,
        micros(limit.next_try_at),
        i64::from(limit.reply.code),
        &limit.reply.text,
        micros(now)
    )?;
    Ok(())
}

/// The relay takes as many connections from this worker as the settings say.
pub async fn remove(tx: &mut Write, worker: WorkerId, relay: &str) -> Result<(), StoreError> {
    execute!(tx, REMOVE, relay, worker.to_string())?;
    Ok(())
}

/// What workers have written since; one entry for each relay and worker.
pub async fn seen_since(db: &mut Read, since: Timestamp) -> Result<Vec<RelayLimit>, StoreError> {
    let rows: Vec<RelayLimitRow> = fetch_all!(db, SEEN_SINCE, micros(since))?;
    rows.into_iter().map(RelayLimit::try_from).collect()
}

/// Removes what was written before.
pub async fn remove_old(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, REMOVE_OLD, micros(before))?)
}
