//! Gives the space of removed rows back to the file system.

use crate::store::dialect::{execute, fetch_scalar, statements};
use crate::store::{Store, StoreError};

statements! {
    // PostgreSQL knows of no such pages before VACUUM has looked.
    FREE_PAGES = [{
        sqlite: "SELECT freelist_count FROM pragma_freelist_count",
        postgres: "SELECT CAST(0 AS BIGINT)",
    }];
    // A thousand pages at a time, as sign-ups wait meanwhile.
    GIVE_BACK = [{ sqlite: "PRAGMA incremental_vacuum(1000)", postgres: "SELECT 1" }];
    // Gives back the end of the table, unless others use it.
    VACUUM = [{ sqlite: "SELECT 1", postgres: "VACUUM delivery" }];
}

/// Gives back the space that ended deliveries took. Does nothing in a SQLite file that was made without
/// `auto_vacuum`; its free pages are used again.
pub async fn give_back(store: &Store) -> Result<(), StoreError> {
    loop {
        let mut tx = store.write().await?;
        let before: i64 = fetch_scalar!(tx, FREE_PAGES)?;
        execute!(tx, GIVE_BACK)?;
        let after: i64 = fetch_scalar!(tx, FREE_PAGES)?;
        tx.commit().await?;
        if after == 0 || after >= before {
            break;
        }
    }
    execute!(store.read().await?, VACUUM)?;
    Ok(())
}
