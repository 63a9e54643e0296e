//! DKIM signatures, checked by two verifiers that nobody here wrote.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use xabar::app;
use xabar::clock::Clock;
use xabar::config::Settings;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail::strict_parse;
use crate::support::smtp::Options;
use crate::support::world::World;

/// A key that openssl makes, and the record that is published for it.
pub struct Key {
    pub file: std::path::PathBuf,
    pub record: String,
}

fn openssl(arguments: &[&str]) -> Vec<u8> {
    let done = Command::new("openssl").args(arguments).output().unwrap();
    assert!(done.status.success(), "openssl {arguments:?}: {done:?}");
    done.stdout
}

impl Key {
    fn make(folder: &Path, name: &str, algorithm: &[&str]) -> Self {
        let file = folder.join(name);
        let path = file.to_str().unwrap();
        openssl(&[&["genpkey", "-out", path, "-algorithm"], algorithm].concat());
        let public = openssl(&["pkey", "-in", path, "-pubout", "-outform", "DER"]);
        let record = match algorithm[0] {
            // RFC 8463 publishes the 32 octets alone.
            "ed25519" => {
                let key = data_encoding::BASE64.encode(&public[public.len() - 32..]);
                format!("v=DKIM1; k=ed25519; p={key}")
            }
            _ => format!(
                "v=DKIM1; k=rsa; p={}",
                data_encoding::BASE64.encode(&public)
            ),
        };
        Self { file, record }
    }

    pub fn rsa(folder: &Path, bits: u32) -> Self {
        let bits = format!("rsa_keygen_bits:{bits}");
        Self::make(folder, &bits.replace(':', "-"), &["RSA", "-pkeyopt", &bits])
    }

    pub fn ed25519(folder: &Path) -> Self {
        Self::make(folder, "ed25519", &["ed25519"])
    }
}

/// What a verifier says of each signature.
fn verify(script: &str, records: &[String], mail: &[u8]) -> Vec<String> {
    let script = format!(
        "{}/tests/suite/support/{script}",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut verifier = Command::new("/usr/bin/python3")
        .arg(&script)
        .args(records)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    verifier.stdin.take().unwrap().write_all(mail).unwrap();
    let said = verifier.wait_with_output().unwrap();
    assert!(said.status.success(), "{script} gave up");
    let said = String::from_utf8(said.stdout).unwrap();
    said.lines().map(str::to_owned).collect()
}

fn both_say(records: &[String], mail: &[u8], expected: &[&str]) {
    for script in ["dkimpy_verify.py", "opendkim_verify.py"] {
        assert_eq!(verify(script, records, mail), expected, "{script}");
    }
}

fn altered(mail: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(mail.to_vec()).unwrap();
    assert!(text.contains(from), "{from} is not in the mail");
    text.replacen(from, to, 1).into_bytes()
}

on_both_databases!(digests_and_single_mails_are_signed_with_both_keys,);

async fn digests_and_single_mails_are_signed_with_both_keys(db: TestDb) {
    let keys = tempfile::tempdir().unwrap();
    let (rsa, ed25519) = (Key::rsa(keys.path(), 2048), Key::ed25519(keys.path()));
    let world = World::with(&db, Options::default(), |settings| {
        settings.dkim.domain = "example.org".into();
        settings.dkim.selector = "one".into();
        settings.dkim.key_file = rsa.file.clone();
        settings.dkim.second_selector = "two".into();
        settings.dkim.second_key_file = ed25519.file.clone();
    })
    .await;
    let records = [
        format!("one._domainkey.example.org={}", rsa.record),
        format!("two._domainkey.example.org={}", ed25519.record),
    ];
    world.join("ok@example.org").await;
    world.readers(&["drop@example.org"]).await;
    let id = world
        .draft("Sommet de l’Organisation des États turciques : quelles priorités ?")
        .await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    world.pass(5);
    world.work().await;
    let confirmation = world.smtp.messages().remove(0).raw;
    let digest = world.caught_for("drop@example.org").remove(0).raw;
    for mail in [&confirmation, &digest] {
        both_say(&records, mail, &["pass", "pass"]);
        let signature = strict_parse(mail)
            .header("DKIM-Signature")
            .unwrap()
            .to_owned();
        assert!(
            signature.contains("c=relaxed/relaxed") && !signature.contains("l="),
            "{signature}"
        );
    }
    // Some relays add or replace these.
    let changed = [
        (
            &confirmation,
            "\r\nSubject: ",
            "\r\nFeedback-ID: 1.eu-west-1.x=:AmazonSES\r\nSubject: ",
        ),
        (
            &confirmation,
            "\r\nSubject: ",
            "\r\nList-Id: <x.example.org>\r\nSubject: ",
        ),
        (&confirmation, "\r\nMessage-ID: <", "\r\nMessage-ID: <other"),
        (&digest, "\r\nMessage-ID: <", "\r\nMessage-ID: <other"),
    ];
    for (mail, from, to) in changed {
        both_say(&records, &altered(mail, from, to), &["pass", "pass"]);
    }
    // The second attempt of the digest had the same octets, signatures and all.
    let refusals = world.smtp.refusals();
    let dropped = refusals
        .iter()
        .rfind(|r| r.stage == "DATA")
        .and_then(|r| r.digest.clone());
    use sha2::{Digest, Sha256};
    assert_eq!(
        dropped,
        Some(data_encoding::HEXLOWER.encode(&Sha256::digest(&digest)))
    );
    for (from, to) in [
        (
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "List-Unsubscribe-Post: List-Unsubscribe=Two-Click",
        ),
        ("/unsubscribe/", "/unsubscribf/"),
        ("\r\n\r\n--", "\r\n\r\nx--"),
    ] {
        both_say(&records, &altered(&digest, from, to), &["fail", "fail"]);
    }
    // Nobody may put a first or second one on top.
    let unasked = "\r\nList-Unsubscribe: <https://example.net/>\r\nSubject: ";
    let mail = altered(&confirmation, "\r\nSubject: ", unasked);
    both_say(&records, &mail, &["fail", "fail"]);
    for (name, value) in [
        ("Subject", "x"),
        ("From", "a@example.net"),
        ("To", "a@example.net"),
        ("Date", "Mon, 1 Jan 2024 00:00:00 +0000"),
        ("Reply-To", "a@example.net"),
        ("Content-Type", "text/plain"),
        ("List-Unsubscribe", "<https://example.net/>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=Two-Click"),
    ] {
        let (own, both) = (
            format!("\r\n{name}: "),
            format!("\r\n{name}: {value}\r\n{name}: "),
        );
        both_say(&records, &altered(&digest, &own, &both), &["fail", "fail"]);
    }
}

/// Why the service does not start with these settings.
async fn refused(adapt: impl FnOnce(&mut Settings)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::defaults().unwrap();
    settings.database.url = format!("sqlite://{}/x.db", folder.path().display());
    settings.secret_file = folder.path().join("key");
    settings.dkim.domain = "example.org".into();
    settings.dkim.selector = "one".into();
    adapt(&mut settings);
    app::open(settings, Clock::system())
        .await
        .err()
        .unwrap()
        .to_string()
}

#[tokio::test]
async fn a_key_that_is_none_or_short_or_open_to_others_stops_the_start() {
    let keys = tempfile::tempdir().unwrap();
    let short = Key::rsa(keys.path(), 1024).file;
    let why = refused(|settings| settings.dkim.key_file = short).await;
    assert!(
        why.contains("openssl genpkey") || why.contains("2048"),
        "{why}"
    );

    let missing = keys.path().join("missing.pem");
    let why = refused(|settings| settings.dkim.key_file = missing).await;
    assert!(why.contains("missing.pem"), "{why}");

    let open = Key::ed25519(keys.path()).file;
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&open, mode).unwrap();
    let why = refused(|settings| settings.dkim.key_file = open).await;
    assert!(why.contains("chmod o-rwx"), "{why}");
}
