//! Pictures of issues, under names made of what they hold.

use jiff::Timestamp;
use sqlx::FromRow;

use super::dialect::{
    execute, fetch_all_scalars, fetch_optional, fetch_optional_scalar, statements,
};
use super::rows::{json, micros};
use super::{Read, StoreError, Write};

statements! {
    KEEP = [
        r"INSERT INTO picture (name, media_type, octets, weight, uploaded_at, in_use)
          VALUES ($1, $2, $3, $4, $5, 0)
          ON CONFLICT (name) DO UPDATE SET uploaded_at = excluded.uploaded_at",
    ];
    BY_NAME = [r"SELECT media_type, octets FROM picture WHERE name = $1"];
    WEIGHT = [r"SELECT weight FROM picture WHERE name = $1"];
    OLD = [
        r"SELECT name FROM picture
          WHERE in_use = 0 AND uploaded_at <= $1
          ORDER BY uploaded_at LIMIT $2",
    ];
    // Wherever an issue, a state of it or a correction names it.
    MARK_USED = [
        r"UPDATE picture SET in_use = 1
          WHERE name = $1
            AND (EXISTS (SELECT 1 FROM issue i WHERE i.content LIKE '%/picture/' || $1 || '%')
              OR EXISTS (
                SELECT 1 FROM issue_revision r WHERE r.content LIKE '%/picture/' || $1 || '%')
              OR EXISTS (
                SELECT 1 FROM issue_history h WHERE h.content LIKE '%/picture/' || $1 || '%'))",
    ];
    FORGET = [
        r"DELETE FROM picture
          WHERE name IN ",
        { sqlite: "(SELECT value FROM json_each($1))", postgres: "(SELECT json_array_elements_text(CAST($1 AS json)))" },
        r" AND in_use = 0 AND uploaded_at <= $2",
    ];
}

/// A picture to keep.
#[derive(Debug, Clone, Copy)]
pub struct NewPicture<'a> {
    /// A hash of its octets, with the ending of its kind.
    pub name: &'a str,
    /// As in `image/png`.
    pub media_type: &'a str,
    /// What it holds.
    pub octets: &'a [u8],
}

/// Keeps a picture. One that is known already counts as uploaded again.
pub async fn keep(
    tx: &mut Write,
    picture: &NewPicture<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let weight = i64::try_from(picture.octets.len()).unwrap_or(i64::MAX);
    let (name, kind) = (picture.name, picture.media_type);
    execute!(tx, KEEP, name, kind, picture.octets, weight, micros(now))?;
    Ok(())
}

/// A picture as it is sent to a browser.
#[derive(Debug, FromRow)]
pub struct KeptPicture {
    /// As in `image/png`.
    pub media_type: String,
    /// What it holds.
    pub octets: Vec<u8>,
}

/// The picture with this name.
pub async fn by_name(db: &mut Read, name: &str) -> Result<Option<KeptPicture>, StoreError> {
    Ok(fetch_optional!(db, BY_NAME, name)?)
}

/// How many octets the picture with this name has.
pub async fn weight(db: &mut Read, name: &str) -> Result<Option<u64>, StoreError> {
    let weight: Option<i64> = fetch_optional_scalar!(db, WEIGHT, name)?;
    Ok(weight.map(|octets| u64::try_from(octets).unwrap_or_default()))
}

/// The most pictures that one run of retention looks at; each is looked for in every issue, once.
const BATCH: i64 = 50;

/// Removes pictures uploaded by `before` that no issue names, and marks the others, which stay; returns how
/// many were removed.
pub async fn forget_unused(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    let old: Vec<String> = fetch_all_scalars!(tx, OLD, micros(before), BATCH)?;
    for name in &old {
        execute!(tx, MARK_USED, name)?;
    }
    if old.is_empty() {
        return Ok(0);
    }
    Ok(execute!(tx, FORGET, json(&old)?, micros(before))?)
}
