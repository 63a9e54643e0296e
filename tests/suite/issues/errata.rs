//! Errata: each reader who may have the wrong text gets one, once.

use serde_json::{Value, json};
use xabar::domain::LeaseId;
use xabar::store::delivery::record::write;

use crate::deliver::{issue_id, sent};
use crate::issues::corrections::{correct, subjects};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    an_erratum_waits_for_the_mails_under_way,
    an_erratum_that_is_repeated_goes_to_nobody_twice,
);

/// Writes an erratum down, and its first answer.
async fn begin(world: &World, id: &str) -> (u16, Value) {
    let (status, erratum) = world.act(id, "erratum").await;
    if status == 201 {
        let path = format!("/api/v1/issues/{}", erratum["id"].as_str().unwrap());
        let patch = json!({ "intro": "La date était fausse." });
        let written = world.patch(&path).json(&patch).send().await.unwrap();
        assert_eq!(written.status(), 200);
    }
    (status, erratum)
}

async fn an_erratum_waits_for_the_mails_under_way(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["a@example.org", "b@example.org"]).await;
    let id = world.triggered().await;
    let lease = LeaseId(world.clock.new_uuid());
    let [first, second] = &world.claim(&id, lease, 2).await[..] else {
        panic!("both")
    };
    let store = &world.service.store;
    let took = async |due| {
        let record = [sent(due, lease)];
        write(store, issue_id(&id), &record).await.unwrap();
    };
    took(first).await;
    assert_eq!(world.act(&id, "pause").await.0, 200);
    assert_eq!(correct(&world, &id, "Corrigé").await.0, 200);
    assert_eq!(world.act(&id, "cancel").await.1["status"], "cancelled");
    assert_eq!(world.counts(&id).await, "queued=1 sent=1");
    let (status, problem) = begin(&world, &id).await;
    assert_eq!(status, 409, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("under way"));
    took(second).await;
    let (status, erratum) = begin(&world, &id).await;
    assert_eq!(status, 201, "{erratum}");
    let erratum = erratum["id"].as_str().unwrap();
    assert_eq!(world.act(erratum, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.counts(erratum).await, "sent=2", "all who got it");
}

async fn an_erratum_that_is_repeated_goes_to_nobody_twice(db: TestDb) {
    let world = World::start(&db).await;
    let (had, refuses) = ("ok@example.org", "dropalways@example.org");
    world.readers(&[had, refuses, "defer9@example.org"]).await;
    let id = world.triggered().await;
    world.work().await;
    assert_eq!(world.act(&id, "pause").await.0, 200);
    assert_eq!(correct(&world, &id, "Corrigé").await.0, 200);
    assert_eq!(world.act(&id, "cancel").await.0, 200);
    world.pass(3);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 skipped=1 unknown=1");
    let (_, first) = begin(&world, &id).await;
    let first = first["id"].as_str().unwrap();
    assert_eq!(world.act(first, "send").await.0, 202);
    assert_eq!(world.issue(first).await["counts"]["audience"], 2);
    world.work().await;
    let (status, problem) = begin(&world, &id).await;
    assert_eq!(status, 409, "{problem}");
    assert_eq!(subjects(&world, had).len(), 2);
    // Whom the first did not reach gets the second.
    let errata = "SELECT id FROM issue WHERE erratum_of IS NOT NULL";
    let failed = format!(
        "UPDATE delivery SET state = 'failed' WHERE state = 'unknown' AND issue_id IN ({errata})"
    );
    db.execute(&failed).await.unwrap();
    let counted = "UPDATE issue SET failed = unknown, unknown = 0 WHERE erratum_of IS NOT NULL";
    db.execute(counted).await.unwrap();
    let (status, second) = begin(&world, &id).await;
    assert_eq!(status, 201, "{second}");
    let second = second["id"].as_str().unwrap();
    assert_eq!(world.act(second, "send").await.0, 202);
    assert_eq!(world.issue(second).await["counts"]["audience"], 1);
}
