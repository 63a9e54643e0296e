//! Guards against accidental sends: past times, misplaced parameters, empty issues, stale pages.

use reqwest::header::IF_MATCH;
use serde_json::{Value, json};
use xabar::domain::SubscriptionState;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    a_time_that_has_passed_sends_nothing,
    a_parameter_in_the_wrong_place_sends_nothing,
    an_issue_that_says_nothing_or_reaches_nobody_is_refused,
    a_stale_page_sends_nothing,
    an_empty_json_body_is_none,
    a_scheduled_issue_is_taken_back_moved_and_edited,
    another_time_for_what_is_sent_is_refused,
    lists_are_filtered_and_short,
);

/// Asks for an issue to be sent, with this body and these headers.
pub async fn send(world: &World, path: &str, body: Value, if_match: Option<&str>) -> (u16, Value) {
    let mut request = world.post(&format!("/api/v1/issues/{path}")).json(&body);
    if let Some(version) = if_match {
        request = request.header(IF_MATCH, version);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

pub async fn world_with_a_reader(db: &TestDb) -> World {
    let world = World::start(db).await;
    world.join("a@example.org").await;
    world
}

/// Nobody has got more than the confirmation and the welcome.
pub async fn assert_nothing_sent(world: &World) {
    world.work().await;
    assert_eq!(world.caught_for("a@example.org").len(), 2);
}

async fn a_time_that_has_passed_sends_nothing(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    let id = world.draft("Sommet").await;
    // It is Monday, 23 November 2026, 8:00 in Paris.
    for (at, said) in [
        ("2020-01-01T08:00", "2020-01-01 08:00 +01:00 Europe/Paris"),
        ("2026-11-23T07:58", "it is 2026-11-23 08:00 +01:00"),
        ("2026-11-23T06:58:59Z", "has passed"),
        ("2028-11-23T08:01", "two years"),
        ("2027-02-01", "is not a time"),
        ("2027-02-01T08:00+06:00[Asia/Almaty]", "contradicts"),
        ("2027-02-01T08:00[localtime]", "is not a time"),
    ] {
        let (status, problem) =
            send(&world, &format!("{id}/send"), json!({ "at": at }), None).await;
        assert_eq!(
            (status, &problem["errors"][0]["field"]),
            (422, &json!("at")),
            "{at}"
        );
        assert!(
            problem["detail"].as_str().unwrap().contains(said),
            "{at}: {problem}"
        );
    }
    assert_nothing_sent(&world).await;
    // A minute is the time that a request may take.
    let (status, sent) = send(
        &world,
        &format!("{id}/send"),
        json!({ "at": "2026-11-23T07:59" }),
        None,
    )
    .await;
    assert_eq!((status, &sent["status"]), (202, &json!("sending")));
}

async fn a_parameter_in_the_wrong_place_sends_nothing(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    let id = world.draft("Sommet").await;
    for query in ["at=2027-01-01T08:00", "dry_run=true", "at", "&&x=1"] {
        let (status, problem) = world.act(&id, &format!("send?{query}")).await;
        assert_eq!(status, 422, "{query}: {problem}");
        let said = problem["detail"].as_str().unwrap();
        assert!(said.contains("sent as its body"), "{said}");
    }
    for (path, known) in [
        ("/api/v1/issues?state=sent", "status"),
        ("/api/v1/issues?page=2", "cursor"),
    ] {
        let answer = world.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 422, "{path}");
        assert!(answer.text().await.unwrap().contains(known), "{path}");
    }
    let events = world
        .get(&format!("/api/v1/issues/{id}/events?x=1"))
        .send()
        .await
        .unwrap();
    assert_eq!(events.status(), 422);
    assert_eq!(world.issue(&id).await["status"], "draft");
    assert_nothing_sent(&world).await;
}

async fn an_issue_that_says_nothing_or_reaches_nobody_is_refused(db: TestDb) {
    let world = World::start(&db).await;
    let id = world.draft("Sommet").await;
    let (status, problem) = world.act(&id, "send").await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("audience"))
    );
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("no active readers")
    );
    world.join("a@example.org").await;
    let reader = world.subscription("a@example.org").await.unwrap();
    assert_eq!(reader.state, SubscriptionState::Active);
    let preferences = world
        .link("a@example.org", xabar::domain::Purpose::Preferences)
        .await;
    let choose = async |pause: &str| {
        let fields = [("language", "fr"), ("frequency", "each"), ("pause", pause)];
        assert_eq!(world.submit(&preferences, &fields).await.status(), 200);
    };
    choose("2").await;
    let (status, problem) = world.act(&id, "send").await;
    assert_eq!(status, 422);
    let said = problem["detail"].as_str().unwrap();
    assert!(said.contains("of those it is for, 1 paused"), "{said}");
    assert_eq!(
        world
            .submit(&preferences, &[("resume", "yes")])
            .await
            .status(),
        200
    );
    for parts in [
        json!([]),
        json!([{ "kind": "news" }, { "kind": "text", "body": " \n" }]),
    ] {
        let empty = json!({ "newsletter": "asie-centrale", "subject": "Vide", "parts": parts });
        let made: Value = world
            .post("/api/v1/issues")
            .json(&empty)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        for body in [json!({}), json!({ "at": "2027-01-04T08:00" })] {
            let path = format!("{}/send", made["id"].as_str().unwrap());
            let (status, problem) = send(&world, &path, body, None).await;
            assert_eq!(
                (status, &problem["errors"][0]["field"]),
                (422, &json!("parts"))
            );
        }
    }
    assert_nothing_sent(&world).await;
}

/// Many clients say the media type of every request.
async fn an_empty_json_body_is_none(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    let id = world.draft("Sommet").await;
    let request = world.post(&format!("/api/v1/issues/{id}/send"));
    let request = request.header("Content-Type", "application/json");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 202, "{}", answer.text().await.unwrap());
    // Where a body is needed, none is still none.
    let request = world.post("/api/v1/issues");
    let request = request.header("Content-Type", "application/json");
    assert_eq!(request.send().await.unwrap().status(), 400);
}

async fn a_stale_page_sends_nothing(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    let id = world.draft("Sommet").await;
    let path = format!("{id}/send");
    let changed = world
        .patch(&format!("/api/v1/issues/{id}"))
        .json(&json!({ "subject": "Autre" }));
    let changed = changed.send().await.unwrap();
    let present = changed.headers()["etag"].to_str().unwrap().to_owned();
    let (status, problem) = send(&world, &path, json!({}), Some("\"1\"")).await;
    assert_eq!(status, 412, "{problem}");
    assert_nothing_sent(&world).await;
    assert_eq!(send(&world, &path, json!({}), Some(&present)).await.0, 202);
    // The same call once more, with the version of before, says the same.
    assert_eq!(send(&world, &path, json!({}), Some(&present)).await.0, 202);
}

async fn a_scheduled_issue_is_taken_back_moved_and_edited(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    let id = world.draft("Sommet").await;
    let path = format!("{id}/send");
    let at = |at: &str| send(&world, &path, json!({ "at": at }), None);
    assert_eq!(at("2026-11-24T08:00").await.0, 202);
    let (status, refused) = world.act(&id, "send").await;
    assert_eq!(
        status, 409,
        "nobody shall believe that it goes out now: {refused}"
    );
    let edited = world
        .patch(&format!("/api/v1/issues/{id}"))
        .json(&json!({ "subject": "Mieux" }));
    assert_eq!(edited.send().await.unwrap().status(), 200);
    let emptied = world
        .patch(&format!("/api/v1/issues/{id}"))
        .json(&json!({ "intro": "", "parts": [] }));
    assert_eq!(
        emptied.send().await.unwrap().status(),
        422,
        "it would go out so"
    );
    let (status, taken) = world.act(&id, "unschedule").await;
    assert_eq!(
        (status, &taken["status"], &taken["scheduled_at"]),
        (200, &json!("draft"), &Value::Null)
    );
    assert_eq!(
        world.act(&id, "unschedule").await.0,
        200,
        "twice is harmless"
    );
    world.pass(2 * 24 * 60);
    assert_nothing_sent(&world).await;
    assert_eq!(at("2026-11-26T08:00").await.0, 202);
    let (_, moved) = at("2026-11-27T08:00[Asia/Almaty]").await;
    assert_eq!(moved["scheduled_at"], "2026-11-27T03:00:00Z");
    world.pass(24 * 60 + 30);
    assert_nothing_sent(&world).await;
    world.pass(24 * 60);
    world.work().await;
    let mails = world.mails_to("a@example.org");
    assert_eq!(mails.len(), 3);
    assert_eq!(mails[2].header("Subject"), Some("Mieux"));
    let (status, problem) = world.act(&id, "unschedule").await;
    let said = problem["detail"].as_str().unwrap();
    assert!(status == 409 && said.ends_with("taken back"), "{problem}");
}

async fn another_time_for_what_is_sent_is_refused(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    let id = world.draft("Sommet").await;
    let path = format!("{id}/send");
    let at = |at: &str| send(&world, &path, json!({ "at": at }), None);
    assert_eq!(at("2026-11-23T09:00").await.0, 202);
    world.pass(61);
    world.work().await;
    for (when, status) in [("2026-11-23T09:00", 202), ("2026-11-30T08:00", 409)] {
        assert_eq!(at(when).await.0, status, "{when}");
    }
    assert_eq!(world.act(&id, "send").await.0, 202);
    assert_eq!(world.caught_for("a@example.org").len(), 3);
}

async fn lists_are_filtered_and_short(db: TestDb) {
    let world = world_with_a_reader(&db).await;
    world.add_newsletters().await;
    let first = world.draft("Un").await;
    world.pass(1);
    let second = world.draft("Deux").await;
    world.pass(1);
    let german = json!({ "newsletter": "zentralasien", "subject": "Drei", "intro": "Hallo" });
    assert_eq!(
        world
            .post("/api/v1/issues")
            .json(&german)
            .send()
            .await
            .unwrap()
            .status(),
        201
    );
    world.act(&first, "send").await;
    let list = async |query: &str| {
        let answer = world
            .get(&format!("/api/v1/issues?{query}"))
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap())
    };
    let ids = |page: &Value| {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|item| item["subject"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for (query, subjects) in [
        ("", vec!["Drei", "Deux", "Un"]),
        ("newsletter=asie-centrale", vec!["Deux", "Un"]),
        ("newsletter=zentralasien&status=draft", vec!["Drei"]),
        ("status=sending", vec!["Un"]),
        ("limit=3", vec!["Drei", "Deux", "Un"]),
    ] {
        let (status, page) = list(query).await;
        assert_eq!(
            (status, ids(&page)),
            (200, subjects.into_iter().map(str::to_owned).collect()),
            "{query}"
        );
        assert_eq!(page["next"], Value::Null, "{query}");
        assert!(
            page["items"][0].get("parts").is_none(),
            "no content: {page}"
        );
    }
    let (_, page) = list("limit=2").await;
    assert_eq!(page["next"], json!(second));
    let (_, rest) = list(&format!("limit=2&cursor={second}")).await;
    assert_eq!(
        (ids(&rest), &rest["next"]),
        (vec!["Un".to_owned()], &Value::Null)
    );
    for wrong in [
        "newsletter=nowhere",
        "newsletter=",
        "status=late",
        "status=",
        "limit=0",
        "limit=101",
        "limit=x",
    ] {
        assert_eq!(list(wrong).await.0, 422, "{wrong}");
    }
}
