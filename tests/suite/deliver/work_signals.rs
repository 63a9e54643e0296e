//! Signals of new work: workers of the same process and of others wake up without polling.

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use xabar::heartbeat::Heartbeats;
use xabar::store::Store;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

/// Longer than any delay; nothing is found by looking in these tests.
const PATIENCE: Duration = Duration::from_secs(30);
/// Long enough for what must not come.
const SILENCE: Duration = Duration::from_millis(500);

on_both_databases!(a_worker_of_the_same_process_hears_of_new_work,);

async fn a_worker_of_the_same_process_hears_of_new_work(db: TestDb) {
    let world = World::start(&db).await;
    let mut new_work = world.service.store.new_work();
    world.sign_up("reader@example.org").await;
    assert!(
        timeout(PATIENCE, new_work.changed()).await.is_ok(),
        "a confirmation waits"
    );
    world.work().await;
    world.ensure_reader("asie-centrale").await;
    let id = world.draft("Sommet").await;
    new_work.borrow_and_update();
    assert!(
        timeout(SILENCE, new_work.changed()).await.is_err(),
        "a draft is no work"
    );
    assert_eq!(world.act(&id, "send").await.0, 202);
    assert!(
        timeout(PATIENCE, new_work.changed()).await.is_ok(),
        "an issue goes out"
    );
}

#[tokio::test]
async fn on_postgresql_a_worker_of_another_process_hears_of_new_work() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    let elsewhere = Store::open(&db.url, 4).await.unwrap();
    let mut new_work = elsewhere.new_work();
    let stop = CancellationToken::new();
    let carried = [world.service.store.clone(), elsewhere.clone()].map(|store| {
        let stop = stop.clone();
        tokio::spawn(async move {
            store
                .forward_notifications(&Heartbeats::default(), &stop)
                .await
        })
    });
    // The listener may not have been there for the first; one of the next it hears.
    let mut heard = false;
    for number in 0..30 {
        world.sign_up(&format!("reader{number}@example.org")).await;
        heard = timeout(PATIENCE / 30, new_work.changed()).await.is_ok();
        if heard {
            break;
        }
    }
    assert!(heard, "30 sign-ups went unheard");
    stop.cancel();
    for carrier in carried {
        carrier.await.unwrap();
    }
}
