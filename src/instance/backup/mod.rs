//! Copies of the database that can be restored.
//!
//! A backup is a folder: the database as one file, and `manifest.json`, which names the key that it needs.
//! The key itself is not in it: who has both can end any subscription.

mod files;
mod postgres_tool;
mod restore;

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use restore::restore;

use super::InstanceError;
use crate::domain::LinkKey;
use crate::own_files;
use crate::service::Service;
use crate::store::{self, StoreError};
use files::{create_private, failed, private, sha256, sync};

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// What happened.
        source: io::Error,
    },
    /// The disk is too small for a copy.
    #[error(
        "the disk of {folder} has {free} MB free, and the copy may take {needed} MB: make room, or name a folder on another disk"
    )]
    NoRoom {
        /// Where the copy would be.
        folder: String,
        /// In MB.
        free: u64,
        /// In MB.
        needed: u64,
    },
    /// The folder holds no backup of ours.
    #[error("{0} is not a backup: its manifest.json cannot be read ({1})")]
    NoBackup(String, String),
    /// The copy is not as it was written.
    #[error(
        "{0} is not as it was written: its SHA-256 is not that of the manifest; take another backup"
    )]
    Damaged(String),
    /// The other kind of database.
    #[error(
        "this is a backup of {found}, and database.url names {wanted}; there is no way from one to the other"
    )]
    OtherKind {
        /// Of the backup.
        found: Kind,
        /// Of the settings.
        wanted: Kind,
    },
    /// The key does not belong to it.
    #[error(
        "the key in {file} is not the key of this backup ({found}, it needs {needed}): put the right one there first"
    )]
    OtherKey {
        /// The key file.
        file: String,
        /// The fingerprint of the key that is there.
        found: String,
        /// The fingerprint of the key that the backup needs.
        needed: String,
    },
    /// A newer program made it.
    #[error(
        "xabar {made_by} made this backup, with schema version {found}; this program knows {known}. Use a newer one"
    )]
    Newer {
        /// The version of the program.
        made_by: String,
        /// The schema of the backup.
        found: i64,
        /// The schema of this program.
        known: i64,
    },
    /// Something is there already.
    #[error(
        "there is a database already. Nothing is overwritten: name another one in database.url, or move this one away (SQLite: the file with its -wal and -shm; PostgreSQL: create an empty database)"
    )]
    NotEmpty,
    /// A process serves.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// PostgreSQL's own tool failed.
    #[error("{tool} failed: {why}. It must be installed, and as new as the server")]
    Tool {
        /// `pg_dump` or `pg_restore`.
        tool: &'static str,
        /// What it said, or why it could not be started.
        why: String,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The database that a backup is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

impl Kind {
    fn of(url: &str) -> Self {
        match url.starts_with("sqlite:") {
            true => Self::Sqlite,
            false => Self::Postgres,
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::Sqlite => "xabar.db",
            Self::Postgres => "xabar.dump",
        }
    }
}

/// What `manifest.json` says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the program that made it.
    pub xabar: String,
    /// When.
    pub made_at: Timestamp,
    /// Of which database.
    pub database: Kind,
    /// The version of its schema.
    pub schema: i64,
    /// Tells its key from others, and does not give it away.
    pub key_fingerprint: String,
    /// The SHA-256 of its file, in hexadecimal.
    pub sha256: String,
}

/// Tells keys apart: 16 hexadecimal digits.
#[must_use]
pub fn key_fingerprint(key: &LinkKey) -> String {
    HEXLOWER.encode(&key.keyed_hash("instance-key-fingerprint", &[])[..8])
}

/// Backs the database up into a new folder in `folder`, beside all other work. Returns that folder.
///
/// # Errors
/// When the folder or the database cannot be used, or the disk has no room. Nothing is left then.
pub async fn make(service: &Service, folder: &Path) -> Result<(PathBuf, Manifest), BackupError> {
    let now = service.clock.now();
    let name = format!("xabar-{}", now.strftime("%Y%m%dT%H%M%SZ"));
    let folder = create_private(folder, &name)?;
    match fill(service, &folder, now).await {
        Ok(manifest) => Ok((folder, manifest)),
        Err(error) => {
            // It would fill the disk bit by bit. That it cannot be used is told already.
            let _ = fs::remove_dir_all(&folder);
            Err(error)
        }
    }
}

async fn fill(service: &Service, folder: &Path, now: Timestamp) -> Result<Manifest, BackupError> {
    let url = &service.settings.database.url;
    let database = Kind::of(url);
    let file = folder.join(database.file());
    match database {
        Kind::Sqlite => {
            let mut db = service.store.read().await?;
            let needed = store::backup::size(&mut db).await?;
            if let Some(free) = own_files::free_octets(folder).filter(|free| *free < needed) {
                let folder = folder.display().to_string();
                let (free, needed) = (free / 1_000_000, needed / 1_000_000);
                return Err(BackupError::NoRoom {
                    folder,
                    free,
                    needed,
                });
            }
            store::backup::copy_into(&mut db, &file.display().to_string()).await?;
        }
        Kind::Postgres => {
            let file = file.display().to_string();
            postgres_tool::run(
                "pg_dump",
                url,
                &["--format=custom", "--no-owner", "--file", &file],
            )
            .await?;
        }
    }
    private(&file)?;
    let manifest = Manifest {
        xabar: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        database,
        schema: store::newest_schema_version(),
        key_fingerprint: key_fingerprint(service.links.key()),
        sha256: sha256(&file)?,
    };
    sync(&file)?;
    let path = folder.join("manifest.json");
    let text = serde_json::to_string_pretty(&manifest).map_err(StoreError::Encode)?;
    fs::write(&path, text + "\n").map_err(failed(&path))?;
    sync(&path)?;
    own_files::sync_folder_of(&path);
    own_files::sync_folder_of(folder);
    Ok(manifest)
}
