//! Copies of the database that can be restored.
//!
//! A backup is a folder: the database as one file, and `manifest.json`, which names the key that it needs.
//! The key itself is not in it: who has both can end any subscription.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::process::Command;
use url::Url;

use crate::config::Settings;
use crate::domain::LinkKey;
use crate::service::Service;
use crate::store::{self, Store, StoreError};

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

fn failed(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.display().to_string();
    move |source| BackupError::File { path, source }
}

/// Backs the database up into a new folder in `folder`, beside all other work. Returns that folder.
///
/// # Errors
/// When the folder or the database cannot be used. A folder without a manifest is what is left then.
pub async fn make(service: &Service, folder: &Path) -> Result<(PathBuf, Manifest), BackupError> {
    let now = service.clock.now();
    let name = format!("xabar-{}", now.strftime("%Y%m%dT%H%M%SZ"));
    let folder = folder.join(name);
    create_private(&folder)?;
    let url = &service.settings.database.url;
    let database = Kind::of(url);
    let file = folder.join(database.file());
    match database {
        Kind::Sqlite => {
            let mut db = service.store.read().await?;
            store::backup::copy_into(&mut db, &file.display().to_string()).await?;
        }
        Kind::Postgres => {
            let file = file.display().to_string();
            postgres_tool(
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
    Ok((folder, manifest))
}

/// Restores a backup where nothing is yet. The next start finds a copy, and holds all sending.
///
/// # Errors
/// When it is damaged, needs another key or a newer program, or a database is there already.
pub async fn restore(
    settings: &Settings,
    key: &LinkKey,
    folder: &Path,
) -> Result<Manifest, BackupError> {
    let manifest = read_manifest(folder)?;
    let url = &settings.database.url;
    let wanted = Kind::of(url);
    if manifest.database != wanted {
        let found = manifest.database;
        return Err(BackupError::OtherKind { found, wanted });
    }
    let (found, known) = (manifest.schema, store::newest_schema_version());
    if found > known {
        let made_by = manifest.xabar;
        return Err(BackupError::Newer {
            made_by,
            found,
            known,
        });
    }
    let (found, needed) = (key_fingerprint(key), manifest.key_fingerprint.clone());
    if found != needed {
        let file = settings.secret_file.display().to_string();
        return Err(BackupError::OtherKey {
            file,
            found,
            needed,
        });
    }
    let file = folder.join(wanted.file());
    if sha256(&file)? != manifest.sha256 {
        return Err(BackupError::Damaged(file.display().to_string()));
    }
    match Store::open_existing(url, 1).await {
        Ok(None) => {}
        Ok(Some(store)) => {
            store.close().await;
            return Err(BackupError::NotEmpty);
        }
        Err(StoreError::OlderSchema { .. } | StoreError::NewerSchema { .. }) => {
            return Err(BackupError::NotEmpty);
        }
        Err(error) => return Err(error.into()),
    }
    match wanted {
        Kind::Sqlite => restore_file(&file, url)?,
        Kind::Postgres => {
            let file = file.display().to_string();
            let args = [
                "--no-owner",
                "--exit-on-error",
                "--single-transaction",
                &file,
            ];
            postgres_tool("pg_restore", url, &args).await?;
        }
    }
    Ok(manifest)
}

fn read_manifest(folder: &Path) -> Result<Manifest, BackupError> {
    let no_backup = |why: String| BackupError::NoBackup(folder.display().to_string(), why);
    let text = fs::read_to_string(folder.join("manifest.json"));
    let text = text.map_err(|error| no_backup(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| no_backup(error.to_string()))
}

/// Copies beside its place first: there is never half a database.
fn restore_file(from: &Path, url: &str) -> Result<(), BackupError> {
    let Some(path) = store::sqlite_path(url) else {
        return Ok(());
    };
    if path.exists() {
        return Err(BackupError::NotEmpty);
    }
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".restoring");
    let beside = PathBuf::from(beside);
    fs::copy(from, &beside).map_err(failed(&beside))?;
    private(&beside)?;
    sync(&beside)?;
    fs::rename(&beside, path).map_err(failed(path))
}

/// Runs a tool of PostgreSQL; the password is in its environment, where no list of processes shows it.
async fn postgres_tool(tool: &'static str, url: &str, args: &[&str]) -> Result<(), BackupError> {
    let failed = |why: String| BackupError::Tool { tool, why };
    let mut address = Url::parse(url).map_err(|_| StoreError::BadUrl("postgres:…".to_owned()))?;
    let password = address.password().map(|password| {
        percent_encoding::percent_decode_str(password)
            .decode_utf8_lossy()
            .into_owned()
    });
    let mut command = Command::new(tool);
    if let Some(password) = password {
        let _ = address.set_password(None);
        command.env("PGPASSWORD", password);
    }
    command
        .args(["--dbname", address.as_str()])
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let ran = command.output().await.map_err(|e| failed(e.to_string()))?;
    match ran.status.success() {
        true => Ok(()),
        false => Err(failed(
            String::from_utf8_lossy(&ran.stderr).trim().to_owned(),
        )),
    }
}

fn sha256(path: &Path) -> Result<String, BackupError> {
    let mut file = File::open(path).map_err(failed(path))?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match io::Read::read(&mut file, &mut piece).map_err(failed(path))? {
            0 => return Ok(HEXLOWER.encode(&hasher.finalize())),
            read => hasher.update(&piece[..read]),
        }
    }
}

fn sync(path: &Path) -> Result<(), BackupError> {
    let file = File::open(path).map_err(failed(path))?;
    file.sync_all().map_err(failed(path))
}

/// A folder that only we can look into: a backup is personal data.
fn create_private(folder: &Path) -> Result<(), BackupError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(failed(folder))
}

fn private(path: &Path) -> Result<(), BackupError> {
    #[cfg(unix)]
    {
        let rights = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(path, rights).map_err(failed(path))?;
    }
    Ok(())
}
