//! Validation of API requests: a client's mistake is refused with its place, and changes and sends nothing.

use serde_json::{Value, json};
use xabar::accounts;
use xabar::domain::Role;

use crate::issues::accidental_sends::{assert_nothing_sent, send, world_with_a_reader};
use crate::issues::corrections::correct;
use crate::issues::sending::get;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    a_time_that_is_null_sends_nothing,
    a_body_where_none_is_read_changes_nothing,
    what_is_no_object_is_refused_by_every_call,
    null_in_a_patch_changes_nothing,
    a_stale_page_goes_on_with_nothing,
);

/// An invalid date of JavaScript is `null` in JSON.
async fn a_time_that_is_null_sends_nothing(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    let id = world.draft("Sommet").await;
    let body = json!({ "at": null });
    let (status, problem) = send(&world, &format!("{id}/send"), body, None).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("at"))
    );
    assert_nothing_sent(&world).await;
}

/// Each call that the document gives no body refuses one that says something.
async fn a_body_where_none_is_read_changes_nothing(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    let id = world.draft("Sommet").await;
    let document = get(&world, "/openapi.json").await;
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        if methods
            .get("post")
            .is_some_and(|post| post.get("requestBody").is_none())
        {
            calls.push(path.replace("{id}", &id));
        }
    }
    assert!(calls.len() >= 8, "{calls:?}");
    for path in calls {
        let request = world.post(&path).json(&json!({ "dry_run": true }));
        let answer = request.send().await.unwrap();
        let (status, problem) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 422, "{path}: {problem}");
        assert!(problem.contains("dry_run"), "{path}: {problem}");
    }
    assert_eq!(world.issue(&id).await["status"], "draft");
    // What says nothing is none.
    let (status, _) = send(&world, &format!("{id}/checks"), json!({}), None).await;
    assert_eq!(status, 200);
}

/// What PHP's `json_encode([])` prints is a list, and what is not there is often `null`. A list of values is none of
/// the objects that they would fit into.
async fn what_is_no_object_is_refused_by_every_call(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    let id = world.draft("Sommet").await;
    let owner = accounts::add_token(&world.service, "owner", Role::Owner);
    let owner = owner.await.unwrap();
    let document = get(&world, "/openapi.json").await;
    let lists = ["/fields", "/recipe", "/pictures"];
    let mut calls = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        if lists.iter().any(|end| path.ends_with(end)) {
            continue;
        }
        let path = path
            .replace("{id}", &id)
            .replace("{slug}", "asie-centrale")
            .replace("{language}", "fr")
            .replace("{key}", "welcome-title");
        for (method, call) in methods.as_object().unwrap() {
            let body = call.get("requestBody");
            let is_json = body.is_none_or(|body| body["content"].get("application/json").is_some());
            if !["post", "put", "patch"].contains(&method.as_str()) || !is_json {
                continue;
            }
            calls += 1;
            for wrong in [
                json!(null),
                json!([]),
                json!(["a@example.org", "x"]),
                json!(1),
            ] {
                let method = method.to_uppercase().parse().unwrap();
                let request = world
                    .http
                    .request(method, world.url(&path))
                    .bearer_auth(&owner);
                let answer = request.json(&wrong).send().await.unwrap();
                let (status, problem) = (answer.status(), answer.json::<Value>().await.unwrap());
                assert_eq!(status, 422, "{path} {wrong}: {problem}");
                let said = json!({ "field": "body", "why": "must be a JSON object" });
                assert_eq!(problem["errors"], json!([said]), "{path} {wrong}");
            }
        }
    }
    assert!(calls >= 18, "{calls}");
    assert_nothing_sent(&world).await;
}

/// In a merge patch `null` removes a member (RFC 7396).
async fn null_in_a_patch_changes_nothing(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    let id = world.draft("Sommet").await;
    let before = world.issue(&id).await;
    let owner = accounts::add_token(&world.service, "owner", Role::Owner);
    let owner = owner.await.unwrap();
    for (path, field) in [
        (format!("/api/v1/issues/{id}"), "intro"),
        ("/api/v1/newsletters/asie-centrale".to_owned(), "title"),
    ] {
        for kind in ["application/json", "application/merge-patch+json"] {
            let patch = json!({ "description": "d", "subject": "s", field: null });
            let mut patch = patch.as_object().unwrap().clone();
            patch.remove(if field == "title" {
                "subject"
            } else {
                "description"
            });
            let request = world.http.patch(world.url(&path)).bearer_auth(&owner);
            let request = request.header("content-type", kind).json(&patch);
            let answer = request.send().await.unwrap();
            let (status, problem) = (answer.status(), answer.json::<Value>().await.unwrap());
            assert_eq!(status, 422, "{path}: {problem}");
            assert_eq!(problem["errors"][0]["field"], field, "{path}: {problem}");
        }
    }
    assert_eq!(world.issue(&id).await, before);
}

async fn a_stale_page_goes_on_with_nothing(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["a@example.org", "defer2@example.org"])
        .await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.act(&id, "pause").await.0, 200);
    let seen = world.issue(&id).await["version"].as_i64().unwrap();
    assert_eq!(correct(&world, &id, "Autre").await.0, 200);
    let stale = format!("\"{seen}\"");
    for call in ["resume", "cancel", "retry-failed"] {
        let (status, problem) =
            send(&world, &format!("{id}/{call}"), json!({}), Some(&stale)).await;
        assert_eq!(status, 412, "{call}: {problem}");
    }
    assert_eq!(world.issue(&id).await["status"], "paused");
    let now = format!("\"{}\"", seen + 1);
    let (status, issue) = send(&world, &format!("{id}/resume"), json!({}), Some(&now)).await;
    assert_eq!(status, 200, "{issue}");
}
