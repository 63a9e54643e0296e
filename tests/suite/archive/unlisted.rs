//! Issues that the archive does not list: errata, and issues that were stopped.

use jiff::{SignedDuration, ToSpan};
use serde_json::{Value, json};
use xabar::store;

use super::{open, set};
use crate::issues::corrections::{correct, subjects};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    an_erratum_is_listed_nowhere,
    the_page_of_a_stopped_issue_stays_for_those_who_have_got_it,
);

/// The places that lead everybody to an issue which says this.
async fn places_with(world: &World, subject: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for place in [
        "/archive/asie-centrale",
        "/archive/asie-centrale/feed.xml",
        "/sitemap.xml",
        "/search?q=sommet",
    ] {
        let (status, page) = open(world, place).await;
        assert_eq!(status, 200, "{place}");
        // The sitemap has addresses alone.
        if page.contains(subject) || page.contains(&format!("{}<", subject.to_lowercase())) {
            found.push(place);
        }
    }
    found
}

async fn an_erratum_is_listed_nowhere(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["ok@example.org", "defer2@example.org"])
        .await;
    set(&world, "asie-centrale", json!({ "welcome_issue": true })).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.act(&id, "pause").await.0, 200);
    assert_eq!(correct(&world, &id, "Corrigé").await.0, 200);
    assert_eq!(world.act(&id, "resume").await.0, 200);
    for _ in 0..4 {
        world.pass(30);
        world.work().await;
    }
    let (_, erratum) = world.act(&id, "erratum").await;
    let erratum = erratum["id"].as_str().unwrap();
    let request = world.patch(&format!("/api/v1/issues/{erratum}"));
    let patch = json!({ "subject": "Pardon", "intro": "Le sommet est mardi." });
    assert_eq!(request.json(&patch).send().await.unwrap().status(), 200);
    let before = world.issue(&id).await["scheduled_at"].clone();
    assert_eq!(before, Value::Null, "no hour is usual yet");
    let request = world.post(&format!("/api/v1/issues/{erratum}/send"));
    let at = json!({ "at": "2026-11-23T17:30" });
    assert_eq!(request.json(&at).send().await.unwrap().status(), 202);
    world.clock.advance(SignedDuration::from_hours(10));
    world.work().await;
    assert_eq!(subjects(&world, "ok@example.org"), ["Sommet", "Pardon"]);
    // Its page is for those who follow the link of its mail.
    let slug = world.issue(erratum).await["slug"]
        .as_str()
        .unwrap()
        .to_owned();
    let (status, page) = open(&world, &format!("/archive/asie-centrale/{slug}")).await;
    assert_eq!(status, 200);
    assert!(page.contains("content=\"noindex\""), "{page}");
    assert!(places_with(&world, "Pardon").await.is_empty());
    let (_, sitemap) = open(&world, "/sitemap.xml").await;
    assert!(!sitemap.contains(&slug), "{sitemap}");
    // The issue that it corrects has the right text, and leads to no other.
    let corrected = world.issue(&id).await["slug"].as_str().unwrap().to_owned();
    let (_, page) = open(&world, &format!("/archive/asie-centrale/{corrected}")).await;
    assert!(
        page.contains("<h1>Corrigé</h1>") && !page.contains("Pardon"),
        "{page}"
    );
    // Nor is it the latest issue of a new reader, a part of the month, or an hour that is usual.
    world.join("neu@example.org").await;
    let welcome = world.mails_to("neu@example.org").remove(1);
    assert!(
        welcome.text.contains("Tachkent") && !welcome.text.contains("mardi"),
        "{}",
        welcome.text
    );
    let mut db = world.service.store.read().await.unwrap();
    let newsletter = store::newsletter::list(&mut db).await.unwrap().remove(0);
    let now = world.clock.now();
    let month = (now - 720.hours(), now);
    let of_month = store::issue::of_span(&mut db, newsletter.id, month)
        .await
        .unwrap();
    drop(db);
    assert_eq!(of_month.len(), 1);
    let next = world.draft("Suite").await;
    let plan = world.get(&format!("/api/v1/issues/{next}/audience"));
    let plan: Value = plan.send().await.unwrap().json().await.unwrap();
    assert_eq!(plan["usual_slot"], Value::Null, "{plan}");
}

async fn the_page_of_a_stopped_issue_stays_for_those_who_have_got_it(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["ok@example.org", "defer2@example.org"])
        .await;
    let id = world.draft("Sommet").await;
    let path = format!(
        "/archive/asie-centrale/{}",
        world.issue(&id).await["slug"].as_str().unwrap()
    );
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(places_with(&world, "Sommet").await.len(), 4);
    assert_eq!(world.act(&id, "cancel").await.0, 200);
    assert_eq!(world.counts(&id).await, "sent=1 skipped=1");
    let (status, page) = open(&world, &path).await;
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains("content=\"noindex\"") && page.contains("Tachkent"),
        "{page}"
    );
    assert_eq!(places_with(&world, "Sommet").await, Vec::<&str>::new());
    // Where nobody has got it there is nothing to read.
    let other = world.draft("Suite").await;
    let path = format!(
        "/archive/asie-centrale/{}",
        world.issue(&other).await["slug"].as_str().unwrap()
    );
    assert_eq!(world.act(&other, "send").await.0, 202);
    assert_eq!(open(&world, &path).await.0, 200);
    assert_eq!(world.act(&other, "cancel").await.0, 200);
    assert_eq!(open(&world, &path).await.0, 404);
    let nothing = world.http.get(world.url(&path)).send().await.unwrap();
    let kept = &nothing.headers()["cache-control"];
    assert_eq!(kept, "no-store", "it may be there a moment later");
}
