//! Claims of untried deliveries, which are leased by ranges.

use jiff::SignedDuration;
use xabar::domain::LeaseId;
use xabar::store;
use xabar::store::delivery::claim::{Due, Turn};
use xabar::subscribe::privacy;
use xabar::worker;

use super::{issue_id, sent};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    claims_cut_a_range_piece_by_piece,
    a_cancelled_issue_ends_what_was_never_tried,
    an_issue_that_was_sent_keeps_no_range,
    nothing_is_recorded_under_a_lease_that_never_was,
    a_delivery_is_recorded_once_under_its_range,
    readers_far_apart_are_claimed_together,
    who_was_erased_after_the_mail_gets_no_other,
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

async fn a_delivery_is_recorded_once_under_its_range(db: TestDb) {
    let world = world_of(&db, 2).await;
    let id = world.triggered().await;
    let lease = new_lease(&world);
    let held = world.claim(&id, lease, 2).await;
    let (first, second) = (sent(&held[0], lease), sent(&held[1], lease));
    let mut other = first.clone();
    other.ended_at = other.ended_at.map(|at| at + 1);
    let store = &world.service.store;
    let issue = issue_id(&id);
    // The same outcome comes again when the answer to its commit was lost: it is written already.
    for (records, written) in [
        (vec![first.clone()], 1),
        (vec![first.clone()], 1),
        (vec![other], 0),
        (vec![first, second], 2),
    ] {
        let recorded = store::delivery::record::write(store, issue, &records).await;
        assert_eq!(recorded.unwrap().written, written);
    }
    assert_eq!(world.counts(&id).await, "sent=2");
}

/// The numbers of a newsletter's readers lie among those of others.
async fn readers_far_apart_are_claimed_together(db: TestDb) {
    let world = world_of(&db, 400).await;
    db.execute("UPDATE subscription SET state = 'ended', ended_at = 1 WHERE id % 10 <> 0")
        .await
        .unwrap();
    let id = world.triggered().await;
    assert_eq!(world.counts(&id).await, "queued=40");
    assert_eq!(db.number(RANGES).await, 1);
    let first = world.claim(&id, new_lease(&world), 30).await;
    let rest = world.claim(&id, new_lease(&world), 100).await;
    let all: Vec<i64> = first
        .iter()
        .chain(&rest)
        .map(|due| due.attempt.subscription.0)
        .collect();
    assert_eq!((first.len(), all), (30, (1..=40).map(|n| n * 10).collect()));
}

/// While a range has a delivery, nothing but its row tells that it was tried.
async fn who_was_erased_after_the_mail_gets_no_other(db: TestDb) {
    const ROWS: &str = "SELECT COUNT(*) FROM delivery";
    let world = world_of(&db, 2).await;
    let id = world.triggered().await;
    let lease = new_lease(&world);
    let held = world.claim(&id, lease, 2).await;
    let store = &world.service.store;
    let records = [sent(&held[0], lease)];
    let recorded = store::delivery::record::write(store, issue_id(&id), &records);
    assert_eq!(recorded.await.unwrap().written, 1);
    let erased = privacy::erase_by_owner(
        &world.service,
        &held[0].attempt.address,
        &xabar::domain::Actor::CommandLine,
    );
    erased.await.unwrap();
    worker::retention::run(&world.service).await.unwrap();
    assert_eq!(db.number(ROWS).await, 1, "the row tells that it was sent");

    // Its worker has died.
    world.pass(3);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=2");
    worker::retention::run(&world.service).await.unwrap();
    assert_eq!(db.number(ROWS).await, 1, "that of the other reader");
}
