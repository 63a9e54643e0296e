//! Pictures of issues, under names made of what they hold: in the database here, in a bucket in [`object`].

pub mod leftover;
pub mod object;

use jiff::Timestamp;
use sqlx::FromRow;

use super::dialect::{
    execute, fetch_all_scalars, fetch_one, fetch_optional, fetch_optional_scalar, statements,
};
use super::rows::{json, micros};
use super::{Read, StoreError, Write};

// Whether an issue, a state of it or a correction names the picture $1.
macro_rules! is_named {
    () => {
        r"(EXISTS (SELECT 1 FROM issue i WHERE i.content LIKE '%/picture/' || $1 || '%')
              OR EXISTS (
                SELECT 1 FROM issue_revision r WHERE r.content LIKE '%/picture/' || $1 || '%')
              OR EXISTS (
                SELECT 1 FROM issue_history h WHERE h.content LIKE '%/picture/' || $1 || '%'))"
    };
}
use is_named;

statements! {
    KEEP = [
        r"INSERT INTO picture (name, media_type, octets, weight, uploaded_at, in_use)
          VALUES ($1, $2, $3, $4, $5, 0)
          ON CONFLICT (name) DO UPDATE SET uploaded_at = excluded.uploaded_at",
    ];
    TOUCH = [r"UPDATE picture SET uploaded_at = $2 WHERE name = $1"];
    // In one statement: a picture that is moved meanwhile is in one of them.
    BY_NAME = [
        r"SELECT media_type, octets, NULL AS object_key FROM picture WHERE name = $1
          UNION ALL
          SELECT media_type, NULL, object_key FROM picture_object WHERE name = $1
          LIMIT 1",
    ];
    WEIGHT = [
        r"SELECT weight FROM picture WHERE name = $1
          UNION ALL
          SELECT weight FROM picture_object WHERE name = $1
          LIMIT 1",
    ];
    COUNTS = [r"SELECT (SELECT COUNT(*) FROM picture), (SELECT COUNT(*) FROM picture_object)"];
    NEXT = [r"SELECT name FROM picture WHERE name > $1 ORDER BY name LIMIT 1"];
    OLD = [
        r"SELECT name FROM picture
          WHERE in_use = 0 AND uploaded_at <= $1
          ORDER BY uploaded_at LIMIT $2",
    ];
    MARK_USED = [r"UPDATE picture SET in_use = 1 WHERE name = $1 AND ", (is_named!)];
    FORGET = [
        r"DELETE FROM picture
          WHERE name IN ",
        { sqlite: "(SELECT value FROM json_each($1))", postgres: "(SELECT json_array_elements_text(CAST($1 AS json)))" },
        r" AND in_use = 0 AND uploaded_at <= $2",
    ];
    // Out of the bucket.
    BRING = [
        r"INSERT INTO picture (name, media_type, octets, weight, uploaded_at, in_use)
          SELECT name, media_type, $2, weight, uploaded_at, in_use
          FROM picture_object WHERE name = $1
          ON CONFLICT (name) DO NOTHING",
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

/// A picture, wherever it is.
#[derive(Debug)]
pub struct KeptPicture {
    /// As in `image/png`.
    pub media_type: String,
    /// What it holds, or where that is.
    pub held: Held,
}

/// Where the octets of a picture are.
#[derive(Debug)]
pub enum Held {
    /// In the database: these.
    Octets(Vec<u8>),
    /// In a bucket, under this key.
    Object(String),
}

#[derive(FromRow)]
struct PictureRow {
    media_type: String,
    octets: Option<Vec<u8>>,
    object_key: Option<String>,
}

/// The picture with this name.
pub async fn by_name(db: &mut Read, name: &str) -> Result<Option<KeptPicture>, StoreError> {
    let row: Option<PictureRow> = fetch_optional!(db, BY_NAME, name)?;
    Ok(row.map(|row| KeptPicture {
        media_type: row.media_type,
        held: match row.object_key {
            Some(key) => Held::Object(key),
            None => Held::Octets(row.octets.unwrap_or_default()),
        },
    }))
}

/// How many octets the picture with this name has.
pub async fn weight(db: &mut Read, name: &str) -> Result<Option<u64>, StoreError> {
    let weight: Option<i64> = fetch_optional_scalar!(db, WEIGHT, name)?;
    Ok(weight.map(|octets| u64::try_from(octets).unwrap_or_default()))
}

/// How many pictures are where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureCounts {
    /// In the database.
    pub database: i64,
    /// In a bucket.
    pub bucket: i64,
}

/// How many pictures are where.
pub async fn counts(db: &mut Read) -> Result<PictureCounts, StoreError> {
    let (database, bucket) = fetch_one!(db, COUNTS)?;
    Ok(PictureCounts { database, bucket })
}

/// Lets a picture count as uploaded again, wherever it is; whether there is one.
pub async fn touch(tx: &mut Write, name: &str, now: Timestamp) -> Result<bool, StoreError> {
    let here = execute!(tx, TOUCH, name, micros(now))? > 0;
    Ok(here || object::touch(tx, name, now).await?)
}

/// The first picture of the database whose name comes after this one.
pub async fn next(db: &mut Read, after: &str) -> Result<Option<String>, StoreError> {
    Ok(fetch_optional_scalar!(db, NEXT, after)?)
}

/// Brings a picture of a bucket into the database, and returns the key of the object, which is left over;
/// `None` if it was not in a bucket any more.
pub async fn bring(
    tx: &mut Write,
    name: &str,
    octets: &[u8],
) -> Result<Option<String>, StoreError> {
    execute!(tx, BRING, name, octets)?;
    object::forget(tx, name).await
}

/// The most pictures that one run of retention looks at; each is looked for in every issue, once.
const BATCH: i64 = 50;

/// Removes pictures uploaded by `before` that no issue names, and marks the others, which stay; returns how
/// many were removed. The objects of those in a bucket are left over from `due` on.
pub async fn forget_unused(
    tx: &mut Write,
    before: Timestamp,
    due: Timestamp,
) -> Result<u64, StoreError> {
    let old: Vec<String> = fetch_all_scalars!(tx, OLD, micros(before), BATCH)?;
    for name in &old {
        execute!(tx, MARK_USED, name)?;
    }
    let mut removed = 0;
    if !old.is_empty() {
        removed = execute!(tx, FORGET, json(&old)?, micros(before))?;
    }
    Ok(removed + object::forget_unused(tx, before, due).await?)
}
