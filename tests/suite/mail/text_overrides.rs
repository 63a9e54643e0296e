//! Text overrides: a newsletter words its transactional mails itself.

use serde_json::{Value, json};
use xabar::accounts;
use xabar::domain::Role;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const TEXTS: &str = "/api/v1/newsletters/asie-centrale/texts";

/// A world whose token is an owner's.
async fn owned(db: &TestDb) -> World {
    let mut world = World::start(db).await;
    let token = accounts::add_token(&world.service, "owner", Role::Owner).await;
    world.token = token.unwrap();
    world
}

async fn put(world: &World, text: &str, wording: &str) -> (u16, Value) {
    let url = world.url(&format!("{TEXTS}/{text}"));
    let request = world.http.put(url).bearer_auth(&world.token);
    let answer = request
        .json(&json!({ "wording": wording }))
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn reset(world: &World, text: &str) -> Value {
    let url = world.url(&format!("{TEXTS}/{text}"));
    let answer = world
        .http
        .delete(url)
        .bearer_auth(&world.token)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

async fn listed(world: &World, language: &str) -> Vec<Value> {
    let list = world
        .get(&format!("{TEXTS}?language={language}"))
        .send()
        .await
        .unwrap();
    list.json().await.unwrap()
}

on_both_databases!(
    a_mail_says_the_owners_words_until_they_are_taken_back,
    only_owners_change_and_only_what_is_meant_for_it,
    a_mail_is_looked_at_before_its_words_are_kept,
    words_that_no_longer_fit_give_way_to_the_shipped_ones,
);

async fn a_mail_says_the_owners_words_until_they_are_taken_back(db: TestDb) {
    let world = owned(&db).await;
    let subject = "Encore un clic pour « { $newsletter } »";
    let (status, text) = put(&world, "fr/confirmation-subject", subject).await;
    assert_eq!(
        (status, &text["own"], &text["mail"]),
        (200, &json!(subject), &json!("confirmation")),
        "{text}"
    );
    let (status, _) = put(
        &world,
        "fr/confirmation-title",
        "<b>Salut</b> & \"bienvenue\" {\"{\"}",
    )
    .await;
    assert_eq!(status, 422, "nothing but values stands between braces");
    let (status, _) = put(
        &world,
        "fr/confirmation-title",
        "<b>Salut</b> & \"bienvenue\"",
    )
    .await;
    assert_eq!(status, 200);
    let (status, _) = put(&world, "fr/mail-hello", "Chers tous,").await;
    assert_eq!(status, 200);
    assert_eq!(world.sign_up("a@example.org").await.status(), 202);
    world.work().await;
    let mail = world.mails_to("a@example.org").remove(0);
    assert_eq!(
        mail.header("Subject"),
        Some("Encore un clic pour « Asie centrale »")
    );
    assert!(
        mail.text.contains("Chers tous,") && !mail.text.contains("Bonjour,"),
        "{}",
        mail.text
    );
    assert!(
        mail.html.contains("&lt;b&gt;Salut&lt;/b&gt; &amp; "),
        "{}",
        mail.html
    );
    assert!(
        !mail.html.contains("<b>Salut"),
        "an owner's markup stays text"
    );
    assert!(
        mail.text.contains("/confirm/"),
        "the link is no part of the wording"
    );

    // Other languages say what is shipped, and so does this one after a way back.
    let form = [
        ("email", "b@example.org"),
        ("lang", "de"),
        ("consent", "yes"),
    ];
    assert_eq!(world.submit("/subscribe", &form).await.status(), 200);
    let text = reset(&world, "fr/confirmation-subject").await;
    assert_eq!(text["own"], Value::Null);
    assert_eq!(world.sign_up("c@example.org").await.status(), 202);
    world.work().await;
    let subject_of = |to: &str| {
        world
            .mails_to(to)
            .remove(0)
            .header("Subject")
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        subject_of("b@example.org"),
        "Bitte bestätigen Sie Ihre Anmeldung zu „Asie centrale“"
    );
    assert_eq!(
        subject_of("c@example.org"),
        text["shipped"]
            .as_str()
            .unwrap()
            .replace("{ $newsletter }", "Asie centrale")
    );
}

async fn only_owners_change_and_only_what_is_meant_for_it(db: TestDb) {
    let mut world = owned(&db).await;
    let texts = listed(&world, "ru").await;
    let keys: Vec<&str> = texts.iter().filter_map(|t| t["key"].as_str()).collect();
    for key in [
        "mail-hello",
        "confirmation-what",
        "already-subscribed-how",
        "welcome-title",
    ] {
        assert!(keys.contains(&key), "{keys:?}");
    }
    for key in [
        "consent-wording",
        "mail-sender",
        "subscribe-title",
        "no-such-text",
    ] {
        assert!(!keys.contains(&key));
        let (status, problem) = put(&world, &format!("ru/{key}"), "x").await;
        assert_eq!(status, 404, "{problem}");
    }
    let what = texts
        .iter()
        .find(|t| t["key"] == "confirmation-what")
        .unwrap();
    assert_eq!(what["values"], json!(["newsletter", "sender"]));
    for (text, wording, reason) in [
        (
            "fr/confirmation-what",
            "Confirmez « { $newsletter } ».",
            "must say { $sender }",
        ),
        (
            "fr/confirmation-title",
            "Bonjour { $name }",
            "must not use { $name }",
        ),
        ("fr/confirmation-title", "Bonjour { $name", "cannot be read"),
        (
            "fr/confirmation-title",
            "a\nwelcome-title = b",
            "must be one line",
        ),
        ("fr/confirmation-title", "  ", "must say something"),
        (
            "fr/confirmation-title",
            "Lisez https://example.org",
            "no link but its own",
        ),
        (
            "fr/confirmation-subject",
            format!("{{ $newsletter }}{}", "x".repeat(150)).as_str(),
            "at most 150",
        ),
        ("fr/welcome-title", "{ confirmation-title }", "only values"),
        ("fr/welcome-title", "{ NUMBER(1) }", "only values"),
        ("xx/welcome-title", "Hi", "is not a language"),
    ] {
        let (status, problem) = put(&world, text, wording).await;
        assert_eq!(status, 422, "{wording}: {problem}");
        assert!(
            problem["detail"].as_str().unwrap().contains(reason),
            "{wording}: {problem}"
        );
    }
    assert!(
        listed(&world, "fr")
            .await
            .iter()
            .all(|text| text["own"].is_null())
    );
    let unknown = world
        .get("/api/v1/newsletters/nowhere/texts")
        .send()
        .await
        .unwrap();
    assert_eq!(unknown.status(), 404);
    world.token = accounts::add_token(&world.service, "editor", Role::Editor)
        .await
        .unwrap();
    let (status, _) = put(&world, "fr/welcome-title", "Salut !").await;
    assert_eq!(status, 403);
    assert_eq!(
        listed(&world, "fr").await.len(),
        texts.len(),
        "an editor may look"
    );
}

async fn a_mail_is_looked_at_before_its_words_are_kept(db: TestDb) {
    let world = owned(&db).await;
    put(&world, "de/mail-hello", "Hallo!").await;
    let wish =
        json!({ "mail": "welcome", "texts": { "welcome-title": "Schön, dass Sie da sind" } });
    let preview = world
        .post(&format!("{TEXTS}/de/preview"))
        .json(&wish)
        .send()
        .await
        .unwrap();
    assert_eq!(preview.status(), 200);
    let preview: Value = preview.json().await.unwrap();
    assert_eq!(preview["subject"], "Willkommen bei „Asie centrale“");
    let html = preview["html"].as_str().unwrap();
    assert!(
        html.contains("Schön, dass Sie da sind") && html.contains("Hallo!"),
        "{html}"
    );
    assert!(!html.contains("/unsubscribe/"), "the links are nobody's");
    let text = listed(&world, "de")
        .await
        .into_iter()
        .find(|t| t["key"] == "welcome-title")
        .unwrap();
    assert_eq!(text["own"], Value::Null, "a preview keeps nothing");
    let wrong = json!({ "mail": "welcome", "texts": { "welcome-what": "Hallo" } });
    let refused = world
        .post(&format!("{TEXTS}/de/preview"))
        .json(&wrong)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 422);
}

/// A later version of the service may say another value than the one the owner's words were made for.
async fn words_that_no_longer_fit_give_way_to_the_shipped_ones(db: TestDb) {
    let world = owned(&db).await;
    let newsletter = xabar::store::newsletter::list(&mut world.service.store.read().await.unwrap())
        .await
        .unwrap()
        .remove(0);
    let mut tx = world.service.store.write().await.unwrap();
    let old = ("welcome-title", "Bienvenue, { $nickname } !");
    xabar::store::newsletter::text_override::set(
        &mut tx,
        newsletter.id,
        newsletter.language,
        old,
        world.clock.now(),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    world.join("a@example.org").await;
    let welcome = world.mails_to("a@example.org").pop().unwrap();
    assert!(
        welcome.html.contains("Bienvenue") && !welcome.html.contains("nickname"),
        "{}",
        welcome.html
    );
    let text = listed(&world, "fr")
        .await
        .into_iter()
        .find(|t| t["key"] == "welcome-title")
        .unwrap();
    assert!(
        text["problem"]
            .as_str()
            .unwrap()
            .contains("must not use { $nickname }"),
        "{text}"
    );
}
