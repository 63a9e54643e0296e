//! Approval: a newsletter that asks a second person before an issue is sent.

use serde_json::{Value, json};
use xabar::domain::Role;

use super::sending::{act_as, get, token};
use crate::issues::corrections::{correct, correct_as_read, subjects};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    a_second_person_approves_what_is_sent,
    a_schedule_without_a_valid_approval_is_held,
    who_changed_a_scheduled_issue_does_not_approve_it,
    a_text_corrected_after_the_send_is_approved_before_anybody_gets_it,
);

/// The newsletter asks for a second person.
pub(super) async fn ask_for_approval(world: &World) {
    let owner = token(world, "owner", Role::Owner).await;
    let url = world.url("/api/v1/newsletters/asie-centrale");
    let request = world.http.patch(url).bearer_auth(owner);
    let answer = request
        .json(&json!({ "needs_approval": true }))
        .send()
        .await
        .unwrap();
    let shown: Value = answer.json().await.unwrap();
    assert_eq!(shown["needs_approval"], true);
}

async fn a_second_person_approves_what_is_sent(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["a@example.org", "defer2@example.org"])
        .await;
    ask_for_approval(&world).await;
    let bruno = token(&world, "bruno", Role::Editor).await;
    let id = world.draft("Sommet").await;
    let (status, problem) = world.act(&id, "send").await;
    assert_eq!(
        (status, &problem["type"]),
        (409, &json!("/docs#needs-approval"))
    );
    // A viewer looks, and may do nothing about it.
    let vera = token(&world, "vera", Role::Viewer).await;
    let look = async |path: &str| {
        let request = world.http.get(world.url(path)).bearer_auth(&vera);
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap())
    };
    let (status, shown) = look(&format!("/api/v1/issues/{id}/approve")).await;
    assert_eq!(
        (
            status,
            &shown["given"],
            &shown["may_send"],
            &shown["may_approve"]
        ),
        (200, &json!(false), &json!(false), &json!(false))
    );
    // The document has the refusal of a GET too.
    assert_eq!(look("/api/v1/consent/verify").await.0, 403);
    assert_eq!(world.act(&id, "approve").await.0, 200);
    assert_eq!(
        world.act(&id, "send").await.0,
        409,
        "nobody approves what they send"
    );
    // A second approval would be of no use: its giver is the one who may send.
    let (status, problem) = act_as(&world, &bruno, &id, "approve").await;
    assert_eq!((status, &problem["type"]), (409, &json!("/docs#conflict")));
    let said = problem["detail"].as_str().unwrap();
    assert!(said.contains("test has approved it"), "{said}");
    let (status, again) = world.act(&id, "approve").await;
    assert_eq!((status, &again["status"]), (200, &json!("draft")));
    let shown = get(&world, &format!("/api/v1/issues/{id}/approve")).await;
    assert_eq!(
        (&shown["given"], &shown["by"], &shown["may_send"]),
        (&json!(true), &json!("test"), &json!(false))
    );
    // A change voids it, and changing it back does not.
    assert_eq!(correct(&world, &id, "Autre").await.0, 200);
    let (status, problem) = act_as(&world, &bruno, &id, "send").await;
    assert_eq!(status, 409);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("changed after test"),
        "{problem}"
    );
    assert_eq!(correct(&world, &id, "Sommet").await.0, 200);
    assert_eq!(
        act_as(&world, &bruno, &id, "send").await.0,
        202,
        "the text that was approved"
    );
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=1 deferred=1");
    // A correction needs an approval of its own.
    assert_eq!(world.act(&id, "pause").await.0, 200);
    assert_eq!(correct(&world, &id, "Corrigé").await.0, 200);
    assert_eq!(act_as(&world, &bruno, &id, "resume").await.0, 409);
    assert_eq!(world.act(&id, "approve").await.0, 200);
    assert_eq!(world.act(&id, "resume").await.0, 409, "by the same person");
    assert_eq!(act_as(&world, &bruno, &id, "resume").await.0, 200);
}

async fn a_schedule_without_a_valid_approval_is_held(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["a@example.org"]).await;
    ask_for_approval(&world).await;
    let bruno = token(&world, "bruno", Role::Editor).await;
    let id = world.draft("Sommet").await;
    assert_eq!(act_as(&world, &bruno, &id, "approve").await.0, 200);
    let request = world.post(&format!("/api/v1/issues/{id}/send"));
    let at = json!({ "at": "2026-11-23T09:00" });
    assert_eq!(request.json(&at).send().await.unwrap().status(), 202);
    assert_eq!(correct(&world, &id, "Autre").await.0, 200);
    assert_eq!(world.act(&id, "approve").await.0, 409, "who scheduled it");
    world.pass(121);
    world.work().await;
    let issue = world.issue(&id).await;
    assert_eq!(issue["status"], "draft", "it waits for a person");
    assert!(
        issue["paused_because"]
            .as_str()
            .unwrap()
            .contains("approved"),
        "{issue}"
    );
    assert!(world.mails_to("a@example.org").is_empty());
    // Approved late it does not go out by itself.
    assert_eq!(act_as(&world, &bruno, &id, "approve").await.0, 200);
    world.pass(1);
    world.work().await;
    assert!(world.mails_to("a@example.org").is_empty());
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(subjects(&world, "a@example.org"), ["Autre"]);
    assert_eq!(world.issue(&id).await["paused_because"], Value::Null);
}

async fn who_changed_a_scheduled_issue_does_not_approve_it(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["a@example.org"]).await;
    ask_for_approval(&world).await;
    let bruno = token(&world, "bruno", Role::Editor).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "approve").await.0, 200);
    let sent = world
        .http
        .post(world.url(&format!("/api/v1/issues/{id}/send")))
        .bearer_auth(&bruno);
    let at = json!({ "at": "2026-11-23T09:00" });
    assert_eq!(sent.json(&at).send().await.unwrap().status(), 202);
    // Neither scheduled it nor is the one who approved it before: but nobody else has seen this text.
    let clara = token(&world, "clara", Role::Editor).await;
    let patch = world
        .http
        .patch(world.url(&format!("/api/v1/issues/{id}")))
        .bearer_auth(&clara);
    let other = json!({ "subject": "Autre" });
    assert_eq!(patch.json(&other).send().await.unwrap().status(), 200);
    assert_eq!(act_as(&world, &clara, &id, "approve").await.0, 409);
    assert_eq!(act_as(&world, &bruno, &id, "approve").await.0, 200);
    world.pass(3601);
    world.work().await;
    assert_eq!(subjects(&world, "a@example.org"), ["Autre"]);
}

async fn a_text_corrected_after_the_send_is_approved_before_anybody_gets_it(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok@example.org", "spam@example.org"]).await;
    ask_for_approval(&world).await;
    let bruno = token(&world, "bruno", Role::Editor).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "approve").await.0, 200);
    assert_eq!(act_as(&world, &bruno, &id, "send").await.0, 202);
    world.work().await;
    assert_eq!(
        world.act(&id, "approve").await.0,
        409,
        "it was sent as it is"
    );
    assert_eq!(correct_as_read(&world, &id, "Corrigé").await.0, 200);
    let (status, problem) = act_as(&world, &bruno, &id, "retry-failed").await;
    assert_eq!(
        (status, &problem["type"]),
        (409, &json!("/docs#needs-approval"))
    );
    assert_eq!(world.counts(&id).await, "sent=1 failed=1");
    assert_eq!(world.act(&id, "approve").await.0, 200);
    assert_eq!(act_as(&world, &bruno, &id, "retry-failed").await.0, 200);
    assert_eq!(world.counts(&id).await, "queued=1 sent=1");
}
