//! The header `Idempotency-Key`: a POST that is repeated with the same key is done once.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reqwest::header::{CONTENT_TYPE, ETAG, LOCATION, RETRY_AFTER};
use serde_json::{Value, json};
use xabar::domain::Role;
use xabar::{accounts, worker::retention};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const KEY: &str = "Idempotency-Key";

on_both_databases!(
    the_same_request_gets_its_first_answer_again,
    test_copies_and_the_trigger_are_sent_once,
    a_key_belongs_to_one_request_of_one_token,
    a_refused_request_leaves_its_key_free,
    together_they_do_it_once,
    a_request_that_was_cut_off_may_be_repeated_later,
    what_is_kept_goes_after_two_days,
);

fn issue(subject: &str) -> Value {
    json!({ "newsletter": "asie-centrale", "subject": subject, "intro": "Bonjour." })
}

async fn create(world: &World, key: &str, body: &Value) -> (u16, Value) {
    let request = world.post("/api/v1/issues").header(KEY, key).json(body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn number_of_issues(world: &World) -> usize {
    let list = world.get("/api/v1/issues").send().await.unwrap();
    let list: Value = list.json().await.unwrap();
    list["items"].as_array().unwrap().len()
}

async fn the_same_request_gets_its_first_answer_again(db: TestDb) {
    let world = World::start(&db).await;
    let mut answers = BTreeSet::new();
    // With quotes, as the draft has it, and without, as many send it.
    for key in ["\"first\"", "\"first\"", "first"] {
        let request = world.post("/api/v1/issues").header(KEY, key);
        let answer = request.json(&issue("Sommet")).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        let headers = [ETAG, LOCATION, CONTENT_TYPE].map(|name| {
            let value = &answer.headers()[name];
            value.to_str().unwrap().to_owned()
        });
        answers.insert((headers, answer.text().await.unwrap()));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(number_of_issues(&world).await, 1);
    for wrong in ["", "\"\"", "é", &"k".repeat(256)] {
        let (status, problem) = create(&world, wrong, &issue("Sommet")).await;
        let field = &problem["errors"][0]["field"];
        assert_eq!((status, field), (422, &json!(KEY)), "{wrong}");
    }
}

async fn test_copies_and_the_trigger_are_sent_once(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let id = world.draft("Sommet").await;
    let copies = json!({ "to": ["editor@example.org"] });
    for _ in 0..3 {
        let path = format!("/api/v1/issues/{id}/test");
        let request = world.post(&path).header(KEY, "copies").json(&copies);
        assert_eq!(request.send().await.unwrap().status(), 202);
    }
    world.work().await;
    assert_eq!(world.mails_to("editor@example.org").len(), 1);

    let send = || async {
        let path = format!("/api/v1/issues/{id}/send");
        let answer = world.post(&path).header(KEY, "send").send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let first = send().await;
    assert_eq!(first.0, 202, "{}", first.1);
    world.work().await;
    assert_eq!(send().await, first, "though it is sent by now");
    world.work().await;
    let digests = world.mails_to("reader@example.org").into_iter();
    assert_eq!(
        digests
            .filter(|mail| mail.header("Subject") == Some("Sommet"))
            .count(),
        1
    );
}

async fn a_key_belongs_to_one_request_of_one_token(db: TestDb) {
    let world = World::start(&db).await;
    assert_eq!(create(&world, "k", &issue("Sommet")).await.0, 201);
    let (status, problem) = create(&world, "k", &issue("Autre")).await;
    assert_eq!(
        (status, &problem["type"]),
        (422, &json!("/docs#key-reused"))
    );
    let other = accounts::add_token(&world.service, "other", Role::Editor);
    let other = other.await.unwrap();
    let request = world.http.post(world.url("/api/v1/issues"));
    let request = request.header(KEY, "k").bearer_auth(other);
    let answer = request.json(&issue("Autre")).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(number_of_issues(&world).await, 2);
    // Without a valid token a key opens nothing.
    let request = world
        .http
        .post(world.url("/api/v1/issues"))
        .header(KEY, "k");
    let answer = request.json(&issue("Sommet")).send().await.unwrap();
    assert_eq!(answer.status(), 401);
}

async fn a_refused_request_leaves_its_key_free(db: TestDb) {
    let world = World::start(&db).await;
    assert_eq!(create(&world, "k", &issue("")).await.0, 422);
    assert_eq!(create(&world, "k", &issue("Sommet")).await.0, 201);
    assert_eq!(create(&world, "k", &issue("")).await.0, 422);
}

async fn together_they_do_it_once(db: TestDb) {
    let world = World::start(&db).await;
    let body = issue("Sommet");
    let all = join_all((0..20).map(|_| create(&world, "k", &body))).await;
    let mut made = BTreeSet::new();
    for (status, said) in all {
        match status {
            201 => drop(made.insert(said["id"].to_string())),
            409 => assert_eq!(said["type"], "/docs#still-running"),
            _ => panic!("{status}: {said}"),
        }
    }
    assert_eq!(made.len(), 1, "{made:?}");
    assert_eq!(number_of_issues(&world).await, 1);
}

async fn a_request_that_was_cut_off_may_be_repeated_later(db: TestDb) {
    let world = World::start(&db).await;
    assert_eq!(create(&world, "k", &issue("Sommet")).await.0, 201);
    // As if the process had been killed before it noted its answer.
    let cut_off = "UPDATE idempotency_key SET status = NULL RETURNING started_at";
    db.number(cut_off).await;
    let request = world.post("/api/v1/issues").header(KEY, "k");
    let answer = request.json(&issue("Sommet")).send().await.unwrap();
    assert_eq!(answer.status(), 409);
    assert_eq!(answer.headers()[RETRY_AFTER], "1");
    let (status, problem) = create(&world, "k", &issue("Autre")).await;
    assert_eq!(
        (status, &problem["type"]),
        (422, &json!("/docs#key-reused"))
    );
    world.pass(6);
    assert_eq!(create(&world, "k", &issue("Sommet")).await.0, 201);
}

async fn what_is_kept_goes_after_two_days(db: TestDb) {
    let world = World::start(&db).await;
    let (_, first) = create(&world, "anna@example.org", &issue("Sommet")).await;
    world.pass(24 * 60);
    retention::run(&world.service).await.unwrap();
    let (_, again) = create(&world, "anna@example.org", &issue("Sommet")).await;
    assert_eq!(again["id"], first["id"]);
    world.pass(24 * 60 + 1);
    let removed = retention::run(&world.service).await.unwrap();
    assert_eq!(removed.kept_answers, 1);
    let (_, other) = create(&world, "anna@example.org", &issue("Sommet")).await;
    assert_ne!(other["id"], first["id"]);
}
