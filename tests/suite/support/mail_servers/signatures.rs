//! Shows that mails were not altered: each carries a signature, which somebody else verifies.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;
use xabar::config::Settings;

use super::StoredMail;

const DOMAIN: &str = "example.org";
const SELECTOR: &str = "servers";

/// A key of this test's own.
pub struct SigningKey {
    file: PathBuf,
    record: String,
    _folder: TempDir,
}

impl SigningKey {
    pub fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let path = file.to_str().unwrap();
        openssl(&["genpkey", "-out", path, "-algorithm", "ed25519"]);
        let public = openssl(&["pkey", "-in", path, "-pubout", "-outform", "DER"]);
        // RFC 8463 publishes the 32 octets alone.
        let public = data_encoding::BASE64.encode(&public[public.len() - 32..]);
        Self {
            file,
            record: format!("v=DKIM1; k=ed25519; p={public}"),
            _folder: folder,
        }
    }

    /// Has the service sign with this key.
    pub fn sign_with(&self, settings: &mut Settings) {
        settings.dkim.domain = DOMAIN.into();
        settings.dkim.selector = SELECTOR.into();
        settings.dkim.key_file = self.file.clone();
    }

    /// The recipients of those mails that have no valid signature.
    pub fn altered(&self, mails: &[StoredMail]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (number, mail) in mails.iter().enumerate() {
            std::fs::write(folder.path().join(number.to_string()), &mail.raw).unwrap();
        }
        let script = "mail_servers/verify_signatures.py";
        let said = Command::new(crate::support::smtp::PYTHON)
            .arg(crate::support::mail::script(script))
            .arg(folder.path())
            .arg(format!("{SELECTOR}._domainkey.{DOMAIN}={}", self.record))
            .output()
            .unwrap();
        assert!(said.status.success(), "{script}: {said:?}");
        let numbers = String::from_utf8(said.stdout).unwrap();
        let numbers = numbers.lines().map(|line| line.parse::<usize>().unwrap());
        numbers
            .map(|number| mails[number].recipient.clone())
            .collect()
    }
}

fn openssl(arguments: &[&str]) -> Vec<u8> {
    let done = Command::new("openssl").args(arguments).output().unwrap();
    assert!(done.status.success(), "openssl {arguments:?}: {done:?}");
    done.stdout
}
