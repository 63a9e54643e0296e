//! The browsers that have signed in to an account, by the hash of a cookie.

use jiff::Timestamp;

use crate::domain::EditorId;
use crate::store::dialect::{execute, fetch_scalar, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

statements! {
    SEEN = [
        r"UPDATE editor_browser SET seen_at = $3 WHERE editor_id = $1 AND value_hash = $2",
    ];
    INSERT = [
        r"INSERT INTO editor_browser (editor_id, value_hash, seen_at) VALUES ($1, $2, $3)",
    ];
    IS_KNOWN = [
        r"SELECT COUNT(*) FROM editor_browser WHERE editor_id = $1 AND value_hash = $2",
    ];
    KEEP_LATEST = [
        r"DELETE FROM editor_browser
          WHERE editor_id = $1
            AND value_hash NOT IN (
              SELECT value_hash
              FROM editor_browser
              WHERE editor_id = $1
              ORDER BY seen_at DESC LIMIT $2
            )",
    ];
    REMOVE_OF = [r"DELETE FROM editor_browser WHERE editor_id = $1"];
    FORGET = [r"DELETE FROM editor_browser WHERE seen_at < $1"];
    FIRST_SIGN_IN = [
        r"UPDATE editor SET first_sign_in_at = $2 WHERE id = $1 AND first_sign_in_at IS NULL",
    ];
}

/// Notes that a browser has signed in; returns whether it had before.
pub async fn note(
    tx: &mut Write,
    editor: EditorId,
    hash: &[u8],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let known = execute!(tx, SEEN, editor, hash, micros(now))? > 0;
    if !known {
        execute!(tx, INSERT, editor, hash, micros(now))?;
    }
    Ok(known)
}

/// Whether a browser has signed in to an account.
pub async fn is_known(db: &mut Read, editor: EditorId, hash: &[u8]) -> Result<bool, StoreError> {
    let known: i64 = fetch_scalar!(db, IS_KNOWN, editor, hash)?;
    Ok(known > 0)
}

/// Forgets all browsers of an account but the `most` that signed in last.
pub async fn keep_latest(tx: &mut Write, editor: EditorId, most: i64) -> Result<(), StoreError> {
    execute!(tx, KEEP_LATEST, editor, most)?;
    Ok(())
}

/// Forgets all browsers of an account.
pub async fn remove_of(tx: &mut Write, editor: EditorId) -> Result<(), StoreError> {
    execute!(tx, REMOVE_OF, editor)?;
    Ok(())
}

/// Forgets browsers that last signed in before that time; returns how many.
pub async fn forget(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET, micros(before))?)
}

/// Notes that somebody has signed in to the account; returns whether it was for the first time.
pub async fn first_sign_in(
    tx: &mut Write,
    editor: EditorId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, FIRST_SIGN_IN, editor, micros(now))? > 0)
}
