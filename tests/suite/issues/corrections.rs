//! Correcting a paused issue: the new text reaches those who have not had the issue, and nobody else.

use serde_json::{Value, json};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

pub async fn correct(world: &World, id: &str, subject: &str) -> (u16, Value) {
    correct_from(world, id, subject, None).await
}

/// The same from this version, as `If-Match` has it.
pub async fn correct_from(
    world: &World,
    id: &str,
    subject: &str,
    if_match: Option<&str>,
) -> (u16, Value) {
    let mut request = world.patch(&format!("/api/v1/issues/{id}"));
    if let Some(version) = if_match {
        request = request.header("if-match", version);
    }
    let request = request.json(&json!({ "subject": subject }));
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The same from the version that there is, as somebody does who has just read the issue.
pub async fn correct_as_read(world: &World, id: &str, subject: &str) -> (u16, Value) {
    let version = format!("\"{}\"", world.issue(id).await["version"]);
    correct_from(world, id, subject, Some(&version)).await
}

/// The subjects that came to an address.
pub fn subjects(world: &World, email: &str) -> Vec<String> {
    let mails = world.mails_to(email);
    let subject =
        |mail: &crate::support::mail::ParsedMail| mail.header("Subject").unwrap().to_owned();
    mails.iter().map(subject).collect()
}

on_both_databases!(
    a_correction_reaches_those_who_still_wait,
    what_a_killed_worker_may_have_sent_stays_what_it_was,
);

async fn a_correction_reaches_those_who_still_wait(db: TestDb) {
    let world = World::start(&db).await;
    let (had, waits, perhaps) = ("ok@example.org", "defer2@example.org", "drop@example.org");
    world.readers(&[had, waits, perhaps]).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 deferred=1 unknown=1");
    assert_eq!(
        correct(&world, &id, "Corrigé").await.0,
        409,
        "it is going out"
    );
    assert_eq!(world.act(&id, "pause").await.0, 200);
    let (status, corrected) = correct(&world, &id, "Corrigé").await;
    assert_eq!(
        (status, &corrected["revision"], &corrected["subject"]),
        (200, &2.into(), &"Corrigé".into())
    );
    assert_eq!(world.act(&id, "resume").await.0, 200);
    for _ in 0..6 {
        world.pass(30);
        world.work().await;
    }
    assert_eq!(world.counts(&id).await, "sent=3");
    assert_eq!(subjects(&world, had), ["Sommet"]);
    assert_eq!(subjects(&world, waits), ["Corrigé"]);
    assert_eq!(
        subjects(&world, perhaps),
        ["Sommet"],
        "a second copy would be the same mail"
    );
    let page = world
        .get(&format!("/api/v1/issues/{id}/deliveries"))
        .send()
        .await
        .unwrap();
    let page: Value = page.json().await.unwrap();
    let revisions: Vec<_> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["revision"].as_i64())
        .collect();
    assert_eq!(
        revisions,
        [Some(1), Some(2), Some(1)],
        "the ledger says who got which"
    );
    assert_eq!(correct(&world, &id, "Trop tard").await.0, 428);
}

async fn what_a_killed_worker_may_have_sent_stays_what_it_was(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok1@example.org", "ok2@example.org"]).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    let claim = async |limit| {
        let due = world
            .claim(
                &id,
                xabar::domain::LeaseId(world.service.clock.new_uuid()),
                limit,
            )
            .await;
        due.into_iter()
            .map(|due| (due.attempt.revision, due.attempt.revision_pinned))
            .collect::<Vec<_>>()
    };
    // A worker takes one and is never heard of again.
    assert_eq!(claim(1).await, [(1, false)]);
    assert_eq!(world.act(&id, "pause").await.0, 200);
    assert_eq!(correct(&world, &id, "Corrigé").await.0, 200);
    assert_eq!(world.act(&id, "resume").await.0, 200);
    world.pass(2);
    assert_eq!(claim(10).await, [(2, false)], "the untried one");
    assert_eq!(claim(10).await, [(1, true)], "the abandoned one");
    world.pass(3);
    world.work().await;
    let mut sent = [
        subjects(&world, "ok1@example.org"),
        subjects(&world, "ok2@example.org"),
    ];
    sent.sort();
    assert_eq!(sent, [["Corrigé"], ["Sommet"]]);
}
