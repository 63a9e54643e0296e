//! A clock that was days ahead and is set back: retries do not wait for its time.

use jiff::SignedDuration;
use xabar::domain::LeaseId;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(nothing_waits_for_the_time_of_a_clock_that_was_ahead);

async fn nothing_waits_for_the_time_of_a_clock_that_was_ahead(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["ok1@example.org", "defer@example.org", "ok2@example.org"])
        .await;
    let days = SignedDuration::from_hours(3 * 24);
    world.clock.advance(days);
    let begun = world.triggered().await;
    let dead = LeaseId(world.clock.new_uuid());
    assert_eq!(world.claim(&begun, dead, 1).await.len(), 1);
    world.work().await;
    assert_eq!(world.counts(&begun).await, "queued=1 sent=1 deferred=1");
    let untried = world.triggered().await;

    world.clock.advance(-days);
    world.work().await;
    assert_eq!(world.counts(&untried).await, "sent=3", "at once");
    assert_eq!(world.counts(&begun).await, "queued=1 sent=1 deferred=1");
    world.pass(2);
    world.work().await;
    assert_eq!(world.counts(&begun).await, "sent=3", "after a lease");
}
