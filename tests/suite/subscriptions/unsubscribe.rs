//! Unsubscribing from one newsletter or all of them, and undoing it.

use std::collections::HashSet;

use reqwest::Response;
use serde_json::json;
use xabar::accounts;
use xabar::domain::{Purpose, Role, SubscriptionId};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

on_both_databases!(
    all_newsletters_are_left_by_one_button_and_come_back_by_another,
    who_unticks_all_newsletters_has_a_way_back,
    a_forwarded_link_does_not_tell_of_private_newsletters,
    an_undo_names_no_private_newsletter_and_brings_it_back,
    what_was_not_confirmed_again_stays_so_after_an_undo,
    an_undo_works_for_an_hour_and_by_its_button_alone,
    an_undo_confirms_nobody_who_had_not_confirmed,
    the_page_of_an_expired_link_is_that_of_its_newsletter,
);

const EMAIL: &str = "reader@example.org";

/// Where the button of the page posts that takes it back, if there is one.
async fn undo(page: Response) -> Option<String> {
    let page = page.text().await.unwrap();
    undo_in(&page).map(str::to_owned)
}

fn undo_in(page: &str) -> Option<&str> {
    page.split('"').find(|part| part.starts_with("/undo/"))
}

/// Subscribes a reader to two of three newsletters, with a pause; returns the link to the preferences.
async fn reads_two(world: &World) -> String {
    world.add_newsletters().await;
    world.join(EMAIL).await;
    let preferences = world.link(EMAIL, Purpose::Preferences).await;
    let both = [
        ("language", "fr"),
        ("letters", "asie-centrale"),
        ("letters", "zentralasien"),
        ("countries", "kz"),
        ("pause", "2"),
    ];
    assert_eq!(world.submit(&preferences, &both).await.status(), 200);
    assert_eq!(world.states(EMAIL).await, "active none active");
    preferences
}

async fn all_newsletters_are_left_by_one_button_and_come_back_by_another(db: TestDb) {
    let world = World::start(&db).await;
    reads_two(&world).await;
    let leave = world.link(EMAIL, Purpose::Unsubscribe).await;
    let left = world.submit(&leave, &[("all", "yes")]).await;
    assert_eq!(left.status(), 200);
    assert_eq!(world.states(EMAIL).await, "ended none ended");
    let undo = undo(left).await.expect("a way back");
    for _ in 0..2 {
        assert_eq!(world.submit(&undo, &[]).await.status(), 200);
        assert_eq!(world.states(EMAIL).await, "active none active");
    }
    let back = world.subscription(EMAIL).await.unwrap();
    assert_eq!(back.chosen.countries.to_string(), "kz");
    assert!(back.paused_until.is_some(), "as it was");
    let consents = world.consents(EMAIL).await;
    let last = consents.iter().rev().take(2).rev();
    assert!(
        last.eq(["withdrawn by page", "confirmed by signed_link"]),
        "{consents:?}"
    );
    // One click of a mailbox provider is about one newsletter, whatever else it says.
    let click = [("List-Unsubscribe", "One-Click"), ("all", "yes")];
    assert_eq!(world.submit(&leave, &click).await.status(), 200);
    assert_eq!(world.states(EMAIL).await, "ended none active");
}

async fn an_undo_works_for_an_hour_and_by_its_button_alone(db: TestDb) {
    let world = World::start(&db).await;
    world.join(EMAIL).await;
    let leave = world.link(EMAIL, Purpose::Unsubscribe).await;
    let back = undo(world.submit(&leave, &[]).await).await;
    let back = back.expect("a way back");
    let seen = world.http.get(world.url(&back)).send().await.unwrap();
    assert_eq!(seen.status(), 405);
    // The second of a double click is what the reader sees.
    let second = world.submit(&leave, &[]).await;
    assert_eq!(undo(second).await.as_ref(), Some(&back));
    world.pass(1);
    // An old mail that was forwarded brings nobody back.
    for page in [
        world.submit(&leave, &[]).await,
        world.http.get(&leave).send().await.unwrap(),
    ] {
        assert_eq!(undo(page).await, None);
    }
    let forged = world.link(EMAIL, Purpose::Preferences).await;
    let forged = forged.replace("/preferences/", "/undo/");
    assert_eq!(world.submit(&forged, &[]).await.status(), 404);
    world.pass(60);
    assert_eq!(world.submit(&back, &[]).await.status(), 410);
    assert_eq!(world.state(EMAIL).await, "ended");
}

async fn an_undo_confirms_nobody_who_had_not_confirmed(db: TestDb) {
    let world = World::start(&db).await;
    assert_eq!(world.sign_up(EMAIL).await.status(), 202);
    let leave = world.link(EMAIL, Purpose::Unsubscribe).await;
    assert_eq!(undo(world.submit(&leave, &[]).await).await, None);
    assert_eq!(world.state(EMAIL).await, "ended");
}

async fn who_unticks_all_newsletters_has_a_way_back(db: TestDb) {
    let world = World::start(&db).await;
    let preferences = reads_two(&world).await;
    // The form's own field tells that the newsletters were offered.
    let none = [("language", "fr"), ("letters", ""), ("countries", "kz")];
    let left = world.submit(&preferences, &none).await;
    assert_eq!(left.status(), 200);
    assert_eq!(world.states(EMAIL).await, "ended none ended");
    let page = left.text().await.unwrap();
    for title in ["Asie centrale", "Zentralasien"] {
        assert!(
            page.contains(&format!("<strong>{title}</strong>")),
            "{page}"
        );
    }
    assert!(!page.contains("toutes nos lettres"), "{page}");
    let undo = undo_in(&page).expect("a way back");
    assert_eq!(world.submit(undo, &[]).await.status(), 200);
    assert_eq!(world.states(EMAIL).await, "active none active");
    let back = world.subscription(EMAIL).await.unwrap();
    assert_eq!(back.chosen.countries.to_string(), "kz", "as it was");
}

async fn a_forwarded_link_does_not_tell_of_private_newsletters(db: TestDb) {
    let world = World::start(&db).await;
    let preferences = reads_two(&world).await;
    let token = accounts::add_token(&world.service, "owner", Role::Owner);
    let request = world
        .http
        .patch(world.url("/api/v1/newsletters/zentralasien"));
    let request = request.bearer_auth(token.await.unwrap());
    let request = request.json(&json!({ "visibility": "private" }));
    assert_eq!(request.send().await.unwrap().status(), 200);
    let leave = world.link(EMAIL, Purpose::Unsubscribe).await;
    for link in [&preferences, &leave] {
        let (status, page) = world.page(link).await;
        assert_eq!(status, 200);
        assert!(!page.contains("Zentralasien"), "{page}");
    }
    // Nor does it change them.
    let own = [
        ("language", "fr"),
        ("letters", "asie-centrale"),
        ("countries", "kz"),
    ];
    assert_eq!(world.submit(&preferences, &own).await.status(), 200);
    assert_eq!(world.states(EMAIL).await, "active none active");
    let left = world.submit(&leave, &[]).await.text().await.unwrap();
    assert!(!left.contains("Zentralasien"), "{left}");
    assert_eq!(world.states(EMAIL).await, "ended none active");
}

/// Signs up for one newsletter and confirms; returns the identifier of the subscription.
async fn joins(world: &World, email: &str, slug: &str) -> SubscriptionId {
    // Its mailbox gets one such mail in 15 minutes.
    world.pass(16);
    let body = json!({ "email": email, "newsletter": slug });
    let asked = world.post("/api/v1/subscriptions").json(&body).send();
    assert_eq!(asked.await.unwrap().status(), 202);
    world.work().await;
    let mail = world.mails_to(email).pop().expect("a mail");
    let link = link_in(&mail.text, "/confirm/");
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    let found = world.subscription_to(email, slug).await;
    found.expect("a subscription").id
}

async fn an_undo_names_no_private_newsletter_and_brings_it_back(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let token = accounts::add_token(&world.service, "owner", Role::Owner);
    let request = world
        .http
        .patch(world.url("/api/v1/newsletters/central-asia"))
        .bearer_auth(token.await.unwrap())
        .json(&json!({ "visibility": "private" }));
    assert_eq!(request.send().await.unwrap().status(), 200);
    let mut lengths = HashSet::new();
    // The private one is the newest, the oldest, or not there.
    for (n, order) in [
        &["zentralasien", "asie-centrale", "central-asia"][..],
        &["central-asia", "zentralasien", "asie-centrale"],
        &["zentralasien", "asie-centrale"],
    ]
    .into_iter()
    .enumerate()
    {
        let email = &format!("reader{n}@example.org");
        let mut own = None;
        for slug in order {
            let id = joins(&world, email, slug).await;
            own = own.or((*slug == "zentralasien").then_some(id));
        }
        let own = own.expect("one of the orders");
        let (links, now) = (&world.service.links, world.clock.now());
        let leave = links.personal(Purpose::Unsubscribe, own, now);
        let before = world.states(email).await;
        let left = world.submit(&leave, &[("all", "yes")]).await;
        assert!(!world.states(email).await.contains("active"));
        let back = undo(left).await.expect("a way back");
        lengths.insert(back.len());
        let undone = world.submit(&back, &[]).await.text().await.unwrap();
        assert_eq!(world.states(email).await, before);
        let head = undone.split("<main").next().unwrap_or_default();
        assert!(head.contains("Zentralasien"), "{head}");
        assert!(!undone.contains("Central Asia"), "{undone}");
        let (status, preferences) = world.page(&link_in(&undone, "/preferences/")).await;
        assert_eq!(status, 200);
        assert!(!preferences.contains("Central Asia"), "{preferences}");
        assert!(preferences.contains("Zentralasien"), "{preferences}");
        // Ended one by one: then that there was one more is not told by a way back.
        for slug in ["zentralasien", "asie-centrale"] {
            let one = world.subscription_to(email, slug).await.expect("one").id;
            let leave = links.personal(Purpose::Unsubscribe, one, now);
            assert_eq!(world.submit(&leave, &[]).await.status(), 200);
        }
        world.pass(1);
        let left = world.submit(&leave, &[("all", "yes")]).await;
        assert_eq!(undo(left).await, None);
    }
    assert_eq!(lengths.len(), 1, "the length of a link tells nothing");
}

async fn what_was_not_confirmed_again_stays_so_after_an_undo(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    joins(&world, EMAIL, "asie-centrale").await;
    let other = joins(&world, EMAIL, "zentralasien").await;
    let (links, now) = (&world.service.links, world.clock.now());
    let leave_other = links.personal(Purpose::Unsubscribe, other, now);
    assert_eq!(world.submit(&leave_other, &[]).await.status(), 200);
    // Somebody signs the reader up again.
    world.pass(60);
    let body = json!({ "email": EMAIL, "newsletter": "zentralasien" });
    let asked = world.post("/api/v1/subscriptions").json(&body).send();
    assert_eq!(asked.await.unwrap().status(), 202);
    assert_eq!(world.states(EMAIL).await, "active none pending");
    let leave = world.link(EMAIL, Purpose::Unsubscribe).await;
    let back = undo(world.submit(&leave, &[("all", "yes")]).await).await;
    let back = back.expect("a way back");
    assert_eq!(world.states(EMAIL).await, "ended none ended");
    assert_eq!(world.submit(&back, &[]).await.status(), 200);
    assert_eq!(world.states(EMAIL).await, "active none ended");
}

async fn the_page_of_an_expired_link_is_that_of_its_newsletter(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let body = serde_json::json!({ "email": EMAIL, "newsletter": "zentralasien" });
    let asked = world.post("/api/v1/subscriptions").json(&body).send();
    assert_eq!(asked.await.unwrap().status(), 202);
    let pending = world.subscription_to(EMAIL, "zentralasien").await.unwrap();
    let (links, now) = (&world.service.links, world.clock.now());
    let confirm = links.personal(Purpose::Confirm, pending.id, now);
    world.pass(8 * 24 * 60);
    let (status, page) = world.page(&confirm).await;
    assert_eq!(status, 410);
    assert!(page.contains("newsletter=zentralasien"), "{page}");
}
