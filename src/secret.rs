//! The key file, kept apart from the database.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER_PERMISSIVE;

use crate::clock::Clock;
use crate::domain::LinkKey;
use crate::own_files;

/// A key file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// It is missing where it may not be made up.
    #[error(
        "the secret file {0} does not exist; in production it is never made up: create it with `(umask 077; openssl rand -hex 32 > {0})` and give it to the service's user, or restore it from your backup if there was one"
    )]
    Missing(String),
    /// Every user of the machine can read it.
    #[error(
        "every user of this machine can read the file {0} with a secret; run `chmod o-rwx {0}`, or let the service manager pass it in $CREDENTIALS_DIRECTORY or /run/secrets"
    )]
    Exposed(String),
    /// Others than us and root can change it.
    #[error("others can change the file {path} with a secret: {why}; {mend}")]
    Writable {
        /// Which file.
        path: String,
        /// Who can.
        why: String,
        /// What to do.
        mend: String,
    },
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

impl SecretError {
    /// Whether it stays so until a person has mended it.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        match self {
            Self::Io { source, .. } => needs_a_person(source),
            _ => true,
        }
    }
}

/// Whether a file cannot be read until a person has mended that: it is not there, or not for us.
#[must_use]
pub fn needs_a_person(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, IsADirectory, NotADirectory, NotFound, PermissionDenied};
    let kinds = [
        NotFound,
        PermissionDenied,
        IsADirectory,
        NotADirectory,
        InvalidData,
    ];
    kinds.contains(&error.kind())
}

/// Reads the key, and makes one if there is none.
///
/// # Errors
/// When there is one that cannot be trusted, or none can be written.
pub fn load_or_create(path: &Path, clock: &Clock) -> Result<LinkKey, SecretError> {
    let shown = path.display().to_string();
    let failed = |source| SecretError::Io {
        path: shown.clone(),
        source,
    };
    if !path.try_exists().map_err(failed)? {
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
/// Nobody but us and root may be able to change it. Its group may read it, and every user only where the
/// service manager puts credentials: in `$CREDENTIALS_DIRECTORY` (systemd) or `/run/secrets` (containers),
/// which others do not see into.
///
/// # Errors
/// When it cannot be read, or the rights of its file are wider.
pub fn read(path: &Path) -> Result<String, SecretError> {
    let shown = path.display().to_string();
    let failed = |source| SecretError::Io {
        path: shown.clone(),
        source,
    };
    check_rights(path, &shown)?;
    std::fs::read_to_string(path).map_err(failed)
}

/// Writes a new key beside its place and links it there: of several processes
/// that start at once one wins, and none sees half a key.
fn create(path: &Path, clock: &Clock) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        own_files::create_folder(folder)?;
    }
    let mut octets = [0; 32];
    clock.fill(&mut octets);
    let beside = own_files::beside(path, &format!(".{}", clock.new_uuid()));
    let mut file = own_files::create_new(&beside)?;
    writeln!(file, "{}", HEXLOWER_PERMISSIVE.encode(&octets))?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Where containers have their secrets.
#[cfg(unix)]
const CONTAINER_SECRETS: &str = "/run/secrets";

#[cfg(unix)]
fn check_rights(path: &Path, shown: &str) -> Result<(), SecretError> {
    use std::os::unix::fs::MetadataExt;
    let failed = |source| SecretError::Io {
        path: shown.to_owned(),
        source,
    };
    let found = std::fs::metadata(path).map_err(failed)?;
    let us = rustix::process::geteuid().as_raw();
    if let Some((why, mend)) = writable_by_others(us, found.uid(), found.mode(), shown) {
        let path = shown.to_owned();
        return Err(SecretError::Writable { path, why, mend });
    }
    let is_credential = || {
        let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        [credentials, Some(CONTAINER_SECRETS.into())]
            .iter()
            .flatten()
            .any(|folder| !folder.as_os_str().is_empty() && path.starts_with(folder))
    };
    if found.mode() & 0o004 != 0 && !is_credential() {
        return Err(SecretError::Exposed(shown.to_owned()));
    }
    Ok(())
}

/// Why others than `us` and root can change a file, and what to do. What belongs to the user of a service stays so
/// when root runs a command: the service could not read it any more.
#[cfg(unix)]
fn writable_by_others(us: u32, owner: u32, mode: u32, path: &str) -> Option<(String, String)> {
    if owner != us && owner != 0 {
        let (name, number) = (user_name(owner), format!("'#{owner}'"));
        let mend = match us {
            0 => format!(
                "run this as that user: `sudo -u {} xabar …`",
                name.as_deref().unwrap_or(&number)
            ),
            _ => {
                let us = user_name(us).unwrap_or_else(|| us.to_string());
                format!("run `chown {us} {path}` as root, and `chmod u=rw,g=r,o= {path}`")
            }
        };
        let name = name.unwrap_or_else(|| owner.to_string());
        return Some((format!("the user {name} owns it"), mend));
    }
    (mode & 0o022 != 0).then(|| {
        (
            format!("its mode is {:o}", mode & 0o777),
            format!("run `chmod u=rw,g=r,o= {path}`"),
        )
    })
}

#[cfg(unix)]
fn user_name(id: u32) -> Option<String> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let mut fields = users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>());
    let own = fields.find(|user| user.get(2).and_then(|n| n.parse().ok()) == Some(id))?;
    own.first().map(|name| (*name).to_owned())
}

#[cfg(not(unix))]
fn check_rights(_: &Path, _: &str) -> Result<(), SecretError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::load_or_create;
    use crate::clock::Clock;

    #[test]
    fn is_made_once_and_kept() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("new/key");
        let clock = Clock::system();
        let first = load_or_create(&path, &clock)?;
        let second = load_or_create(&path, &clock)?;
        assert_eq!(first.keyed_hash("x", &[]), second.keyed_hash("x", &[]));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn root_is_told_to_run_as_the_owner_and_never_to_take_the_file() {
        use super::writable_by_others;
        let told = |us, owner, mode| {
            let told = writable_by_others(us, owner, mode, "/etc/xabar/key");
            told.map(|(why, mend)| format!("{why}; {mend}"))
                .unwrap_or_default()
        };
        let as_root = told(0, 4_000_000_000, 0o600);
        assert!(
            as_root.contains("`sudo -u '#4000000000' xabar …`"),
            "{as_root}"
        );
        assert!(!as_root.contains("chown") && !told(0, 0, 0o660).contains("chown"));
        assert!(told(4_000_000_001, 4_000_000_000, 0o600).contains("chown 4000000001 "));
        assert!(told(4_000_000_000, 0, 0o640).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn only_we_may_change_it_and_not_everybody_may_read_it()
    -> Result<(), Box<dyn std::error::Error>> {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), "00".repeat(32))?;
        let clock = Clock::system();
        for (mode, fine) in [
            (0o600, true),
            (0o400, true),
            (0o440, true),
            (0o640, true),
            (0o644, false),
            (0o444, false),
            (0o620, false),
            (0o660, false),
            (0o602, false),
        ] {
            let rights = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(file.path(), rights)?;
            let read = load_or_create(file.path(), &clock);
            assert_eq!(read.is_ok(), fine, "{mode:o}: {:?}", read.err());
        }
        Ok(())
    }
}
