//! A backup becomes the database.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::files::{failed, sha256, sync};
use super::{BackupError, Kind, Manifest, key_fingerprint, postgres_tool};
use crate::config::Settings;
use crate::domain::LinkKey;
use crate::instance::serving::{self, Serving};
use crate::own_files;
use crate::store::{self, Store, StoreError};

/// Restores a backup where nothing is yet. The next start finds a copy, and holds all sending. On SQLite no process
/// serves meanwhile, nor as long as the second value is kept.
///
/// # Errors
/// When it is damaged, needs another key or a newer program, or when a database, a part of one, or a process that
/// serves is there already.
pub async fn restore(
    settings: &Settings,
    key: &LinkKey,
    folder: &Path,
) -> Result<(Manifest, Serving), BackupError> {
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
    // It would go on writing into a file that has been moved away, and into its log beside ours.
    let serving = serving::claim(url, serving::PARTS)?;
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
            postgres_tool::run("pg_restore", url, &args).await?;
        }
    }
    Ok((manifest, serving))
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
    // SQLite would replay them onto the restored file.
    if let Some(left) = store::left_over(path, &["-wal", "-shm", "-journal"]) {
        return Err(StoreError::LeftOver(left.display().to_string()).into());
    }
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        own_files::create_folder(folder).map_err(failed(folder))?;
    }
    let restoring = own_files::beside(path, ".restoring");
    // Of a restore that was broken off.
    if restoring.symlink_metadata().is_ok() {
        fs::remove_file(&restoring).map_err(failed(&restoring))?;
    }
    let mut source = File::open(from).map_err(failed(from))?;
    let mut copy = own_files::create_new(&restoring).map_err(failed(&restoring))?;
    io::copy(&mut source, &mut copy).map_err(failed(&restoring))?;
    sync(&restoring)?;
    fs::rename(&restoring, path).map_err(failed(path))?;
    own_files::sync_folder_of(path);
    Ok(())
}
