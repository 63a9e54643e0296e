//! A clock that jumps ahead while a worker runs.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tokio::time::{sleep, timeout};
use xabar::store;
use xabar::worker::clock_watch::{ClockWatch, PutOff};

use super::PATIENCE;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(a_clock_that_jumps_ahead_sends_and_removes_nothing_at_once);

/// How often something is there, as a query tells.
async fn becomes(db: &TestDb, query: &str, wanted: i64) {
    let waiting = async {
        while db.number(query).await != wanted {
            sleep(Duration::from_millis(50)).await;
        }
    };
    let came = timeout(PATIENCE, waiting).await;
    assert!(came.is_ok(), "{query} never becomes {wanted}");
}

async fn a_clock_that_jumps_ahead_sends_and_removes_nothing_at_once(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["a@example.org"]).await;
    assert_eq!(world.sign_up("b@example.org").await.status(), 202);
    let issue = world.draft("Sommet").await;
    let at = (world.clock.now() + SignedDuration::from_hours(3)).to_string();
    let scheduled = world.post(&format!("/api/v1/issues/{issue}/send"));
    let scheduled = scheduled.json(&json!({ "at": at })).send().await.unwrap();
    assert_eq!(scheduled.status(), 202);
    let pending = "SELECT COUNT(*) FROM subscription WHERE state = 'pending'";
    let waits = "SELECT COUNT(*) FROM issue WHERE state = 'scheduled'";
    let workers = "SELECT COUNT(*) FROM worker";
    let written_at = async || {
        let mut db = world.service.store.read().await.unwrap();
        let known = store::instance::read(&mut db).await.unwrap();
        known.unwrap().written_at
    };

    let running = world.start_worker(&world.service.settings);
    becomes(&db, workers, 1).await;
    running.stop().await;
    let right = world.clock.now();
    assert_eq!(written_at().await, Some(right));

    let month = SignedDuration::from_hours(24 * 40);
    world.clock.advance(month);
    let running = world.start_worker(&world.service.settings);
    becomes(&db, workers, 1).await;
    sleep(Duration::from_secs(2)).await;
    assert_eq!(db.number(pending).await, 1, "retention waits");
    assert_eq!(db.number(waits).await, 1, "so does the issue");
    // Neither does the check of readiness make another process believe it.
    let now = world.clock.now();
    let mut tx = world.service.store.write().await.unwrap();
    store::instance::touch(&mut tx, now, now - SignedDuration::from_hours(24))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(written_at().await, Some(right));
    let other = ClockWatch::default().look(&world.service).await.unwrap();
    let all = PutOff {
        schedules: true,
        retention: true,
    };
    assert_eq!(other, all, "a worker that starts meanwhile");

    world.clock.advance(-month);
    sleep(Duration::from_secs(1)).await;
    world.pass(4 * 60);
    becomes(&db, waits, 0).await;
    running.stop().await;
    assert_eq!(db.number(pending).await, 1);
}
