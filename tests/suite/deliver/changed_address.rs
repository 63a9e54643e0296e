//! A reader who changes their address while a worker has claimed their delivery.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use xabar::store::subscriber::address_change;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(a_claimed_delivery_follows_its_reader);

async fn a_claimed_delivery_follows_its_reader(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1;
    })
    .await;
    let (old, new) = ("old@example.org", "new@example.com");
    world.readers(&["slow@example.org", old]).await;
    let id = world.triggered().await;
    let running = world.start_worker(&world.service.settings);
    let leased = "SELECT COUNT(*) FROM delivery_range WHERE lease_id IS NOT NULL";
    let claimed = async {
        while db.number(leased).await == 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let claimed = timeout(Duration::from_secs(60), claimed).await;
    claimed.expect("a worker claims both");
    let person = world.subscription(old).await.unwrap().subscriber;
    let (address, now) = (new.parse().unwrap(), world.clock.now());
    let mut tx = world.service.store.write().await.unwrap();
    address_change::carry_out(&mut tx, person, &address, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    // For half a second the address counts as it was claimed.
    sleep(Duration::from_millis(600)).await;
    let both = async {
        while world.counts(&id).await != "sent=2" {
            world.smtp.accept().await;
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(60), both).await.expect("both");
    running.stop().await;
    assert!(world.mails_to(old).is_empty(), "it is no longer theirs");
    let [mail] = &world.mails_to(new)[..] else {
        panic!("one mail")
    };
    assert_eq!(mail.header("To"), Some(new));
}
