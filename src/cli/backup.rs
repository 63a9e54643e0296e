//! `xabar backup` and `xabar restore`

use std::path::PathBuf;

use clap::Args;

use super::output::Output;
use super::{CliError, start_quiet_log};
use crate::app::{self, AppError};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::Actor;
use crate::instance::{backup, hold};
use crate::secret::{self, SecretError};
use crate::service::Service;
use crate::store::picture;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The folder of backups; each is a new folder in it.
    folder: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// A folder that `xabar backup` has made.
    folder: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        let made = backup::make(service, &self.folder).await;
        let (folder, manifest) = made.map_err(|e| CliError::Failed(e.to_string()))?;
        let folder = folder.display().to_string();
        let pictures = picture::counts(&mut service.store.read().await?).await?;
        let answer = serde_json::json!({
            "folder": folder, "manifest": manifest, "pictures_in_bucket": pictures.bucket,
        });
        out.value(&answer, || {
            let mut said = format!(
                "{folder}\nThe key is not in it. Keep {} elsewhere; its fingerprint is {}.",
                service.settings.secret_file.display(),
                manifest.key_fingerprint
            );
            if pictures.bucket > 0 {
                let more = format!(
                    "\nThe {} pictures in the bucket are not in it.",
                    pictures.bucket
                );
                said.push_str(&more);
            }
            said
        })
    }
}

/// Why sending is held after a restore.
fn restored(made_at: jiff::Timestamp) -> String {
    format!("A backup of {made_at} was restored.")
}

impl Restore {
    pub(super) async fn run(self, settings: Settings, out: Output) -> Result<(), CliError> {
        start_quiet_log(&settings)?;
        let file = &settings.secret_file;
        let key = secret::load(file).map_err(AppError::from)?;
        let key = key.ok_or_else(|| SecretError::Missing(file.display().to_string()));
        let key = key.map_err(AppError::from)?;
        let restoring = backup::restore(&settings, &key, &self.folder).await;
        // Nothing serves before sending is held.
        let (manifest, _serving) = restoring.map_err(|e| CliError::Failed(e.to_string()))?;
        let service = app::open(settings, Clock::system()).await?;
        let why = restored(manifest.made_at);
        let held = hold::hold_all(&service, &why, &Actor::CommandLine).await;
        service.store.close().await;
        held?;
        let answer = serde_json::json!({ "restored": manifest, "held": true });
        out.value(&answer, || {
            format!(
                "Restored, as of {}. Nothing is sent until `xabar resume --all`. Before that: `xabar issue list`, and resume or cancel what is paused; who unsubscribed after the backup is active again.",
                manifest.made_at
            )
        })
    }
}
