//! Leases: workers that die, stop, or work side by side.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use xabar::domain::LeaseId;
use xabar::store;
use xabar::store::delivery::record::Record;

use super::{issue_id, sent};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    a_dead_workers_lease_passes_and_nothing_is_lost,
    two_workers_send_each_mail_once,
    stopping_gives_back_what_is_not_in_flight,
);

async fn a_dead_workers_lease_passes_and_nothing_is_lost(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["ok1@example.org", "ok2@example.org", "ok3@example.org"])
        .await;
    let id = world.triggered().await;
    let (dead, alive) = (
        LeaseId(world.clock.new_uuid()),
        LeaseId(world.clock.new_uuid()),
    );
    let claimed = world.claim(&id, dead, 2).await;
    assert_eq!(claimed.len(), 2);
    world.work().await;
    assert_eq!(
        world.counts(&id).await,
        "queued=2 sent=1",
        "what is leased is left alone"
    );
    world.pass(2);
    // Its heartbeat comes too late to take back what another worker has.
    let later = world
        .clock
        .now()
        .saturating_add(SignedDuration::from_secs(120))
        .unwrap();
    let taken = world.claim(&id, alive, 1).await;
    let mut tx = world.service.store.write().await.unwrap();
    let both: Vec<_> = claimed.iter().map(|c| c.attempt.subscription).collect();
    store::delivery::extend(&mut tx, issue_id(&id), dead, &both, later)
        .await
        .unwrap();
    let records: Vec<Record> = claimed.iter().map(|due| sent(due, dead)).collect();
    tx.commit().await.unwrap();
    let recorded = store::delivery::record::write(&world.service.store, issue_id(&id), &records)
        .await
        .unwrap();
    assert_eq!(
        (recorded.written, recorded.attempts_lost, recorded.waiting),
        (1, 1, 1),
        "only what nobody else has taken"
    );
    // What was not sent cannot arrive twice.
    let put_back = records.into_iter().map(|record| Record {
        attempt: 0,
        ..record
    });
    let put_back: Vec<_> = put_back
        .filter(|record| record.subscription == taken[0].attempt.subscription)
        .collect();
    let recorded = store::delivery::record::write(&world.service.store, issue_id(&id), &put_back)
        .await
        .unwrap();
    assert_eq!((recorded.written, recorded.attempts_lost), (0, 0));
    assert_eq!(
        world.counts(&id).await,
        "queued=1 sent=2",
        "and only that is counted"
    );
    let mut db = world.service.store.read().await.unwrap();
    let other = taken[0].attempt.subscription;
    let standing = store::delivery::status(&mut db, issue_id(&id), other, alive)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        standing.lease.unwrap().0,
        alive,
        "the other is still in the other's hands"
    );
}

async fn two_workers_send_each_mail_once(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.worker.batch = 10
    })
    .await;
    let emails: Vec<String> = (0..200).map(|n| format!("ok{n}@example.org")).collect();
    world
        .readers(&emails.iter().map(String::as_str).collect::<Vec<_>>())
        .await;
    let id = world.triggered().await;
    tokio::join!(world.work(), world.work(), world.work());
    assert_eq!(world.counts(&id).await, "sent=200");
    let to: Vec<_> = world
        .smtp
        .messages()
        .into_iter()
        .flat_map(|m| m.recipients)
        .collect();
    assert_eq!(
        (to.len(), to.iter().collect::<BTreeSet<_>>().len()),
        (200, 200)
    );
}

async fn stopping_gives_back_what_is_not_in_flight(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1
    })
    .await;
    let emails: Vec<String> = (0..150).map(|n| format!("ok{n}@example.org")).collect();
    world
        .readers(&emails.iter().map(String::as_str).collect::<Vec<_>>())
        .await;
    let id = world.triggered().await;
    let running = world.start_worker(&world.service.settings);
    world.smtp.wait_for(10, Duration::from_secs(30)).await;
    running.stop().await;
    let sent = world.smtp.messages().len();
    assert!(sent < 150, "it stopped too late to show anything");
    // The clock stands still, so no lease has passed: all the rest is free already.
    assert_eq!(
        world.counts(&id).await,
        format!("queued={} sent={sent}", 150 - sent)
    );
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=150");
    assert_eq!(world.smtp.messages().len(), 150);
}
