//! One process for each part of a service on an SQLite file.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};

use super::InstanceError;
use crate::own_files;
use crate::store::{StoreError, sqlite_path};

/// The parts of a service.
pub const PARTS: &[&str] = &["web", "worker"];

/// The locks of a process that serves; they end with it, however it ends.
#[derive(Debug)]
pub struct Serving(#[allow(dead_code, reason = "kept for its locks")] Vec<File>);

/// Takes the locks of these [`PARTS`] beside the SQLite file of `url`, whose folder is created: `PATH.web.lock` and so on.
/// PostgreSQL has none, as any number of processes may serve there.
///
/// # Errors
/// [`InstanceError::AlreadyServed`] when another process has one of them.
pub fn claim(url: &str, parts: &[&'static str]) -> Result<Serving, InstanceError> {
    let Some(path) = sqlite_path(url) else {
        return Ok(Serving(Vec::new()));
    };
    if let Some(folder) = path.parent() {
        own_files::create_folder(folder).map_err(StoreError::file)?;
    }
    let mut locks = Vec::new();
    for part in parts {
        let beside = own_files::beside(path, &format!(".{part}.lock"));
        let unusable = StoreError::file;
        let mut file = own_files::open_or_create(&beside).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {
                sign(&mut file).map_err(unusable)?;
                locks.push(file);
            }
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                file.read_to_string(&mut pid).map_err(unusable)?;
                return Err(InstanceError::AlreadyServed {
                    database: path.display().to_string(),
                    part,
                    pid: pid.trim().to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(unusable(error).into()),
        }
    }
    Ok(Serving(locks))
}

fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}
