//! Who gets an erratum: each who may have the wrong text, and once.

use serde_json::{Value, json};
use xabar::domain::LeaseId;
use xabar::store::delivery::record::write;

use crate::corrections::correct;
use crate::deliver::{issue_id, sent};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(an_erratum_waits_for_the_mails_under_way);

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
