//! In what condition the database is: for `xabar doctor`.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::dialect::{fetch_one, statements};
use crate::store::rows::Row;
use crate::store::{Read, StoreError};

statements! {
    // The clock of the server is what is asked for here.
    CONDITION = [
        {
            sqlite: r"SELECT sqlite_version() AS version,
                  (SELECT encoding FROM pragma_encoding) AS encoding,
                  (SELECT journal_mode FROM pragma_journal_mode) AS journal_mode,
                  0 AS is_standby, 0 AS is_read_only, 0 AS standbys, NULL AS max_connections, 0 AS used_connections,
                  NULL AS clock",
            postgres: r"SELECT current_setting('server_version') AS version,
                  current_setting('server_encoding') AS encoding,
                  CAST(NULL AS TEXT) AS journal_mode,
                  CAST(CAST(pg_is_in_recovery() AS INTEGER) AS BIGINT) AS is_standby,
                  CAST(CAST(current_setting('transaction_read_only') = 'on' AS INTEGER) AS BIGINT)
                    AS is_read_only,
                  (SELECT COUNT(*) FROM pg_stat_replication) AS standbys,
                  CAST(current_setting('max_connections') AS BIGINT)
                    - CAST(current_setting('superuser_reserved_connections') AS BIGINT)
                    AS max_connections,
                  (SELECT COUNT(*) FROM pg_stat_activity WHERE datname IS NOT NULL)
                    AS used_connections,
                  CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS clock",
        },
    ];
}

/// The condition of the database at one moment.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Of the server or, for SQLite, of the library.
    pub version: String,
    /// In which encoding it keeps text, as in `UTF8`.
    pub encoding: String,
    /// SQLite's; none on PostgreSQL.
    pub journal_mode: Option<String>,
    /// Whether it follows another server and takes no writes.
    pub is_standby: bool,
    /// Whether it refuses writes, as a standby does, or one whose disk is nearly full.
    pub is_read_only: bool,
    /// How many standbys follow it.
    pub standbys: i64,
    /// How many connections it lets us have, with those of others; none for SQLite.
    pub max_connections: Option<i64>,
    /// How many there are, with the one that asked.
    pub used_connections: i64,
    /// What time it is there; none for SQLite.
    pub clock: Option<Timestamp>,
}

#[derive(FromRow)]
struct ConditionRow {
    version: String,
    encoding: String,
    journal_mode: Option<String>,
    is_standby: i64,
    is_read_only: i64,
    standbys: i64,
    max_connections: Option<i64>,
    used_connections: i64,
    clock: Option<i64>,
}

/// Asks the database for its condition.
pub async fn read(db: &mut Read) -> Result<Condition, StoreError> {
    let row: ConditionRow = fetch_one!(db, CONDITION)?;
    let place = Row {
        table: "the server",
        id: &1,
    };
    Ok(Condition {
        clock: place.maybe_time("clock", row.clock)?,
        version: row.version,
        encoding: row.encoding,
        journal_mode: row.journal_mode,
        is_standby: row.is_standby != 0,
        is_read_only: row.is_read_only != 0,
        standbys: row.standbys,
        max_connections: row.max_connections,
        used_connections: row.used_connections,
    })
}
