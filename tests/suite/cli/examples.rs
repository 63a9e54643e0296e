//! The programs of `examples/` work as they stand there.

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

#[tokio::test(flavor = "multi_thread")]
async fn the_first_steps_of_the_readme_work_as_they_are_pasted() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, section) = readme.split_once("## Write and send an issue").unwrap();
    let block = |text: &str| text.split("```").nth(1).unwrap().to_owned();
    let steps = block(section);
    let steps = steps.strip_prefix("sh\n").unwrap();
    assert_eq!(steps.matches("\nxabar ").count(), 2, "{steps}");
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url);
    let bin = tempfile::tempdir().unwrap();
    let binary = env!("CARGO_BIN_EXE_xabar");
    std::os::unix::fs::symlink(binary, bin.path().join("xabar")).unwrap();
    installation.write("password", "correct horse battery staple\n");
    let password = std::fs::File::open(installation.path("password")).unwrap();
    let ran = tokio::process::Command::new("sh")
        .args(["-e", "-c", steps])
        .current_dir(installation.path(""))
        .env("PATH", format!("{}:/usr/bin:/bin", bin.path().display()))
        .env("XABAR_DATABASE__URL", &db.url)
        .stdin(password)
        .output()
        .await
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let newsletter = installation
        .json(&["newsletter", "show", "asie-centrale"])
        .await;
    assert_eq!(newsletter["sender"], "Asie centrale <letter@example.org>");
}
