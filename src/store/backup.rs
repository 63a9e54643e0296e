//! Copies of an SQLite database while it is used.

use super::dialect::{execute, fetch_scalar, statements};
use super::{Read, StoreError};

statements! {
    // Without the pages that are free, which a copy does not have.
    SIZE = [{
        sqlite: r"SELECT (n.page_count - f.freelist_count) * s.page_size
          FROM pragma_page_count n, pragma_freelist_count f, pragma_page_size s",
        postgres: "SELECT CAST(0 AS BIGINT)",
    }];
    // Reading connections write nothing, and VACUUM INTO writes a file.
    MAY_WRITE = [{ sqlite: "PRAGMA query_only = off", postgres: "SELECT 1" }];
    COPY = [{ sqlite: "VACUUM INTO $1", postgres: "SELECT $1::TEXT" }];
    ONLY_READS = [{ sqlite: "PRAGMA query_only = on", postgres: "SELECT 1" }];
}

/// How many octets a copy takes at most; 0 on PostgreSQL.
pub async fn size(db: &mut Read) -> Result<u64, StoreError> {
    let octets: i64 = fetch_scalar!(db, SIZE)?;
    Ok(u64::try_from(octets).unwrap_or_default())
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
