//! Opens an SQLite file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};

use super::connection::Pools;
use super::writer::Writer;
use super::{StoreError, delivery, migrate};
use crate::own_files;

/// How long a statement waits for SQLite's write lock, and a caller for a free connection.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// The connections to an SQLite file, which is created with its folder if there is none.
///
/// # Errors
/// When the file cannot be used.
pub(super) async fn open(path: PathBuf, connections: u32) -> Result<Pools, StoreError> {
    let opened = open_file(path.clone(), connections).await;
    opened.map_err(|error| error.of_file(&path))
}

async fn open_file(path: PathBuf, connections: u32) -> Result<Pools, StoreError> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        own_files::create_folder(folder).map_err(StoreError::file)?;
    }
    create_if_missing(&path)?;
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // What was answered with 2xx must survive a power failure.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .busy_timeout(ACQUIRE_TIMEOUT)
        .pragma("temp_store", "memory")
        // In KiB. The operating system caches the file anyway, and the memory of a process
        // should not grow with the number of readers.
        .pragma("cache_size", "-2048")
        // The rows of a claim: SQLite's thread need not wait until some are read.
        .row_buffer_size(delivery::range::MEMBERS)
        // A statement may wait for another process's lock; that needs no warning. A sign-up may
        // wait behind the batch of an import or the freezing of an audience.
        .log_slow_statements(log::LevelFilter::Warn, ACQUIRE_TIMEOUT);
    // When several processes turn on WAL in a new file, SQLite fails one of them at once.
    let lock = migrate::lock_beside(&path).await?;
    let writer = Writer::open(options.clone(), 3 * ACQUIRE_TIMEOUT).await?;
    drop(lock);
    let readers = SqlitePoolOptions::new()
        .max_connections(connections.clamp(2, 8))
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A connection to a file does not break.
        .test_before_acquire(false)
        .connect_with(
            options
                .pragma("query_only", "on")
                .pragma("cache_size", "-256"),
        )
        .await?;
    Ok(Pools::Sqlite {
        writer,
        readers,
        path,
    })
}

/// The file of an SQLite database; `None` if it is an address of another one.
pub fn sqlite_path(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
}

/// What SQLite has written beside a file that is gone, with one of these ends: `-wal`, `-shm`, `-journal`.
#[must_use]
pub fn left_over(path: &Path, ends: &[&str]) -> Option<PathBuf> {
    let mut files = ends.iter().map(|end| own_files::beside(path, end));
    files.find(|file| file.symlink_metadata().is_ok())
}

/// Creates the file of a database that only its owner can read, whatever the umask; SQLite gives the files
/// beside it the same owner and permissions. One that exists is left as it is.
fn create_if_missing(path: &Path) -> Result<(), StoreError> {
    // Its last commits: SQLite would remove them.
    let left = left_over(path, &["-wal", "-journal"]);
    match own_files::create_new(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::file(error)),
        Ok(_) => match left {
            None => Ok(()),
            Some(left) => {
                std::fs::remove_file(path).map_err(StoreError::file)?;
                Err(StoreError::LeftOver(left.display().to_string()))
            }
        },
    }
}
