//! The OpenAPI document says what the service does.

use reqwest::Method;
use serde_json::Value;

use crate::support::both::TestDb;
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
            assert_eq!(call.get("security").is_none(), is_public, "{method} {path}");
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
        ("get", "/issues/{id}/events"),
        ("get", "/issues/{id}/deliveries"),
    ] {
        let call = &document["paths"][format!("/api/v1{path}")][method];
        assert!(call["responses"].is_object(), "{method} {path}");
    }
}
