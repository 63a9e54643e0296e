//! Group commit: sign-ups that arrive at once share a transaction, and each is treated as if it came alone.

use futures_util::future::join_all;
use xabar::domain::{EmailAddress, SubscriptionState, SuppressionReason};
use xabar::store;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

async fn pending(world: &World) -> i64 {
    let mut db = world.service.store.read().await.unwrap();
    let newsletter = store::newsletter::list(&mut db).await.unwrap().remove(0);
    store::subscription::count(&mut db, newsletter.id, SubscriptionState::Pending)
        .await
        .unwrap()
}

async fn suppress(world: &World, email: &str) {
    let address = EmailAddress::parse(email).unwrap();
    let hash = world.service.links.address_hash(&address);
    let mut tx = world.service.store.write().await.unwrap();
    store::consent::suppression::insert(
        &mut tx,
        &hash,
        SuppressionReason::Complained,
        world.clock.now(),
        None,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

on_both_databases!(
    each_is_treated_as_if_it_came_alone,
    each_counts_against_the_limit,
);

async fn each_is_treated_as_if_it_came_alone(db: TestDb) {
    let world = World::start(&db).await;
    world.join("active@example.org").await;
    assert_eq!(world.sign_up("pending@example.org").await.status(), 202);
    suppress(&world, "suppressed@example.org").await;
    world.work().await;
    let before = world.mails_to("active@example.org").len();

    let mut addresses: Vec<String> = (0..60).map(|n| format!("new{n}@example.org")).collect();
    // The same mailbox several times, in two spellings.
    addresses.extend((0..60).map(|n| format!("NEW{}@Example.org", n % 20)));
    for known in ["active", "pending", "suppressed"] {
        addresses.extend(vec![format!("{known}@example.org"); 5]);
    }
    for answer in join_all(addresses.iter().map(|a| world.sign_up(a))).await {
        assert_eq!(answer.status(), 202);
    }
    world.work().await;

    assert_eq!(pending(&world).await, 61);
    let confirmations: usize = (0..60)
        .map(|n| {
            let lower = world.mails_to(&format!("new{n}@example.org")).len();
            lower + world.mails_to(&format!("NEW{n}@example.org")).len()
        })
        .sum();
    assert_eq!(confirmations, 60);
    assert_eq!(world.mails_to("pending@example.org").len(), 1);
    assert_eq!(world.mails_to("suppressed@example.org").len(), 0);
    assert_eq!(world.mails_to("active@example.org").len(), before + 1);
}

async fn each_counts_against_the_limit(db: TestDb) {
    let limited = |settings: &mut xabar::config::Settings| {
        settings.signup.per_ip_per_hour = 10;
        settings.signup.per_ip_per_10_minutes = 5;
    };
    let world = World::with(&db, Options::default(), limited).await;
    let addresses: Vec<String> = (0..5).map(|n| format!("new{n}@example.org")).collect();
    for answer in join_all(addresses.iter().map(|a| world.sign_up(a))).await {
        assert_eq!(answer.status(), 202);
    }
    assert_eq!(world.sign_up("sixth@example.org").await.status(), 429);
}
