//! The files of a backup.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::BackupError;

pub(super) fn failed(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.display().to_string();
    move |source| BackupError::File { path, source }
}

pub(super) fn sha256(path: &Path) -> Result<String, BackupError> {
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

pub(super) fn sync(path: &Path) -> Result<(), BackupError> {
    let file = File::open(path).map_err(failed(path))?;
    file.sync_all().map_err(failed(path))
}

/// A new folder in another, which is created too; only we can look into them: a backup is personal data.
pub(super) fn create_private(place: &Path, name: &str) -> Result<PathBuf, BackupError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true);
    builder.create(place).map_err(failed(place))?;
    let folder = place.join(name);
    // One that is there is of another backup, made in this second.
    builder.recursive(false);
    builder.create(&folder).map_err(failed(&folder))?;
    Ok(folder)
}

pub(super) fn private(path: &Path) -> Result<(), BackupError> {
    #[cfg(unix)]
    {
        let rights = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(path, rights).map_err(failed(path))?;
    }
    Ok(())
}
