//! Cancelling an issue that has gone out already, or whose failed mails are being sent again.

use xabar::domain::LeaseId;
use xabar::store::delivery::record::{Record, write};
use xabar::{publish, store};

use crate::deliver::{issue_id, sent};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    an_issue_stays_sent_when_its_retry_is_stopped,
    what_a_worker_holds_of_a_stopped_retry_has_failed_too,
    an_issue_of_which_nothing_waits_is_sent_when_it_is_stopped,
    a_stopped_issue_ends_with_its_last_mail,
);

/// Whether archive, feed and search have it.
async fn is_listed(world: &World, id: &str) -> bool {
    let slug = world.issue(id).await["slug"].as_str().unwrap().to_owned();
    let mut listed = Vec::new();
    for path in [
        "/archive/asie-centrale",
        "/archive/asie-centrale/feed.xml",
        "/search?q=Sommet",
    ] {
        let (status, page) = world.page(path).await;
        assert_eq!(status, 200, "{path}");
        listed.push(page.contains(&slug));
    }
    assert!(listed.iter().all(|one| *one == listed[0]), "{listed:?}");
    listed[0]
}

/// Sent to one reader, and refused for two.
async fn a_sent_issue(world: &World) -> String {
    world
        .readers(&["ok@example.org", "spam1@example.org", "spam2@example.org"])
        .await;
    let id = world.triggered().await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 failed=2");
    assert_eq!(world.issue(&id).await["status"], "sent");
    id
}

async fn an_issue_stays_sent_when_its_retry_is_stopped(db: TestDb) {
    let world = World::start(&db).await;
    let id = a_sent_issue(&world).await;
    for pauses in [false, true] {
        world.pass(1);
        let (_, again) = world.act(&id, "retry-failed").await;
        assert_eq!(again["status"], "sending");
        assert!(again["finished_at"].is_null(), "{again}");
        if pauses {
            assert_eq!(world.act(&id, "pause").await.0, 200);
        }
        let (status, stopped) = world.act(&id, "cancel").await;
        assert_eq!((status, &stopped["status"]), (200, &"sent".into()));
        assert!(stopped["finished_at"].is_string(), "{stopped}");
        assert_eq!(world.counts(&id).await, "sent=1 failed=2");
        assert!(is_listed(&world, &id).await);
    }
    assert_eq!(world.act(&id, "cancel").await.0, 409, "it was sent");
    world.work().await;
    assert_eq!(world.caught_for("ok@example.org").len(), 1);
    assert_eq!(world.act(&id, "retry-failed").await.1["status"], "sending");
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 failed=2");
    assert_eq!(world.issue(&id).await["status"], "sent");
}

async fn what_a_worker_holds_of_a_stopped_retry_has_failed_too(db: TestDb) {
    let world = World::start(&db).await;
    let id = a_sent_issue(&world).await;
    world.pass(1);
    assert_eq!(world.act(&id, "retry-failed").await.0, 200);
    let lease = LeaseId(world.clock.new_uuid());
    assert_eq!(world.claim(&id, lease, 1).await.len(), 1);
    let (_, stopped) = world.act(&id, "cancel").await;
    assert_eq!(stopped["status"], "sent");
    assert!(stopped["finished_at"].is_null(), "one is under way");
    assert_eq!(world.counts(&id).await, "queued=1 sent=1 failed=1");
    assert!(is_listed(&world, &id).await);
    assert_eq!(world.act(&id, "cancel").await.0, 200, "a second click");
    world.work().await;
    assert_eq!(world.counts(&id).await, "queued=1 sent=1 failed=1");
    world.pass(3);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 failed=2");
    assert!(world.issue(&id).await["finished_at"].is_string());
}

async fn an_issue_of_which_nothing_waits_is_sent_when_it_is_stopped(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok1@example.org", "ok2@example.org"]).await;
    let id = world.triggered().await;
    let lease = LeaseId(world.clock.new_uuid());
    let claimed = world.claim(&id, lease, 2).await;
    assert_eq!(world.act(&id, "pause").await.0, 200);
    let records: Vec<Record> = claimed.iter().map(|due| sent(due, lease)).collect();
    let store = &world.service.store;
    write(store, issue_id(&id), &records).await.unwrap();
    assert_eq!(world.issue(&id).await["status"], "paused");
    let (status, ended) = world.act(&id, "cancel").await;
    assert_eq!((status, &ended["status"]), (200, &"sent".into()));
    assert!(ended["finished_at"].is_string(), "{ended}");
    assert!(is_listed(&world, &id).await);
}

async fn a_stopped_issue_ends_with_its_last_mail(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["ok1@example.org", "ok2@example.org", "ok3@example.org"])
        .await;
    let id = world.triggered().await;
    let lease = LeaseId(world.clock.new_uuid());
    let claimed = world.claim(&id, lease, 2).await;
    let (_, stopped) = world.act(&id, "cancel").await;
    assert_eq!(stopped["status"], "cancelled");
    assert_eq!(world.counts(&id).await, "queued=2 skipped=1");
    let issue = async || {
        let mut db = world.service.store.read().await.unwrap();
        let found = store::issue::by_id(&mut db, issue_id(&id)).await.unwrap();
        found.unwrap()
    };
    assert!(!issue().await.has_ended(), "two are under way");
    let records: Vec<Record> = claimed.iter().map(|due| sent(due, lease)).collect();
    write(&world.service.store, issue_id(&id), &records)
        .await
        .unwrap();
    // The lease of its range has not passed.
    publish::settle_stopped(&world.service, issue_id(&id))
        .await
        .unwrap();
    let ended = issue().await;
    assert_eq!(ended.ended_at(), Some(world.clock.now()));
    assert!(ended.has_ended() && !is_listed(&world, &id).await);
    let ranges = "SELECT COUNT(*) FROM delivery_range";
    assert_eq!(db.number(ranges).await, 0);
}
