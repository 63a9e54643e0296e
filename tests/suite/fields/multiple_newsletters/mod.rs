//! Fields of several newsletters at once, each for its own readers.

mod answers;
mod asked_again;

use serde_json::json;
use xabar::accounts;
use xabar::config::ProofOfWork;
use xabar::domain::{Purpose, Role};

use super::{answers_to, ask, ask_of};
use crate::signup::proof_of_work;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const EMAIL: &str = "a@example.org";

const ASKS: &str = "id=\"asked\"";

/// A house whose three newsletters ask something each; the third nothing that is required.
async fn house(db: &TestDb) -> World {
    let world = World::start(db).await;
    world.add_newsletters().await;
    ask_all(&world).await;
    world
}

/// The same with a setting changed.
async fn guarded_house(db: &TestDb) -> World {
    let world = proof_of_work::world(db, |limits| limits.proof_of_work = ProofOfWork::Always).await;
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

/// A page without what differs each time.
fn without_stamps(page: &str, email: &str) -> String {
    let stamp = proof_of_work::hidden(page, "stamp");
    page.replace(stamp, "").replace(email, "")
}

on_both_databases!(
    what_is_ticked_is_asked_before_anything_is_taken_in,
    everything_that_is_missing_is_said_at_once,
    the_question_tells_nothing_of_an_address,
    the_question_comes_before_the_proof_of_work,
    pasted_forms_know_the_fields_of_their_newsletter_by_their_keys,
    a_private_newsletter_that_was_named_keeps_its_tick,
    what_is_turned_on_is_asked_first,
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
    let proof = proof_of_work::proof(&world).await;
    let stamp = proof_of_work::hidden(&page, "stamp");
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
