//! Sending an issue: audience, the minute to take it back, pace, report, retry of failed mails, erratum.

use jiff::SignedDuration;
use serde_json::{Value, json};
use xabar::accounts;
use xabar::domain::{Chosen, Frequency, Purpose, Role};
use xabar::store;

use crate::issues::corrections::{correct, subjects};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, nothing_chosen};

on_both_databases!(
    the_audience_is_a_table_that_adds_up,
    a_send_can_be_taken_back_for_a_minute,
    failed_mails_are_sent_again_as_the_same_mails,
    an_erratum_goes_to_those_with_the_wrong_text,
    the_report_adds_up_and_stays,
    the_pace_says_how_fast_and_who_waits,
);

pub async fn get(world: &World, path: &str) -> Value {
    let answer = world.get(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

/// What somebody with another token gets for a POST.
pub async fn act_as(world: &World, token: &str, id: &str, what: &str) -> (u16, Value) {
    let url = world.url(&format!("/api/v1/issues/{id}/{what}"));
    let answer = world
        .http
        .post(url)
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

pub async fn token(world: &World, name: &str, role: Role) -> String {
    accounts::add_token(&world.service, name, role)
        .await
        .unwrap()
}

async fn the_audience_is_a_table_that_adds_up(db: TestDb) {
    let world = World::start(&db).await;
    let names = ["a", "b", "monthly", "paused", "gone", "erased"];
    let addresses = names.map(|name| format!("{name}@example.org"));
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    world.readers(&addresses).await;
    assert_eq!(world.sign_up("pending@example.org").await.status(), 202);
    let of = async |name: &str| {
        world
            .subscription(&format!("{name}@example.org"))
            .await
            .unwrap()
    };
    let (monthly, paused) = (of("monthly").await, of("paused").await);
    let mut tx = world.service.store.write().await.unwrap();
    let chosen = Chosen {
        frequency: Frequency::Monthly,
        ..nothing_chosen(monthly.chosen.language)
    };
    store::subscription::choose(&mut tx, monthly.id, chosen)
        .await
        .unwrap();
    let until = world.clock.now() + SignedDuration::from_hours(24);
    store::subscription::pause(&mut tx, paused.id, Some(until))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let link = world.link("gone@example.org", Purpose::Unsubscribe).await;
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    let owner = token(&world, "owner", Role::Owner).await;
    let erase = world
        .http
        .post(world.url("/api/v1/subscribers/erase"))
        .bearer_auth(&owner);
    let erase = erase
        .json(&json!({ "address": "erased@example.org" }))
        .send()
        .await
        .unwrap();
    assert!(
        erase.status().is_success(),
        "{}",
        erase.text().await.unwrap()
    );
    let id = world.draft("Sommet").await;
    let plan = get(&world, &format!("/api/v1/issues/{id}/audience")).await;
    assert_eq!(
        (&plan["candidates"], &plan["readers"], &plan["variants"]),
        (&json!(4), &json!(2), &json!(1)),
        "{plan}"
    );
    assert_eq!(plan["excluded"], json!({ "paused": 1, "monthly": 1 }));
    let not_subscribed = json!({ "pending": 1, "unsubscribed": 1 });
    assert_eq!(plan["not_subscribed"], not_subscribed);
    assert_eq!(plan["estimate"], Value::Null, "there is nothing to go by");
    assert_eq!(world.act(&id, "send").await.0, 202);
    let sent = world.issue(&id).await;
    assert_eq!(sent["counts"]["audience"], 2, "as it said");
    for same in ["candidates", "excluded"] {
        assert_eq!(sent[same], plan[same], "{same}");
    }
}

async fn a_send_can_be_taken_back_for_a_minute(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["a@example.org"]).await;
    let id = world.draft("Sommet").await;
    let send = async || {
        let request = world.post(&format!("/api/v1/issues/{id}/send"));
        let answer = request
            .json(&json!({ "in_a_minute": true }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 202);
        answer.json::<Value>().await.unwrap()
    };
    let first = send().await;
    assert_eq!(first["status"], "scheduled");
    world.clock.advance(SignedDuration::from_secs(30));
    assert_eq!(
        send().await["scheduled_at"],
        first["scheduled_at"],
        "a second click"
    );
    world.work().await;
    assert_eq!(world.act(&id, "unschedule").await.0, 200);
    world.pass(5);
    world.work().await;
    assert_eq!(world.issue(&id).await["status"], "draft");
    assert!(world.mails_to("a@example.org").is_empty());
    send().await;
    world.clock.advance(SignedDuration::from_secs(59));
    world.work().await;
    assert_eq!(world.issue(&id).await["status"], "scheduled");
    world.clock.advance(SignedDuration::from_secs(1));
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1");
    assert_eq!(send().await["status"], "sent", "and not once more");
    world.work().await;
    assert_eq!(world.mails_to("a@example.org").len(), 1);
}

async fn failed_mails_are_sent_again_as_the_same_mails(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&[
            "ok@example.org",
            "spam@example.org",
            "spamleft@example.org",
            "gone@example.org",
        ])
        .await;
    let id = world.draft("Sommet").await;
    assert_eq!(
        world.act(&id, "retry-failed").await.0,
        409,
        "nothing was sent yet"
    );
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 bounced=1 failed=2");
    let link = world
        .link("spamleft@example.org", Purpose::Unsubscribe)
        .await;
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    world.pass(60);
    let (status, again) = world.act(&id, "retry-failed").await;
    assert_eq!(
        (status, &again["status"], &again["finished_at"]),
        (200, &json!("sending"), &Value::Null)
    );
    assert_eq!(
        world.counts(&id).await,
        "queued=1 sent=1 bounced=1 failed=1",
        "who left keeps the failure"
    );
    // A second click changes nothing.
    assert_eq!(world.act(&id, "retry-failed").await.0, 200);
    assert_eq!(
        world.counts(&id).await,
        "queued=1 sent=1 bounced=1 failed=1"
    );
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 bounced=1 failed=2");
    assert_eq!(world.issue(&id).await["status"], "sent");
    let refused = world.smtp.refusals();
    let tries: Vec<_> = refused
        .iter()
        .filter(|one| one.stage == "DATA" && one.recipient.as_deref() == Some("spam@example.org"))
        .collect();
    assert_eq!(tries.len(), 2, "{refused:?}");
    assert!(tries[0].message_id.is_some());
    assert_eq!(tries[0].message_id, tries[1].message_id);
    assert_eq!(tries[0].digest, tries[1].digest, "octet for octet");
    assert_eq!(
        world.caught_for("ok@example.org").len(),
        1,
        "nobody gets it twice"
    );
    // Bounced readers too, for whom it asks.
    assert_eq!(world.act(&id, "retry-failed?bounced=true").await.0, 200);
    assert_eq!(world.counts(&id).await, "queued=2 sent=1 failed=1");
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 bounced=1 failed=2");
}

async fn an_erratum_goes_to_those_with_the_wrong_text(db: TestDb) {
    let world = World::start(&db).await;
    let (had, left, waits) = ("ok@example.org", "ok2@example.org", "defer2@example.org");
    world.readers(&[had, left, waits]).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.act(&id, "erratum").await.0, 409, "it is going out");
    assert_eq!(world.act(&id, "pause").await.0, 200);
    assert_eq!(correct(&world, &id, "Corrigé").await.0, 200);
    assert_eq!(world.act(&id, "resume").await.0, 200);
    for _ in 0..4 {
        world.pass(30);
        world.work().await;
    }
    assert_eq!(world.counts(&id).await, "sent=3");
    let (status, erratum) = world.act(&id, "erratum").await;
    assert_eq!(
        (status, &erratum["subject"]),
        (201, &json!("Rectificatif\u{a0}: Corrigé"))
    );
    let erratum = erratum["id"].as_str().unwrap().to_owned();
    let (_, second) = world.act(&id, "erratum").await;
    assert_eq!(second["id"], erratum.as_str(), "a second click");
    let link = world.link(left, Purpose::Unsubscribe).await;
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    world.readers(&["new@example.org"]).await;
    let plan = get(&world, &format!("/api/v1/issues/{erratum}/audience")).await;
    assert_eq!(
        (&plan["candidates"], &plan["readers"]),
        (&json!(1), &json!(1)),
        "{plan}"
    );
    assert_eq!(plan["not_subscribed"], json!({ "unsubscribed": 1 }));
    assert_eq!(
        world.act(&erratum, "send").await.0,
        422,
        "nothing is written yet"
    );
    let request = world.patch(&format!("/api/v1/issues/{erratum}"));
    let patch = json!({ "intro": "La date était fausse." });
    assert_eq!(request.json(&patch).send().await.unwrap().status(), 200);
    assert_eq!(world.act(&erratum, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.counts(&erratum).await, "sent=1");
    assert_eq!(subjects(&world, had).len(), 2);
    assert_eq!(
        subjects(&world, waits),
        ["Corrigé"],
        "the right text came at once"
    );
    assert!(world.mails_to("new@example.org").is_empty());
    let other = world.draft("Sans faute").await;
    assert_eq!(world.act(&other, "send").await.0, 202);
    world.work().await;
    let (status, problem) = world.act(&other, "erratum").await;
    assert_eq!(status, 409, "{problem}");
}

async fn the_report_adds_up_and_stays(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&[
            "ok@example.org",
            "ok@mail.example",
            "gone@example.org",
            "spam@mail.example",
        ])
        .await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    let link = world.link("ok@example.org", Purpose::Unsubscribe).await;
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    let path = format!("/api/v1/issues/{id}/report");
    let report = get(&world, &path).await;
    let provider = |name: &str, sent: i64, bounced: i64, failed: i64| {
        json!({ "provider": name, "sent": sent, "waiting": 0, "bounced": bounced, "failed": failed,
                "skipped": 0, "unknown": 0 })
    };
    let expected = json!([
        provider("example.org", 1, 1, 0),
        provider("mail.example", 1, 0, 1)
    ]);
    assert_eq!(report["providers"], expected);
    let causes = report["causes"].as_array().unwrap();
    let told = |cause: &Value| {
        (
            cause["provider"].clone(),
            cause["meaning"].clone(),
            cause["status"].clone(),
        )
    };
    assert!(
        causes
            .iter()
            .any(|one| told(one) == (json!("example.org"), json!("no_mailbox"), json!("5.1.1"))),
        "{causes:?}"
    );
    assert!(
        causes
            .iter()
            .any(|one| told(one) == (json!("mail.example"), json!("unwanted"), json!("5.7.1"))),
        "{causes:?}"
    );
    assert_eq!(
        report["left"],
        json!({ "unsubscribed": 1, "complained": 0, "is_final": false })
    );
    let points = report["course"]["points"].as_array().unwrap();
    let sum = |of: &str| {
        points
            .iter()
            .map(|point| point[of].as_i64().unwrap())
            .sum::<i64>()
    };
    assert_eq!((sum("sent"), sum("refused")), (2, 2), "{points:?}");
    // The worker keeps it; what the ledger loses later changes nothing.
    world.work().await;
    let mut tx = world.service.store.write().await.unwrap();
    let issue = xabar::domain::IssueId(id.parse().unwrap());
    let kept = store::issue::report::saved(&mut tx, issue).await.unwrap();
    drop(tx);
    assert!(kept.unwrap().contains("mail.example"));
    assert_eq!(get(&world, &path).await["providers"], expected);
    let csv = world
        .get(&format!("{path}?format=csv"))
        .send()
        .await
        .unwrap();
    let csv = csv.text().await.unwrap();
    assert!(
        csv.contains("example.org,bounced,no_mailbox,550,5.1.1,1\r\n"),
        "{csv}"
    );
    // After a week nobody is counted any more, and the next issue stands beside it.
    world.pass(8 * 24 * 60);
    let link = world.link("ok@mail.example", Purpose::Unsubscribe).await;
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    world.readers(&["new@example.org"]).await;
    let next = world.draft("Suite").await;
    assert_eq!(world.act(&next, "send").await.0, 202);
    world.work().await;
    let report = get(&world, &format!("/api/v1/issues/{next}/report")).await;
    let earlier = &report["earlier"][0];
    assert_eq!(
        (&earlier["subject"], &earlier["counts"]["sent"]),
        (&json!("Sommet"), &json!(2))
    );
    assert_eq!(
        earlier["left"],
        json!({ "unsubscribed": 1, "complained": 0, "is_final": true })
    );
}

async fn the_pace_says_how_fast_and_who_waits(db: TestDb) {
    let world = World::start(&db).await;
    let readers: Vec<String> = (0..60).map(|n| format!("ok{n}@example.org")).collect();
    let mut readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    readers.push("full@example.org");
    world.readers(&readers).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    let pace = async || get(&world, &format!("/api/v1/issues/{id}/pace")).await;
    assert_eq!(
        pace().await["rate"],
        Value::Null,
        "nothing has gone out yet"
    );
    world.clock.advance(SignedDuration::from_secs(30));
    world.work().await;
    let shown = pace().await;
    assert_eq!(
        shown["rate"]["per_minute"], 120,
        "60 in half a minute: {shown}"
    );
    assert_eq!(shown["next_try_at"], "2026-11-23T07:05:30Z", "{shown}");
    // Where it stands still there is no rate.
    world.pass(3);
    world.work().await;
    assert_eq!(pace().await["rate"], Value::Null);
    for _ in 0..60 {
        world.pass(60);
        world.work().await;
    }
    assert_eq!(world.counts(&id).await, "sent=60 failed=1");
    assert_eq!(
        pace().await,
        json!({ "rate": null, "next_try_at": null, "providers": [] })
    );
    // The next issue is estimated from this one.
    let next = world.draft("Suite").await;
    let plan = get(&world, &format!("/api/v1/issues/{next}/audience")).await;
    assert_eq!(plan["estimate"]["earlier_issue"], json!("Sommet"), "{plan}");
}
