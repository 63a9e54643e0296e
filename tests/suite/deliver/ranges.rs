//! Deliveries that were never tried, which workers claim by ranges.

use jiff::SignedDuration;
use xabar::domain::LeaseId;
use xabar::store;
use xabar::store::delivery::claim::{Due, Turn};

use super::{issue_id, sent};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    claims_cut_a_range_piece_by_piece,
    a_cancelled_issue_ends_what_was_never_tried,
    an_issue_that_was_sent_keeps_no_range,
    nothing_is_recorded_under_a_lease_that_never_was,
);

const RANGES: &str = "SELECT COUNT(*) FROM delivery_range";

async fn world_of(db: &TestDb, readers: usize) -> World {
    let world = World::start(db).await;
    let emails: Vec<String> = (1..=readers)
        .map(|n| format!("ok{n}@example.org"))
        .collect();
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    world.readers(&emails).await;
    world
}

fn addresses(due: &[Due]) -> Vec<String> {
    due.iter()
        .map(|due| due.attempt.address.to_string())
        .collect()
}

fn new_lease(world: &World) -> LeaseId {
    LeaseId(world.clock.new_uuid())
}

async fn claims_cut_a_range_piece_by_piece(db: TestDb) {
    let world = world_of(&db, 6).await;
    let id = world.triggered().await;
    assert_eq!(db.number(RANGES).await, 1, "all are in one range");
    let first = world.claim(&id, new_lease(&world), 2).await;
    assert_eq!(addresses(&first), ["ok1@example.org", "ok2@example.org"]);

    // The relays take one of three now; the others are left to the next claim.
    let mut tx = world.service.store.write().await.unwrap();
    let now = world.clock.now();
    let found = store::delivery::claim::due(&mut tx, issue_id(&id), "", Turn::First, 3, now);
    let mut batch = found.await.unwrap();
    assert_eq!(batch.due.len(), 3);
    batch.truncate(1);
    let until = now + SignedDuration::from_secs(120);
    let leased = batch.lease(&mut tx, issue_id(&id), new_lease(&world), until);
    leased.await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(addresses(&batch.due), ["ok3@example.org"]);

    let rest = world.claim(&id, new_lease(&world), 100).await;
    let rest = addresses(&rest);
    assert_eq!(
        rest,
        ["ok4@example.org", "ok5@example.org", "ok6@example.org"]
    );
    assert!(world.claim(&id, new_lease(&world), 100).await.is_empty());
    assert_eq!(db.number(RANGES).await, 3, "one under each lease");

    // All three workers have died; what they held is claimed once more, and may have been sent.
    world.pass(3);
    let again = world.claim(&id, new_lease(&world), 100).await;
    assert_eq!(again.len(), 6);
    assert!(
        again
            .iter()
            .all(|due| due.abandoned && due.attempt.revision_pinned)
    );
    assert_eq!(db.number(RANGES).await, 0);
}

async fn a_cancelled_issue_ends_what_was_never_tried(db: TestDb) {
    let world = world_of(&db, 3).await;
    let id = world.triggered().await;
    let held = world.claim(&id, new_lease(&world), 1).await;
    assert_eq!(world.act(&id, "cancel").await.0, 200);
    assert_eq!(world.counts(&id).await, "queued=1 skipped=2");
    let page = world.get(&format!("/api/v1/issues/{id}/deliveries"));
    let page: serde_json::Value = page.send().await.unwrap().json().await.unwrap();
    let leased: Vec<_> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| &d["leased"])
        .collect();
    assert_eq!(leased, [true, false, false]);

    // Its worker has died.
    world.pass(3);
    world.work().await;
    assert_eq!(world.counts(&id).await, "skipped=3");
    assert_eq!(db.number(RANGES).await, 0);
    assert!(
        world
            .mails_to(&held[0].attempt.address.to_string())
            .is_empty()
    );
}

async fn an_issue_that_was_sent_keeps_no_range(db: TestDb) {
    let world = world_of(&db, 3).await;
    let id = world.triggered().await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=3");
    assert_eq!(db.number(RANGES).await, 0);

    let id = world.triggered().await;
    let dead = world.claim(&id, new_lease(&world), 1).await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "queued=1 sent=2");
    world.pass(3);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=3");
    assert_eq!(db.number(RANGES).await, 0);
    let both = world.mails_to(&dead[0].attempt.address.to_string());
    assert_eq!(both.len(), 2, "each issue once");
}

async fn nothing_is_recorded_under_a_lease_that_never_was(db: TestDb) {
    let world = world_of(&db, 2).await;
    let id = world.triggered().await;
    let held = world.claim(&id, new_lease(&world), 1).await;
    let record = sent(&held[0], new_lease(&world));
    let store = &world.service.store;
    let recorded = store::delivery::record::write(store, issue_id(&id), &[record])
        .await
        .unwrap();
    assert_eq!((recorded.written, recorded.waiting), (0, 2));
    assert_eq!(world.counts(&id).await, "queued=2");
}
