//! The refusal breaker: a relay that refuses us or the mail, and not a reader, pauses the issue.

use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    the_same_refusal_for_everybody_pauses_the_issue_and_fails_nobody,
    a_mail_larger_than_the_relay_takes_pauses_the_issue_and_fails_nobody,
    a_relay_that_refuses_everything_costs_nobody_the_issue,
);

async fn the_same_refusal_for_everybody_pauses_the_issue_and_fails_nobody(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1
    })
    .await;
    let names: Vec<String> = (0..12).map(|n| format!("spam{n}@example.org")).collect();
    world
        .readers(&names.iter().map(String::as_str).collect::<Vec<_>>())
        .await;
    let id = world.triggered().await;
    world.work().await;
    let issue = world.issue(&id).await;
    assert_eq!(issue["status"], "paused", "{issue}");
    assert!(
        issue["paused_because"]
            .as_str()
            .unwrap()
            .contains("554 5.7.1"),
        "{issue}"
    );
    let refused = world.smtp.refusals().len();
    assert!((5..=7).contains(&refused), "it burnt through {refused}");
    assert!(
        !world.counts(&id).await.contains("failed"),
        "{}",
        world.counts(&id).await
    );
    // The editor has mended what was wrong, goes on, and everybody's turn comes.
    assert_eq!(world.act(&id, "resume").await.0, 200);
    assert_eq!(
        world.issue(&id).await["paused_because"],
        serde_json::Value::Null
    );
}

async fn a_mail_larger_than_the_relay_takes_pauses_the_issue_and_fails_nobody(db: TestDb) {
    let options = Options {
        size: Some(2_000),
        ..Options::default()
    };
    let world = World::with(&db, options, |settings| settings.smtp.connections = 1).await;
    let names: Vec<String> = (0..9).map(|n| format!("ok{n}@example.org")).collect();
    world
        .readers(&names.iter().map(String::as_str).collect::<Vec<_>>())
        .await;
    let id = world.triggered().await;
    world.work().await;
    let issue = world.issue(&id).await;
    assert_eq!(issue["status"], "paused", "{issue}");
    assert!(
        issue["paused_because"]
            .as_str()
            .unwrap()
            .contains("552 5.3.4"),
        "{issue}"
    );
    assert!(
        !world.counts(&id).await.contains("failed"),
        "{}",
        world.counts(&id).await
    );
    assert_eq!(world.smtp.messages().len(), 0);
}

async fn a_relay_that_refuses_everything_costs_nobody_the_issue(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["ok1@example.org", "ok2@example.org", "busy@example.org"])
        .await;
    let id = world.triggered().await;
    world.smtp.refuse_everything().await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "queued=3", "nothing was tried");
    world.smtp.accept().await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "queued=3", "not before its time");
    world.pass(1);
    world.work().await;
    assert_eq!(
        world.counts(&id).await,
        "sent=2 deferred=1",
        "421 for one holds no other back"
    );
}
