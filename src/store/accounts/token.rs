//! API tokens, stored as hashes.

use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::domain::Role;
use crate::store::dialect::{execute, fetch_optional, statements};
use crate::store::error::taken;
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    INSERT = [
        r"INSERT INTO api_token (id, name, role, secret_hash, created_at)
          VALUES ($1, $2, $3, $4, $5)",
    ];
    BY_HASH = [r"SELECT id, name, role FROM api_token WHERE secret_hash = $1"];
}

#[derive(FromRow)]
struct TokenRow {
    id: Uuid,
    name: String,
    role: String,
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
}

/// Adds a token.
///
/// # Errors
/// [`StoreError::Taken`] when there is a token with this hash.
pub async fn insert(
    tx: &mut Write,
    holder: &TokenHolder,
    secret_hash: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(
        tx,
        INSERT,
        holder.id,
        &holder.name,
        holder.role.as_str(),
        secret_hash,
        micros(now)
    )
    .map_err(taken("token"))?;
    Ok(())
}

/// The holder of the token with this hash.
pub async fn by_hash(db: &mut Read, secret_hash: &[u8]) -> Result<Option<TokenHolder>, StoreError> {
    let row: Option<TokenRow> = fetch_optional!(db, BY_HASH, secret_hash)?;
    row.map(|row| {
        let place = Row {
            table: "api_token",
            id: &row.id,
        };
        Ok(TokenHolder {
            id: row.id,
            role: place.parse("role", &row.role)?,
            name: row.name,
        })
    })
    .transpose()
}
