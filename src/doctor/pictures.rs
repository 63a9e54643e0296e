//! The bucket of the pictures.

use super::Diagnosis;
use crate::bucket::BucketError;
use crate::publish::{self, PictureError};
use crate::service::Service;
use crate::store::StoreError;
use crate::store::picture::{self, PictureCounts, object};

const CHECK: &str = "pictures";

/// Whether the bucket can be read, and has what it should; nothing where none was ever used.
pub(super) async fn examine(service: Option<&Service>) -> Vec<Diagnosis> {
    match service {
        Some(service) => of(service).await,
        None => Vec::new(),
    }
}

/// Pictures that nobody can see, as no bucket is set.
pub(super) async fn without_a_bucket(service: &Service) -> Result<Vec<Diagnosis>, StoreError> {
    if service.bucket.is_some() {
        return Ok(Vec::new());
    }
    let counts = picture::counts(&mut service.store.read().await?).await?;
    Ok(unseen(counts))
}

async fn of(service: &Service) -> Vec<Diagnosis> {
    let read = async {
        let mut db = service.store.read().await?;
        Ok((
            picture::counts(&mut db).await?,
            object::any_name(&mut db).await?,
        ))
    };
    // What is wrong with the database was told.
    let found: Result<_, StoreError> = read.await;
    let Ok((counts, any)) = found else {
        return Vec::new();
    };
    let Some(bucket) = &service.bucket else {
        return unseen(counts);
    };
    if let Err(error) = bucket.probe().await {
        return vec![unusable(bucket.name(), &error)];
    }
    if let Some(name) = any {
        match publish::picture(service, &name).await {
            Ok(_) | Err(PictureError::Store(_)) => {}
            Err(PictureError::Bucket(error)) => return vec![unusable(bucket.name(), &error)],
            Err(error) => {
                let mend = "run it again";
                return vec![Diagnosis::red(CHECK, bucket.name(), error, mend)];
            }
        }
    }
    let says = format!(
        "the bucket can be read; it has {} pictures, the database {}",
        counts.bucket, counts.database
    );
    vec![Diagnosis::green(CHECK, bucket.name(), says)]
}

fn unseen(counts: PictureCounts) -> Vec<Diagnosis> {
    if counts.bucket == 0 {
        return Vec::new();
    }
    let says = format!(
        "{} pictures are in a bucket, and none is set: mails and pages show gaps",
        counts.bucket
    );
    let mend = "set `pictures.bucket` and its keys again; `xabar picture move --to database` brings them back";
    vec![Diagnosis::red(CHECK, "", says, mend)]
}

fn unusable(bucket: &str, error: &BucketError) -> Diagnosis {
    let mend = match error {
        BucketError::Missing(_) | BucketError::Damaged(_) => {
            "restore the objects of the bucket from its backup, or correct `pictures.bucket`"
        }
        BucketError::Refused(_) => {
            "correct `pictures.access_key_id` and `pictures.secret_access_key`, or what they may do; without them the machine is asked for its role"
        }
        BucketError::Unusable(_) => {
            "correct `pictures.endpoint`, `pictures.region` or `pictures.path_style`, or create the bucket"
        }
    };
    Diagnosis::red(CHECK, bucket, error, mend)
}
