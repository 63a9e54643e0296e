//! Issues over the API: the main way from draft to archive.

pub mod accidental_sends;
mod approval;
mod cancel;
mod checks;
mod control_characters;
pub mod corrections;
mod draft;
mod errata;
mod no_op_corrections;
mod page_corrections;
mod reports;
pub mod sending;
mod test_copies;
mod two_person_rule;

use std::time::Duration;

use futures_util::StreamExt;

use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use xabar::store;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, nothing_chosen};

async fn json_of(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

on_both_databases!(
    fifty_triggers_are_one_send,
    a_schedule_is_local_time_and_is_kept,
    a_pause_holds_and_a_cancel_ends,
    the_ledger_comes_a_page_at_a_time,
    events_tell_how_it_goes_until_the_end,
    the_archive_shows_what_went_out_and_nothing_else,
    readers_get_what_they_chose,
);

async fn fifty_triggers_are_one_send(db: TestDb) {
    let world = World::start(&db).await;
    for name in ["a", "b", "c"] {
        world.join(&format!("{name}@example.org")).await;
    }
    let id = world.draft("Sommet").await;
    let triggers = (0..50).map(|_| world.act(&id, "send"));
    for (status, body) in futures_util::future::join_all(triggers).await {
        assert_eq!(status, 202, "{body}");
        assert_eq!(body["status"], "sending");
        assert_eq!(body["counts"]["audience"], 3);
    }
    world.work().await;
    for name in ["a", "b", "c"] {
        let digests = world.mails_to(&format!("{name}@example.org"));
        assert_eq!(digests.len(), 3, "confirmation, welcome, one digest");
    }
    assert_eq!(world.counts(&id).await, "sent=3");
    let (status, body) = world.act(&id, "send").await;
    assert_eq!((status, &body["status"]), (202, &json!("sent")));
    world.work().await;
    assert_eq!(world.caught_for("a@example.org").len(), 3);
    let shown = world.issue(&id).await;
    assert!(shown["started_at"].is_string() && shown["finished_at"].is_string());
    // What was sent is what it was, unless somebody who has read it corrects its page.
    let edit = world
        .http
        .patch(world.url(&format!("/api/v1/issues/{id}")))
        .bearer_auth(&world.token);
    let (status, _) = json_of(edit.json(&json!({ "subject": "X" }))).await;
    assert_eq!(status, 428);
}

async fn a_schedule_is_local_time_and_is_kept(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let id = world.draft("Sommet").await;
    let at = |at: &str| {
        world
            .post(&format!("/api/v1/issues/{id}/send"))
            .json(&json!({ "at": at }))
    };
    for wrong in ["soon", "2026-13-01T08:00", "2027-03-28T02:30"] {
        let (status, problem) = json_of(at(wrong)).await;
        assert_eq!(
            (status, &problem["errors"][0]["field"]),
            (422, &json!("at")),
            "{wrong}: {problem}"
        );
    }
    // The first Monday of summer time: eight o'clock in Paris is six in UTC.
    let (status, body) = json_of(at("2027-03-29T08:00")).await;
    assert_eq!(
        (status, &body["status"]),
        (202, &json!("scheduled")),
        "{body}"
    );
    assert_eq!(body["scheduled_at"], "2027-03-29T06:00:00Z");
    let (status, again) = json_of(at("2027-03-29T08:00")).await;
    assert_eq!((status, &again["version"]), (202, &body["version"]));
    assert_eq!(
        body["scheduled_local"],
        "2027-03-29 08:00 +02:00 Europe/Paris (2027-03-29 06:00 UTC)"
    );
    let (status, moved) = json_of(at("2027-03-29T09:00")).await;
    assert_eq!(
        (status, &moved["scheduled_at"]),
        (202, &json!("2027-03-29T07:00:00Z"))
    );
    assert_eq!(json_of(at("2027-03-29T08:00")).await.0, 202);
    world.work().await;
    assert_eq!(world.caught_for("a@example.org").len(), 2);
    let due: jiff::Timestamp = "2027-03-29T06:00:00Z".parse().unwrap();
    world
        .clock
        .advance(due.duration_since(world.clock.now()) - jiff::SignedDuration::from_secs(1));
    world.work().await;
    assert_eq!(world.issue(&id).await["status"], "scheduled");
    world.clock.advance(jiff::SignedDuration::from_secs(1));
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1");
    let late = world.draft("Annulé").await;
    let (_, body) = json_of(
        world
            .post(&format!("/api/v1/issues/{late}/send"))
            .json(&json!({ "at": "2027-04-01T08:00:00+02:00" })),
    )
    .await;
    assert_eq!(body["scheduled_at"], "2027-04-01T06:00:00Z");
    assert_eq!(world.act(&late, "cancel").await.0, 200);
    world.pass(30 * 24 * 60);
    world.work().await;
    assert_eq!(world.issue(&late).await["status"], "cancelled");
    assert_eq!(world.caught_for("a@example.org").len(), 3);
}

async fn a_pause_holds_and_a_cancel_ends(db: TestDb) {
    let world = World::start(&db).await;
    for name in ["a", "b", "c"] {
        world.join(&format!("{name}@example.org")).await;
    }
    let id = world.draft("Sommet").await;
    assert_eq!(
        world.act(&id, "pause").await.0,
        409,
        "nothing is being sent"
    );
    assert_eq!(world.act(&id, "resume").await.0, 409);
    world.act(&id, "send").await;
    assert_eq!(world.act(&id, "pause").await.1["status"], "paused");
    assert_eq!(world.act(&id, "pause").await.0, 200, "twice is harmless");
    world.work().await;
    assert_eq!(world.counts(&id).await, "queued=3");
    assert_eq!(world.act(&id, "resume").await.1["status"], "sending");
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=3");
    assert_eq!(
        world.act(&id, "cancel").await.0,
        409,
        "all of it has gone out"
    );

    let other = world.draft("Autre").await;
    world.act(&other, "send").await;
    let (status, body) = world.act(&other, "cancel").await;
    assert_eq!(
        (status, &body["status"], &body["counts"]["skipped"]),
        (200, &json!("cancelled"), &json!(3))
    );
    world.work().await;
    assert_eq!(world.counts(&other).await, "skipped=3");
    assert_eq!(world.act(&other, "send").await.0, 409);
    assert_eq!(world.act(&other, "cancel").await.0, 200);
    assert_eq!(world.caught_for("a@example.org").len(), 3);
}

async fn the_ledger_comes_a_page_at_a_time(db: TestDb) {
    let world = World::start(&db).await;
    let mut tx = world.service.store.write().await.unwrap();
    let newsletter = store::newsletter::list(&mut tx).await.unwrap().remove(0);
    for n in 0..230 {
        let address = format!("ok{n}@example.org").parse().unwrap();
        let now = world.clock.now();
        let person = store::subscriber::find_or_insert(&mut tx, &address, None, now)
            .await
            .unwrap();
        let chosen = nothing_chosen(newsletter.language);
        let id =
            store::subscription::insert_pending(&mut tx, person.id, newsletter.id, chosen, now)
                .await
                .unwrap();
        store::subscription::activate(&mut tx, id, now, now)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let id = world.draft("Sommet").await;
    world.act(&id, "send").await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=230");
    let mut seen = std::collections::BTreeSet::new();
    let mut url = format!("/api/v1/issues/{id}/deliveries?state=sent");
    loop {
        let (status, page) = json_of(world.get(&url)).await;
        assert_eq!(status, 200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 100);
        for item in items {
            assert_eq!(
                (&item["state"], &item["attempts"], &item["reply"]["code"]),
                (&json!("sent"), &json!(1), &json!(250))
            );
            assert!(
                seen.insert(item["subscription"].as_i64().unwrap()),
                "a line came twice"
            );
        }
        let Some(next) = page["next"].as_i64() else {
            break;
        };
        url = format!("/api/v1/issues/{id}/deliveries?state=sent&cursor={next}");
    }
    assert_eq!(seen.len(), 230);
    let (_, none) =
        json_of(world.get(&format!("/api/v1/issues/{id}/deliveries?state=bounced"))).await;
    assert_eq!(none["items"], json!([]));
    let (status, _) =
        json_of(world.get(&format!("/api/v1/issues/{id}/deliveries?state=&cursor="))).await;
    assert_eq!(status, 200, "empty is as left out");
    let wrong_method = world.post(&format!("/api/v1/issues/{id}/events"));
    let wrong_path = world.get("/api/v1/issues/none/deliveries");
    for (request, expected) in [(wrong_method, 405), (wrong_path, 404)] {
        let answer = request.send().await.unwrap();
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(
            (answer.status().as_u16(), kind.as_str()),
            (expected, "application/problem+json")
        );
    }
    let (status, _) =
        json_of(world.get(&format!("/api/v1/issues/{id}/deliveries?state=leased-ish"))).await;
    assert_eq!(status, 422);
    let to: std::collections::BTreeSet<String> = world
        .smtp
        .messages()
        .into_iter()
        .flat_map(|m| m.recipients)
        .collect();
    assert_eq!(
        (to.len(), world.smtp.messages().len()),
        (230, 230),
        "each reader once"
    );
}

async fn events_tell_how_it_goes_until_the_end(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let id = world.draft("Sommet").await;
    world.act(&id, "send").await;
    let answer = world
        .get(&format!("/api/v1/issues/{id}/events"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()[CONTENT_TYPE], "text/event-stream");
    let mut chunks = answer.bytes_stream();
    let first = chunks.next().await.unwrap().unwrap();
    assert!(
        String::from_utf8_lossy(&first).contains("\"queued\":1"),
        "{first:?}"
    );
    world.work().await;
    let rest = tokio::time::timeout(
        Duration::from_secs(20),
        chunks.map(|c| c.unwrap()).collect::<Vec<_>>(),
    );
    let rest = rest
        .await
        .expect("the stream ends with the sending")
        .concat();
    let last = String::from_utf8_lossy(&rest).into_owned();
    assert!(
        last.contains("\"status\":\"sent\"") && last.contains("\"sent\":1"),
        "{last}"
    );
}

async fn the_archive_shows_what_went_out_and_nothing_else(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let open = |path: String| {
        let request = world.http.get(world.url(&path));
        async move {
            let a = request.send().await.unwrap();
            (a.status().as_u16(), a.text().await.unwrap())
        }
    };
    let draft = world.draft("Brouillon secret").await;
    let slug = world.issue(&draft).await["slug"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(open(format!("/archive/asie-centrale/{slug}")).await.0, 404);
    let id = world.draft("Sommet <b>&amp; suites").await;
    world.act(&id, "send").await;
    world.work().await;
    let shown = world.issue(&id).await;
    let url = shown["url"].as_str().unwrap();
    let page = world.http.get(url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let html = page.text().await.unwrap();
    assert!(
        html.contains("Bichkek") && html.contains("Sommet &lt;b&gt;"),
        "{html}"
    );
    assert!(
        !html.contains("/unsubscribe/") && !html.contains("/preferences/"),
        "nothing of a reader"
    );
    let (status, index) = open("/archive/asie-centrale".into()).await;
    assert_eq!(status, 200);
    assert!(
        index.contains(url.rsplit('/').next().unwrap()) && !index.contains("Brouillon"),
        "{index}"
    );
    let (status, feed) = open("/archive/asie-centrale/feed.xml".into()).await;
    assert_eq!(status, 200);
    let parsed: atom_syndication::Feed = feed.parse().unwrap();
    assert_eq!(parsed.entries().len(), 1);
    assert_eq!(parsed.entries()[0].links()[0].href(), url);
    assert_eq!(
        parsed.entries()[0].title().as_str(),
        "Sommet <b>&amp; suites",
        "the subject is text, not markup"
    );
    assert_eq!(open("/archive/nothing".into()).await.0, 404);
    assert_eq!(open("/archive/asie-centrale/nothing".into()).await.0, 404);
    // The mail points to the same page.
    assert!(world.mails_to("a@example.org")[2].text.contains(url));
}

async fn readers_get_what_they_chose(db: TestDb) {
    let world = World::start(&db).await;
    world.join("all@example.org").await;
    world.join("kg@example.org").await;
    let link = world
        .link("kg@example.org", xabar::domain::Purpose::Preferences)
        .await;
    world
        .submit(&link, &[("language", "fr"), ("countries", "kg")])
        .await;
    let id = world.draft("Sommet").await;
    world.act(&id, "send").await;
    world.work().await;
    let all = &world.mails_to("all@example.org")[2].text;
    assert!(
        all.contains("Kirghizstan") && all.contains("Ouzbékistan"),
        "{all}"
    );
    // Who follows one country has the others in brief.
    let kg = &world.mails_to("kg@example.org")[2].text;
    let (full, brief) = kg
        .split_once("Également dans ce numéro")
        .expect("the rest in brief");
    assert!(
        full.contains("Kirghizstan") && full.contains("Bichkek"),
        "{kg}"
    );
    assert!(
        brief.contains("- Tachkent") && !kg.contains("Ouzbékistan"),
        "{kg}"
    );
}
