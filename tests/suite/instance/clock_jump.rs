//! A clock that jumps ahead while a worker runs, or was ahead.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tokio::time::{sleep, timeout};
use xabar::config::Settings;
use xabar::store;
use xabar::worker::clock_watch::{ClockWatch, PutOff};

use super::PATIENCE;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    a_clock_that_jumps_ahead_sends_and_removes_nothing_at_once,
    a_clock_that_was_ahead_keeps_no_mail_back,
    a_clock_that_was_ahead_lets_nobody_over_a_limit,
);

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

async fn a_clock_that_was_ahead_keeps_no_mail_back(db: TestDb) {
    let limit = |settings: &mut Settings| settings.signup.mails_per_hour = 2;
    let world = World::with(&db, Options::default(), limit).await;
    let ahead = SignedDuration::from_hours(2);
    world.clock.advance(ahead);
    assert_eq!(world.sign_up("early@example.org").await.status(), 202);
    world.clock.advance(-ahead);
    // Two an hour, and the third hour has one.
    let mut readers = (0..8).map(|n| format!("reader{n}@example.org"));
    for hours in [[2, 0, 1, 0], [2, 2, 1, 0], [2, 2, 2, 1]] {
        let wanted: i64 = hours.iter().sum();
        while db.number("SELECT COUNT(*) FROM outbox").await < wanted {
            let next = readers.next().unwrap();
            assert_eq!(world.sign_up(&next).await.status(), 202);
        }
        for (hour, mails) in (0..).zip(hours) {
            let due = (world.clock.now() + SignedDuration::from_hours(hour)).as_microsecond();
            let query = format!("SELECT COUNT(*) FROM outbox WHERE due_at = {due}");
            assert_eq!(db.number(&query).await, mails, "{hours:?}: hour {hour}");
        }
    }
}

async fn a_clock_that_was_ahead_lets_nobody_over_a_limit(db: TestDb) {
    let limit = |settings: &mut Settings| settings.signup.per_ip_per_hour = 2;
    let world = World::with(&db, Options::default(), limit).await;
    let ahead = SignedDuration::from_hours(2);
    world.clock.advance(ahead);
    assert_eq!(world.sign_up("early@example.org").await.status(), 202);
    world.clock.advance(-ahead);
    for (n, status) in (0..).zip([202, 202, 429]) {
        let answer = world.sign_up(&format!("reader{n}@example.org")).await;
        assert_eq!(answer.status(), status, "{n}");
    }
}
