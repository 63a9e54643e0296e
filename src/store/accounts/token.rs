//! API tokens, stored as hashes.

use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::domain::{EditorId, NewsletterId, Role};
use crate::store::dialect::{execute, fetch_all, fetch_optional, statements};
use crate::store::error::taken;
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    INSERT = [
        r"INSERT INTO api_token (id, name, role, secret_hash, created_at, newsletters, expires_at, editor_id, made_by)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    ];
    BY_HASH = [
        r"SELECT id, name, role, newsletters, created_at, expires_at, editor_id, made_by
          FROM api_token
          WHERE secret_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
    ];
    LIST = [
        r"SELECT id, name, role, newsletters, created_at, expires_at, editor_id, made_by
          FROM api_token
          WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $1)
          ORDER BY created_at DESC",
    ];
    REVOKE = [
        r"UPDATE api_token
          SET revoked_at = $2
          WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
    ];
}

#[derive(FromRow)]
struct TokenRow {
    id: Uuid,
    name: String,
    role: String,
    newsletters: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    editor_id: Option<EditorId>,
    made_by: Option<EditorId>,
}

/// The holder of an API token.
#[derive(Debug, Clone)]
pub struct TokenHolder {
    /// The token's identifier.
    pub id: Uuid,
    /// The token's name.
    pub name: String,
    /// What the holder may do.
    pub role: Role,
    /// In which newsletters; in all when none are named.
    pub newsletters: Option<Vec<NewsletterId>>,
    /// Whose it is, if it is that of a person.
    pub editor: Option<EditorId>,
}

impl TokenHolder {
    /// Whether the token is good for this newsletter.
    #[must_use]
    pub fn covers(&self, newsletter: NewsletterId) -> bool {
        let named = self.newsletters.as_ref();
        named.is_none_or(|named| named.contains(&newsletter))
    }
}

/// A token as it is listed.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its holder.
    pub holder: TokenHolder,
    /// Who made it at the desk, and so has seen it.
    pub made_by: Option<EditorId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it expires, if ever.
    pub expires_at: Option<Timestamp>,
}

impl TryFrom<TokenRow> for Listed {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        let place = Row {
            table: "api_token",
            id: &row.id,
        };
        let newsletters = row.newsletters.as_deref().map(serde_json::from_str);
        let newsletters = newsletters.transpose();
        Ok(Self {
            created_at: place.time("created_at", row.created_at)?,
            expires_at: place.maybe_time("expires_at", row.expires_at)?,
            made_by: row.made_by,
            holder: TokenHolder {
                editor: row.editor_id,
                id: row.id,
                role: place.parse("role", &row.role)?,
                newsletters: newsletters.map_err(|e| place.corrupt("newsletters", &e))?,
                name: row.name,
            },
        })
    }
}

/// Adds a token.
///
/// # Errors
/// [`StoreError::Taken`] when there is a token with this hash.
pub async fn insert(tx: &mut Write, new: &Listed, secret_hash: &[u8]) -> Result<(), StoreError> {
    let holder = &new.holder;
    let newsletters = holder.newsletters.as_ref().map(json).transpose()?;
    execute!(
        tx,
        INSERT,
        holder.id,
        &holder.name,
        holder.role.as_str(),
        secret_hash,
        micros(new.created_at),
        newsletters,
        new.expires_at.map(micros),
        holder.editor,
        new.made_by
    )
    .map_err(taken("token"))?;
    Ok(())
}

/// The holder of the token with this hash, if it is good now.
pub async fn by_hash(
    db: &mut Read,
    secret_hash: &[u8],
    now: Timestamp,
) -> Result<Option<TokenHolder>, StoreError> {
    let row: Option<TokenRow> = fetch_optional!(db, BY_HASH, secret_hash, micros(now))?;
    let listed = row.map(Listed::try_from).transpose()?;
    Ok(listed.map(|listed| listed.holder))
}

/// The tokens that are good now, the newest first.
pub async fn list(db: &mut Read, now: Timestamp) -> Result<Vec<Listed>, StoreError> {
    let rows: Vec<TokenRow> = fetch_all!(db, LIST, micros(now))?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Revokes a token; returns whether it was good until now.
pub async fn revoke(tx: &mut Write, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, REVOKE, id, micros(now))? > 0)
}
