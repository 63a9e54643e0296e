//! The main path in Firefox: what one engine does, another may block.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use xabar::domain::{Country, SubscriptionState};

use super::{TestDb, World};
use crate::support::npm;

const EMAIL: &str = "aigerim@reader.example";

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_signs_up_chooses_and_leaves_in_firefox() {
    let db = TestDb::sqlite();
    let world = World::demo(&db).await;
    let walk = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/suite/support/browser/firefox_walk.mjs"
    );
    let mut command = Command::new(npm::node());
    command
        .args([walk, &world.base, "fr"])
        .env("MODULES", npm::installed(""))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let walking = command.output();
    tokio::pin!(walking);
    let walked = loop {
        tokio::select! {
            walked = &mut walking => break walked.unwrap(),
            () = tokio::time::sleep(Duration::from_millis(100)) => world.work().await,
        }
    };
    let steps = String::from_utf8_lossy(&walked.stdout);
    let error = String::from_utf8_lossy(&walked.stderr);
    assert!(walked.status.success(), "after: {steps}{error}");
    assert_eq!(steps, "signed up\nconfirmed\nchose\nleft\n");
    let kept = world.subscription(EMAIL).await.expect("known");
    assert_eq!(kept.state, SubscriptionState::Ended);
    assert!(kept.chosen.countries.contains(Country::Kyrgyzstan));
}
