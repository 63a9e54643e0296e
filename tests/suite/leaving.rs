//! Leaving one newsletter or all of them, and taking it back.

use reqwest::Response;
use serde_json::json;
use xabar::accounts;
use xabar::domain::{Purpose, Role};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    all_newsletters_are_left_by_one_button_and_come_back_by_another,
    who_unticks_all_newsletters_has_a_way_back,
    a_forwarded_link_does_not_tell_of_private_newsletters,
    an_undo_works_for_an_hour_and_by_its_button_alone,
    an_undo_confirms_nobody_who_had_not_confirmed,
    the_page_of_an_expired_link_is_that_of_its_newsletter,
);

const EMAIL: &str = "reader@example.org";

/// Where the button of the page posts that takes it back, if there is one.
async fn undo(page: Response) -> Option<String> {
    let page = page.text().await.unwrap();
    let path = page.split('"').find(|part| part.starts_with("/undo/"));
    path.map(str::to_owned)
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
    world.pass(61);
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
    let undo = undo(left).await.expect("a way back");
    assert_eq!(world.submit(&undo, &[]).await.status(), 200);
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
