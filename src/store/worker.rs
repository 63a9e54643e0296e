//! Worker processes.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::FromRow;

use super::dialect::{execute, fetch_all, statements};
use super::rows::{Row, micros};
use super::{Read, StoreError, Write};
use crate::domain::WorkerId;

statements! {
    SEEN = [
        r"INSERT INTO worker (id, host, pid, version, started_at, seen_at)
          VALUES ($1, $2, $3, $4, $5, $6)
          ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at",
    ];
    ENDED = ["DELETE FROM worker WHERE id = $1"];
    FORGET = ["DELETE FROM worker WHERE seen_at < $1"];
    ALL = [
        r"SELECT id, host, pid, version, started_at, seen_at FROM worker ORDER BY started_at, id",
    ];
}

/// A process that sends mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Worker {
    /// Its number.
    pub id: WorkerId,
    /// The name of its machine or container.
    pub host: String,
    /// Its number there.
    pub pid: i64,
    /// The version of its program.
    pub version: String,
    /// When it started.
    pub started_at: Timestamp,
    /// When it last said that it runs.
    pub seen_at: Timestamp,
}

#[derive(FromRow)]
struct WorkerRow {
    id: WorkerId,
    host: String,
    pid: i64,
    version: String,
    started_at: i64,
    seen_at: i64,
}

/// Notes that a worker runs.
pub async fn seen(tx: &mut Write, worker: &Worker) -> Result<(), StoreError> {
    execute!(
        tx,
        SEEN,
        worker.id,
        &worker.host,
        worker.pid,
        &worker.version,
        micros(worker.started_at),
        micros(worker.seen_at)
    )?;
    Ok(())
}

/// Notes that a worker has ended.
pub async fn ended(tx: &mut Write, worker: WorkerId) -> Result<(), StoreError> {
    execute!(tx, ENDED, worker)?;
    Ok(())
}

/// Forgets those that were last seen before.
pub async fn forget(tx: &mut Write, before: Timestamp) -> Result<(), StoreError> {
    execute!(tx, FORGET, micros(before))?;
    Ok(())
}

/// All that are known, the oldest first.
pub async fn all(db: &mut Read) -> Result<Vec<Worker>, StoreError> {
    let rows: Vec<WorkerRow> = fetch_all!(db, ALL)?;
    let worker = |row: WorkerRow| {
        let place = Row {
            table: "worker",
            id: &row.id,
        };
        Ok(Worker {
            started_at: place.time("started_at", row.started_at)?,
            seen_at: place.time("seen_at", row.seen_at)?,
            id: row.id,
            host: row.host,
            pid: row.pid,
            version: row.version,
        })
    };
    rows.into_iter().map(worker).collect()
}
