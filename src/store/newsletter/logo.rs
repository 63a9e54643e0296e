//! The pictures of newsletters.

use crate::domain::LogoFile;
use crate::store::dialect::{run, statements};
use crate::store::{Read, StoreError, Write};

statements! {
    KEEP = ["INSERT INTO newsletter_logo (name, media_type, octets) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING"];
    BY_NAME = ["SELECT media_type, octets FROM newsletter_logo WHERE name = $1"];
}

/// Keeps a picture under its name.
///
/// # Errors
/// When the database cannot be used.
pub async fn keep(tx: &mut Write, file: &LogoFile) -> Result<(), StoreError> {
    run!(tx, KEEP, |sql, connection| sqlx::query(sql)
        .bind(&file.logo.name)
        .bind(file.media_type)
        .bind(&file.octets)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The kind of a picture, and what it holds.
///
/// # Errors
/// When the database cannot be used.
pub async fn by_name(db: &mut Read, name: &str) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    Ok(run!(db, BY_NAME, |sql, connection| sqlx::query_as(sql)
        .bind(name)
        .fetch_optional(connection)
        .await)?)
}
