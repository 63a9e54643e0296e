//! Findings of checks that ask other machines (dead links) are remembered; and which issue a new one begins with.

use fantoccini::key::Key;
use serde_json::{Value, json};
use xabar::domain::{Language, Role};

use super::sending::{browser_of, editor};
use super::{click, expect, inspect, open, type_into, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::Viewport;
use crate::support::dns::DnsServer;
use crate::support::sites::Site;
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    a_dead_link_is_remembered_while_somebody_types_and_may_be_sent,
    a_new_issue_begins_with_the_one_that_was_chosen,
);

async fn a_dead_link_is_remembered_while_somebody_types_and_may_be_sent(db: TestDb) {
    let dns = DnsServer::start().await;
    let site = Site::listen("127.0.0.2:0", Vec::new()).await;
    dns.host("site.magazine.net", &["127.0.0.2"]);
    let world = World::with(&db, Options::default(), |settings| {
        settings.signup.dns_servers = vec![dns.address];
        settings.fetch.seconds = 4;
        settings.fetch.allow = vec!["127.0.0.2/32".parse().unwrap()];
    })
    .await;
    let anna = editor(&world, "Anna").await;
    world.readers(&["ok@example.org"]).await;
    let port = site.address.port();
    let items = [
        "http://lundi.magazine.net/a".to_owned(),
        format!("http://site.magazine.net:{port}/hangs"),
    ];
    let items = items.map(|url| json!({ "title": "Bichkek en fleurs", "url": url }));
    let body = json!({ "newsletter": "asie-centrale", "subject": "Sommet", "preheader": "Bref",
        "parts": [{ "kind": "articles", "items": items }] });
    let answer = world.post("/api/v1/issues").json(&body).send().await;
    let issue: Value = answer.unwrap().json().await.unwrap();
    let id = issue["id"].as_str().unwrap();
    let browser = browser_of(&world, &anna, Viewport::DESKTOP).await;
    open(&browser, &world, &format!("/desk/issues/{id}/write")).await;
    click(&browser, "#checks .checks-ask button").await;
    // The answer comes while somebody types, and after the panel has renewed itself.
    type_into(&browser, "#preheader-text", "Un").await;
    until_said(&browser, "#checks", "lundi.magazine.net/a does not work").await;
    until_said(&browser, "#check-count", "1 to mend before sending").await;
    type_into(&browser, "#preheader-text", "Le sommet de lundi").await;
    until_said(&browser, "#inbox", "Le sommet de lundi").await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    until_said(&browser, "#check-count", "1 to mend before sending").await;
    // A page that is not there yet is known, and keeps nothing back.
    open(&browser, &world, &format!("/desk/issues/{id}/send")).await;
    until_said(&browser, ".findings", "tick it on the page of sending").await;
    click(&browser, "input[name=seen]").await;
    inspect(&browser, &world, "send-with-a-dead-link").await;
    click(&browser, ".send-form button").await;
    expect(&browser, ".countdown").await;
    assert_eq!(world.issue(id).await["status"], "scheduled");
}

async fn a_new_issue_begins_with_the_one_that_was_chosen(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    world.draft("Premier").await;
    world.draft("Second").await;
    let browser = browser_of(&world, &anna, Viewport::DESKTOP).await;
    open(&browser, &world, "/desk/issues/new").await;
    until_said(&browser, "#earlier", "Premier · Monday, 23 November 2026").await;
    inspect(&browser, &world, "new").await;
    let list = expect(&browser, "#earlier").await;
    list.send_keys(&Key::Down.to_string()).await.unwrap();
    click(&browser, "form.card button[type=submit]").await;
    let subject = expect(&browser, "#subject-text").await;
    assert_eq!(subject.prop("value").await.unwrap().unwrap(), "Premier");
}
