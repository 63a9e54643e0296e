//! Whether the file of an SQLite database is still the one that was opened.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::StoreError;

/// The file that a connection has open. What is written there is lost once another file has its name: commands and the
/// next start read that one.
#[derive(Debug, Clone)]
pub(super) struct OpenFile {
    path: PathBuf,
    number: FileNumber,
}

impl OpenFile {
    /// The file at this path.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn at(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            path: path.to_owned(),
            number: FileNumber::at(path).map_err(StoreError::file)?,
        })
    }

    /// # Errors
    /// When another file or none is at the path now. Once it is back, it can be written again.
    pub(super) fn is_in_place(&self) -> Result<(), StoreError> {
        match FileNumber::at(&self.path) {
            Ok(number) if number == self.number => Ok(()),
            _ => {
                let why = format!(
                    "the file {} was moved or replaced while this process uses it, so nothing is written: put the \
                     file back, or stop every xabar, see that the right file is there, and start again",
                    self.path.display()
                );
                Err(StoreError::file(std::io::Error::other(why)))
            }
        }
    }
}

/// What tells a file from others of its computer, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileNumber {
    device: u64,
    /// Its number on the device.
    pub(super) inode: u64,
}

impl FileNumber {
    fn at(path: &Path) -> std::io::Result<Self> {
        Ok(Self::of(&std::fs::metadata(path)?))
    }

    #[cfg(unix)]
    pub(super) fn of(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            device: found.dev(),
            inode: found.ino(),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &Metadata) -> Self {
        Self {
            device: 0,
            inode: 0,
        }
    }
}
