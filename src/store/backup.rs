//! Copies of an SQLite database while it is used.

use super::dialect::{execute, statements};
use super::{Read, StoreError};

statements! {
    // Reading connections write nothing, and VACUUM INTO writes a file.
    MAY_WRITE = [{ sqlite: "PRAGMA query_only = off", postgres: "SELECT 1" }];
    COPY = [{ sqlite: "VACUUM INTO $1", postgres: "SELECT $1::TEXT" }];
    ONLY_READS = [{ sqlite: "PRAGMA query_only = on", postgres: "SELECT 1" }];
}

/// Writes the database as it is at this moment into a new file, beside all other work. Does nothing on
/// PostgreSQL.
///
/// # Errors
/// When the file exists or cannot be written.
pub async fn copy_into(db: &mut Read, path: &str) -> Result<(), StoreError> {
    execute!(db, MAY_WRITE)?;
    let copied = execute!(db, COPY, path);
    execute!(db, ONLY_READS)?;
    copied?;
    Ok(())
}
