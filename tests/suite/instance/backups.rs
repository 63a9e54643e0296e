//! `xabar backup` and `xabar restore`.

use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use serde_json::{Value, json};
use xabar::clock::Clock;
use xabar::instance::backup;

use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    a_backup_is_restored_and_sends_nothing,
    a_backup_that_does_not_fit_is_refused,
    a_backup_that_fails_leaves_nothing,
);

/// An empty database of the same kind.
async fn another(db: &TestDb) -> TestDb {
    match db.url.starts_with("sqlite:") {
        true => TestDb::sqlite(),
        false => TestDb::postgres().await,
    }
}

/// One reader, one issue at a time to come, and a backup.
async fn backed_up(installation: &Installation) -> (String, Value) {
    installation.ok(&["migrate"]).await;
    installation.write(
        "readers.csv",
        "email,consent_at,consent_source,consent_wording\n\
         a@example.org,2024-01-01,old site,Yes.\n",
    );
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
    let issue = json!({ "newsletter": "asie-centrale", "subject": "Sommet", "intro": "Bonjour." });
    installation.write("issue.json", issue.to_string());
    let issue = installation
        .json(&["issue", "new", "--file", "issue.json"])
        .await;
    let id = issue["id"].as_str().unwrap().to_owned();
    let later = Clock::system().now() + SignedDuration::from_hours(24 * 100);
    let send = ["issue", "send", &id, "--at", &later.to_string()];
    installation.ok(&send).await;
    let made = installation.json(&["backup", "backups"]).await;
    (id, made)
}

/// The same key, and another database.
fn beside(installation: &Installation, db: &TestDb) -> Installation {
    let other = Installation::new(&db.url);
    other.write("data/xabar.key", installation.read("data/xabar.key"));
    make_private(&other.path("data/xabar.key"));
    other
}

fn make_private(path: &Path) {
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(path, rights).unwrap();
}

fn folder_of(installation: &Installation, made: &Value) -> PathBuf {
    installation.path(made["folder"].as_str().unwrap())
}

async fn a_backup_is_restored_and_sends_nothing(db: TestDb) {
    let installation = Installation::new(&db.url);
    let (issue, made) = backed_up(&installation).await;
    let folder = folder_of(&installation, &made);
    let mode = std::fs::metadata(&folder).unwrap().permissions();
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777,
        0o700,
        "it is personal data"
    );
    let manifest: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("manifest.json")).unwrap())
            .unwrap();
    assert_eq!(manifest, made["manifest"]);
    let key = installation.read("data/xabar.key");
    assert!(!manifest.to_string().contains(key.trim()));

    let elsewhere = another(&db).await;
    let restored = beside(&installation, &elsewhere);
    let folder = folder.display().to_string();
    let ran = restored
        .run_alone(&["restore", &folder, "--json"], "")
        .await;
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let said: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(said["held"], true);
    let shown = restored
        .run_alone(&["issue", "show", &issue, "--json"], "")
        .await;
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(shown["status"], "scheduled", "{shown}");
    let readers = "SELECT COUNT(*) FROM subscription WHERE state = 'active'";
    assert_eq!(elsewhere.number(readers).await, 1);
    let held = "SELECT COUNT(*) FROM instance WHERE held_at IS NOT NULL";
    assert_eq!(elsewhere.number(held).await, 1);
    let ran = restored.run_alone(&["consent", "verify"], "").await;
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let ran = restored.run_alone(&["resume", "--all"], "").await;
    assert!(ran.stdout.contains("Sending goes on"), "{ran:?}");
    assert_eq!(elsewhere.number(held).await, 0);

    // Nothing is written over.
    let again = restored.run_alone(&["restore", &folder], "").await;
    assert_eq!(again.status, Some(1));
    assert!(again.stderr.contains("Nothing is overwritten"), "{again:?}");
    assert_eq!(elsewhere.number(readers).await, 1);
}

async fn a_backup_that_fails_leaves_nothing(db: TestDb) {
    let world = World::start(&db).await;
    let place = tempfile::tempdir().unwrap();
    let entries = || std::fs::read_dir(place.path()).unwrap().count();
    let mut service = world.service.clone();
    let mut settings = service.settings.as_ref().clone();
    settings.database.url = "postgres://nobody@127.0.0.1:1/nothing".to_owned();
    service.settings = std::sync::Arc::new(settings);
    let failed = backup::make(&service, place.path()).await;
    assert!(failed.is_err(), "{failed:?}");
    assert_eq!(entries(), 0);

    let (folder, _) = backup::make(&world.service, place.path()).await.unwrap();
    // The clock stands still: it would have the same name.
    let again = backup::make(&world.service, place.path()).await;
    assert!(again.is_err(), "{again:?}");
    assert!(folder.join("manifest.json").exists() && entries() == 1);
}

async fn a_backup_that_does_not_fit_is_refused(db: TestDb) {
    let installation = Installation::new(&db.url);
    let (_, made) = backed_up(&installation).await;
    let folder = folder_of(&installation, &made);
    let restore = ["restore", &folder.display().to_string()].map(str::to_owned);
    let restore = restore.each_ref().map(String::as_str);
    let elsewhere = another(&db).await;
    let refused = async |installation: &Installation, word: &str| {
        let ran = installation.run_alone(&restore, "").await;
        assert!(matches!(ran.status, Some(1 | 78)), "{ran:?}");
        assert!(ran.stderr.contains(word), "{word}: {ran:?}");
    };
    let other = beside(&installation, &elsewhere);
    other.write("data/xabar.key", "cd".repeat(32));
    make_private(&other.path("data/xabar.key"));
    refused(&other, "is not the key of this backup").await;
    let without = Installation::new(&elsewhere.url);
    refused(&without, "does not exist").await;

    let fitting = beside(&installation, &elsewhere);
    let manifest_path = folder.join("manifest.json");
    let manifest = std::fs::read_to_string(&manifest_path).unwrap();
    let mut newer: Value = serde_json::from_str(&manifest).unwrap();
    newer["schema"] = json!(99_999_999);
    std::fs::write(&manifest_path, newer.to_string()).unwrap();
    refused(&fitting, "Use a newer one").await;
    std::fs::write(&manifest_path, manifest).unwrap();
    let name = match db.url.starts_with("sqlite:") {
        true => "xabar.db",
        false => "xabar.dump",
    };
    let file = folder.join(name);
    let mut octets = std::fs::read(&file).unwrap();
    let middle = octets.len() / 2;
    octets[middle] ^= 1;
    std::fs::write(&file, octets).unwrap();
    refused(&fitting, "is not as it was written").await;
    std::fs::remove_file(&manifest_path).unwrap();
    refused(&fitting, "is not a backup").await;
}

/// PostgreSQL keeps no files beside a database.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_restored_beside_what_is_left_of_a_database_or_under_a_process() {
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url);
    let (_, made) = backed_up(&installation).await;
    let folder = folder_of(&installation, &made).display().to_string();
    let path = db.url.strip_prefix("sqlite://").unwrap();
    let refused = async |word: &str| {
        let ran = installation.run_alone(&["restore", &folder], "").await;
        assert_eq!(ran.status, Some(1), "{ran:?}");
        assert!(ran.stderr.contains(word), "{word}: {ran:?}");
        assert!(!Path::new(path).exists(), "{ran:?}");
    };

    let serving = installation.serve("web").await;
    std::fs::rename(path, format!("{path}.away")).unwrap();
    refused("already serves").await;
    serving.kill().await;
    for end in ["-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(format!("{path}{end}"));
    }
    for end in ["-wal", "-shm", "-journal"] {
        let left = format!("{path}{end}");
        std::fs::write(&left, "the log of the old one").unwrap();
        refused(&format!("{left} is left of another database")).await;
        if end == "-wal" {
            let ran = installation.run_alone(&["serve"], "").await;
            assert_eq!(ran.status, Some(78), "SQLite would remove it: {ran:?}");
            assert!(Path::new(&left).exists() && !Path::new(path).exists());
        }
        std::fs::remove_file(left).unwrap();
    }
    let ran = installation.run_alone(&["restore", &folder], "").await;
    assert_eq!(ran.status, Some(0), "{ran:?}");
}

/// Root alone can make files of others.
#[tokio::test(flavor = "multi_thread")]
async fn what_root_restores_belongs_to_the_owner_of_the_folder() {
    use std::os::unix::fs::{MetadataExt, chown};
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url);
    let (_, made) = backed_up(&installation).await;
    let folder = folder_of(&installation, &made).display().to_string();
    let elsewhere = TestDb::sqlite();
    let restored = beside(&installation, &elsewhere);
    let path = Path::new(elsewhere.url.strip_prefix("sqlite://").unwrap());
    let service = 12_345;
    if let Err(error) = chown(path.parent().unwrap(), Some(service), Some(service)) {
        assert!(std::env::var_os("CI").is_none(), "it needs root: {error}");
        println!("not tested: it needs root ({error})");
        return;
    }
    let ran = restored.run_alone(&["restore", &folder], "").await;
    assert_eq!(ran.status, Some(0), "{ran:?}");
    let files: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert!(
        files.len() >= 5,
        "database, epoch and three locks: {files:?}"
    );
    for file in files {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().uid(), service, "{file:?}");
    }
}
