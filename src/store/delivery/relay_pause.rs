//! Relays that an operator has paused.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::FromRow;

use crate::store::dialect::{execute, fetch_all, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    PAUSE = [
        r"INSERT INTO relay_pause (relay, paused_at, because)
          VALUES ($1, $2, $3)
          ON CONFLICT (relay) DO NOTHING",
    ];
    RESUME = ["DELETE FROM relay_pause WHERE relay = $1"];
    ALL = ["SELECT relay, paused_at, because FROM relay_pause ORDER BY relay"];
}

/// A relay that gets no mails until it is resumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelayPause {
    /// Its name in the settings.
    pub relay: String,
    /// Since when.
    pub since: Timestamp,
    /// Why, in the words of the operator.
    pub because: String,
}

#[derive(FromRow)]
struct RelayPauseRow {
    relay: String,
    paused_at: i64,
    because: String,
}

/// Pauses a relay; an earlier pause stays with its reason. Returns whether it was not paused before.
pub async fn pause(
    tx: &mut Write,
    relay: &str,
    because: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, PAUSE, relay, micros(now), because)? > 0)
}

/// Ends the pause of a relay; returns whether it was paused.
pub async fn resume(tx: &mut Write, relay: &str) -> Result<bool, StoreError> {
    tx.makes_work();
    Ok(execute!(tx, RESUME, relay)? > 0)
}

/// All relays that are paused, by name.
pub async fn all(db: &mut Read) -> Result<Vec<RelayPause>, StoreError> {
    let rows: Vec<RelayPauseRow> = fetch_all!(db, ALL)?;
    let pause = |row: RelayPauseRow| {
        let place = Row {
            table: "relay_pause",
            id: &row.relay,
        };
        Ok(RelayPause {
            since: place.time("paused_at", row.paused_at)?,
            because: row.because,
            relay: row.relay,
        })
    };
    rows.into_iter().map(pause).collect()
}
