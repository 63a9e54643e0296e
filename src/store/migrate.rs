//! Creating and upgrading the schema.

use std::cmp::Ordering;
use std::fs::File;
use std::path::Path;

use sqlx::PgPool;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::dialect::{fetch_scalar, statements};
use super::{Read, StoreError};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

statements! {
    HAS_SCHEMA = [{
        sqlite: r"SELECT COUNT(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'",
        postgres: r"SELECT COUNT(*) FROM pg_tables
          WHERE tablename = '_sqlx_migrations' AND schemaname = ANY(current_schemas(false))",
    }];
    NEWEST = [r"SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations"];
}

/// Whether the database has a schema of ours, which is then that of this program.
pub(super) async fn check(db: &mut Read) -> Result<bool, StoreError> {
    let tables: i64 = fetch_scalar!(db, HAS_SCHEMA)?;
    if tables == 0 {
        return Ok(false);
    }
    let found: i64 = fetch_scalar!(db, NEWEST)?;
    let known = newest(&SQLITE);
    match found.cmp(&known) {
        Ordering::Less => Err(StoreError::OlderSchema { found, known }),
        Ordering::Equal => Ok(true),
        Ordering::Greater => Err(StoreError::NewerSchema { found, known }),
    }
}

/// The version of the schema that this program makes.
#[must_use]
pub fn newest_schema_version() -> i64 {
    newest(&SQLITE)
}

/// The version of the schema in the database: the number of its newest migration.
pub async fn schema_version(db: &mut Read) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, NEWEST)?)
}

/// The newest version that this program has; the same for both databases.
fn newest(migrator: &Migrator) -> i64 {
    let versions = migrator.iter().map(|migration| migration.version);
    versions.max().unwrap_or_default()
}

/// On PostgreSQL the migrator takes an advisory lock.
pub(super) async fn postgres(pool: &PgPool) -> Result<(), StoreError> {
    POSTGRES.run(pool).await.map_err(explain(&POSTGRES))
}

/// On SQLite the migrator takes no lock, so a lock file beside the database is used.
pub(super) async fn sqlite(options: SqliteConnectOptions, path: &Path) -> Result<(), StoreError> {
    let lock = lock_beside(path).await?;
    let one = SqlitePoolOptions::new().max_connections(1);
    let pool = one.connect_with(options).await?;
    let outcome = SQLITE.run(&pool).await;
    pool.close().await;
    drop(lock);
    outcome.map_err(explain(&SQLITE))
}

/// Locks the file beside the database, waiting for processes that create or upgrade the database.
/// The lock ends when the file is dropped.
pub(super) async fn lock_beside(path: &Path) -> Result<File, StoreError> {
    let mut lock_path = path.as_os_str().to_owned();
    lock_path.push(".lock");
    tokio::task::spawn_blocking(move || {
        let file = File::create(lock_path)?;
        file.lock()?;
        Ok(file)
    })
    .await
    .unwrap_or_else(|panic| Err(std::io::Error::other(panic)))
    .map_err(|e| StoreError::Migration(format!("the lock file beside the database: {e}")))
}

fn explain(migrator: &'static Migrator) -> impl FnOnce(MigrateError) -> StoreError {
    move |error| match error {
        MigrateError::VersionMissing(found) => StoreError::NewerSchema {
            found,
            known: newest(migrator),
        },
        MigrateError::Execute(error) => StoreError::from(error),
        other => StoreError::Migration(other.to_string()),
    }
}
