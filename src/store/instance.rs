//! The row that tells this database from its copies, and holds all sending.

use jiff::Timestamp;
use sqlx::FromRow;

use super::dialect::{execute, fetch_optional, fetch_optional_scalar, fetch_scalar, statements};
use super::open_file::FileNumber;
use super::rows::{Row, micros};
use super::{Read, Store, StoreError, Write};

statements! {
    READ = [
        r"SELECT key_check, identity, epoch, held_at, held_because, written_at
          FROM instance WHERE one = 1",
    ];
    LOCK = [
        r"SELECT key_check, identity, epoch, held_at, held_because, written_at
          FROM instance WHERE one = 1",
        for_update,
    ];
    CREATE = [
        r"INSERT INTO instance (one, key_check, identity, epoch) VALUES (1, $1, $2, 1)
          ON CONFLICT (one) DO NOTHING",
    ];
    MOVED = [r"UPDATE instance SET identity = $1, epoch = $2 WHERE one = 1"];
    ADVANCE = [r"UPDATE instance SET epoch = epoch + 1 WHERE one = 1 RETURNING epoch"];
    USED = [r"UPDATE instance SET written_at = $1 WHERE one = 1"];
    TOUCH = [
        r"UPDATE instance
          SET written_at = CASE WHEN written_at IS NULL OR written_at >= $2 THEN $1 ELSE written_at END
          WHERE one = 1",
    ];
    HOLD = [
        r"UPDATE instance SET held_at = $1, held_because = $2 WHERE one = 1 AND held_at IS NULL",
    ];
    RELEASE = [
        r"UPDATE instance SET held_at = NULL, held_because = NULL
          WHERE one = 1 AND held_at IS NOT NULL",
    ];
    // A dump that is restored makes new tables, a cluster that is restored or copied has another
    // timeline or system identifier. A standby that was promoted has another timeline too; what
    // the last checkpoint noted is the one before, for a while.
    SERVER = [{
        sqlite: "SELECT ''",
        postgres: r"SELECT CONCAT(
            s.system_identifier, '/',
            CASE WHEN pg_is_in_recovery() THEN c.timeline_id
              ELSE CAST(CAST('x' || SUBSTR(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS BIT(32)) AS INTEGER)
            END,
            '/', d.oid, '/', CAST(CAST('instance' AS REGCLASS) AS OID)
          )
          FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d
          WHERE d.datname = current_database()",
    }];
}

/// What is known of this database.
#[derive(Debug, Clone)]
pub struct Instance {
    /// A keyed hash under the key of its links and seals.
    pub key_check: Vec<u8>,
    /// The file or server that it was when it was last used.
    pub identity: String,
    /// Rises while the service works.
    pub epoch: i64,
    /// Since when and why nothing may be sent.
    pub held: Option<Held>,
    /// Until when it was used, as far as it knows.
    pub written_at: Option<Timestamp>,
}

/// Since when and why nothing may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Since when.
    pub since: Timestamp,
    /// Why, in a sentence.
    pub why: String,
}

#[derive(FromRow)]
struct InstanceRow {
    key_check: Vec<u8>,
    identity: String,
    epoch: i64,
    held_at: Option<i64>,
    held_because: Option<String>,
    written_at: Option<i64>,
}

impl InstanceRow {
    fn read(self) -> Result<Instance, StoreError> {
        let place = Row {
            table: "instance",
            id: &1,
        };
        let since = place.maybe_time("held_at", self.held_at)?;
        let why = self.held_because.unwrap_or_default();
        Ok(Instance {
            key_check: self.key_check,
            identity: self.identity,
            epoch: self.epoch,
            held: since.map(|since| Held { since, why }),
            written_at: place.maybe_time("written_at", self.written_at)?,
        })
    }
}

/// What is known of this database; `None` before its first start.
pub async fn read(db: &mut Read) -> Result<Option<Instance>, StoreError> {
    let row: Option<InstanceRow> = fetch_optional!(db, READ)?;
    row.map(InstanceRow::read).transpose()
}

/// The same, locked until the end of the transaction.
pub async fn lock(tx: &mut Write) -> Result<Option<Instance>, StoreError> {
    let row: Option<InstanceRow> = fetch_optional!(tx, LOCK)?;
    row.map(InstanceRow::read).transpose()
}

/// Writes the row unless there is one.
pub async fn create(tx: &mut Write, key_check: &[u8], identity: &str) -> Result<(), StoreError> {
    execute!(tx, CREATE, key_check, identity)?;
    Ok(())
}

/// Notes that this is another file or server now.
pub async fn moved(tx: &mut Write, identity: &str, epoch: i64) -> Result<(), StoreError> {
    execute!(tx, MOVED, identity, epoch)?;
    Ok(())
}

/// Begins the next epoch and returns it; `None` without a row.
pub async fn advance(tx: &mut Write) -> Result<Option<i64>, StoreError> {
    Ok(fetch_optional_scalar!(tx, ADVANCE)?)
}

/// Notes until when it was used, by a clock that is trusted.
pub async fn used(tx: &mut Write, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, USED, micros(now))?;
    Ok(())
}

/// Notes the time, unless the database was last used before `since`: succeeds, with the commit, only where it takes
/// writes.
pub async fn touch(tx: &mut Write, now: Timestamp, since: Timestamp) -> Result<(), StoreError> {
    execute!(tx, TOUCH, micros(now), micros(since))?;
    Ok(())
}

/// Holds all sending; an earlier reason stays. Returns whether it was not held before.
pub async fn hold(tx: &mut Write, why: &str, now: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, HOLD, micros(now), why)? > 0)
}

/// Lets sending go on; returns whether it was held.
pub async fn release(tx: &mut Write) -> Result<bool, StoreError> {
    Ok(execute!(tx, RELEASE)? > 0)
}

/// The identity of the SQLite file, or of PostgreSQL's cluster, database and timeline. A copy has
/// another one, unless it was written over the same file. To be compared by [`is_same`].
///
/// # Errors
/// When the file or the server does not tell.
pub async fn identity(store: &Store) -> Result<String, StoreError> {
    if let Some(path) = store.sqlite_path() {
        let found = std::fs::metadata(path).map_err(StoreError::file)?;
        let number = FileNumber::of(&found).inode;
        // Some file systems do not know it.
        let made = found.created().ok().map(Timestamp::try_from);
        return Ok(match made {
            Some(Ok(made)) => format!("file {number}{MADE}{made}"),
            _ => format!("file {number}"),
        });
    }
    let server: String = fetch_scalar!(store.read().await?, SERVER)?;
    Ok(format!("server {server}"))
}

/// Between the number of a file and when it was made: file systems give the number of a removed file to the next one.
const MADE: &str = " made ";

/// Whether two identities are of the same file or server. A file whose time is not known is told by its number alone.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    match (one.split_once(MADE), other.split_once(MADE)) {
        (Some((number, _)), None) => number == other,
        (None, Some((number, _))) => number == one,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn a_file_is_told_by_its_number_and_by_when_it_was_made() {
        let now = "file 7 made 2026-11-30T08:00:00Z";
        assert!(is_same(now, now));
        assert!(!is_same("file 7 made 2026-11-29T08:00:00Z", now));
        assert!(!is_same("file 8 made 2026-11-30T08:00:00Z", now));
        assert!(is_same("file 7", now), "noted by the release before");
        assert!(is_same(now, "file 7"));
        assert!(!is_same("file 8", now) && !is_same("file 7", "file 8"));
        assert!(!is_same("server 7/1/2/3", "server 7/2/2/3"));
    }
}
