//! Limits on sign-ins: strangers who try do not lock out the owner of an account.

use std::net::IpAddr;

use xabar::accounts::link;
use xabar::accounts::sign_in::{self, SignIn, SignInOrigin};
use xabar::domain::Role;

use super::{PASSWORD, account};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const ANNA: &str = "anna@desk.example";
const STRANGER: &str = "198.51.100.7";
const HOME: &str = "203.0.113.4";

fn at(ip: &str) -> SignInOrigin {
    SignInOrigin {
        ip: Some(ip.parse::<IpAddr>().unwrap()),
        ..SignInOrigin::default()
    }
}

async fn sign_in(world: &World, password: &str, from: &SignInOrigin) -> SignIn {
    let tried = sign_in::with_password(&world.service, ANNA, password, from);
    tried.await.unwrap()
}

async fn is_limited(world: &World, password: &str, from: &SignInOrigin) -> bool {
    matches!(sign_in(world, password, from).await, SignIn::Limited(_))
}

on_both_databases!(
    one_network_locks_nobody_out_elsewhere,
    a_known_browser_passes_the_limit_of_the_account,
    many_networks_fill_neither_mailbox_nor_log,
);

async fn one_network_locks_nobody_out_elsewhere(db: TestDb) {
    let world = World::start(&db).await;
    account(&world, "Anna", Role::Owner).await;
    let stranger = at(STRANGER);
    for n in 0..130 {
        let limited = is_limited(&world, "not the password", &stranger).await;
        assert_eq!(limited, n >= 5, "{n}");
        let asked = link::ask_reset(&world.service, ANNA, &stranger).await;
        assert_eq!(asked.unwrap().is_some(), n >= 5, "{n}");
    }
    let here = sign_in(&world, PASSWORD, &at(HOME)).await;
    assert!(matches!(here, SignIn::Done(..)), "{here:?}");
    let reset = link::ask_reset(&world.service, ANNA, &at(HOME)).await;
    assert!(reset.unwrap().is_none());
}

async fn a_known_browser_passes_the_limit_of_the_account(db: TestDb) {
    let world = World::start(&db).await;
    account(&world, "Anna", Role::Owner).await;
    let SignIn::Done(cookies, _) = sign_in(&world, PASSWORD, &at(HOME)).await else {
        panic!("she signs in");
    };
    let known = |ip| SignInOrigin {
        known: Some(cookies.browser.clone()),
        ..at(ip)
    };
    let made_up = SignInOrigin {
        known: Some("A".repeat(43)),
        ..at(HOME)
    };
    // As strangers in many networks leave the counters.
    sign_in(&world, "not the password", &at(STRANGER)).await;
    link::ask_reset(&world.service, ANNA, &at(STRANGER))
        .await
        .unwrap();
    let full = "UPDATE rate_counter SET hits = 100 WHERE window_seconds = 86400 AND hits < 100";
    db.execute(full).await.unwrap();
    db.execute("DELETE FROM rate_counter WHERE window_seconds < 86400")
        .await
        .unwrap();
    for unknown in [at("192.0.2.1"), made_up] {
        assert!(is_limited(&world, PASSWORD, &unknown).await);
        let asked = link::ask_reset(&world.service, ANNA, &unknown).await;
        assert!(asked.unwrap().is_some());
    }
    // Its network has limits all the same.
    assert!(is_limited(&world, PASSWORD, &known(STRANGER)).await);
    let elsewhere = known("192.0.2.1");
    let reset = link::ask_reset(&world.service, ANNA, &elsewhere).await;
    assert!(reset.unwrap().is_none());
    let done = sign_in(&world, PASSWORD, &elsewhere).await;
    assert!(matches!(done, SignIn::Done(..)), "{done:?}");
}

async fn many_networks_fill_neither_mailbox_nor_log(db: TestDb) {
    let world = World::start(&db).await;
    account(&world, "Anna", Role::Owner).await;
    for n in 0..12 {
        let from = at(&format!("192.0.2.{n}"));
        let asked = link::ask_reset(&world.service, ANNA, &from).await;
        assert!(asked.unwrap().is_none(), "the answer is the same");
        let nobody = format!("nobody{n}@desk.example");
        let tried = sign_in::with_password(&world.service, &nobody, "guess", &from).await;
        assert!(matches!(tried.unwrap(), SignIn::Wrong));
    }
    world.work().await;
    assert_eq!(world.mails_to(ANNA).len(), 3);
    let failed = "SELECT COUNT(*) FROM audit_event WHERE action = 'sign-in-failed'";
    assert_eq!(db.number(failed).await, 2, "the first and the tenth");
    // Each try on an account is in the log.
    for n in 0..3 {
        sign_in(&world, "guess", &at(&format!("192.0.2.{n}"))).await;
    }
    assert_eq!(db.number(failed).await, 5);
}
