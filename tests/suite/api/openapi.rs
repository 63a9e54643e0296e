//! The OpenAPI document: it is valid, it lists every route, and ETags spare a second download.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::api_clients::python_tool;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

/// Calls that need no token.
const PUBLIC: [(&str, &str); 2] = [
    ("post", "/api/v1/subscriptions"),
    ("get", "/api/v1/challenge"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_call_of_the_document_is_served_and_asks_for_a_token() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let document = world
        .http
        .get(world.url("/openapi.json"))
        .send()
        .await
        .unwrap();
    let document: Value = document.json().await.unwrap();
    let mut calls = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let address = path
            .replace("{id}", "00000000-0000-7000-8000-000000000000")
            .replace("{slug}", "asie-centrale")
            .replace("{language}", "fr")
            .replace("{key}", "welcome-title");
        assert!(
            !address.contains('{'),
            "{path} has a part that this test does not fill in"
        );
        for (method, call) in methods.as_object().unwrap() {
            calls += 1;
            assert!(call["responses"].is_object(), "{method} {path}");
            let is_public = PUBLIC.contains(&(method.as_str(), path.as_str()));
            let asks = call["security"][0].get("bearer").is_some();
            assert_eq!(asks, !is_public, "{method} {path}");
            let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = world
                .http
                .request(verb, world.url(&address))
                .send()
                .await
                .unwrap();
            let status = answer.status().as_u16();
            if is_public {
                assert!(
                    ![401, 404, 405].contains(&status),
                    "{method} {path}: {status}"
                );
            } else {
                assert_eq!(status, 401, "{method} {path}");
            }
        }
    }
    assert!(calls >= 32, "only {calls} calls");
}

/// By the validator of another project, which knows the rules of OpenAPI 3.1.
#[tokio::test]
async fn the_document_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.json");
    let document = xabar::web::openapi();
    std::fs::write(&file, document.to_string()).unwrap();
    let validate = || {
        let mut command = std::process::Command::new(python_tool("openapi-spec-validator"));
        command.arg(&file).output().unwrap()
    };
    let said = validate();
    let words = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{:.2000}", words);
    // It can say no.
    let mut invalid = document;
    invalid["paths"]["/api/v1/issues"]["get"]["operationId"] = "create_issue".into();
    std::fs::write(&file, invalid.to_string()).unwrap();
    assert!(!validate().status.success());
}

on_both_databases!(what_is_read_again_is_sent_only_when_it_has_changed);

async fn what_is_read_again_is_sent_only_when_it_has_changed(db: TestDb) {
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let id = world.draft("Sommet").await;
    let issue = format!("/api/v1/issues/{id}");
    for path in [
        &issue,
        "/api/v1/issues",
        "/api/v1/newsletters/asie-centrale",
        "/api/v1/newsletters",
    ] {
        let first = world.get(path).send().await.unwrap();
        let tag = first.headers()["etag"].clone();
        let again = world
            .get(path)
            .header("If-None-Match", &tag)
            .send()
            .await
            .unwrap();
        assert_eq!(
            (again.status().as_u16(), &again.headers()["etag"]),
            (304, &tag),
            "{path}"
        );
        assert_eq!(again.text().await.unwrap(), "");
        for (known, status) in [("\"other\"", 200), (tag.to_str().unwrap(), 304)] {
            let head = world.http.head(world.url(path)).bearer_auth(&world.token);
            let head = head.header("If-None-Match", known).send().await.unwrap();
            let seen = (head.status().as_u16(), head.headers().get("etag"));
            assert_eq!(seen, (status, Some(&tag)), "HEAD {path}");
        }
        let other = world
            .get(path)
            .header("If-None-Match", "\"other\"")
            .send()
            .await
            .unwrap();
        assert_eq!(other.status(), 200, "{path}");
    }
    // Counts change without a new version.
    assert_eq!(world.act(&id, "send").await.0, 202);
    let sending = world.get(&issue).send().await.unwrap().headers()["etag"].clone();
    world.work().await;
    let sent = world
        .get(&issue)
        .header("If-None-Match", &sending)
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 200);
    let listed = world.patch(&issue).header("If-Match", "\"5\", \"2\"");
    let listed = listed.json(&serde_json::json!({ "subject": "Mieux" }));
    let said = listed.send().await.unwrap().text().await.unwrap();
    assert!(said.contains("give one version"), "{said}");
    // A version is enough for a change, and so is what was read.
    let draft = world.draft("Autre").await;
    let draft = format!("/api/v1/issues/{draft}");
    let tag = world.get(&draft).send().await.unwrap().headers()["etag"].clone();
    for (tag, status) in [
        (tag.to_str().unwrap(), 200),
        ("\"2\"", 200),
        (tag.to_str().unwrap(), 412),
    ] {
        let request = world.patch(&draft).header("If-Match", tag);
        let answer = request
            .json(&serde_json::json!({ "subject": "Mieux" }))
            .send()
            .await;
        assert_eq!(answer.unwrap().status(), status, "{tag}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_read_once_and_found_where_the_api_begins() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    for path in ["/openapi.json", "/docs"] {
        let get = |path: &str| world.http.get(world.url(path));
        let first = get(path).send().await.unwrap();
        let tag = first.headers()["etag"].clone();
        let again = get(path).header("If-None-Match", &tag).send().await;
        assert_eq!(again.unwrap().status(), 304, "{path}");
        let moved = get(&format!("/api/v1{path}")).send().await.unwrap();
        assert_eq!(moved.status(), 308, "{path}");
        assert_eq!(moved.headers()["location"], path);
    }
    let unknown = world.get("/openapi.json?foo=1").send().await.unwrap();
    assert_eq!(unknown.status(), 422);
    assert!(unknown.text().await.unwrap().contains("foo"));
}

/// What the contract names has to stay.
#[tokio::test(flavor = "multi_thread")]
async fn the_calls_of_the_contract_are_in_the_document() {
    let document = xabar::web::openapi();
    for (method, path) in [
        ("post", "/subscriptions"),
        ("post", "/issues"),
        ("get", "/issues"),
        ("get", "/issues/{id}"),
        ("patch", "/issues/{id}"),
        ("get", "/issues/{id}/preview"),
        ("post", "/issues/{id}/test"),
        ("post", "/issues/{id}/send"),
        ("post", "/issues/{id}/pause"),
        ("post", "/issues/{id}/resume"),
        ("post", "/issues/{id}/cancel"),
        ("post", "/issues/{id}/hide"),
        ("post", "/issues/{id}/unhide"),
        ("get", "/issues/{id}/events"),
        ("get", "/issues/{id}/deliveries"),
    ] {
        let call = &document["paths"][format!("/api/v1{path}")][method];
        assert!(call["responses"].is_object(), "{method} {path}");
    }
}

#[test]
fn what_the_service_takes_of_a_picture_is_in_the_document() {
    let schema = json!({
        "$ref": "#/components/schemas/NewIssue",
        "components": xabar::web::openapi()["components"],
    });
    let validator = jsonschema::draft202012::options().build(&schema).unwrap();
    let issue = |image: Value| {
        let item = json!({ "title": "T", "countries": ["KZ"], "image": image });
        let part = json!({ "kind": "photo", "items": [item] });
        json!({ "newsletter": "asie-centrale", "subject": "S", "parts": [part] })
    };
    let url = "https://example.org/i.jpg";
    assert!(validator.is_valid(&issue(json!(url))));
    assert!(validator.is_valid(&issue(json!({ "url": url, "width": 20_000 }))));
    for wrong in [0, 20_001] {
        assert!(
            !validator.is_valid(&issue(json!({ "url": url, "width": wrong }))),
            "{wrong}"
        );
    }
}
