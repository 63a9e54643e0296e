//! Files that are created beside a database, so that the service can use them whoever ran the command.
//!
//! What root creates belongs to the owner of the folder that it lies in. What is there already is left as it is: in a
//! folder of somebody else's it may be a link to anywhere.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The file beside another one whose name is that of the other with this end.
#[must_use]
pub fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Creates a file that its owner alone can read, for reading and writing.
///
/// # Errors
/// When it exists, or cannot be created.
pub fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    if let Some((user, group)) = owner_for(path) {
        // Without the right to do that, root is a user like others.
        let _ = std::os::unix::fs::fchown(&file, Some(user), Some(group));
    }
    Ok(file)
}

/// Opens a file for reading and writing, and creates it if there is none.
///
/// # Errors
/// When it can be neither opened nor created.
pub fn open_or_create(path: &Path) -> io::Result<File> {
    match create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            OpenOptions::new().read(true).write(true).open(path)
        }
        outcome => outcome,
    }
}

/// Creates a folder, with those that it lies in.
///
/// # Errors
/// When one of them cannot be created.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    let missing = folder.ancestors().take_while(|it| !it.exists());
    let missing: Vec<&Path> = missing.filter(|it| !it.as_os_str().is_empty()).collect();
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    for made in missing.into_iter().rev() {
        if let Some((user, group)) = owner_for(made) {
            let _ = std::os::unix::fs::lchown(made, Some(user), Some(group));
        }
    }
    Ok(())
}

/// How many octets are free on the disk of a file or folder; `None` where the system does not tell.
#[must_use]
pub fn free_octets(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let disk = rustix::fs::statvfs(path).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// User and group of the folder that something lies in; only root may give it to them.
#[cfg(unix)]
fn owner_for(path: &Path) -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let found = fs::metadata(folder.unwrap_or(Path::new("."))).ok()?;
    Some((found.uid(), found.gid()))
}

/// Makes the name of a file outlive a power failure. Not every system can do that with a folder.
pub fn sync_folder_of(file: &Path) {
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    if let Ok(folder) = File::open(folder.unwrap_or(".".as_ref())) {
        let _ = folder.sync_all();
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::{fs, io};

    use super::{create_folder, create_new, open_or_create};

    #[test]
    fn what_root_creates_belongs_to_the_owner_of_the_folder() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let is_root = rustix::process::geteuid().is_root();
        if is_root {
            chown(folder.path(), Some(12_345), Some(54_321))?;
        }
        let below = folder.path().join("a/b");
        create_folder(&below)?;
        let file = below.join("x.db");
        create_new(&file)?;
        assert!(create_new(&file).is_err());
        open_or_create(&file)?;
        open_or_create(&below.join("x.db.lock"))?;
        let wanted = fs::metadata(folder.path())?;
        for made in [
            folder.path().join("a"),
            below.clone(),
            file,
            below.join("x.db.lock"),
        ] {
            let found = fs::metadata(&made)?;
            let owner = (found.uid(), found.gid());
            assert_eq!(owner, (wanted.uid(), wanted.gid()), "{}", made.display());
            let others = found.permissions().mode() & 0o077;
            assert!(found.is_dir() || others == 0, "{}", made.display());
        }
        Ok(())
    }

    #[test]
    fn a_file_that_is_there_stays_with_its_owner() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("x.lock");
        fs::write(&file, "1")?;
        let before = fs::metadata(&file)?.uid();
        if rustix::process::geteuid().is_root() {
            chown(folder.path(), Some(12_345), Some(54_321))?;
        }
        open_or_create(&file)?;
        assert_eq!(fs::metadata(&file)?.uid(), before);
        assert_eq!(fs::read_to_string(&file)?, "1");
        Ok(())
    }
}
