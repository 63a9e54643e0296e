//! Newsletters over the API: read and change.

use reqwest::header::{ETAG, HeaderValue, IF_MATCH};
use serde_json::{Value, json};
use xabar::accounts;
use xabar::domain::Role;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const FIRST: &str = "/api/v1/newsletters/asie-centrale";

/// What an owner's change answers.
async fn change(world: &World, path: &str, patch: &Value) -> (u16, Value) {
    let token = accounts::add_token(&world.service, "owner", Role::Owner);
    let token = token.await.unwrap();
    let request = world.http.patch(world.url(path)).bearer_auth(token);
    let answer = request.json(patch).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

on_both_databases!(
    an_owner_changes_a_newsletter_and_its_mails_follow,
    a_welcome_carries_the_latest_issue_where_it_is_wanted,
    a_change_from_an_older_page_overwrites_nothing,
    what_does_not_fit_is_refused_with_its_field,
    only_owners_may_change_it_and_only_insiders_may_look,
);

async fn an_owner_changes_a_newsletter_and_its_mails_follow(db: TestDb) {
    let world = World::start(&db).await;
    let before: Value = world.get(FIRST).send().await.unwrap().json().await.unwrap();
    assert_eq!(
        (&before["version"], &before["visibility"]),
        (&json!(1), &json!("public"))
    );
    let (status, after) = change(
        &world,
        FIRST,
        &json!({ "title": "Steppe", "sender_name": "Novastan" }),
    )
    .await;
    assert_eq!(
        (status, &after["title"], &after["version"]),
        (200, &json!("Steppe"), &json!(2))
    );
    assert_eq!(
        after["reply_to"], before["reply_to"],
        "what was left out stays"
    );
    let list: Value = world
        .get("/api/v1/newsletters")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(list["items"], json!([after]));
    world.pass(1);
    world.join("reader@example.org").await;
    let mail = &world.mails_to("reader@example.org")[0];
    assert!(mail.header("From").unwrap().contains("Novastan"));
    assert!(mail.header("Subject").unwrap().contains("Steppe"));
}

async fn a_welcome_carries_the_latest_issue_where_it_is_wanted(db: TestDb) {
    let world = World::start(&db).await;
    world.join("first@example.org").await;
    let issue = world.draft("Le numéro de lundi").await;
    world.act(&issue, "send").await;
    world.work().await;
    world.join("without@example.org").await;
    let welcome = world.mails_to("without@example.org").remove(1);
    assert!(
        !welcome.text.contains("Le numéro de lundi"),
        "{}",
        welcome.text
    );
    let (status, after) = change(&world, FIRST, &json!({ "welcome_issue": true })).await;
    assert_eq!((status, &after["welcome_issue"]), (200, &json!(true)));
    world.pass(1);
    // One that waits, or was stopped, is not the latest.
    world.draft("Pas encore").await;
    let stopped = world.draft("Arrêté").await;
    world.act(&stopped, "send").await;
    world.act(&stopped, "pause").await;
    world.join("with@example.org").await;
    let welcome = world.mails_to("with@example.org").remove(1);
    for said in [
        "Le dernier numéro",
        "Le numéro de lundi",
        "/archive/asie-centrale/2026-11-23-le-numero-de-lundi",
    ] {
        assert!(
            welcome.text.contains(said) && welcome.html.contains(said),
            "{said}: {}",
            welcome.text
        );
    }
    assert!(
        !welcome.text.contains("Pas encore") && !welcome.text.contains("Arrêté"),
        "{}",
        welcome.text
    );
    assert_eq!(
        world.mails_to("with@example.org").len(),
        2,
        "and it is no further mail"
    );
}

async fn a_change_from_an_older_page_overwrites_nothing(db: TestDb) {
    let world = World::start(&db).await;
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let etag = world.get(FIRST).send().await.unwrap().headers()[ETAG].clone();
    for (title, expected) in [("Steppe", 200), ("Oasis", 412)] {
        let request = world.http.patch(world.url(FIRST)).header(IF_MATCH, &etag);
        let answer = request
            .bearer_auth(&owner)
            .json(&json!({ "title": title }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), expected, "{title}");
    }
    let shown: Value = world.get(FIRST).send().await.unwrap().json().await.unwrap();
    assert_eq!(shown["title"], "Steppe");

    // Its settings are changed by the same version: each answer has the next one.
    let asked = json!([{ "key": "name", "kind": "text", "labels": { "fr": "Nom" } }]);
    let wording = json!({ "wording": "Bienvenue" });
    let (fields, text) = (
        format!("{FIRST}/fields"),
        format!("{FIRST}/texts/fr/welcome-title"),
    );
    let put = |path: &str, etag: &HeaderValue, body: &Value| {
        let request = world.http.put(world.url(path)).header(IF_MATCH, etag);
        request.bearer_auth(&owner).json(body).send()
    };
    let mut etag = world.get(&fields).send().await.unwrap().headers()[ETAG].clone();
    for (path, body) in [(&fields, &asked), (&text, &wording), (&fields, &json!([]))] {
        let stale = etag.clone();
        let answer = put(path, &etag, body).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        etag = answer.headers()[ETAG].clone();
        assert_ne!(etag, stale, "{path}");
        let problem = put(path, &stale, body).await.unwrap();
        assert_eq!(problem.status(), 412, "{path}");
    }
    let request = world.http.delete(world.url(&text)).bearer_auth(&owner);
    let answer = request.header(IF_MATCH, &etag).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let now = world.get(FIRST).send().await.unwrap().headers()[ETAG].clone();
    let version = answer.headers()[ETAG]
        .to_str()
        .unwrap()
        .trim_matches('"')
        .to_owned();
    assert!(
        now.to_str().unwrap().starts_with(&format!("\"{version}-")),
        "{now:?}"
    );
    assert_eq!(
        put(&fields, &HeaderValue::from_static("*"), &asked)
            .await
            .unwrap()
            .status(),
        200
    );
}

async fn what_does_not_fit_is_refused_with_its_field(db: TestDb) {
    let world = World::start(&db).await;
    for (patch, field) in [
        (json!({ "title": " " }), "title"),
        (json!({ "title": "a\nBcc: x" }), "title"),
        (json!({ "sender_name": "x".repeat(300) }), "sender_name"),
        (json!({ "sender_address": "nobody" }), "sender_address"),
        (json!({ "time_zone": "Mars/Base" }), "time_zone"),
        (json!({ "visibility": "secret" }), "visibility"),
        (json!({ "language": "xx" }), "language"),
        (json!({ "slug": "other" }), "slug"),
    ] {
        let (status, problem) = change(&world, FIRST, &patch).await;
        assert_eq!(
            (status, &problem["errors"][0]["field"]),
            (422, &json!(field)),
            "{patch}: {problem}"
        );
    }
    let (status, _) = change(&world, "/api/v1/newsletters/nothing", &json!({})).await;
    assert_eq!(status, 404);
    let shown: Value = world.get(FIRST).send().await.unwrap().json().await.unwrap();
    assert_eq!(shown["version"], 1, "nothing was written");
}

async fn only_owners_may_change_it_and_only_insiders_may_look(db: TestDb) {
    let world = World::start(&db).await;
    // The world's own token is an editor's.
    let refused = world
        .patch(FIRST)
        .json(&json!({ "title": "X" }))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 403);
    for path in [FIRST, "/api/v1/newsletters"] {
        assert_eq!(
            world
                .http
                .get(world.url(path))
                .send()
                .await
                .unwrap()
                .status(),
            401
        );
        assert_eq!(world.get(path).send().await.unwrap().status(), 200);
    }
}
