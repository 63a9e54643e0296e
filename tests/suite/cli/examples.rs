//! What stands in `examples/` works as it stands there.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::binary::Installation;
use crate::support::both::TestDb;
use crate::support::smtp::{Options, SmtpServer};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_publishes_the_issue_to_the_imported_readers() {
    let db = TestDb::sqlite();
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = Installation::new(&db.url).with("SMTP__URL", &smtp.url());
    let readers = example("readers.csv").display().to_string();
    let import = ["import", &readers, "--newsletter", "asie-centrale"];
    let report = installation.json(&import).await;
    assert_eq!(
        (&report["imported"], &report["refused"]),
        (&4.into(), &0.into())
    );
    let serving = installation.serve("all").await;
    let token = ["token", "add", "--name", "publish", "--role", "editor"];
    let token = installation.ok(&token).await;
    let script = tokio::process::Command::new("bash")
        .arg(example("publish.sh"))
        .env("SERVICE", &serving.base)
        .env("TOKEN", token.trim())
        .env("YES", "1")
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8(script.stdout).unwrap();
    let error = String::from_utf8(script.stderr).unwrap();
    assert!(script.status.success(), "{printed}{error}");
    let last: Value = serde_json::from_str(printed.lines().last().unwrap()).unwrap();
    assert_eq!(last["status"], "sent", "{printed}");
    // One of the four gets the summary of the month.
    assert_eq!(last["counts"]["sent"], 3, "{printed}");
    assert_eq!(serving.terminate().await, Some(0));
}
