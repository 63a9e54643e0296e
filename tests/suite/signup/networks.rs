//! Limits by network: whose network a sign-up counts for, and which callers are trusted.

use jiff::SignedDuration;
use serde_json::{Value, json};
use xabar::accounts::token::{self, NewToken};
use xabar::config::Settings;
use xabar::domain::{Actor, Role, Slug};
use xabar::store;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

/// With room for so many sign-ups of a network in ten minutes.
async fn world(db: &TestDb, room: i64, adapt: impl FnOnce(&mut Settings)) -> World {
    World::with(db, Options::default(), |settings| {
        settings.signup.per_ip_per_10_minutes = room;
        settings.signup.per_ip_per_hour = 100;
        adapt(settings);
    })
    .await
}

async fn call(world: &World, headers: &[(&str, &str)], body: Value) -> u16 {
    let mut call = world.http.post(world.url("/api/v1/subscriptions"));
    for (name, value) in headers {
        call = call.header(*name, *value);
    }
    call.json(&body).send().await.unwrap().status().as_u16()
}

on_both_databases!(
    wrong_proofs_use_up_the_room_of_their_network,
    a_token_vouches_for_its_own_newsletters,
    contradicting_headers_make_nobody_trusted,
);

async fn wrong_proofs_use_up_the_room_of_their_network(db: TestDb) {
    let world = world(&db, 4, |_| {}).await;
    let wrong = json!({ "email": "a@example.org", "altcha": "x" });
    for _ in 0..2 {
        assert_eq!(call(&world, &[], wrong.clone()).await, 422);
    }
    let form = [
        ("email", "a@example.org"),
        ("consent", "yes"),
        ("altcha", "x"),
    ];
    // A form is accepted without its proof, and counts besides.
    assert_eq!(world.submit("/subscribe", &form).await.status(), 200);
    assert_eq!(call(&world, &[], wrong.clone()).await, 429);
    assert_eq!(world.submit("/subscribe", &form).await.status(), 429);
    world.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(call(&world, &[], wrong).await, 422);
}

async fn a_token_vouches_for_its_own_newsletters(db: TestDb) {
    let world = world(&db, 1, |_| {}).await;
    world.add_newsletters().await;
    let slug = Slug::parse("central-asia").unwrap();
    let mut read = world.service.store.read().await.unwrap();
    let own = store::newsletter::by_slug(&mut read, &slug).await.unwrap();
    drop(read);
    let new = NewToken {
        name: "site".to_owned(),
        role: Role::Editor,
        newsletters: Some(vec![own.unwrap().id]),
        editor: None,
        lasts: None,
    };
    let by = &Actor::CommandLine;
    let token = token::add(&world.service, new, by).await.unwrap();
    let bearer = format!("Bearer {token}");
    let authorized = [("authorization", bearer.as_str())];
    let to = |n: u32, slugs: &[&str]| json!({ "email": format!("a{n}@example.org"), "newsletters": slugs });
    for (n, slugs, status) in [
        (1, &["central-asia"][..], 202),
        (2, &["central-asia"], 202),
        (3, &["asie-centrale"], 202),
        (4, &["asie-centrale"], 429),
        (5, &["central-asia", "asie-centrale"], 429),
        (6, &["central-asia"], 202),
    ] {
        let answered = call(&world, &authorized, to(n, slugs)).await;
        assert_eq!(answered, status, "{n}");
    }
    let all = format!("Bearer {}", world.token);
    let authorized = [("authorization", all.as_str())];
    let both = to(7, &["central-asia", "asie-centrale"]);
    assert_eq!(call(&world, &authorized, both).await, 202);
}

async fn contradicting_headers_make_nobody_trusted(db: TestDb) {
    let world = world(&db, 1, |settings| {
        let here = "127.0.0.0/8".parse().unwrap();
        settings.http.trusted_proxies = vec![here];
        // The website of the newsletter, on the same machine as the proxy.
        settings.signup.trusted_networks = vec![here];
    })
    .await;
    let email = |n: u32| json!({ "email": format!("a{n}@example.org") });
    for n in 0..3 {
        assert_eq!(call(&world, &[], email(n)).await, 202);
    }
    for (n, status) in [(4, 202), (5, 429), (6, 429)] {
        let claimed = format!("198.51.100.{n}");
        let headers = [
            ("x-forwarded-for", claimed.as_str()),
            ("forwarded", "for=203.0.113.7"),
        ];
        assert_eq!(call(&world, &headers, email(n)).await, status, "{n}");
    }
    let named = [("forwarded", "for=203.0.113.7")];
    assert_eq!(call(&world, &named, email(7)).await, 202);
}
