//! Sessions of editors, by the hash of their secret.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{EditorId, SessionId};
use crate::store::dialect::{execute, fetch_all, fetch_optional, fetch_scalar, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    INSERT = [
        r"INSERT INTO editor_session (id, editor_id, secret_hash, browser, created_at, last_seen_at,
              proven_at)
          VALUES ($1, $2, $3, $4, $5, $5, $5)",
    ];
    BY_HASH = [
        r"SELECT id, editor_id, browser, created_at, last_seen_at, proven_at
          FROM editor_session
          WHERE secret_hash = $1",
    ];
    OF = [
        r"SELECT id, editor_id, browser, created_at, last_seen_at, proven_at
          FROM editor_session
          WHERE editor_id = $1
          ORDER BY last_seen_at DESC",
    ];
    EXISTS = [r"SELECT COUNT(*) FROM editor_session WHERE id = $1"];
    SEEN = [
        r"UPDATE editor_session SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2",
    ];
    PROVEN = [r"UPDATE editor_session SET proven_at = $2 WHERE id = $1"];
    REMOVE = [r"DELETE FROM editor_session WHERE id = $1"];
    REMOVE_OF = [r"DELETE FROM editor_session WHERE editor_id = $1"];
    REMOVE_OTHERS = [r"DELETE FROM editor_session WHERE editor_id = $1 AND id <> $2"];
    FORGET = [r"DELETE FROM editor_session WHERE last_seen_at < $1 OR created_at < $2"];
}

#[derive(FromRow)]
struct SessionRow {
    id: SessionId,
    editor_id: EditorId,
    browser: String,
    created_at: i64,
    last_seen_at: i64,
    proven_at: i64,
}

/// A session as it is stored.
#[derive(Debug, Clone)]
pub struct StoredSession {
    /// Its identifier, which is no secret.
    pub id: SessionId,
    /// Who is signed in.
    pub editor: EditorId,
    /// What the browser called itself at the sign-in.
    pub browser: String,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When the person last gave the password or a code.
    pub proven_at: Timestamp,
}

impl TryFrom<SessionRow> for StoredSession {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        let place = Row {
            table: "editor_session",
            id: &row.id,
        };
        Ok(Self {
            created_at: place.time("created_at", row.created_at)?,
            last_seen_at: place.time("last_seen_at", row.last_seen_at)?,
            proven_at: place.time("proven_at", row.proven_at)?,
            id: row.id,
            editor: row.editor_id,
            browser: row.browser,
        })
    }
}

/// Adds a session that begins now.
pub async fn insert(
    tx: &mut Write,
    (id, editor): (SessionId, EditorId),
    secret_hash: &[u8],
    browser: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(tx, INSERT, id, editor, secret_hash, browser, micros(now))?;
    Ok(())
}

/// The session with this secret.
pub async fn by_hash(
    db: &mut Read,
    secret_hash: &[u8],
) -> Result<Option<StoredSession>, StoreError> {
    let row: Option<SessionRow> = fetch_optional!(db, BY_HASH, secret_hash)?;
    row.map(TryInto::try_into).transpose()
}

/// The sessions of an editor, the one used last first.
pub async fn of(db: &mut Read, editor: EditorId) -> Result<Vec<StoredSession>, StoreError> {
    let rows: Vec<SessionRow> = fetch_all!(db, OF, editor)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Whether a session was not ended.
pub async fn exists(db: &mut Read, id: SessionId) -> Result<bool, StoreError> {
    let found: i64 = fetch_scalar!(db, EXISTS, id)?;
    Ok(found > 0)
}

/// Notes that a session is used.
pub async fn seen(tx: &mut Write, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, SEEN, id, micros(now))?;
    Ok(())
}

/// Notes that the person has given the password or a code.
pub async fn proven(tx: &mut Write, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, PROVEN, id, micros(now))?;
    Ok(())
}

/// Ends a session.
pub async fn remove(tx: &mut Write, id: SessionId) -> Result<(), StoreError> {
    execute!(tx, REMOVE, id)?;
    Ok(())
}

/// Ends the sessions of an editor, but for one if it is named.
pub async fn remove_of(
    tx: &mut Write,
    editor: EditorId,
    but: Option<SessionId>,
) -> Result<(), StoreError> {
    match but {
        Some(but) => execute!(tx, REMOVE_OTHERS, editor, but)?,
        None => execute!(tx, REMOVE_OF, editor)?,
    };
    Ok(())
}

/// Removes sessions that were last used before `idle` or that began before `oldest`.
pub async fn forget(tx: &mut Write, idle: Timestamp, oldest: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET, micros(idle), micros(oldest))?)
}
