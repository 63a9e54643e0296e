//! Creating and upgrading the schema.

use std::fs::File;
use std::path::Path;

use sqlx::PgPool;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::StoreError;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

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
            known: migrator.iter().map(|m| m.version).max().unwrap_or_default(),
        },
        MigrateError::Execute(error) => StoreError::from(error),
        other => StoreError::Migration(other.to_string()),
    }
}
