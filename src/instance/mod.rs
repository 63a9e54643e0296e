//! Tells this database from a copy of it, and its key from another.
//!
//! A restored backup knows nothing of what was sent after it was made, and a cloned server would send
//! what its original sends too. Neither may begin to send by itself: [`recognize`] finds them when the
//! service starts, and [`hold`] keeps everything from going out until a person has looked.

pub mod backup;
mod epoch_file;
pub mod hold;
pub mod presence;
pub mod relay_pause;
pub mod serving;
pub mod standstill;
pub mod watch;

use std::path::Path;

use crate::clock::Clock;
use crate::domain::LinkKey;
use crate::secret::{self, SecretError};
use crate::service::Service;
use crate::store::instance::Instance;
use crate::store::{self, Read, Store, StoreError};
use epoch_file::{EpochFile, EpochRead};

/// Why the service cannot work with this database.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// The links and seals in the database were made with another key.
    #[error(
        "the key in {0} is not the key of this database: no link that was mailed would work, and erased or suppressed readers would not be recognized. Put the database's own key there; it is in your backup"
    )]
    OtherKey(String),
    /// There is a database, and no key.
    #[error(
        "the key {0} does not exist, but the database has been used with one. Restore the key from your backup: with a new one no link that was mailed would work"
    )]
    KeyLost(String),
    /// Another process does the same on this SQLite file.
    #[error(
        "the process {pid} already serves {database} (its {part} part): stop it first. For several processes use PostgreSQL"
    )]
    AlreadyServed {
        /// The file.
        database: String,
        /// `web` or `worker`.
        part: &'static str,
        /// The other process.
        pid: String,
    },
    /// The key file.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the database keeps of the key.
fn key_check(key: &LinkKey) -> [u8; 32] {
    key.keyed_hash("instance-key-check", &[])
}

/// The key of a new installation, made in `file` unless another process that starts at the same time has
/// made it.
///
/// # Errors
/// [`InstanceError::KeyLost`] when the database has been used, and so had a key.
pub async fn first_key(
    store: &Store,
    file: &Path,
    clock: &Clock,
) -> Result<LinkKey, InstanceError> {
    let mut db = store.read().await?;
    let is_used = store::instance::read(&mut db).await?.is_some()
        || store::consent::audit::head(&mut db).await?.is_some();
    drop(db);
    if !is_used {
        return Ok(secret::load_or_create(file, clock)?);
    }
    // Whoever used the database had made the key before.
    let lost = || InstanceError::KeyLost(file.display().to_string());
    secret::load(file)?.ok_or_else(lost)
}

/// Whether `key` is the key of this database; `None` if nothing was made with one yet. A database that
/// does not know its key has sealed its chains with it.
pub async fn key_fits(db: &mut Read, key: &LinkKey) -> Result<Option<bool>, StoreError> {
    if let Some(instance) = store::instance::read(db).await? {
        return Ok(Some(instance.key_check == key_check(key)));
    }
    let ends = [
        store::consent::audit::head(db).await?,
        store::audit::head(db).await?,
    ];
    let ends = ends.iter().flatten();
    Ok(ends
        .map(|(head, seal)| *seal == head.seal(key))
        .reduce(|a, b| a && b))
}

/// Checks that `key` is the key of this database; `key_file` is for the error.
///
/// # Errors
/// [`InstanceError::OtherKey`] if it is not.
pub async fn check_key(store: &Store, key: &LinkKey, key_file: &str) -> Result<(), InstanceError> {
    match key_fits(&mut store.read().await?, key).await? {
        Some(false) => Err(InstanceError::OtherKey(key_file.to_owned())),
        Some(true) | None => Ok(()),
    }
}

/// Notes which database this is. If it is a copy, or is older than it was, all sending is held.
///
/// # Errors
/// When the database or the file beside it cannot be used.
pub async fn recognize(service: &Service) -> Result<(), StoreError> {
    let identity = store::instance::identity(&service.store).await?;
    let file = EpochFile::beside(&service.store);
    let mut tx = service.store.write().await?;
    let known = store::instance::lock(&mut tx).await?;
    let seen = file.as_ref().map(EpochFile::read).transpose()?;
    let (copy, epoch) = match &known {
        None => {
            let check = key_check(service.links.key());
            store::instance::create(&mut tx, &check, &identity).await?;
            (None, 1)
        }
        Some(known) => {
            let copy = what_happened(known, &identity, seen);
            if let Some(why) = &copy {
                hold::hold_copy(service, &mut tx, why).await?;
            }
            let epoch = match seen {
                Some(EpochRead::Epoch(seen)) => known.epoch.max(seen),
                _ => known.epoch,
            };
            if known.identity != identity || known.epoch != epoch {
                store::instance::moved(&mut tx, &identity, epoch).await?;
            }
            (copy, epoch)
        }
    };
    tx.commit().await?;
    if let (Some(file), Some(EpochRead::NoFile)) = (file, seen) {
        file.create(epoch)?;
    }
    if let Some(why) = copy {
        tracing::error!(
            "{why}. Nothing is sent until you run `xabar resume --all`; see docs/OPERATIONS.md"
        );
    }
    Ok(())
}

/// What tells that this is not the database that was used last; `seen` is what the file beside it says.
fn what_happened(known: &Instance, identity: &str, seen: Option<EpochRead>) -> Option<String> {
    if !store::instance::is_same(&known.identity, identity) {
        return Some(format!(
            "this database is a copy, was restored, or is on another server (it was \"{}\" and is \"{identity}\")",
            known.identity
        ));
    }
    match seen {
        // The database is written first, so it is never behind without a reason.
        Some(EpochRead::Epoch(seen)) if known.epoch < seen => Some(
            "this database is older than when it was last used: a backup was restored".to_owned(),
        ),
        // The file is there before the second epoch begins.
        Some(EpochRead::NoFile) if known.epoch > 1 => Some(
            "the file .epoch beside this database is gone: perhaps a backup was restored"
                .to_owned(),
        ),
        _ => None,
    }
}

/// Begins the next epoch, if anything was committed since `commits`; returns the count of commits now. To
/// be called about once a minute: a backup that is restored in place is recognized if it is older.
///
/// # Errors
/// When the database or the file beside it cannot be written.
pub async fn advance(service: &Service, commits: u64) -> Result<u64, StoreError> {
    let Some(file) = EpochFile::beside(&service.store) else {
        return Ok(commits);
    };
    if service.store.commits() == commits {
        return Ok(commits);
    }
    let mut tx = service.store.write().await?;
    let epoch = store::instance::advance(&mut tx).await?;
    tx.commit().await?;
    if let Some(epoch) = epoch {
        file.write(epoch)?;
    }
    Ok(service.store.commits())
}

#[cfg(test)]
mod tests {
    use super::{EpochRead, Instance, what_happened};

    #[test]
    fn a_copy_and_an_older_state_are_recognized() {
        let known = Instance {
            key_check: Vec::new(),
            identity: "file 7".to_owned(),
            epoch: 5,
            held: None,
            written_at: None,
        };
        let found = |identity, seen| what_happened(&known, identity, Some(seen));
        assert_eq!(found("file 7", EpochRead::Epoch(5)), None);
        assert_eq!(found("file 7", EpochRead::Nothing), None, "a full disk");
        assert_eq!(
            found("file 7", EpochRead::Epoch(4)),
            None,
            "it ended between two writes"
        );
        assert!(
            found("file 8", EpochRead::Epoch(5))
                .unwrap()
                .contains("copy")
        );
        assert!(
            found("file 7", EpochRead::Epoch(6))
                .unwrap()
                .contains("older")
        );
        assert!(found("file 7", EpochRead::NoFile).unwrap().contains("gone"));
        let new = Instance {
            epoch: 1,
            ..known.clone()
        };
        assert_eq!(what_happened(&new, "file 7", Some(EpochRead::NoFile)), None);
        assert_eq!(what_happened(&known, "file 7", None), None, "a server");
    }
}
