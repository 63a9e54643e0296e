//! `xabar picture count|move`

use clap::{Subcommand, ValueEnum};
use indicatif::ProgressBar;
use serde_json::json;

use super::CliError;
use super::output::Output;
use crate::publish::{self, PictureError, PicturePlace};
use crate::service::Service;
use crate::store;

#[derive(Debug, Subcommand)]
pub(super) enum Pictures {
    /// Tells how many pictures are in the database, and how many in the bucket.
    Count,
    /// Moves all pictures, one after another, while the service runs. It may be broken off and run again.
    /// Each is read again and compared before it leaves where it was.
    Move {
        /// Where to.
        #[arg(long)]
        to: Place,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Place {
    /// The database.
    Database,
    /// The bucket of `[pictures]`.
    Bucket,
}

impl Pictures {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        let counts = store::picture::counts(&mut service.store.read().await?).await?;
        let Self::Move { to } = self else {
            let answer = json!({ "database": counts.database, "bucket": counts.bucket });
            return out.value(&answer, || {
                let bucket = service.bucket.as_ref().map_or("none is set", |b| b.name());
                format!(
                    "{} in the database, {} in the bucket ({bucket})",
                    counts.database, counts.bucket
                )
            });
        };
        if service.bucket.is_none() {
            let why = "the setting pictures.bucket is empty: name the bucket to move to or from";
            return Err(CliError::Failed(why.to_owned()));
        }
        let (to, all) = match to {
            Place::Database => (PicturePlace::Database, counts.bucket),
            Place::Bucket => (PicturePlace::Bucket, counts.database),
        };
        let bar = match out.json {
            true => ProgressBar::hidden(),
            false => ProgressBar::new(u64::try_from(all).unwrap_or_default()),
        };
        let moved = publish::move_pictures(service, to, || bar.inc(1)).await;
        bar.finish_and_clear();
        let moved = moved.map_err(|error| match error {
            PictureError::Store(error) => error.into(),
            error => CliError::Failed(format!(
                "{error}. What was moved before stays moved; run the command again to go on"
            )),
        })?;
        out.value(&json!({ "moved": moved }), || {
            format!("moved {moved} pictures")
        })
    }
}
