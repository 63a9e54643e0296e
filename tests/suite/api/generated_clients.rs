//! API clients generated from the OpenAPI document, in Python and TypeScript. They do the main job: write an issue,
//! sign up, confirm, send, watch, read.

use std::path::Path;
use std::process::Command;

use crate::support::api_clients::{python, typescript};
use crate::support::binary::{Installation, terminate};
use crate::support::both::TestDb;

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_python_client_does_the_main_job() {
    does_the_main_job(python).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_typescript_client_does_the_main_job() {
    does_the_main_job(typescript).await;
}

async fn does_the_main_job(make: fn(&Path, &str) -> Command) {
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url);
    let (mut demo, greeting) = installation.start_demo().await;
    let base = greeting["pages"].as_str().unwrap().trim_end_matches('/');
    let document = reqwest::get(format!("{base}/openapi.json")).await.unwrap();
    let document = document.text().await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let mut program = tokio::process::Command::from(make(folder.path(), &document));
    program.args([base, greeting["token"].as_str().unwrap()]);
    let ran = program.output().await.unwrap();
    let (printed, errors) = (
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr),
    );
    assert!(ran.status.success(), "{printed}{errors}");
    for step in [
        "refused: /docs#invalid",
        "draft",
        "the same again",
        "signed up",
        "confirmed",
        "changed meanwhile",
        "sending",
        "end: sent",
        "not resumed",
        "delivered: sent",
        "in the archive",
    ] {
        assert!(
            printed.lines().any(|line| line == step),
            "{step}: {printed}"
        );
    }
    assert_eq!(terminate(&mut demo).await, Some(0));
}
