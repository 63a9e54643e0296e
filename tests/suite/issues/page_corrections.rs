//! Correcting the page of an issue that was sent: no mail goes out by that.

use jiff::SignedDuration;
use serde_json::{Value, json};
use xabar::worker;

use super::sending::get;
use crate::issues::corrections::{correct, correct_as_read, correct_from, subjects};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    a_sent_issue_is_corrected_on_its_page_alone,
    an_erratum_follows_a_correction_after_the_send,
    nobody_is_written_to_whom_nobody_knows_any_more,
);

/// An issue that one reader has got and another has not.
async fn sent(db: &TestDb) -> (World, String) {
    let world = World::start(db).await;
    world.readers(&["ok@example.org", "spam@example.org"]).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 failed=1");
    (world, id)
}

async fn page(world: &World, path: &str) -> String {
    let answer = world.http.get(world.url(path)).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// What the checks of an issue find.
async fn codes(world: &World, id: &str) -> String {
    let list = get(world, &format!("/api/v1/issues/{id}/checks")).await;
    let findings = list["findings"].as_array().unwrap().iter();
    let codes = findings.map(|one| one["code"].as_str().unwrap());
    codes.collect::<Vec<_>>().join(" ")
}

async fn revisions(world: &World, id: &str) -> Vec<Value> {
    let ledger = get(world, &format!("/api/v1/issues/{id}/deliveries")).await;
    let lines = ledger["items"].as_array().unwrap().iter();
    lines.map(|line| line["revision"].clone()).collect()
}

async fn a_sent_issue_is_corrected_on_its_page_alone(db: TestDb) {
    let (world, id) = sent(&db).await;
    let before = world.issue(&id).await;
    let path = format!(
        "/archive/asie-centrale/{}",
        before["slug"].as_str().unwrap()
    );
    assert!(page(&world, &path).await.contains("<h1>Sommet</h1>"));
    // Its checks do not find it again in itself.
    let other = world.draft("Sommet").await;
    assert!(codes(&world, &other).await.contains("subject-sent"));
    let own = codes(&world, &id).await;
    assert!(
        !own.contains("subject-sent") && !own.contains("sent-before"),
        "{own}"
    );
    // A script with the wrong number changes nothing.
    for slip in [None, Some("*")] {
        let (status, problem) = correct_from(&world, &id, "Erreur", slip).await;
        let kind = json!("/docs#version-required");
        assert_eq!((status, &problem["type"]), (428, &kind), "{slip:?}");
        let said = problem["detail"].as_str().unwrap();
        assert!(said.contains("If-Match"), "{said}");
    }
    assert_eq!(
        correct_from(&world, &id, "Erreur", Some("\"1\"")).await.0,
        412
    );
    assert_eq!(world.issue(&id).await["version"], before["version"]);
    world.pass(60);
    let (status, corrected) = correct_as_read(&world, &id, "Corrigé").await;
    assert_eq!(
        (status, &corrected["revision"], &corrected["status"]),
        (200, &json!(2), &json!("sent"))
    );
    assert!(!codes(&world, &other).await.contains("subject-sent"));
    let (status, again) = correct_as_read(&world, &id, "Corrigé").await;
    assert_eq!(
        (status, &again["version"], &again["revision"]),
        (200, &corrected["version"], &json!(2)),
        "nothing is different"
    );
    let shown = page(&world, &path).await;
    assert!(
        shown.contains("<h1>Corrigé</h1>") && shown.contains("a été corrigé le lundi 23 novembre"),
        "{shown}"
    );
    for place in ["/archive/asie-centrale/feed.xml", "/search?q=corrige"] {
        assert!(page(&world, place).await.contains("Corrigé"), "{place}");
    }
    let sitemap = page(&world, "/sitemap.xml").await;
    assert!(
        sitemap.contains("<lastmod>2026-11-23T08:00:00Z"),
        "{sitemap}"
    );
    world.work().await;
    assert_eq!(subjects(&world, "ok@example.org"), ["Sommet"]);
    assert_eq!(revisions(&world, &id).await, [1, 1], "who got which");
    // Who has not had it gets the corrected text.
    assert_eq!(world.act(&id, "retry-failed").await.0, 200);
    world.work().await;
    assert_eq!(revisions(&world, &id).await, [1, 2]);
    assert_eq!(world.issue(&id).await["status"], "sent");
    let stopped = world.draft("Arrêté").await;
    assert_eq!(world.act(&stopped, "cancel").await.0, 200);
    assert_eq!(correct_as_read(&world, &stopped, "Non").await.0, 409);
}

async fn an_erratum_follows_a_correction_after_the_send(db: TestDb) {
    let (world, id) = sent(&db).await;
    assert_eq!(
        world.act(&id, "erratum").await.0,
        409,
        "nothing is wrong yet"
    );
    assert_eq!(correct_as_read(&world, &id, "Corrigé").await.0, 200);
    let (status, erratum) = world.act(&id, "erratum").await;
    assert_eq!(status, 201, "{erratum}");
    let erratum = erratum["id"].as_str().unwrap();
    let patch = json!({ "intro": "Le sommet est mardi." });
    let request = world.patch(&format!("/api/v1/issues/{erratum}"));
    assert_eq!(request.json(&patch).send().await.unwrap().status(), 200);
    world.readers(&["new@example.org"]).await;
    assert_eq!(world.act(erratum, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.counts(erratum).await, "sent=1");
    assert_eq!(
        subjects(&world, "ok@example.org"),
        ["Sommet", "Rectificatif\u{a0}: Corrigé"]
    );
    assert!(world.mails_to("new@example.org").is_empty());
    // An erratum has a page too, and its name may be wrong.
    assert_eq!(correct_as_read(&world, erratum, "Pardon").await.0, 200);
}

async fn nobody_is_written_to_whom_nobody_knows_any_more(db: TestDb) {
    let (world, id) = sent(&db).await;
    assert_eq!(correct_as_read(&world, &id, "Corrigé").await.0, 200);
    let (status, erratum) = world.act(&id, "erratum").await;
    assert_eq!(status, 201);
    let erratum = erratum["id"].as_str().unwrap();
    let patch = json!({ "intro": "Le sommet est mardi." });
    let request = world.patch(&format!("/api/v1/issues/{erratum}"));
    assert_eq!(request.json(&patch).send().await.unwrap().status(), 200);
    world.clock.advance(SignedDuration::from_hours(24 * 366));
    worker::retention::run(&world.service).await.unwrap();
    assert!(revisions(&world, &id).await.is_empty());
    assert_eq!(correct_as_read(&world, &id, "Encore").await.0, 200);
    for (issue, what) in [(id.as_str(), "erratum"), (erratum, "send")] {
        let (status, problem) = world.act(issue, what).await;
        assert_eq!(status, 409, "{what}: {problem}");
        let said = problem["detail"].as_str().unwrap();
        assert!(said.contains("not known any more"), "{said}");
    }
    // Where nothing was corrected, nothing is wrong.
    let other = world.draft("Sans faute").await;
    assert_eq!(correct(&world, &other, "Toujours sans faute").await.0, 200);
    assert_eq!(world.act(&other, "send").await.0, 202);
    world.work().await;
    let (status, problem) = world.act(&other, "erratum").await;
    assert_eq!(status, 409);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("nothing to put right")
    );
}
