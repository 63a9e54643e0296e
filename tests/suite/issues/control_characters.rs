//! Control characters that XML forbids are refused in texts: they reach no mail, no page and no feed.

use serde_json::{Value, json};
use xabar::accounts;
use xabar::domain::Role;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

/// What no text may hold, as JSON writes it.
const FORBIDDEN: [&str; 6] = ["\0", "\u{1}", "\u{8}", "\u{1B}", "\u{FFFE}", "\u{FFFF}"];

/// An issue whose every text holds `mark`.
fn issue(mark: &str) -> Value {
    json!({
        "newsletter": "asie-centrale", "subject": "Sujet", "preheader": "Avant", "intro": format!("Intro{mark}suite"),
        "parts": [
            { "kind": "news", "items": [
                { "title": "Titre", "url": "https://example.org/a", "summary": format!("Résumé{mark}suite") } ] },
            { "kind": "text", "title": "Texte", "body": format!("Corps{mark}suite") },
        ]
    })
}

on_both_databases!(
    a_text_with_a_forbidden_character_is_refused_by_its_place,
    the_soft_line_breaks_of_word_processors_become_line_ends,
);

async fn a_text_with_a_forbidden_character_is_refused_by_its_place(db: TestDb) {
    let world = World::start(&db).await;
    for bad in FORBIDDEN {
        for (place, field) in [
            ("/subject", "subject"),
            ("/preheader", "preheader"),
            ("/intro", "intro"),
            ("/parts/0/items/0/title", "parts[0].items[0].title"),
            ("/parts/0/items/0/summary", "parts[0].items[0].summary"),
            ("/parts/1/title", "parts[1].title"),
            ("/parts/1/body", "parts[1].body"),
        ] {
            let mut issue = issue("");
            *issue.pointer_mut(place).unwrap() = json!(format!("a{bad}b"));
            let answer = world
                .post("/api/v1/issues")
                .json(&issue)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 422, "{place} {bad:?}");
            let problem: Value = answer.json().await.unwrap();
            assert_eq!(problem["errors"][0]["field"], field, "{bad:?}");
        }
    }
    let id = world.draft("Sommet").await;
    let patch = world
        .patch(&format!("/api/v1/issues/{id}"))
        .json(&json!({ "intro": "a\u{1}b" }));
    assert_eq!(patch.send().await.unwrap().status(), 422);
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    for field in ["title", "description", "sender_name", "neutral_subject"] {
        let change = world
            .http
            .patch(world.url("/api/v1/newsletters/asie-centrale"))
            .bearer_auth(&owner);
        // It turns the rest of the line around.
        let turned = json!({ field: "a\u{202E}b" });
        let answer = change.json(&turned).send().await.unwrap();
        assert_eq!(answer.status(), 422, "{field}");
    }
    for field in ["title", "description", "sender_name", "postal_address"] {
        let change = world
            .http
            .patch(world.url("/api/v1/newsletters/asie-centrale"))
            .bearer_auth(&owner);
        let answer = change
            .json(&json!({ field: "a\u{1}b" }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 422, "{field}");
    }
    for field in ["sender_address", "reply_to"] {
        let change = world
            .http
            .patch(world.url("/api/v1/newsletters/asie-centrale"))
            .bearer_auth(&owner);
        let answer = change
            .json(&json!({ field: "rédaction@example.org" }))
            .send()
            .await
            .unwrap();
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
}

async fn the_soft_line_breaks_of_word_processors_become_line_ends(db: TestDb) {
    let world = World::start(&db).await;
    world.join("ok@example.org").await;
    let answer = world
        .post("/api/v1/issues")
        .json(&issue("\u{B}"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    let issue: Value = answer.json().await.unwrap();
    assert_eq!(issue["intro"], "Intro\nsuite");
    let id = issue["id"].as_str().unwrap();
    let preview = world
        .get(&format!("/api/v1/issues/{id}/preview?format=html"))
        .send()
        .await
        .unwrap();
    assert_eq!(preview.status(), 200);
    assert_eq!(world.act(id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.counts(id).await, "sent=1");
    let feed = world
        .http
        .get(world.url("/archive/asie-centrale/feed.xml"))
        .send()
        .await
        .unwrap();
    let feed = feed.text().await.unwrap();
    assert!(feed.contains("Corps") && !feed.contains('\u{B}'), "{feed}");
}
