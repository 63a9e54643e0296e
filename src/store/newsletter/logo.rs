//! Logos of newsletters.

use crate::domain::LogoFile;
use crate::store::dialect::{execute, fetch_optional, statements};
use crate::store::{Read, StoreError, Write};

statements! {
    KEEP = [
        r"INSERT INTO newsletter_logo (name, media_type, octets)
          VALUES ($1, $2, $3)
          ON CONFLICT (name) DO NOTHING",
    ];
    BY_NAME = [r"SELECT media_type, octets FROM newsletter_logo WHERE name = $1"];
}

/// Stores a logo under its name, which is a hash of its content.
pub async fn keep(tx: &mut Write, file: &LogoFile) -> Result<(), StoreError> {
    execute!(tx, KEEP, &file.logo.name, file.media_type, &file.octets)?;
    Ok(())
}

/// The media type and the octets of a logo.
pub async fn by_name(db: &mut Read, name: &str) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    Ok(fetch_optional!(db, BY_NAME, name)?)
}
