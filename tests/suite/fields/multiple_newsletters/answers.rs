//! Whose answers count, and for which newsletter.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xabar::domain::{AnswersByNewsletter, Purpose};
use xabar::subscribe::{Choices, load_preferences, save_preferences};

use super::{EMAIL, house, reader_of_two, save, send};
use crate::fields::{answers_to, ask_of};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

async fn call(world: &World, body: &Value) -> (u16, Value) {
    let request = world.http.post(world.url("/api/v1/subscriptions"));
    let answer = request.json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

on_both_databases!(
    nobody_else_answers_for_a_reader,
    a_newsletter_that_is_not_ticked_is_neither_asked_nor_answered,
    what_ends_keeps_no_answer_whoever_asks_for_it,
    who_has_not_confirmed_yet_answers_for_the_newsletter_of_the_link_alone,
    programs_answer_each_newsletter_that_they_ask_for,
);

async fn nobody_else_answers_for_a_reader(db: TestDb) {
    let world = house(&db).await;
    reader_of_two(&world).await;
    let answered = [
        ("field-trade", "other"),
        ("asked", "zentralasien"),
        ("field-zentralasien/trade", "Dieb"),
        ("asked", "central-asia"),
        ("field-central-asia/since", "2024-07-08"),
    ];
    let ticked = ["asie-centrale", "central-asia", "zentralasien"];
    assert_eq!(send(&world, EMAIL, &ticked, &answered).await.0, 200);
    assert_eq!(world.states(EMAIL).await, "active pending active");
    for (slug, kept) in [
        ("asie-centrale", r#"{"trade":"press"}"#),
        ("zentralasien", r#"{"trade":"Lehrerin"}"#),
        ("central-asia", r#"{"since":"2024-07-08"}"#),
    ] {
        assert_eq!(answers_to(&world, EMAIL, slug).await, kept);
    }
}

async fn a_newsletter_that_is_not_ticked_is_neither_asked_nor_answered(db: TestDb) {
    let world = house(&db).await;
    let answered = [
        ("field-trade", "king"),
        ("asked", "zentralasien"),
        ("field-zentralasien/trade", "Arzt"),
        ("field-central-asia/since", "never"),
    ];
    assert_eq!(
        send(&world, EMAIL, &["zentralasien"], &answered).await.0,
        200
    );
    assert_eq!(world.states(EMAIL).await, "none none pending");
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"trade":"Arzt"}"#
    );
    // One that asks nothing goes through at once, as ever.
    ask_of(&world, "central-asia", &json!([])).await;
    assert_eq!(send(&world, EMAIL, &["central-asia"], &[]).await.0, 200);
    assert_eq!(world.states(EMAIL).await, "none pending pending");
}

async fn what_ends_keeps_no_answer_whoever_asks_for_it(db: TestDb) {
    let world = house(&db).await;
    let link = reader_of_two(&world).await;
    let token = link.rsplit('/').next().unwrap();
    let found = load_preferences(&world.service, token).await.unwrap();
    let given = BTreeMap::from([("trade".to_owned(), "other".to_owned())]);
    let all = found.newsletters.iter().map(|letter| &letter.newsletter);
    let choices = Choices {
        newsletters: Some(vec![found.linked.newsletter.slug.clone()]),
        answers: AnswersByNewsletter::read(all, |_| Some(&given)).unwrap(),
        ..Choices::default()
    };
    save_preferences(&world.service, token, &choices, "/", None)
        .await
        .unwrap();
    assert_eq!(world.states(EMAIL).await, "active none ended");
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"trade":"other"}"#
    );
    assert_eq!(answers_to(&world, EMAIL, "zentralasien").await, "");
    assert_eq!(
        answers_to(&world, EMAIL, "central-asia").await,
        "no subscription"
    );
}

async fn who_has_not_confirmed_yet_answers_for_the_newsletter_of_the_link_alone(db: TestDb) {
    let world = house(&db).await;
    let answered = [
        ("field-trade", "press"),
        ("asked", "zentralasien"),
        ("field-zentralasien/trade", "Arzt"),
    ];
    assert_eq!(
        send(&world, EMAIL, &["asie-centrale", "zentralasien"], &answered)
            .await
            .0,
        200
    );
    let link = world.link(EMAIL, Purpose::Preferences).await;
    let page = world.page(&link).await.1;
    assert!(
        page.contains("value=\"press\" selected") && !page.contains("field-zentralasien"),
        "{page}"
    );
    let change = [
        ("asked", "asie-centrale"),
        ("field-trade", "other"),
        ("asked", "zentralasien"),
        ("field-zentralasien/trade", ""),
    ];
    assert_eq!(
        save(
            &world,
            &link,
            &["asie-centrale", "zentralasien", "central-asia"],
            &change
        )
        .await
        .0,
        200
    );
    assert_eq!(world.states(EMAIL).await, "pending none pending");
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"trade":"other"}"#
    );
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"trade":"Arzt"}"#
    );
}

async fn programs_answer_each_newsletter_that_they_ask_for(db: TestDb) {
    let world = house(&db).await;
    let body = |answers: Value, others: Value| {
        json!({ "email": EMAIL, "language": "fr",
            "newsletters": ["asie-centrale", "zentralasien", "central-asia", "zentralasien"], "answers": answers, "other_answers": others })
    };
    let (status, problem) = call(
        &world,
        &body(
            json!({ "colour": "red" }),
            json!({
            "asie-centrale": { "trade": "press" }, "nothing": { "a": "b" },
            "central-asia": { "since": "yesterday" }, "zentralasien": { "name": "x" } }),
        ),
    )
    .await;
    assert_eq!(
        (status, &problem["type"], &problem["status"]),
        (422, &json!("/docs#invalid"), &json!(422)),
        "{problem}"
    );
    let said = problem["errors"].as_array().unwrap().iter();
    let said: Vec<String> = said
        .map(|e| {
            format!(
                "{} {}",
                e["field"].as_str().unwrap(),
                e["why"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "other_answers.asie-centrale is the first newsletter, which `answers` are for",
            "other_answers.nothing is not among the newsletters that are asked for",
            "answers.colour is not asked by this newsletter",
            "other_answers.zentralasien.name is not asked by this newsletter",
            "answers.trade is required",
            "other_answers.zentralasien.trade is required",
            "other_answers.central-asia.since must be a day as in 2026-03-21",
        ]
    );
    assert_eq!(world.states(EMAIL).await, "none none none");
    let (status, said) = call(
        &world,
        &body(
            json!({ "trade": "press" }),
            json!({ "zentralasien": { "trade": "Arzt" } }),
        ),
    )
    .await;
    assert_eq!(status, 202, "{said}");
    assert_eq!(world.states(EMAIL).await, "pending pending pending");
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"trade":"press"}"#
    );
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"trade":"Arzt"}"#
    );
    assert_eq!(answers_to(&world, EMAIL, "central-asia").await, "");
    // One newsletter alone is answered as ever.
    let (status, _) = call(&world, &json!({ "email": "b@example.org", "newsletter": "zentralasien", "answers": { "trade": "Arzt" } })).await;
    assert_eq!(
        (
            status,
            answers_to(&world, "b@example.org", "zentralasien")
                .await
                .as_str()
        ),
        (202, r#"{"trade":"Arzt"}"#)
    );
    let request = world.http.get(world.url("/openapi.json"));
    let document: Value = request.send().await.unwrap().json().await.unwrap();
    let described =
        &document["components"]["schemas"]["NewSubscription"]["properties"]["other_answers"];
    assert_eq!(
        described["additionalProperties"]["additionalProperties"]["type"], "string",
        "{described}"
    );
}
