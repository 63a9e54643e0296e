//! The two-person rule: what one person alone wrote is in no mail of a newsletter that needs two.

use jiff::SignedDuration;
use serde_json::json;
use xabar::accounts::audit_log;
use xabar::accounts::token::{self, NewToken};
use xabar::domain::{Actor, AuditAction, Language, Role};
use xabar::store::audit::EventFilter;

use super::approval::ask_for_approval;
use super::sending::{act_as, get, token};
use crate::issues::corrections::correct_as_read;
use crate::summaries;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const DAY: i64 = 24 * 60;

on_both_databases!(
    a_welcome_encloses_what_two_persons_stand_for,
    a_summary_of_an_unapproved_correction_is_held,
    one_person_is_one_with_every_token,
    a_summary_of_nothing_is_logged_as_cancelled,
);

async fn welcome(world: &World, email: &str) -> String {
    world.join(email).await;
    world.mails_to(email).pop().unwrap().text
}

async fn a_welcome_encloses_what_two_persons_stand_for(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok@example.org", "spam@example.org"]).await;
    ask_for_approval(&world).await;
    let owner = token(&world, "boss", Role::Owner).await;
    let url = world.url("/api/v1/newsletters/asie-centrale");
    let wish = world.http.patch(url).bearer_auth(owner);
    let wish = wish.json(&json!({ "welcome_issue": true })).send().await;
    assert_eq!(wish.unwrap().status(), 200);
    let bruno = token(&world, "bruno", Role::Editor).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "approve").await.0, 200);
    assert_eq!(act_as(&world, &bruno, &id, "send").await.0, 202);
    world.work().await;
    let sent = world.mails_to("ok@example.org").pop().unwrap().text;
    assert!(sent.contains("Bonjour"), "{sent}");
    assert!(welcome(&world, "new1@example.org").await.contains("Sommet"));
    assert_eq!(correct_as_read(&world, &id, "Autre").await.0, 200);
    let text = welcome(&world, "new2@example.org").await;
    assert!(
        !text.contains("Autre") && !text.contains("Sommet"),
        "{text}"
    );
    // The one who corrected it approves it: that is still one person.
    assert_eq!(world.act(&id, "approve").await.0, 200);
    assert!(!welcome(&world, "new3@example.org").await.contains("Autre"));
    // Another one lets it go on.
    assert_eq!(act_as(&world, &bruno, &id, "retry-failed").await.0, 200);
    world.work().await;
    assert!(welcome(&world, "new4@example.org").await.contains("Autre"));
}

async fn a_summary_of_an_unapproved_correction_is_held(db: TestDb) {
    let world = summaries::november(&db).await;
    ask_for_approval(&world).await;
    let bruno = token(&world, "bruno", Role::Editor).await;
    world.pass(6 * DAY);
    world.work().await;
    let id = summaries::first_summary(&world).await;
    let shown = get(&world, &format!("/api/v1/issues/{id}/approve")).await;
    assert_eq!(shown["needed"], false, "it is made of what went out");
    let of = summaries::issues(&world).await;
    let of = of.iter().find(|one| one["subject"] == "Premier").unwrap();
    let of = of["id"].as_str().unwrap();
    let version = format!("\"{}\"", world.issue(of).await["version"]);
    let items = json!([{ "title": "Seul", "url": "https://example.org/seul" }]);
    let patch = world.patch(&format!("/api/v1/issues/{of}"));
    let patch = patch.header("if-match", version);
    let patch = patch.json(&json!({ "parts": [{ "kind": "articles", "items": items }] }));
    assert_eq!(patch.send().await.unwrap().status(), 200);
    let shown = get(&world, &format!("/api/v1/issues/{id}/approve")).await;
    assert_eq!(shown["needed"], true);
    // Nobody scheduled it, so one approval is that of one person.
    assert_eq!(world.act(&id, "approve").await.0, 200);
    world.pass(3 * DAY);
    world.work().await;
    let held = world.issue(&id).await;
    assert_eq!(held["status"], "draft", "{held}");
    assert_eq!(world.act(&id, "send").await.0, 409);
    assert_eq!(act_as(&world, &bruno, &id, "send").await.0, 202);
    world.work().await;
    let text = world.mails_to("month@example.org").pop().unwrap().text;
    assert!(text.contains("Och") && !text.contains("Seul"), "{text}");
}

async fn one_person_is_one_with_every_token(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok@example.org"]).await;
    ask_for_approval(&world).await;
    let bea = world.person("Bea", Role::Editor, Language::En).await;
    let mut hers = Vec::new();
    for name in ["laptop", "script"] {
        let new = NewToken {
            name: name.to_owned(),
            role: Role::Editor,
            newsletters: None,
            editor: Some(bea.editor.id),
            lasts: Some(SignedDuration::from_hours(24)),
        };
        let made = token::add(&world.service, new, &Actor::CommandLine).await;
        hers.push(made.unwrap());
    }
    let id = world.draft("Sommet").await;
    let approve = format!("/desk/issues/{id}/approve");
    let version = world.issue(&id).await["version"].to_string();
    let approved = bea.post(&approve, &[("version", &version)]).send().await;
    assert_eq!(approved.unwrap().status(), 303);
    for token in &hers {
        assert_eq!(act_as(&world, token, &id, "send").await.0, 409);
    }
    let other = world.draft("Autre").await;
    assert_eq!(act_as(&world, &hers[0], &other, "approve").await.0, 200);
    assert_eq!(act_as(&world, &hers[1], &other, "send").await.0, 409);
    assert_eq!(world.act(&id, "send").await.0, 202);
    // The log has the token, as before.
    let every = EventFilter::default();
    let all = audit_log::newest(&world.service, &every, None, 5);
    let all: Vec<_> = all
        .await
        .unwrap()
        .into_iter()
        .map(|one| one.event.unwrap())
        .collect();
    let by = |action| all.iter().find(|one| one.action == action).unwrap();
    assert!(by(AuditAction::Approved).actor.starts_with("token:"));
}

async fn a_summary_of_nothing_is_logged_as_cancelled(db: TestDb) {
    let world = summaries::november(&db).await;
    world.pass(6 * DAY);
    world.work().await;
    for issue in summaries::issues(&world).await {
        if issue["month"].is_null() {
            let id = issue["id"].as_str().unwrap();
            assert_eq!(world.act(id, "hide").await.0, 200);
        }
    }
    let id = summaries::first_summary(&world).await;
    world.pass(3 * DAY);
    world.work().await;
    assert_eq!(world.issue(&id).await["status"], "cancelled");
    let every = EventFilter::default();
    let all = audit_log::newest(&world.service, &every, None, 1);
    let last = all.await.unwrap().remove(0).event.unwrap();
    assert_eq!(last.action, AuditAction::Cancelled);
}
