//! Recovery codes of editors, as keyed hashes.

use crate::domain::EditorId;
use crate::store::dialect::{execute, fetch_scalar, statements};
use crate::store::{Read, StoreError, Write};

statements! {
    INSERT = [r"INSERT INTO editor_recovery_code (editor_id, code_hash) VALUES ($1, $2)"];
    SPEND = [r"DELETE FROM editor_recovery_code WHERE editor_id = $1 AND code_hash = $2"];
    REMOVE_OF = [r"DELETE FROM editor_recovery_code WHERE editor_id = $1"];
    LEFT = [r"SELECT COUNT(*) FROM editor_recovery_code WHERE editor_id = $1"];
}

/// Adds a code.
pub async fn insert(tx: &mut Write, editor: EditorId, hash: &[u8]) -> Result<(), StoreError> {
    execute!(tx, INSERT, editor, hash)?;
    Ok(())
}

/// Uses a code up; returns whether it was there.
pub async fn spend(tx: &mut Write, editor: EditorId, hash: &[u8]) -> Result<bool, StoreError> {
    Ok(execute!(tx, SPEND, editor, hash)? > 0)
}

/// Removes all codes of an editor.
pub async fn remove_of(tx: &mut Write, editor: EditorId) -> Result<(), StoreError> {
    execute!(tx, REMOVE_OF, editor)?;
    Ok(())
}

/// How many codes are left.
pub async fn left(db: &mut Read, editor: EditorId) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, LEFT, editor)?)
}
