//! The file beside an SQLite database that tells how far it was used.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

use crate::own_files;
use crate::store::{Store, StoreError};

/// `PATH.epoch`. PostgreSQL has none: its server tells a restored database by its timeline.
pub(super) struct EpochFile(PathBuf);

/// What the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EpochRead {
    /// The last epoch.
    Epoch(i64),
    /// No number: it was not written to its end.
    Nothing,
    /// There is no file.
    NoFile,
}

impl EpochFile {
    pub(super) fn beside(store: &Store) -> Option<Self> {
        let path = store.sqlite_path()?;
        Some(Self(own_files::beside(path, ".epoch")))
    }

    pub(super) fn read(&self) -> Result<EpochRead, StoreError> {
        match fs::read_to_string(&self.0) {
            Ok(text) => Ok(text
                .trim()
                .parse()
                .map_or(EpochRead::Nothing, EpochRead::Epoch)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(EpochRead::NoFile),
            Err(error) => Err(StoreError::file(error)),
        }
    }

    pub(super) fn write(&self, epoch: i64) -> Result<(), StoreError> {
        let written = own_files::open_or_create(&self.0).and_then(|mut file| {
            file.set_len(0)?;
            writeln!(file, "{epoch}")
        });
        written.map_err(StoreError::file)
    }

    /// Writes the file where there is none, so that it outlives a power failure as the database does.
    pub(super) fn create(&self, epoch: i64) -> Result<(), StoreError> {
        self.write(epoch)?;
        let synced = File::open(&self.0).and_then(|file| file.sync_all());
        synced.map_err(StoreError::file)?;
        own_files::sync_folder_of(&self.0);
        Ok(())
    }
}
