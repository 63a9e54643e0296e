//! Where pictures are kept: in the database, or in the bucket of the settings. Each is in one of them, and
//! is read from where it is, whatever the settings say by now.

use std::sync::Arc;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::PictureError;
use crate::bucket::Bucket;
use crate::log_limiter::failures;
use crate::service::Service;
use crate::store::picture::object::PutPicture;
use crate::store::picture::{Held, KeptPicture, NewPicture, leftover, object};
use crate::store::{self, StoreError};

/// How long an upload may take before its object counts as left over.
const UPLOAD_HOURS: i64 = 24;
/// How long the object of a removed picture stays: a backup from before may name it.
const REMOVED_DAYS: i64 = 30;
/// When a removal is tried again that failed.
const TRY_AGAIN: SignedDuration = SignedDuration::from_hours(24);
/// How many objects one run of retention removes.
const BATCH: i64 = 200;

/// A picture as it is sent to a browser.
#[derive(Debug)]
pub struct ShownPicture {
    /// As in `image/png`.
    pub media_type: String,
    /// What it holds.
    pub octets: Bytes,
}

/// Where pictures can be moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PicturePlace {
    /// The database.
    Database,
    /// The bucket of the settings.
    Bucket,
}

/// Keeps a picture. The same picture again counts as uploaded again, wherever it is.
pub(super) async fn keep(
    service: &Service,
    name: &str,
    media_type: &str,
    octets: Vec<u8>,
) -> Result<(), PictureError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    if store::picture::touch(&mut tx, name, now).await? {
        return Ok(tx.commit().await?);
    }
    let Some(bucket) = &service.bucket else {
        let new = NewPicture {
            name,
            media_type,
            octets: &octets,
        };
        store::picture::keep(&mut tx, &new, now).await?;
        return Ok(tx.commit().await?);
    };
    tx.commit().await?;
    let weight = octets.len();
    let key = upload(service, bucket, name, media_type, octets).await?;
    let put = PutPicture {
        name,
        media_type,
        key: &key,
        weight,
    };
    let mut tx = service.store.write().await?;
    object::keep(&mut tx, &put, now).await?;
    Ok(tx.commit().await?)
}

/// The picture with this name.
///
/// # Errors
/// When it is in a bucket that cannot be used, or that has something else under its key.
pub async fn picture(service: &Service, name: &str) -> Result<Option<ShownPicture>, PictureError> {
    let mut db = service.store.read().await?;
    let Some(found) = store::picture::by_name(&mut db, name).await? else {
        return Ok(None);
    };
    // No connection of the database waits for the bucket.
    drop(db);
    let octets = match found.held {
        Held::Octets(octets) => octets.into(),
        Held::Object(key) => bucket_of(service)?.get(&key, is_picture(name)).await?,
    };
    Ok(Some(ShownPicture {
        media_type: found.media_type,
        octets,
    }))
}

/// Puts a picture into the bucket; returns the key, which is left over until a picture claims it.
async fn upload(
    service: &Service,
    bucket: &Bucket,
    name: &str,
    media_type: &str,
    octets: Vec<u8>,
) -> Result<String, PictureError> {
    let key = bucket.new_key(service.clock.new_uuid(), name);
    let due = later(
        service.clock.now(),
        SignedDuration::from_hours(UPLOAD_HOURS),
    );
    let mut tx = service.store.write().await?;
    leftover::note(&mut tx, &key, due).await?;
    tx.commit().await?;
    bucket.put(&key, media_type, octets.into()).await?;
    Ok(key)
}

/// When the object of a picture that is removed now may go.
#[must_use]
pub fn removal_due(now: Timestamp) -> Timestamp {
    later(now, SignedDuration::from_hours(24 * REMOVED_DAYS))
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn bucket_of(service: &Service) -> Result<&Arc<Bucket>, PictureError> {
    service.bucket.as_ref().ok_or(PictureError::NoBucket)
}

/// Tells whether octets are those of the picture: it is named by their hash.
fn is_picture(name: &str) -> impl Fn(&[u8]) -> bool {
    move |octets| {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(octets));
        name.split_once('.').is_some_and(|(named, _)| named == hash)
    }
}

/// Removes objects of the bucket that belong to no picture. Nothing is removed while all sending is held:
/// the database may be a copy, and the objects those of its original. What the bucket refuses is tried
/// again after a day, and the others by the next run.
///
/// # Errors
/// When the database cannot be used.
pub async fn remove_leftovers(service: &Service) -> Result<(), StoreError> {
    let Some(bucket) = service.bucket.as_ref().filter(|_| !service.hold.is_on()) else {
        return Ok(());
    };
    let now = service.clock.now();
    let mut db = service.store.read().await?;
    let due = leftover::due(&mut db, now, BATCH).await?;
    drop(db);
    for key in due {
        let removed = if bucket.is_ours(&key) {
            bucket.remove(&key).await
        } else {
            tracing::info!(key, "an object below another prefix stays in the bucket");
            Ok(())
        };
        let mut tx = service.store.write().await?;
        if let Err(error) = removed {
            failures::warn("an object of the bucket could not be removed", &error);
            leftover::note(&mut tx, &key, later(now, TRY_AGAIN)).await?;
            return tx.commit().await;
        }
        leftover::forget(&mut tx, &key).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Moves all pictures there, one after another; `moved` is told of each. It may be broken off and run
/// again, and the service may run meanwhile. Returns how many were moved.
///
/// # Errors
/// When a picture cannot be read or put. Those before it are moved.
pub async fn move_pictures(
    service: &Service,
    to: PicturePlace,
    mut moved: impl FnMut(),
) -> Result<u64, PictureError> {
    let bucket = bucket_of(service)?;
    let (mut name, mut total) = (String::new(), 0);
    loop {
        let mut db = service.store.read().await?;
        let next = match to {
            PicturePlace::Bucket => store::picture::next(&mut db, &name).await?,
            PicturePlace::Database => object::next(&mut db, &name).await?,
        };
        drop(db);
        let Some(next) = next else { break };
        name = next;
        let is_moved = match to {
            PicturePlace::Bucket => put(service, bucket, &name).await?,
            PicturePlace::Database => bring(service, bucket, &name).await?,
        };
        total += u64::from(is_moved);
        moved();
    }
    if to == PicturePlace::Bucket {
        store::retention::space::give_back(&service.store).await?;
    }
    Ok(total)
}

/// Moves a picture into the bucket; it is read again before it leaves the database.
async fn put(service: &Service, bucket: &Bucket, name: &str) -> Result<bool, PictureError> {
    let kept = store::picture::by_name(&mut service.store.read().await?, name).await?;
    let Some(KeptPicture {
        media_type,
        held: Held::Octets(octets),
    }) = kept
    else {
        return Ok(false);
    };
    let key = upload(service, bucket, name, &media_type, octets).await?;
    bucket.fetch(&key, is_picture(name)).await?;
    let mut tx = service.store.write().await?;
    let taken = object::take(&mut tx, name, &key).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Moves a picture into the database.
async fn bring(service: &Service, bucket: &Bucket, name: &str) -> Result<bool, PictureError> {
    let kept = store::picture::by_name(&mut service.store.read().await?, name).await?;
    let Some(Held::Object(key)) = kept.map(|kept| kept.held) else {
        return Ok(false);
    };
    let octets = bucket.fetch(&key, is_picture(name)).await?;
    let mut tx = service.store.write().await?;
    let brought = store::picture::bring(&mut tx, name, &octets).await?;
    if let Some(key) = &brought {
        leftover::note(&mut tx, key, removal_due(service.clock.now())).await?;
    }
    tx.commit().await?;
    Ok(brought.is_some())
}
