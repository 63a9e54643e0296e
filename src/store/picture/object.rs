//! Pictures whose octets are in a bucket, under a key.

use jiff::Timestamp;

use super::{BATCH, is_named, leftover};
use crate::store::dialect::{execute, fetch_all_scalars, fetch_optional_scalar, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

statements! {
    KEEP = [
        r"INSERT INTO picture_object (name, media_type, object_key, weight, uploaded_at, in_use)
          VALUES ($1, $2, $3, $4, $5, 0)
          ON CONFLICT (name) DO NOTHING",
    ];
    TOUCH = [r"UPDATE picture_object SET uploaded_at = $2 WHERE name = $1"];
    NEXT = [r"SELECT name FROM picture_object WHERE name > $1 ORDER BY name LIMIT 1"];
    ANY = [r"SELECT name FROM picture_object ORDER BY name LIMIT 1"];
    OLD = [
        r"SELECT name FROM picture_object
          WHERE in_use = 0 AND uploaded_at <= $1
          ORDER BY uploaded_at LIMIT $2",
    ];
    MARK_USED = [r"UPDATE picture_object SET in_use = 1 WHERE name = $1 AND ", (is_named!)];
    FORGET_UNUSED = [
        r"DELETE FROM picture_object
          WHERE name = $1 AND in_use = 0 AND uploaded_at <= $2
          RETURNING object_key",
    ];
    // Out of the database.
    TAKE = [
        r"INSERT INTO picture_object (name, media_type, object_key, weight, uploaded_at, in_use)
          SELECT name, media_type, $2, weight, uploaded_at, in_use FROM picture WHERE name = $1
          ON CONFLICT (name) DO NOTHING",
    ];
    GIVEN = [r"DELETE FROM picture WHERE name = $1"];
    FORGET = [r"DELETE FROM picture_object WHERE name = $1 RETURNING object_key"];
}

/// A picture that was put into a bucket.
#[derive(Debug, Clone, Copy)]
pub struct PutPicture<'a> {
    /// As in [`super::NewPicture`].
    pub name: &'a str,
    /// As in `image/png`.
    pub media_type: &'a str,
    /// Its key.
    pub key: &'a str,
    /// How many octets it has.
    pub weight: usize,
}

/// Keeps a picture that is in the bucket, whose object is not left over then. If the same picture was
/// kept meanwhile, the object stays left over.
pub async fn keep(
    tx: &mut Write,
    picture: &PutPicture<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let weight = i64::try_from(picture.weight).unwrap_or(i64::MAX);
    let (name, kind, key) = (picture.name, picture.media_type, picture.key);
    if execute!(tx, KEEP, name, kind, key, weight, micros(now))? > 0 {
        leftover::forget(tx, key).await?;
    }
    Ok(())
}

pub(super) async fn touch(tx: &mut Write, name: &str, now: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(tx, TOUCH, name, micros(now))? > 0)
}

/// The name of any picture in a bucket.
pub async fn any_name(db: &mut Read) -> Result<Option<String>, StoreError> {
    Ok(fetch_optional_scalar!(db, ANY)?)
}

/// The first picture of the bucket whose name comes after this one.
pub async fn next(db: &mut Read, after: &str) -> Result<Option<String>, StoreError> {
    Ok(fetch_optional_scalar!(db, NEXT, after)?)
}

/// Notes that the octets of a picture of the database are in a bucket now, under this key, and removes
/// them from the database; whether it was there still. The object is left over if it was not.
pub async fn take(tx: &mut Write, name: &str, key: &str) -> Result<bool, StoreError> {
    let taken = execute!(tx, TAKE, name, key)? > 0;
    execute!(tx, GIVEN, name)?;
    if taken {
        leftover::forget(tx, key).await?;
    }
    Ok(taken)
}

/// Forgets that a picture is in a bucket; returns the key of its object.
pub(super) async fn forget(tx: &mut Write, name: &str) -> Result<Option<String>, StoreError> {
    Ok(fetch_optional_scalar!(tx, FORGET, name)?)
}

pub(super) async fn forget_unused(
    tx: &mut Write,
    before: Timestamp,
    due: Timestamp,
) -> Result<u64, StoreError> {
    let old: Vec<String> = fetch_all_scalars!(tx, OLD, micros(before), BATCH)?;
    let mut removed = 0;
    for name in &old {
        execute!(tx, MARK_USED, name)?;
        let key: Option<String> = fetch_optional_scalar!(tx, FORGET_UNUSED, name, micros(before))?;
        if let Some(key) = key {
            leftover::note(tx, &key, due).await?;
            removed += 1;
        }
    }
    Ok(removed)
}
