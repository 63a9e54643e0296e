//! A bucket of S3, or of a server that speaks like it: keeps pictures when the database should not.
//!
//! Every upload gets a key of its own, so that removing an old object never removes a new one.
//! [Why](../../docs/decisions/0049-pictures-in-a-bucket.md).

mod error;

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use moka::future::Cache;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, ClientOptions, ObjectStore, ObjectStoreExt, PutOptions, RetryConfig,
};
use uuid::Uuid;

use crate::config::{Pictures, SettingsError};
pub use error::BucketError;

/// How long a connection may take, one attempt, and all attempts together. An editor waits meanwhile.
const CONNECT: Duration = Duration::from_secs(4);
const ATTEMPT: Duration = Duration::from_secs(15);
const TOGETHER: Duration = Duration::from_secs(25);
/// How often a request is sent again after an answer that says so, or none.
const RETRIES: usize = 2;
/// How much of what was read is remembered: the pictures of the latest issue.
const REMEMBERED_OCTETS: u64 = 8 * 1024 * 1024;
/// The largest object that is read: no picture is larger than what is taken in.
const MAX_OCTETS: u64 = 16 * 1024 * 1024;

/// The bucket of `[pictures]`.
pub struct Bucket {
    name: String,
    prefix: String,
    objects: AmazonS3,
    /// What was read lately, by key; requests for the same object share one.
    read: Cache<String, Bytes>,
}

impl Bucket {
    /// The bucket that the settings name, if they name one. Nothing is sent to it.
    ///
    /// # Errors
    /// When the settings do not make a client.
    pub fn from_settings(pictures: &Pictures) -> Result<Option<Self>, SettingsError> {
        if pictures.bucket.is_empty() {
            return Ok(None);
        }
        let client = ClientOptions::new()
            .with_connect_timeout(CONNECT)
            .with_timeout(ATTEMPT)
            .with_allow_http(true);
        let retry = RetryConfig {
            max_retries: RETRIES,
            retry_timeout: TOGETHER,
            ..RetryConfig::default()
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&pictures.bucket)
            .with_region(&pictures.region)
            .with_virtual_hosted_style_request(!pictures.path_style)
            // Not every server that speaks like S3 removes many objects by one request.
            .with_disable_bulk_delete(true)
            .with_client_options(client)
            .with_retry(retry);
        if let Some(endpoint) = pictures.request_endpoint() {
            builder = builder.with_endpoint(endpoint);
        }
        if !pictures.access_key_id.is_empty() {
            builder = builder
                .with_access_key_id(&pictures.access_key_id)
                .with_secret_access_key(&pictures.secret_access_key);
        }
        let objects = builder.build().map_err(|error| SettingsError::Invalid {
            path: "pictures".to_owned(),
            why: error.to_string(),
        })?;
        let prefix = pictures.prefix.trim_matches('/');
        Ok(Some(Self {
            name: pictures.bucket.clone(),
            prefix: match prefix {
                "" => String::new(),
                prefix => format!("{prefix}/"),
            },
            objects,
            read: Cache::builder()
                .weigher(|_, octets: &Bytes| u32::try_from(octets.len()).unwrap_or(u32::MAX))
                .max_capacity(REMEMBERED_OCTETS)
                .build(),
        }))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A key that no object has: below the prefix, `random`, and the name of the picture.
    #[must_use]
    pub fn new_key(&self, random: Uuid, name: &str) -> String {
        format!("{}{}/{name}", self.prefix, random.simple())
    }

    /// Whether an object with this key is one of ours to remove: another installation may use the same
    /// bucket with another prefix.
    #[must_use]
    pub fn is_ours(&self, key: &str) -> bool {
        key.starts_with(&self.prefix)
    }

    /// Puts an object.
    ///
    /// # Errors
    /// When it is not certain that the object is there.
    pub async fn put(&self, key: &str, media_type: &str, octets: Bytes) -> Result<(), BucketError> {
        let path = parse(key)?;
        let attributes = Attributes::from_iter([(Attribute::ContentType, media_type.to_owned())]);
        let options = PutOptions::from(attributes);
        let put = self.objects.put_opts(&path, octets.into(), options).await;
        put.map(drop).map_err(|error| BucketError::of(key, &error))
    }

    /// The octets of an object, from memory if they were read lately.
    ///
    /// # Errors
    /// When there is no such object, it cannot be read, or `is_whole` does not say yes to it.
    pub async fn get(
        &self,
        key: &str,
        is_whole: impl Fn(&[u8]) -> bool,
    ) -> Result<Bytes, BucketError> {
        let fetched = self.fetch(key, is_whole);
        let read = self.read.try_get_with_by_ref(key, fetched).await;
        read.map_err(|error| BucketError::clone(&error))
    }

    /// The octets of an object, from the bucket itself.
    ///
    /// # Errors
    /// As with [`Self::get`].
    pub async fn fetch(
        &self,
        key: &str,
        is_whole: impl Fn(&[u8]) -> bool,
    ) -> Result<Bytes, BucketError> {
        let path = parse(key)?;
        let read = async {
            let found = self.objects.get(&path).await?;
            match found.meta.size > MAX_OCTETS {
                true => Ok(None),
                false => found.bytes().await.map(Some),
            }
        };
        match read.await {
            Ok(Some(octets)) if is_whole(&octets) => Ok(octets),
            Ok(_) => Err(BucketError::Damaged(key.to_owned())),
            Err(error) => Err(BucketError::of(key, &error)),
        }
    }

    /// Removes an object; one that is not there is removed.
    ///
    /// # Errors
    /// When it may still be there.
    pub async fn remove(&self, key: &str) -> Result<(), BucketError> {
        let path = parse(key)?;
        match self.objects.delete(&path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {
                self.read.invalidate(key).await;
                Ok(())
            }
            Err(error) => Err(BucketError::of(key, &error)),
        }
    }

    /// Asks whether the bucket can be read with these settings; changes nothing.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub async fn probe(&self) -> Result<(), BucketError> {
        let prefix = self.prefix.trim_end_matches('/');
        let prefix = parse(prefix)?;
        match self.objects.list(Some(&prefix)).next().await {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(BucketError::of(&self.name, &error)),
        }
    }
}

fn parse(key: &str) -> Result<Path, BucketError> {
    Path::parse(key).map_err(|_| BucketError::Damaged(key.to_owned()))
}
