//! The file beside an SQLite database that tells how far it was used.

use std::io;
use std::path::PathBuf;

use crate::store::{Store, StoreError};

/// `PATH.epoch`. PostgreSQL has none: its server tells a restored database by its timeline.
pub(super) struct EpochFile(PathBuf);

impl EpochFile {
    pub(super) fn beside(store: &Store) -> Option<Self> {
        let mut path = store.sqlite_path()?.as_os_str().to_owned();
        path.push(".epoch");
        Some(Self(path.into()))
    }

    /// The last epoch; `None` if nothing or no number is there.
    pub(super) fn read(&self) -> Result<Option<i64>, StoreError> {
        match std::fs::read_to_string(&self.0) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::file(error)),
        }
    }

    pub(super) fn write(&self, epoch: i64) -> Result<(), StoreError> {
        std::fs::write(&self.0, format!("{epoch}\n")).map_err(StoreError::file)
    }
}
