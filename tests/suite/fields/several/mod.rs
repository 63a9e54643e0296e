//! What several newsletters ask at once, each of its own readers.

mod again;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xabar::accounts;
use xabar::config::ProofOfWork;
use xabar::domain::{AnswersByNewsletter, Purpose, Role};
use xabar::subscribe::{Choices, load_preferences, save_preferences};

use super::{answers_to, ask, ask_of};
use crate::proof;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const EMAIL: &str = "a@example.org";
const ASKS: &str = "Encore une étape";

/// A house whose three newsletters ask something each; the third nothing that is required.
async fn house(db: &TestDb) -> World {
    let world = World::start(db).await;
    world.add_newsletters().await;
    ask_all(&world).await;
    world
}

/// The same with a setting changed.
async fn guarded_house(db: &TestDb) -> World {
    let world = proof::world(db, |limits| limits.proof_of_work = ProofOfWork::Always).await;
    world.add_newsletters().await;
    ask_all(&world).await;
    world
}

pub async fn ask_all(world: &World) {
    ask(world).await;
    let fields = json!([
        { "key": "trade", "kind": "text", "required": true, "labels": { "de": "Beruf", "fr": "Profession" } },
        { "key": "town", "kind": "text", "labels": { "de": "Ort" } },
    ]);
    ask_of(world, "zentralasien", &fields).await;
    let fields = json!([{ "key": "since", "kind": "date", "labels": { "en": "Reader since" } }]);
    ask_of(world, "central-asia", &fields).await;
}

/// Sends the form of the first newsletter with these ticked; what the answer says.
async fn send(world: &World, email: &str, ticked: &[&str], more: &[(&str, &str)]) -> (u16, String) {
    let mut fields = vec![
        ("email", email),
        ("form", "asie-centrale"),
        ("lang", "fr"),
        ("countries", "kz"),
        ("frequency", "monthly"),
        ("consent", "ticked"),
    ];
    fields.extend(ticked.iter().map(|slug| ("newsletter", *slug)));
    fields.extend(more);
    let answer = world.submit("/subscribe", &fields).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Saves the page of choices with these ticked.
async fn save(world: &World, link: &str, ticked: &[&str], more: &[(&str, &str)]) -> (u16, String) {
    let mut fields = vec![("language", "fr"), ("letters", ""), ("countries", "kz")];
    fields.extend(ticked.iter().map(|slug| ("letters", *slug)));
    fields.extend(more);
    let answer = world.submit(link, &fields).await;
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Somebody who reads the first newsletter and the German one.
async fn reader_of_two(world: &World) -> String {
    let answers = [
        ("asked", "asie-centrale"),
        ("field-trade", "press"),
        ("asked", "zentralasien"),
        ("field-zentralasien/trade", "Lehrerin"),
    ];
    let ticked = ["asie-centrale", "zentralasien"];
    assert_eq!(send(world, EMAIL, &ticked, &answers).await.0, 200);
    confirm(world).await
}

/// Confirms, and returns the link to the choices.
async fn confirm(world: &World) -> String {
    world.work().await;
    let mail = world.mails_to(EMAIL).pop().expect("a mail");
    let link = crate::support::world::link_in(&mail.text, "/confirm/");
    assert_eq!(world.submit(&link, &[]).await.status(), 200);
    world.work().await;
    world.link(EMAIL, Purpose::Preferences).await
}

/// What the record says of a subscription, without its confirmation mails.
async fn record(world: &World, slug: &str) -> Vec<String> {
    let subscription = world.subscription_to(EMAIL, slug).await.unwrap();
    let events = world.proof(&subscription).await;
    let acts = events.iter().map(|e| format!("{} by {}", e.kind, e.method));
    acts.filter(|act| !act.starts_with("mailed")).collect()
}

async fn call(world: &World, body: &Value) -> (u16, Value) {
    let request = world.http.post(world.url("/api/v1/subscriptions"));
    let answer = request.json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// A page without what differs each time.
fn without_stamps(page: &str, email: &str) -> String {
    let stamp = proof::hidden(page, "stamp");
    page.replace(stamp, "").replace(email, "")
}

on_both_databases!(
    what_is_ticked_is_asked_before_anything_is_taken_in,
    everything_that_is_missing_is_said_at_once,
    the_question_tells_nothing_of_an_address,
    nobody_else_answers_for_a_reader,
    the_question_comes_before_the_proof_of_work,
    a_newsletter_that_is_not_ticked_is_neither_asked_nor_answered,
    pasted_forms_know_the_fields_of_their_newsletter_by_their_keys,
    a_private_newsletter_that_was_named_keeps_its_tick,
    what_ends_keeps_no_answer_whoever_asks_for_it,
    what_is_turned_on_is_asked_first,
    who_has_not_confirmed_yet_answers_for_the_newsletter_of_the_link_alone,
    programs_answer_each_newsletter_that_they_ask_for,
);

async fn what_is_ticked_is_asked_before_anything_is_taken_in(db: TestDb) {
    let world = house(&db).await;
    let all = ["asie-centrale", "zentralasien", "central-asia"];
    let own = [
        ("asked", "asie-centrale"),
        ("field-trade", "press"),
        ("field-name", "Aïgerim"),
    ];
    let (status, page) = send(&world, EMAIL, &all, &own).await;
    assert_eq!(status, 200);
    assert!(
        page.contains(ASKS) && !page.contains("Cette réponse"),
        "{page}"
    );
    for kept in [
        "value=\"a@example.org\"",
        "name=\"countries\" value=\"kz\"",
        "name=\"frequency\" value=\"monthly\"",
        "name=\"field-name\" value=\"Aïgerim\"",
        "name=\"field-trade\" value=\"press\"",
        "name=\"consent\" value=\"ticked\"",
    ] {
        assert!(page.contains(kept), "{kept} in {page}");
    }
    for (slug, field) in [
        ("asie-centrale", "field-trade"),
        ("zentralasien", "field-zentralasien/trade"),
        ("central-asia", "field-central-asia/since"),
    ] {
        assert!(
            page.contains(&format!("name=\"asked\" value=\"{slug}\"")),
            "{page}"
        );
        assert!(
            page.contains(&format!("name=\"newsletter\" value=\"{slug}\""))
                && page.contains(&format!("name=\"{field}\"")),
            "{page}"
        );
    }
    assert!(
        page.contains("<legend lang=\"de\">Zentralasien</legend>") && page.contains("Profession"),
        "{page}"
    );
    assert_eq!(world.states(EMAIL).await, "none none none");
    world.assert_idle().await;

    let asked = [&own[..], &all.map(|slug| ("asked", slug))].concat();
    let (status, page) = send(&world, EMAIL, &all, &asked).await;
    assert_eq!(status, 422);
    assert!(
        page.contains("id=\"error-field-zentralasien/trade\"")
            && !page.contains("id=\"error-field-trade\""),
        "{page}"
    );
    assert!(!page.contains(ASKS), "they have been asked: {page}");
    assert_eq!(world.states(EMAIL).await, "none none none");

    let answered = [
        &asked[..],
        &[
            ("field-zentralasien/trade", " Lehrerin "),
            ("field-zentralasien/colour", "red"),
        ],
    ]
    .concat();
    assert_eq!(send(&world, EMAIL, &all, &answered).await.0, 200);
    assert_eq!(world.states(EMAIL).await, "pending pending pending");
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"name":"Aïgerim","trade":"press"}"#
    );
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"trade":"Lehrerin"}"#
    );
    assert_eq!(answers_to(&world, EMAIL, "central-asia").await, "");
    world.work().await;
    let mails = world.mails_to(EMAIL);
    assert!(
        mails.len() == 1 && !mails[0].text.contains("Lehrerin"),
        "nothing a stranger may have typed"
    );

    // Whoever asks again before confirming answers anew, each newsletter by itself.
    let again = [
        ("asked", "zentralasien"),
        ("field-zentralasien/trade", "Arzt"),
        ("field-zentralasien/town", "Osch"),
    ];
    assert_eq!(send(&world, EMAIL, &["zentralasien"], &again).await.0, 200);
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"town":"Osch","trade":"Arzt"}"#
    );
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"name":"Aïgerim","trade":"press"}"#
    );
}

async fn everything_that_is_missing_is_said_at_once(db: TestDb) {
    let world = house(&db).await;
    let (status, page) = send(
        &world,
        "nobody",
        &["asie-centrale", "zentralasien"],
        &[("asked", "asie-centrale")],
    )
    .await;
    assert_eq!(status, 422);
    assert!(
        page.contains("id=\"email-error\"") && page.contains("id=\"error-field-trade\""),
        "{page}"
    );
    assert!(
        !page.contains(ASKS) && !page.contains("field-zentralasien"),
        "it is asked when everything else is right: {page}"
    );
}

async fn the_question_tells_nothing_of_an_address(db: TestDb) {
    let world = house(&db).await;
    reader_of_two(&world).await;
    let ticked = ["asie-centrale", "central-asia", "zentralasien"];
    let own = [("field-trade", "press")];
    let (known, page) = send(&world, EMAIL, &ticked, &own).await;
    let (unknown, other_page) = send(&world, "unknown@example.org", &ticked, &own).await;
    assert_eq!((known, unknown), (200, 200));
    assert!(page.contains(ASKS));
    assert_eq!(
        without_stamps(&page, EMAIL),
        without_stamps(&other_page, "unknown@example.org")
    );
    world.assert_idle().await;
}

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

async fn the_question_comes_before_the_proof_of_work(db: TestDb) {
    let world = guarded_house(&db).await;
    let ticked = ["zentralasien"];
    let (status, page) = send(&world, EMAIL, &ticked, &[]).await;
    assert!(
        status == 200 && page.contains(ASKS) && !page.contains("name=\"wait\""),
        "{page}"
    );
    let answered = [
        ("asked", "zentralasien"),
        ("field-zentralasien/trade", "Arzt"),
    ];
    let (status, page) = send(&world, EMAIL, &ticked, &answered).await;
    assert!(
        status == 200
            && !page.contains(ASKS)
            && page.contains("name=\"wait\"")
            && page.contains("value=\"Arzt\""),
        "{page}"
    );
    let proof = proof::proof(&world).await;
    let stamp = proof::hidden(&page, "stamp");
    let signs = [
        &answered[..],
        &[("altcha", proof.as_str()), ("stamp", stamp)],
    ]
    .concat();
    assert_eq!(send(&world, EMAIL, &ticked, &signs).await.0, 200);
    assert_eq!(world.states(EMAIL).await, "none none pending");
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"trade":"Arzt"}"#
    );
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

async fn pasted_forms_know_the_fields_of_their_newsletter_by_their_keys(db: TestDb) {
    let world = house(&db).await;
    let form = [
        ("email", EMAIL),
        ("newsletter", "zentralasien"),
        ("consent", "yes"),
        ("field-trade", "Arzt"),
    ];
    let page = world
        .submit("/subscribe", &form)
        .await
        .text()
        .await
        .unwrap();
    assert!(page.contains("Schauen Sie in Ihr Postfach"), "{page}");
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"trade":"Arzt"}"#
    );
    // In a frame nothing can be ticked, and so nothing else is asked.
    let form = [
        ("email", EMAIL),
        ("newsletter", "zentralasien"),
        ("consent", "yes"),
        ("field-trade", "press"),
    ];
    assert_eq!(
        world.submit("/embed/asie-centrale", &form).await.status(),
        200
    );
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"trade":"press"}"#
    );
}

async fn a_private_newsletter_that_was_named_keeps_its_tick(db: TestDb) {
    let world = house(&db).await;
    let owner = accounts::add_token(&world.service, "another", Role::Owner)
        .await
        .unwrap();
    let request = world
        .http
        .patch(world.url("/api/v1/newsletters/zentralasien"))
        .bearer_auth(owner);
    let answer = request
        .json(&json!({ "visibility": "private" }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let (_, page) = send(&world, EMAIL, &["central-asia"], &[]).await;
    assert!(
        page.contains(ASKS) && !page.contains("zentralasien"),
        "nobody is offered it: {page}"
    );
    let (_, page) = send(&world, EMAIL, &["zentralasien"], &[]).await;
    assert!(
        page.contains("type=\"hidden\" name=\"newsletter\" value=\"zentralasien\"")
            && page.contains("field-zentralasien/trade"),
        "{page}"
    );
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

async fn what_is_turned_on_is_asked_first(db: TestDb) {
    let world = house(&db).await;
    let own = [("field-trade", "press")];
    assert_eq!(send(&world, EMAIL, &["asie-centrale"], &own).await.0, 200);
    let link = confirm(&world).await;
    let mails = world.mails_to(EMAIL).len();
    let all = ["asie-centrale", "central-asia", "zentralasien"];
    let typed = [
        ("asked", "asie-centrale"),
        ("field-trade", "other"),
        ("countries", "uz"),
        ("frequency", "monthly"),
    ];
    let (status, page) = save(&world, &link, &all, &typed).await;
    assert_eq!(status, 200);
    assert!(
        page.contains(ASKS)
            && !page.contains("C’est enregistré")
            && !page.contains("Cette réponse"),
        "{page}"
    );
    for kept in [
        "value=\"uz\" checked",
        "value=\"other\" selected",
        "value=\"zentralasien\" checked",
        "field-zentralasien/town",
        "field-central-asia/since",
    ] {
        assert!(page.contains(kept), "{kept} in {page}");
    }
    assert_eq!(world.states(EMAIL).await, "active none none");
    let kept = world.subscription(EMAIL).await.unwrap();
    assert_eq!(kept.chosen.countries.to_string(), "kz", "nothing is saved");
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"trade":"press"}"#
    );

    let (_, page) = save(&world, &link, &["central-asia"], &typed).await;
    assert!(
        page.contains(ASKS) && !page.contains("field-trade"),
        "who leaves has nothing to answer: {page}"
    );

    let asked = [
        &typed[..],
        &[("asked", "central-asia"), ("asked", "zentralasien")],
    ]
    .concat();
    let (status, page) = save(&world, &link, &all, &asked).await;
    assert!(
        status == 422
            && page.contains("id=\"error-field-zentralasien/trade\"")
            && !page.contains(ASKS),
        "{page}"
    );
    let answered = [&asked[..], &[("field-zentralasien/trade", "Arzt")]].concat();
    let (status, page) = save(&world, &link, &all, &answered).await;
    assert!(status == 200 && page.contains("C’est enregistré"), "{page}");
    assert_eq!(world.states(EMAIL).await, "active active active");
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"trade":"Arzt"}"#
    );
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"trade":"other"}"#
    );
    assert_eq!(
        record(&world, "zentralasien").await,
        ["confirmed by signed_link"]
    );
    assert_eq!(
        record(&world, "asie-centrale").await,
        ["requested by page", "confirmed by page", "changed by page"]
    );
    world.work().await;
    assert_eq!(world.mails_to(EMAIL).len(), mails + 1);
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
    let page = world
        .http
        .get(&link)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
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
