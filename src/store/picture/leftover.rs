//! Objects of the bucket that belong to no picture: an upload that was not finished, or a picture that was
//! removed. They are noted before an object is put, so that a crash leaves none behind unnoticed.

use jiff::Timestamp;

use crate::store::dialect::{execute, fetch_all_scalars, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

statements! {
    NOTE = [
        r"INSERT INTO picture_leftover (object_key, due_at) VALUES ($1, $2)
          ON CONFLICT (object_key) DO UPDATE SET due_at = excluded.due_at",
    ];
    DUE = [
        r"SELECT object_key FROM picture_leftover
          WHERE due_at <= $1 ORDER BY due_at LIMIT $2",
    ];
    FORGET = [r"DELETE FROM picture_leftover WHERE object_key = $1"];
}

/// Notes an object that may be removed from `due` on, unless a picture claims it before.
pub async fn note(tx: &mut Write, key: &str, due: Timestamp) -> Result<(), StoreError> {
    execute!(tx, NOTE, key, micros(due))?;
    Ok(())
}

/// At most `limit` objects that are due, the oldest first.
pub async fn due(db: &mut Read, now: Timestamp, limit: i64) -> Result<Vec<String>, StoreError> {
    Ok(fetch_all_scalars!(db, DUE, micros(now), limit)?)
}

/// Forgets an object: it is removed, or a picture has claimed it.
pub async fn forget(tx: &mut Write, key: &str) -> Result<(), StoreError> {
    execute!(tx, FORGET, key)?;
    Ok(())
}
