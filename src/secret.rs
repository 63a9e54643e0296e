//! The key file, kept apart from the database.

use std::io::{self, Write};
use std::path::Path;

use data_encoding::HEXLOWER_PERMISSIVE;

use crate::clock::Clock;
use crate::config::Profile;
use crate::domain::LinkKey;

/// A key file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It is missing where it may not be made up.
    #[error(
        "the secret file {0} does not exist; in production it is never made up: create it with `(umask 077; openssl rand -hex 32 > {0})`, or restore it from your backup if there was one"
    )]
    Missing(String),
    /// Others can read it.
    #[error("the file {0} with a secret can be read by others; run `chmod 600 {0}`")]
    Exposed(String),
    /// It does not hold a key.
    #[error("the secret file {0} must hold 64 hexadecimal digits")]
    Malformed(String),
    /// The file system.
    #[error("the file {path} with a secret cannot be read: {source}")]
    Io {
        /// Which file.
        path: String,
        /// What happened.
        source: io::Error,
    },
}

/// Reads the key; in development, makes one at the first start.
///
/// # Errors
/// When there is no key that can be trusted.
pub fn load_or_create(
    path: &Path,
    profile: Profile,
    clock: &Clock,
) -> Result<LinkKey, SecretError> {
    let shown = path.display().to_string();
    let failed = |source| SecretError::Io {
        path: shown.clone(),
        source,
    };
    if !path.try_exists().map_err(failed)? {
        if profile == Profile::Production {
            return Err(SecretError::Missing(shown));
        }
        create(path, clock).map_err(failed)?;
    }
    parse(&read(path)?, shown)
}

/// Reads the key, if there is one.
///
/// # Errors
/// When there is one that cannot be trusted.
pub fn load(path: &Path) -> Result<Option<LinkKey>, SecretError> {
    let shown = path.display().to_string();
    match path.try_exists() {
        Ok(false) => Ok(None),
        Ok(true) => parse(&read(path)?, shown).map(Some),
        Err(source) => Err(SecretError::Io {
            path: shown,
            source,
        }),
    }
}

fn parse(text: &str, shown: String) -> Result<LinkKey, SecretError> {
    let octets = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
    let octets = octets.and_then(|octets| <[u8; 32]>::try_from(octets).ok());
    octets
        .map(LinkKey::new)
        .ok_or(SecretError::Malformed(shown))
}

/// Reads a secret that somebody else made.
///
/// # Errors
/// When it cannot be read, or others could read it too.
pub fn read(path: &Path) -> Result<String, SecretError> {
    let shown = path.display().to_string();
    let failed = |source| SecretError::Io {
        path: shown.clone(),
        source,
    };
    if exposed(path).map_err(failed)? {
        return Err(SecretError::Exposed(shown));
    }
    std::fs::read_to_string(path).map_err(failed)
}

/// Writes a new key beside its place and links it there: of several processes
/// that start at once one wins, and none sees half a key.
fn create(path: &Path, clock: &Clock) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut octets = [0; 32];
    clock.fill(&mut octets);
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", clock.new_uuid()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    writeln!(file, "{}", HEXLOWER_PERMISSIVE.encode(&octets))?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn exposed(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn exposed(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::{SecretError, load_or_create};
    use crate::clock::Clock;
    use crate::config::Profile;

    #[test]
    fn is_made_once_and_kept() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("new/key");
        let clock = Clock::system();
        let missing = load_or_create(&path, Profile::Production, &clock);
        assert!(matches!(missing, Err(SecretError::Missing(_))));
        let first = load_or_create(&path, Profile::Development, &clock)?;
        let second = load_or_create(&path, Profile::Production, &clock)?;
        assert_eq!(first.keyed_hash("x", &[]), second.keyed_hash("x", &[]));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn is_refused_when_others_can_read_it() -> Result<(), Box<dyn std::error::Error>> {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), "00".repeat(32))?;
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o640))?;
        let refused = load_or_create(file.path(), Profile::Development, &Clock::system());
        assert!(matches!(refused, Err(SecretError::Exposed(_))));
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o600))?;
        assert!(load_or_create(file.path(), Profile::Development, &Clock::system()).is_ok());
        Ok(())
    }
}
