//! Fields: what a newsletter asks besides the address; set by its owner, answered by readers, greeted by.

pub mod multiple_newsletters;

use serde_json::{Value, json};
use xabar::accounts;
use xabar::domain::{Purpose, Role};
use xabar::store;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

fn asked() -> Value {
    json!([
        { "key": "name", "kind": "text", "greets": true, "labels": { "fr": "Prénom", "ru": "Имя" } },
        { "key": "trade", "kind": "choice", "required": true, "labels": { "fr": "Métier" }, "choices": [
            { "value": "press", "labels": { "fr": "Presse" } }, { "value": "other", "labels": { "fr": "Autre" } }] },
        { "key": "member", "kind": "yes-no", "labels": { "fr": "Je suis membre" } },
    ])
}

async fn set_fields(world: &World, token: &str, slug: &str, fields: &Value) -> (u16, Value) {
    let url = world.url(&format!("/api/v1/newsletters/{slug}/fields"));
    let request = world.http.put(url).bearer_auth(token);
    let answer = request.json(fields).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// A world whose newsletter asks something.
async fn asking(db: &TestDb) -> World {
    let world = World::start(db).await;
    ask(&world).await;
    world
}

/// Has the first newsletter ask for a name, a trade and a membership.
pub async fn ask(world: &World) {
    ask_of(world, "asie-centrale", &asked()).await;
}

/// Has a newsletter ask for these.
async fn ask_of(world: &World, slug: &str, fields: &Value) {
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let (status, set) = set_fields(world, &owner, slug, fields).await;
    assert_eq!(
        (status, &set.as_array().unwrap().len()),
        (200, &fields.as_array().unwrap().len()),
        "{set}"
    );
    // What was read a second ago is believed.
    world.pass(1);
}

async fn answers(world: &World, email: &str) -> String {
    answers_to(world, email, "asie-centrale").await
}

/// What a newsletter was answered, as it is kept.
async fn answers_to(world: &World, email: &str, slug: &str) -> String {
    let Some(subscription) = world.subscription_to(email, slug).await else {
        return "no subscription".to_owned();
    };
    let mut db = world.service.store.read().await.unwrap();
    let kept = store::subscriber::answer::of(&mut db, subscription.id)
        .await
        .unwrap();
    kept.to_json().unwrap_or_default()
}

on_both_databases!(
    what_is_asked_is_answered_kept_changed_and_greeted_by,
    programs_answer_too_and_are_told_what_is_wrong,
    fields_that_make_no_sense_are_refused,
);

async fn what_is_asked_is_answered_kept_changed_and_greeted_by(db: TestDb) {
    let world = asking(&db).await;
    let email = ("email", "a@example.org");
    let form = [email, ("consent", "yes"), ("lang", "ru")];
    let asks = world.submit("/subscribe", &form).await;
    assert_eq!(asks.status(), 200);
    let page = asks.text().await.unwrap();
    assert!(
        page.contains("Имя") && page.contains("name=\"field-trade\""),
        "{page}"
    );
    assert_eq!(world.state(email.1).await, "none");
    let form = [
        email,
        ("consent", "yes"),
        ("field-name", "Aïgerim"),
        ("field-trade", "king"),
    ];
    let refused = world.submit("/subscribe", &form).await;
    assert_eq!(refused.status(), 422);
    let page = refused.text().await.unwrap();
    assert!(
        page.contains("Choisissez une des réponses") && page.contains("value=\"Aïgerim\""),
        "{page}"
    );
    assert_eq!(world.state(email.1).await, "none");
    let form = [
        email,
        ("consent", "yes"),
        ("field-name", "Aïgerim"),
        ("field-trade", "press"),
        ("field-colour", "red"),
    ];
    assert_eq!(world.submit("/subscribe", &form).await.status(), 200);
    world.work().await;
    assert_eq!(
        answers(&world, email.1).await,
        r#"{"name":"Aïgerim","trade":"press"}"#
    );
    let confirmation = world.mails_to(email.1).remove(0);
    assert!(
        !confirmation.text.contains("Aïgerim") && !confirmation.html.contains("Aïgerim"),
        "nothing a stranger may have typed"
    );
    world
        .submit(&world.link(email.1, Purpose::Confirm).await, &[])
        .await;
    world.work().await;
    let welcome = world.mails_to(email.1).remove(1);
    assert!(
        welcome.text.starts_with("Bonjour Aïgerim,"),
        "{}",
        welcome.text
    );
    assert!(welcome.html.contains("Bonjour Aïgerim,"));

    // Somebody else cannot answer for a reader; the reader can.
    let form = [
        email,
        ("consent", "yes"),
        ("field-name", "Bolot"),
        ("field-trade", "other"),
    ];
    assert_eq!(world.submit("/subscribe", &form).await.status(), 200);
    assert_eq!(
        answers(&world, email.1).await,
        r#"{"name":"Aïgerim","trade":"press"}"#
    );
    let preferences = world.link(email.1, Purpose::Preferences).await;
    let page = world.page(&preferences).await.1;
    assert!(
        page.contains("value=\"Aïgerim\"") && page.contains("value=\"press\" selected"),
        "{page}"
    );
    let form = [
        ("language", "fr"),
        ("field-name", ""),
        ("field-trade", "other"),
        ("field-member", "yes"),
    ];
    assert_eq!(world.submit(&preferences, &form).await.status(), 200);
    assert_eq!(
        answers(&world, email.1).await,
        r#"{"member":"yes","trade":"other"}"#
    );
    let refused = world
        .submit(&preferences, &[("language", "fr"), ("field-trade", "")])
        .await;
    assert_eq!(refused.status(), 422);
    assert!(
        refused
            .text()
            .await
            .unwrap()
            .contains("Répondez à cette question.")
    );
    assert_eq!(
        answers(&world, email.1).await,
        r#"{"member":"yes","trade":"other"}"#
    );
    // Whoever leaves has answered nothing; nor has, once again, somebody whom a stranger signs up.
    let leave = world.link(email.1, Purpose::Unsubscribe).await;
    assert_eq!(world.submit(&leave, &[]).await.status(), 200);
    assert_eq!(answers(&world, email.1).await, "");
}

async fn programs_answer_too_and_are_told_what_is_wrong(db: TestDb) {
    let world = asking(&db).await;
    let call = async |answers: Value| {
        let body = json!({ "email": "a@example.org", "answers": answers });
        let answer = world
            .http
            .post(world.url("/api/v1/subscriptions"))
            .json(&body)
            .send()
            .await
            .unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let (status, problem) = call(json!({ "colour": "red", "name": "x".repeat(300) })).await;
    let fields: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|e| e["field"].as_str())
        .collect();
    assert_eq!(
        (status, fields),
        (422, vec!["answers.colour", "answers.name", "answers.trade"]),
        "{problem}"
    );
    let (status, _) = call(json!({ "trade": "other" })).await;
    assert_eq!(status, 202);
    assert_eq!(
        answers(&world, "a@example.org").await,
        r#"{"trade":"other"}"#
    );
    // Whoever asks again before confirming answers anew.
    let (status, _) = call(json!({ "trade": "press", "name": "B" })).await;
    assert_eq!(status, 202);
    assert_eq!(
        answers(&world, "a@example.org").await,
        r#"{"name":"B","trade":"press"}"#
    );
}

async fn fields_that_make_no_sense_are_refused(db: TestDb) {
    let world = asking(&db).await;
    let owner = accounts::add_token(&world.service, "another", Role::Owner)
        .await
        .unwrap();
    for (fields, why) in [
        (
            json!([{ "key": "Name", "kind": "text", "labels": { "fr": "N" } }]),
            "small letters",
        ),
        (
            json!([{ "key": "name", "kind": "poem", "labels": { "fr": "N" } }]),
            "poem",
        ),
        (
            json!([{ "key": "name", "kind": "choice", "labels": { "fr": "N" } }]),
            "two choices",
        ),
        (
            json!([{ "key": "name", "kind": "text", "labels": { "xx": "N" } }]),
            "xx",
        ),
    ] {
        let (status, problem) = set_fields(&world, &owner, "asie-centrale", &fields).await;
        assert_eq!(status, 422, "{fields}: {problem}");
        assert!(
            problem["detail"].as_str().unwrap().contains(why),
            "{problem}"
        );
    }
    let (status, _) = set_fields(&world, &world.token, "asie-centrale", &json!([])).await;
    assert_eq!(status, 403, "an editor does not decide what is asked");
}
