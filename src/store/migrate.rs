//! Creating and upgrading the schema.
//!
//! The name of a migration says which programs the schema bears afterwards: `NNNN_expand_…` adds what older
//! programs do not see; `NNNN_contract_MMMM_…` takes away what programs that know the migration MMMM do not
//! use. Any other is for programs that know it.

use std::fs::File;
use std::path::Path;
use std::sync::LazyLock;

use sqlx::PgPool;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::dialect::{fetch_all, fetch_scalar, statements};
use super::{Read, Store, StoreError, condition};
use crate::own_files;

static SQLITE: LazyLock<Migrator> =
    LazyLock::new(|| bearing_newer(sqlx::migrate!("migrations/sqlite")));
static POSTGRES: LazyLock<Migrator> =
    LazyLock::new(|| bearing_newer(sqlx::migrate!("migrations/postgres")));

statements! {
    HAS_SCHEMA = [{
        sqlite: r"SELECT COUNT(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'",
        postgres: r"SELECT COUNT(*) FROM pg_tables
          WHERE tablename = '_sqlx_migrations' AND schemaname = ANY(current_schemas(false))",
    }];
    NEWEST = [r"SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations"];
    NEWER = [
        r"SELECT version, description FROM _sqlx_migrations WHERE version > $1 ORDER BY version"
    ];
}

/// A migration that is about to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStep {
    /// Its version.
    pub version: i64,
    /// What it does, as its file is named.
    pub name: String,
    /// Which one it is of those that run, from 1.
    pub number: usize,
    /// How many run.
    pub of: usize,
}

/// [`refuse_newer`] decides what the migrator would refuse.
fn bearing_newer(mut migrator: Migrator) -> Migrator {
    migrator.set_ignore_missing(true);
    migrator
}

/// Whether the database has a schema of ours, which is then one that bears this program.
pub(super) async fn check(db: &mut Read) -> Result<bool, StoreError> {
    if !has_schema(db).await? {
        return Ok(false);
    }
    refuse_newer(db).await?;
    let (found, known) = (schema_version(db).await?, newest_schema_version());
    if found < known {
        return Err(StoreError::OlderSchema { found, known });
    }
    Ok(true)
}

async fn has_schema(db: &mut Read) -> Result<bool, StoreError> {
    let tables: i64 = fetch_scalar!(db, HAS_SCHEMA)?;
    Ok(tables > 0)
}

/// The version of the schema that this program makes.
#[must_use]
pub fn newest_schema_version() -> i64 {
    let versions = SQLITE.iter().map(|migration| migration.version);
    versions.max().unwrap_or_default()
}

/// The version of the schema in the database: the number of its newest migration.
pub async fn schema_version(db: &mut Read) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, NEWEST)?)
}

/// Refuses a schema that a newer program has upgraded, unless it bears this program.
async fn refuse_newer(db: &mut Read) -> Result<(), StoreError> {
    let known = newest_schema_version();
    let newer: Vec<(i64, String)> = fetch_all!(db, NEWER, known)?;
    match newer.iter().find(|(_, name)| !bears(name, known)) {
        Some((found, _)) => Err(StoreError::NewerSchema {
            found: *found,
            known,
        }),
        None => Ok(()),
    }
}

/// Whether a schema with this migration bears a program whose newest migration is `known`.
fn bears(name: &str, known: i64) -> bool {
    let mut words = name.split(' ');
    match words.next() {
        Some("expand") => true,
        Some("contract") => {
            let needed = words.next().and_then(|word| word.parse::<i64>().ok());
            needed.is_some_and(|needed| needed <= known)
        }
        _ => false,
    }
}

/// The migrations that an older schema lacks. None for a database without a schema, where all are made
/// at once.
pub(super) async fn missing(db: &mut Read) -> Result<Vec<MigrationStep>, StoreError> {
    if !has_schema(db).await? {
        return Ok(Vec::new());
    }
    refuse_newer(db).await?;
    let found = schema_version(db).await?;
    if found == 0 {
        return Ok(Vec::new());
    }
    let missing: Vec<_> = SQLITE.iter().filter(|one| one.version > found).collect();
    let of = missing.len();
    let step = |(at, one): (usize, &&sqlx::migrate::Migration)| MigrationStep {
        version: one.version,
        name: one.description.to_string(),
        number: at + 1,
        of,
    };
    Ok(missing.iter().enumerate().map(step).collect())
}

/// On PostgreSQL the migrator takes an advisory lock. Where nothing is to be run, it is asked once.
pub(super) async fn postgres(
    store: &Store,
    pool: &PgPool,
    tell: impl Fn(MigrationStep),
) -> Result<(), StoreError> {
    refuse_other_encoding(&mut store.read().await?).await?;
    if !missing(&mut store.read().await?).await?.is_empty() {
        // Runs none, but waits for a process that does.
        POSTGRES.run_to(0, pool).await.map_err(explain)?;
        for step in missing(&mut store.read().await?).await? {
            let version = step.version;
            tell(step);
            POSTGRES.run_to(version, pool).await.map_err(explain)?;
        }
    }
    POSTGRES.run(pool).await.map_err(explain)?;
    // A newer program may have upgraded it while this one waited for the lock.
    refuse_newer(&mut store.read().await?).await
}

/// On SQLite the migrator takes no lock, so a lock file beside the database is used. `missing` reads what
/// to run.
pub(super) async fn sqlite(
    options: SqliteConnectOptions,
    path: &Path,
    missing: impl AsyncFnOnce() -> Result<Vec<MigrationStep>, StoreError>,
    tell: impl Fn(MigrationStep),
) -> Result<(), StoreError> {
    let lock = lock_beside(path).await?;
    let missing = missing().await?;
    let one = SqlitePoolOptions::new().max_connections(1);
    let pool = one.connect_with(options).await?;
    let run = async {
        for step in missing {
            let version = step.version;
            tell(step);
            SQLITE.run_to(version, &pool).await?;
        }
        SQLITE.run(&pool).await
    };
    let outcome = run.await;
    pool.close().await;
    drop(lock);
    outcome.map_err(explain)
}

/// Locks the file beside the database, waiting for processes that create or upgrade the database.
/// The lock ends when the file is dropped.
pub(super) async fn lock_beside(path: &Path) -> Result<File, StoreError> {
    let lock_path = own_files::beside(path, ".lock");
    tokio::task::spawn_blocking(move || {
        let file = own_files::open_or_create(&lock_path)?;
        file.lock()?;
        Ok(file)
    })
    .await
    .unwrap_or_else(|panic| Err(std::io::Error::other(panic)))
    .map_err(|e| StoreError::Migration(format!("the lock file beside the database: {e}")))
}

/// Names of readers and texts of issues have letters of every script.
async fn refuse_other_encoding(db: &mut Read) -> Result<(), StoreError> {
    match condition::read(db).await?.encoding {
        utf8 if utf8 == "UTF8" => Ok(()),
        other => Err(StoreError::Encoding(other)),
    }
}

fn explain(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(sqlx::Error::Database(error))
        | MigrateError::ExecuteMigration(sqlx::Error::Database(error), _)
            if error.code().as_deref() == Some("42501") =>
        {
            StoreError::Migration(format!(
                "{}; the user in database.url must be the owner of the database: run \
                 ALTER DATABASE name OWNER TO user",
                error.message()
            ))
        }
        MigrateError::Execute(error) => StoreError::from(error),
        other => StoreError::Migration(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::bears;

    #[test]
    fn a_newer_schema_bears_a_program_when_its_names_say_so() {
        assert!(bears("expand suppression note", 210));
        assert!(bears("contract 210 drop answer", 210));
        assert!(!bears("contract 211 drop answer", 210));
        for unclear in [
            "suppression note",
            "contract",
            "contract drop",
            "",
            "expanded",
        ] {
            assert!(!bears(unclear, 210), "{unclear}");
        }
    }
}
