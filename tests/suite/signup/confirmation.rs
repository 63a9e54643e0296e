//! Confirmation links: which link confirms which request, and which wording is recorded.

use serde_json::json;
use xabar::accounts;
use xabar::domain::{ConsentKind, Role};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

const EMAIL: &str = "reader@example.org";

/// The links of all confirmation mails, the oldest first.
fn links(world: &World) -> Vec<String> {
    let mails = world.mails_to(EMAIL);
    let links = mails.iter().filter(|mail| mail.text.contains("/confirm/"));
    links.map(|mail| link_in(&mail.text, "/confirm/")).collect()
}

async fn press(world: &World, url: &str) -> (u16, String) {
    let answer = world.submit(url, &[]).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn ask(world: &World, newsletters: &[&str], language: &str) {
    let body = json!({ "email": EMAIL, "newsletters": newsletters, "language": language });
    let call = world.http.post(world.url("/api/v1/subscriptions"));
    assert_eq!(call.json(&body).send().await.unwrap().status(), 202);
}

/// The wordings of the events of one kind, and their languages.
async fn wordings(world: &World, kind: ConsentKind) -> Vec<(String, String)> {
    let subscription = world.subscription(EMAIL).await.unwrap();
    let events = world.proof(&subscription).await.into_iter();
    let events = events.filter(|event| event.kind == kind);
    events
        .map(|event| (event.wording, event.language.to_string()))
        .collect()
}

on_both_databases!(
    only_the_link_of_the_last_mail_confirms,
    a_link_works_until_the_next_mail_has_gone_out,
    this_was_not_me_is_said_by_any_of_the_links,
    this_was_not_me_is_taken_back_within_an_hour,
    a_later_mail_replaces_what_it_is_about_and_nothing_else,
    the_wording_is_the_one_that_was_agreed_to,
    the_wording_is_that_of_the_request_whose_link_is_pressed,
    the_wording_of_a_tick_is_kept,
);

async fn only_the_link_of_the_last_mail_confirms(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up(EMAIL).await;
    world.work().await;
    world.pass(16);
    world.sign_up(EMAIL).await;
    world.work().await;
    let [first, second] = links(&world).try_into().unwrap();
    for answer in [world.page(&first).await, press(&world, &first).await] {
        assert_eq!(answer.0, 410);
        assert!(
            answer.1.contains("plus récent") && answer.1.contains("/decline\""),
            "{}",
            answer.1
        );
    }
    assert_eq!(world.state(EMAIL).await, "pending");
    assert_eq!(press(&world, &second).await.0, 200);
    assert_eq!(world.state(EMAIL).await, "active");
    // Afterwards both show what is.
    for link in [&first, &second] {
        assert_eq!(press(&world, link).await.0, 200);
    }
    assert_eq!(
        world.consents(EMAIL).await,
        ["requested by api", "requested by api", "confirmed by page"]
    );
    world.work().await;
    assert_eq!(world.mails_to(EMAIL).len(), 3, "one welcome");
}

async fn a_link_works_until_the_next_mail_has_gone_out(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up(EMAIL).await;
    world.work().await;
    // Somebody else asks; that mail has to wait for its quarter of an hour.
    world.pass(1);
    world.sign_up(EMAIL).await;
    world.work().await;
    let [link] = links(&world).try_into().unwrap();
    assert_eq!(world.page(&link).await.0, 200);
    // Its time has come, and the relay has not had it.
    world.pass(20);
    assert_eq!(press(&world, &link).await.0, 200);
    assert_eq!(world.state(EMAIL).await, "active");
    world.work().await;
    assert_eq!(links(&world).len(), 1, "it is not wanted any more");
}

async fn this_was_not_me_is_said_by_any_of_the_links(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up(EMAIL).await;
    world.work().await;
    world.pass(16);
    world.sign_up(EMAIL).await;
    world.work().await;
    let [first, second] = links(&world).try_into().unwrap();
    assert_eq!(press(&world, &format!("{first}/decline")).await.0, 200);
    assert_eq!(world.state(EMAIL).await, "none");
    assert_eq!(press(&world, &second).await.0, 410);
}

/// The value of a field of a page.
fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let before = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.split_once(&before).unwrap();
    rest.split_once('"').unwrap().0
}

async fn this_was_not_me_is_taken_back_within_an_hour(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up(EMAIL).await;
    world.work().await;
    let first = links(&world).remove(0);
    let (_, page) = press(&world, &format!("{first}/decline")).await;
    let (of, stamp) = (value(&page, "of"), value(&page, "stamp"));
    let undo = async |stamp: &str, newsletter: &str| {
        let form = [("of", of), ("stamp", stamp), ("newsletter", newsletter)];
        world.submit("/declined/undo", &form).await
    };
    world.pass(20);
    world.sign_up(EMAIL).await;
    world.work().await;
    assert_eq!(links(&world).len(), 1, "nothing is sent");
    assert_eq!(undo("made-up", "").await.status(), 404);
    for to in ["asie-centrale", "//elsewhere.example"] {
        let taken_back = undo(stamp, to).await;
        assert_eq!(taken_back.status(), 303);
        let form = taken_back.headers()["location"].to_str().unwrap();
        let fits = ["/subscribe", "/subscribe?newsletter=asie-centrale"].contains(&form);
        assert!(fits, "{form}");
    }
    let names = ["of", "stamp", "newsletter", "lang"];
    let whole = names.map(|name| (name, value(&page, name)));
    let taken_back = world.submit("/declined/undo", &whole).await;
    let form = taken_back.headers()["location"].to_str().unwrap();
    assert_eq!(form, "/subscribe?newsletter=asie-centrale&lang=fr");
    world.pass(20);
    world.sign_up(EMAIL).await;
    world.work().await;
    let second = links(&world).remove(1);
    assert_eq!(press(&world, &second).await.0, 200);
    assert_eq!(world.state(EMAIL).await, "active");
    world.pass(60);
    assert_eq!(undo(stamp, "asie-centrale").await.status(), 410);
}

async fn a_later_mail_replaces_what_it_is_about_and_nothing_else(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    ask(&world, &["asie-centrale", "zentralasien"], "fr").await;
    world.work().await;
    world.pass(16);
    ask(&world, &["asie-centrale"], "fr").await;
    world.work().await;
    let [first, second] = links(&world).try_into().unwrap();
    assert_eq!(press(&world, &first).await.0, 200);
    assert_eq!(world.states(EMAIL).await, "pending none active");
    assert_eq!(press(&world, &second).await.0, 200);
    assert_eq!(world.states(EMAIL).await, "active none active");
}

async fn the_wording_is_the_one_that_was_agreed_to(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up(EMAIL).await;
    world.work().await;
    let owner = accounts::add_token(&world.service, "owner", Role::Owner);
    let url = world.url("/api/v1/newsletters/asie-centrale");
    let call = world.http.patch(url).bearer_auth(owner.await.unwrap());
    let renamed = call
        .json(&json!({ "title": "Nouvelles" }))
        .send()
        .await
        .unwrap();
    assert_eq!(renamed.status(), 200);
    let [link] = links(&world).try_into().unwrap();
    assert_eq!(press(&world, &link).await.0, 200);
    let agreed = wordings(&world, ConsentKind::Requested).await;
    assert!(agreed[0].0.contains("Asie centrale"), "{agreed:?}");
    assert_eq!(wordings(&world, ConsentKind::Confirmed).await, agreed);
}

async fn the_wording_is_that_of_the_request_whose_link_is_pressed(db: TestDb) {
    let world = World::start(&db).await;
    ask(&world, &["asie-centrale"], "fr").await;
    world.work().await;
    world.pass(1);
    // Somebody else asks in another language, and no mail has come of it.
    ask(&world, &["asie-centrale"], "de").await;
    world.work().await;
    let [link] = links(&world).try_into().unwrap();
    assert_eq!(press(&world, &link).await.0, 200);
    let asked = wordings(&world, ConsentKind::Requested).await;
    assert_eq!((asked[0].1.as_str(), asked[1].1.as_str()), ("fr", "de"));
    assert_eq!(wordings(&world, ConsentKind::Confirmed).await, asked[..1]);
}

async fn the_wording_of_a_tick_is_kept(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let fields = [
        ("email", EMAIL),
        ("form", "asie-centrale"),
        ("lang", "fr"),
        ("consent", "ticked"),
        ("newsletter", "asie-centrale"),
        ("newsletter", "zentralasien"),
    ];
    assert_eq!(world.submit("/subscribe", &fields).await.status(), 200);
    world.work().await;
    let [link] = links(&world).try_into().unwrap();
    assert_eq!(press(&world, &link).await.0, 200);
    let agreed = wordings(&world, ConsentKind::Requested).await;
    assert!(agreed[0].0.starts_with("☑ Asie centrale"), "{agreed:?}");
    assert_eq!(wordings(&world, ConsentKind::Confirmed).await, agreed);
}
