//! The sign-up form as HTML: answers, languages, errors, honeypot.

use serde_json::{Value, json};

use super::face;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    the_form_answers_the_same_whatever_is_known,
    the_form_tells_what_is_wrong_and_keeps_what_was_typed,
    the_form_names_the_letter_of_another_alphabet,
    a_filled_honeypot_is_counted_for_the_owner,
    the_form_speaks_every_language,
);

async fn the_form_answers_the_same_whatever_is_known(db: TestDb) {
    let world = World::start(&db).await;
    world.join("active@example.org").await;
    world.pass(60);
    let form = |email: &'static str| {
        let fields = [
            ("email", email),
            ("newsletter", "asie-centrale"),
            ("lang", "fr"),
            ("consent", "yes"),
        ];
        world
            .http
            .post(world.url("/subscribe"))
            .form(&fields)
            .send()
    };
    let (status, headers, page) = face(form("active@example.org").await.unwrap()).await;
    let fresh = face(form("newish@example.org").await.unwrap()).await;
    assert_eq!(status, 200);
    assert_eq!(page.replace("active@", "newish@"), fresh.2);
    // The cookie is another one, as the address is.
    let shape = |(name, value): &(String, String)| match name.as_str() {
        "set-cookie" => (name.clone(), format!("{} octets", value.len())),
        _ => (name.clone(), value.clone()),
    };
    let (headers, fresh) = (headers.iter().map(shape), fresh.1.iter().map(shape));
    assert!(headers.eq(fresh));
}

async fn the_form_tells_what_is_wrong_and_keeps_what_was_typed(db: TestDb) {
    let world = World::start(&db).await;
    for (fields, said) in [
        ([("email", "nobody"), ("consent", "yes")], "nobody"),
        (
            [("email", "a@example.org"), ("consent", "")],
            "a@example.org",
        ),
    ] {
        let page = world.submit("/subscribe", &fields).await;
        assert_eq!(page.status(), 422);
        let html = page.text().await.unwrap();
        assert!(html.contains(&format!("value=\"{said}\"")), "{html}");
        assert!(html.contains("aria-invalid=\"true\""), "{html}");
    }
    let evil = [
        ("email", "\"><script>alert(1)</script>"),
        ("consent", "yes"),
    ];
    let html = world
        .submit("/subscribe", &evil)
        .await
        .text()
        .await
        .unwrap();
    assert!(!html.contains("<script>alert"), "{html}");
    // A program fills in the field that nobody sees: it is asked for a proof.
    let robot = [
        ("email", "r@example.org"),
        ("consent", "yes"),
        ("q7", "https://spam.example"),
    ];
    assert_eq!(world.submit("/subscribe", &robot).await.status(), 200);
    assert_eq!(world.state("r@example.org").await, "none");
    let wrong_type = world
        .http
        .post(world.url("/subscribe"))
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(wrong_type.status(), 415);
}

async fn the_form_names_the_letter_of_another_alphabet(db: TestDb) {
    let world = World::start(&db).await;
    for (lang, letter, alphabet) in [
        ("en", "The letter “\u{441}”", "Cyrillic"),
        ("fr", "La lettre «\u{a0}\u{441}\u{a0}»", "cyrillique"),
        ("de", "Der Buchstabe „\u{441}“", "kyrillisch"),
        ("ru", "Буква «\u{441}»", "кириллическая"),
    ] {
        let form = [
            ("email", "anna@gmail.\u{441}om"),
            ("lang", lang),
            ("consent", "yes"),
        ];
        let page = world.submit("/subscribe", &form).await;
        assert_eq!(page.status(), 422);
        let html = page.text().await.unwrap();
        assert!(html.contains(letter) && html.contains(alphabet), "{html}");
    }
    let form = [
        ("email", "\u{3bf}lga@example.org"),
        ("lang", "en"),
        ("consent", "yes"),
    ];
    let html = world
        .submit("/subscribe", &form)
        .await
        .text()
        .await
        .unwrap();
    assert!(
        html.contains("The letter “\u{3bf}”") && html.contains("Greek"),
        "{html}"
    );
}

async fn a_filled_honeypot_is_counted_for_the_owner(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.signup.per_ip_per_hour = 10;
    })
    .await;
    let owner = xabar::accounts::add_token(&world.service, "owner", xabar::domain::Role::Owner);
    let owner = owner.await.unwrap();
    let counts = |token: String| {
        let call = world.http.get(world.url("/api/v1/signups/protection"));
        call.bearer_auth(token).send()
    };
    let robot = [
        ("email", "r@example.org"),
        ("consent", "yes"),
        ("q7", "https://spam.example"),
    ];
    for _ in 0..2 {
        assert_eq!(world.submit("/subscribe", &robot).await.status(), 200);
    }
    let proof = crate::signup::proof_of_work::proof(&world).await;
    let helped = [&robot[..], &[("altcha", proof.as_str())]].concat();
    assert_eq!(world.submit("/subscribe", &helped).await.status(), 200);
    assert_eq!(world.state("r@example.org").await, "pending");
    let listed: Value = counts(owner.clone()).await.unwrap().json().await.unwrap();
    let day = "2026-11-23";
    assert_eq!(
        listed,
        json!([
            { "day": day, "cause": "honeypot", "amount": 2 },
            { "day": day, "cause": "honeypot_passed", "amount": 1 },
        ])
    );
    assert_eq!(counts(world.token.clone()).await.unwrap().status(), 403);
    // Nobody makes us write without end.
    for _ in 0..5 {
        world.submit("/subscribe", &robot).await;
    }
    assert_eq!(world.submit("/subscribe", &robot).await.status(), 429);
    world.pass(91 * 24 * 60);
    xabar::worker::retention::run(&world.service).await.unwrap();
    let listed: Value = counts(owner).await.unwrap().json().await.unwrap();
    assert_eq!(listed, json!([]));
}

async fn the_form_speaks_every_language(db: TestDb) {
    let world = World::start(&db).await;
    for (lang, word) in [
        ("fr", "S’abonner"),
        ("en", "Subscribe"),
        ("de", "Abonnieren"),
        ("ru", "Подписаться"),
    ] {
        let url = format!("/subscribe?newsletter=asie-centrale&lang={lang}");
        let html = world.page(&url).await.1;
        assert!(html.contains(&format!("<html lang=\"{lang}\"")), "{lang}");
        assert!(html.contains(word), "{lang}: {html}");
        let email = format!("{lang}@example.org");
        let form = [
            ("email", email.as_str()),
            ("lang", lang),
            ("countries", "kz"),
            ("countries", "tj"),
            ("consent", "yes"),
        ];
        assert_eq!(world.submit("/subscribe", &form).await.status(), 200);
        let kept = world.subscription(&email).await.unwrap();
        assert_eq!(
            (
                kept.chosen.language.as_str(),
                kept.chosen.countries.to_string().as_str()
            ),
            (lang, "kz,tj")
        );
    }
    let html = world.page("/").await.1;
    assert!(
        html.contains("<html lang=\"fr\""),
        "French unless asked otherwise"
    );
}
