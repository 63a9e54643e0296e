//! What is wrong with the file of an SQLite database.

use std::io::ErrorKind;

use super::StoreError;

/// What a person has to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileTrouble {
    /// Its disk is full.
    DiskFull,
    /// It, a file beside it, or its folder cannot be opened or written.
    NotWritable,
}

impl FileTrouble {
    /// Of a result code of SQLite, extended or not: <https://sqlite.org/rescode.html>.
    fn of_code(code: &str) -> Option<Self> {
        match code.parse::<i32>().ok()? & 0xff {
            // READONLY and CANTOPEN.
            8 | 14 => Some(Self::NotWritable),
            13 => Some(Self::DiskFull),
            _ => None,
        }
    }
}

impl StoreError {
    /// What is wrong with the file, if SQLite or the system says so.
    #[must_use]
    pub fn file_trouble(&self) -> Option<FileTrouble> {
        match self {
            Self::Shared(error) => error.file_trouble(),
            Self::Unavailable(source) | Self::File { source, .. } => match source {
                sqlx::Error::Database(error) => FileTrouble::of_code(error.code()?.as_ref()),
                sqlx::Error::Io(error) => match error.kind() {
                    ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                        Some(FileTrouble::NotWritable)
                    }
                    ErrorKind::StorageFull => Some(FileTrouble::DiskFull),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FileTrouble::{self, DiskFull, NotWritable};

    #[test]
    fn codes_of_sqlite_are_known() {
        for (code, trouble) in [
            ("13", Some(DiskFull)),
            ("8", Some(NotWritable)),
            ("1544", Some(NotWritable)),
            ("14", Some(NotWritable)),
            ("5", None),
            ("HY000", None),
        ] {
            assert_eq!(FileTrouble::of_code(code), trouble, "{code}");
        }
    }
}
