//! Pictures of issues: taken in from an upload or an address, made fit for mails, and kept.

mod fit;
mod place;

use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use crate::bucket::BucketError;
use crate::domain::Actor;
use crate::fetch::FetchError;
use crate::service::Service;
use crate::store::StoreError;

pub use fit::Unfit;
pub use place::{
    PicturePlace, ShownPicture, move_pictures, picture, removal_due, remove_leftovers,
};

/// The largest file that is taken in, in octets.
pub const MAX_PICTURE_OCTETS: usize = 10 * 1024 * 1024;

/// A picture as it is kept: what an item's `image` needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PictureView {
    /// Its address, for the `image` of an item.
    pub url: String,
    /// Its width in pixels, at most 1,200.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// How many octets it has.
    pub octets: usize,
}

/// Why a picture was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// What it is does not fit.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// It could not be fetched.
    #[error("the picture could not be fetched: {0}")]
    Fetch(FetchError),
    /// Not an address.
    #[error("the address of a picture begins with http:// or https://")]
    NoAddress,
    /// The thread that worked on it ended.
    #[error("the picture could not be worked on; try again")]
    Interrupted,
    /// The bucket.
    #[error(transparent)]
    Bucket(#[from] BucketError),
    /// The settings name none.
    #[error("the picture is in a bucket, and the setting pictures.bucket is empty")]
    NoBucket,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a file fit for mails and keeps it. The same picture has the same address.
///
/// # Errors
/// When it is no picture, or too large.
pub async fn keep_picture(
    service: &Service,
    octets: Vec<u8>,
    actor: &Actor,
) -> Result<PictureView, PictureError> {
    // A decoded picture takes much memory.
    let fitted = service.checks.decoding.run(move || fit::fit(&octets)).await;
    let picture = fitted.map_err(|error| {
        tracing::error!(%error, "a picture could not be decoded");
        PictureError::Interrupted
    })??;
    let name = picture.name();
    let (width, height, weight) = (picture.width, picture.height, picture.octets.len());
    place::keep(service, &name, picture.media_type(), picture.octets).await?;
    tracing::info!(picture = name, octets = weight, %actor, "picture kept");
    Ok(PictureView {
        url: service.links.picture(&name),
        width,
        height,
        octets: weight,
    })
}

/// The same with the file at an address of the public internet.
///
/// # Errors
/// Also when it cannot be fetched.
pub async fn fetch_picture(
    service: &Service,
    address: &str,
    actor: &Actor,
) -> Result<PictureView, PictureError> {
    let url = Url::parse(address.trim()).map_err(|_| PictureError::NoAddress)?;
    let fetched = service.checks.fetcher.get(&url, MAX_PICTURE_OCTETS).await;
    let octets = fetched.map_err(|error| match error {
        FetchError::NotWeb => PictureError::NoAddress,
        FetchError::TooLarge => Unfit::TooLong.into(),
        error => PictureError::Fetch(error),
    })?;
    keep_picture(service, octets, actor).await
}
