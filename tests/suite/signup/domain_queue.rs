//! The queue of a domain's confirmation mails tells nobody who of that domain is a reader.

use xabar::domain::{EmailAddress, Purpose, SuppressionReason};
use xabar::store::consent::suppression;

use crate::signup::proof_of_work::world;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

const DAY: i64 = 24 * 60;

on_both_databases!(
    every_sign_up_takes_its_place_whatever_is_known,
    a_strangers_mail_comes_at_the_same_hour_whatever_is_known,
);

/// Whether the form takes this sign-up in at once, without work.
async fn is_taken_in(world: &World, email: &str) -> bool {
    let fields = [("email", email), ("lang", "en"), ("consent", "yes")];
    let answer = world.submit("/subscribe", &fields).await;
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap().contains("Check your inbox")
}

async fn leave(world: &World, email: &str) {
    let leave = world.link(email, Purpose::Unsubscribe).await;
    assert_eq!(world.submit(&leave, &[]).await.status(), 200);
}

/// One person of each kind, each at a domain of its own.
async fn people(world: &World) -> Vec<String> {
    let kinds = [
        "reader",
        "reminded",
        "left",
        "pending",
        "capped",
        "declined",
        "complained",
        "new",
    ];
    let email = |kind: &str| format!("x@{kind}.example");
    for kind in ["reader", "reminded", "left"] {
        world.join(&email(kind)).await;
    }
    leave(world, &email("left")).await;
    for kind in ["pending", "declined"] {
        world.sign_up(&email(kind)).await;
    }
    world.work().await;
    let mail = world.mails_to(&email("declined")).pop().unwrap();
    let decline = format!("{}/decline", link_in(&mail.text, "/confirm/"));
    assert_eq!(world.submit(&decline, &[]).await.status(), 200);
    let address: EmailAddress = email("complained").parse().unwrap();
    let hash = world.service.links.address_hash(&address);
    let mut tx = world.service.store.write().await.unwrap();
    let (reason, now) = (SuppressionReason::Complained, world.clock.now());
    suppression::insert(&mut tx, &hash, reason, now, None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    world.pass(3 * DAY);
    for kind in ["capped", "capped", "capped", "reminded"] {
        world.sign_up(&email(kind)).await;
        world.work().await;
        world.pass(16);
    }
    world.pass(120);
    kinds.iter().map(|kind| email(kind)).collect()
}

async fn every_sign_up_takes_its_place_whatever_is_known(db: TestDb) {
    let world = world(&db, |limits| limits.mails_per_domain_per_hour = 5).await;
    for email in people(&world).await {
        let (_, domain) = email.split_once('@').unwrap();
        for _ in 0..2 {
            assert!(is_taken_in(&world, &email).await, "{email}");
        }
        let mut fillers = 0;
        while is_taken_in(&world, &format!("filler{fillers}@{domain}")).await {
            fillers += 1;
        }
        assert_eq!(fillers, 3, "{email}");
    }
}

async fn a_strangers_mail_comes_at_the_same_hour_whatever_is_known(db: TestDb) {
    let world = world(&db, |limits| limits.mails_per_domain_per_hour = 3).await;
    for email in people(&world).await {
        let (_, domain) = email.split_once('@').unwrap();
        world.sign_up(&email).await;
        for n in 0..3 {
            world.sign_up(&format!("stranger{n}@{domain}")).await;
        }
        world.work().await;
        let came = |n: usize| world.caught_for(&format!("stranger{n}@{domain}")).len();
        assert_eq!([came(0), came(1), came(2)], [1, 1, 0], "{email}");
    }
}
