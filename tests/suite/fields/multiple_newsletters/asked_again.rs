//! Fields in a form that comes back, and on the preferences page: what is asked again, and what was answered.

use serde_json::Value;
use xabar::store;
use xabar::subscribe::Importer;

use super::*;

/// A link to the choices, by the subscription to this newsletter.
async fn link_of(world: &World, slug: &str) -> String {
    let one = world.subscription_to(EMAIL, slug).await.unwrap();
    let now = world.clock.now();
    world
        .service
        .links
        .personal(Purpose::Preferences, one.id, now)
}

async fn look(world: &World, link: &str) -> String {
    let answer = world.http.get(link).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

/// Has the first newsletter and the German one import a reader, who is asked nothing.
async fn import_to_two(world: &World) -> String {
    let mut db = world.service.store.read().await.unwrap();
    let newsletters = store::newsletter::list(&mut db).await.unwrap();
    drop(db);
    let file = format!(
        "email,consent_at,consent_source,consent_wording,language,countries\n\
         {EMAIL},2024-07-31,https://old.example.org/join,Je veux la lettre,fr,kz\n"
    );
    for slug in ["asie-centrale", "zentralasien"] {
        let mut all = newsletters.iter();
        let one = all.find(|one| one.slug.as_str() == slug).unwrap();
        let import =
            Importer::new(&world.service, one, std::io::Cursor::new(file.clone()), &[]).unwrap();
        let report = import.run(|row| panic!("{row:?}")).await.unwrap();
        assert_eq!(report.imported, 1);
    }
    assert_eq!(world.states(EMAIL).await, "active none active");
    link_of(world, "asie-centrale").await
}

/// The form as a browser sends it that shows what both newsletters ask.
const BOTH: [(&str, &str); 6] = [
    ("asked", "asie-centrale"),
    ("field-name", ""),
    ("field-trade", ""),
    ("asked", "zentralasien"),
    ("field-zentralasien/trade", ""),
    ("field-zentralasien/town", ""),
];

on_both_databases!(
    who_was_imported_saves_without_answering_what_is_required,
    a_link_shows_what_its_own_newsletter_was_answered_and_of_others_what_is_open,
    nothing_is_saved_while_an_answer_does_not_fit_and_who_leaves_has_none,
    the_forms_own_newsletter_asks_where_it_is_ticked,
    in_a_frame_the_address_alone_says_whose_form_it_is,
    a_tick_is_kept_under_the_words_that_it_agreed_to_alone,
);

async fn who_was_imported_saves_without_answering_what_is_required(db: TestDb) {
    let world = house(&db).await;
    let link = import_to_two(&world).await;
    let page = look(&world, &link).await;
    for asked in [
        "name=\"field-trade\" required",
        "name=\"field-zentralasien/trade\" type=\"text\" maxlength=\"200\" required",
    ] {
        assert!(page.contains(asked), "{asked} in {page}");
    }
    let two = ["asie-centrale", "zentralasien"];
    let paused = [&BOTH[..], &[("pause", "2")]].concat();
    let (status, page) = save(&world, &link, &two, &paused).await;
    assert!(status == 200 && page.contains("C’est enregistré"), "{page}");
    assert!(
        world
            .subscription(EMAIL)
            .await
            .unwrap()
            .paused_until
            .is_some()
    );
    assert_eq!(answers_to(&world, EMAIL, "asie-centrale").await, "");
    // An answer has to fit all the same, and is not taken back once it was given.
    let with = |trade| [&BOTH[..2], &[("field-trade", trade)], &BOTH[3..]].concat();
    let (status, page) = save(&world, &link, &two, &with("king")).await;
    assert!(
        status == 422 && page.contains("id=\"error-field-trade\""),
        "{page}"
    );
    assert_eq!(save(&world, &link, &two, &with("press")).await.0, 200);
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"trade":"press"}"#
    );
    let (status, page) = save(&world, &link, &two, &with("")).await;
    assert!(
        status == 422
            && page.contains("id=\"error-field-trade\"")
            && !page.contains("id=\"error-field-zentralasien"),
        "{page}"
    );
    // One that was given and is no choice any more binds nobody.
    ask_of(&world, "asie-centrale", &json!([{ "key": "trade", "kind": "number", "required": true, "labels": { "fr": "Métier" } }])).await;
    assert_eq!(
        save(&world, &link, &["asie-centrale"], &with("")).await.0,
        200
    );
    assert_eq!(world.states(EMAIL).await, "active none ended");
    assert_eq!(answers_to(&world, EMAIL, "asie-centrale").await, "");
    // What is turned on is not to be had without.
    let (status, page) = save(&world, &link, &two, &BOTH).await;
    assert!(
        status == 422 && page.contains("id=\"error-field-zentralasien/trade\""),
        "{page}"
    );
    assert_eq!(world.states(EMAIL).await, "active none ended");
}

async fn a_link_shows_what_its_own_newsletter_was_answered_and_of_others_what_is_open(db: TestDb) {
    let world = house(&db).await;
    let link = reader_of_two(&world).await;
    let page = look(&world, &link).await;
    for shown in [
        "<legend lang=\"fr\">Asie centrale</legend>",
        "<legend lang=\"de\">Zentralasien</legend>",
        "value=\"press\" selected",
        "name=\"field-zentralasien/town\"",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(
        !page.contains("Lehrerin") && !page.contains("field-zentralasien/trade"),
        "{page}"
    );
    assert!(
        !page.contains("field-central-asia") && !page.contains(ASKS),
        "{page}"
    );
    let both = ["asie-centrale", "zentralasien"];
    let same = [
        ("asked", "asie-centrale"),
        ("asked", "zentralasien"),
        ("field-trade", "press"),
    ];
    let change = [
        &same[..],
        &[
            ("field-zentralasien/trade", "Ärztin"),
            ("field-zentralasien/town", "Osch"),
        ],
    ]
    .concat();
    let (status, page) = save(&world, &link, &both, &change).await;
    assert!(status == 200 && page.contains("C’est enregistré"), "{page}");
    assert!(
        !page.contains("Osch")
            && !page.contains("field-zentralasien")
            && !page.contains("value=\"zentralasien\">\n<fieldset"),
        "{page}"
    );
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"town":"Osch","trade":"Lehrerin"}"#
    );
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"trade":"press"}"#
    );
    assert_eq!(
        record(&world, "zentralasien").await,
        ["requested by page", "confirmed by page", "changed by page"]
    );
    assert_eq!(
        record(&world, "asie-centrale").await,
        ["requested by page", "confirmed by page"]
    );

    // Its own link shows and corrects them; and there the first is another. A box that may
    // stay empty is answered when it does.
    let german = link_of(&world, "zentralasien").await;
    let page = look(&world, &german).await;
    for shown in [
        "value=\"Lehrerin\"",
        "value=\"Osch\"",
        "name=\"field-asie-centrale/name\"",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(
        !page.contains("field-asie-centrale/trade") && !page.contains("field-asie-centrale/member"),
        "{page}"
    );
    let change = [
        ("asked", "zentralasien"),
        ("field-trade", "Ärztin"),
        ("field-town", ""),
        ("asked", "asie-centrale"),
        ("field-asie-centrale/name", "Aïgerim"),
    ];
    assert_eq!(save(&world, &german, &both, &change).await.0, 200);
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"trade":"Ärztin"}"#
    );
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"name":"Aïgerim","trade":"press"}"#
    );

    let owner = accounts::add_token(&world.service, "another", Role::Owner)
        .await
        .unwrap();
    let request = world
        .http
        .post(world.url("/api/v1/subscribers/show"))
        .bearer_auth(owner);
    let held: Value = request
        .json(&json!({ "address": EMAIL }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let of = |slug: &str| {
        let all = held["subscriptions"].as_array().unwrap();
        all.iter().find(|one| one["slug"] == slug).unwrap()["answers"].clone()
    };
    assert_eq!(
        of("asie-centrale"),
        json!({ "trade": "press", "name": "Aïgerim" }),
        "{held}"
    );
    assert_eq!(of("zentralasien"), json!({ "trade": "Ärztin" }), "{held}");
}

async fn nothing_is_saved_while_an_answer_does_not_fit_and_who_leaves_has_none(db: TestDb) {
    let world = house(&db).await;
    let link = reader_of_two(&world).await;
    let both = ["asie-centrale", "zentralasien"];
    let long = "x".repeat(201);
    let wrong = [
        ("asked", "asie-centrale"),
        ("asked", "zentralasien"),
        ("field-trade", "press"),
        ("countries", "uz"),
        ("field-zentralasien/town", &long),
    ];
    let (status, page) = save(&world, &link, &both, &wrong).await;
    assert!(
        status == 422
            && page.contains("id=\"error-field-zentralasien/town\"")
            && page.contains("value=\"uz\" checked"),
        "{page}"
    );
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"trade":"Lehrerin"}"#
    );
    assert_eq!(
        world
            .subscription(EMAIL)
            .await
            .unwrap()
            .chosen
            .countries
            .to_string(),
        "kz"
    );
    // A form without them leaves them as they are.
    assert_eq!(save(&world, &link, &both, &[]).await.0, 200);
    assert_eq!(
        answers_to(&world, EMAIL, "zentralasien").await,
        r#"{"trade":"Lehrerin"}"#
    );
    // Whoever leaves has nothing to answer, and nothing answered.
    let (status, page) = save(&world, &link, &["asie-centrale"], &wrong).await;
    assert!(
        status == 200 && !page.contains("field-zentralasien"),
        "{page}"
    );
    assert_eq!(world.states(EMAIL).await, "active none ended");
    assert_eq!(answers_to(&world, EMAIL, "zentralasien").await, "");
    // Not even by the link of what is left.
    assert_eq!(
        save(
            &world,
            &link,
            &both,
            &[("asked", "zentralasien"), ("field-zentralasien/trade", "x")]
        )
        .await
        .0,
        200
    );
    assert_eq!(
        save(
            &world,
            &link,
            &["zentralasien"],
            &[("field-trade", "other")]
        )
        .await
        .0,
        200
    );
    assert_eq!(
        (
            world.states(EMAIL).await.as_str(),
            answers_to(&world, EMAIL, "asie-centrale").await.as_str()
        ),
        ("ended none active", "")
    );
}

async fn the_forms_own_newsletter_asks_where_it_is_ticked(db: TestDb) {
    let world = house(&db).await;
    let fresh = world.page("/subscribe?newsletter=asie-centrale").await.1;
    assert!(!fresh.contains("name=\"field-trade\""), "{fresh}");
    let form = [
        ("email", EMAIL),
        ("newsletter", "asie-centrale"),
        ("consent", "yes"),
    ];
    let page = world.submit("/subscribe", &form).await;
    let page = page.text().await.unwrap();
    assert!(page.contains("name=\"field-trade\""), "{page}");
    let (_, page) = send(&world, EMAIL, &["zentralasien"], &[]).await;
    assert!(
        page.contains(ASKS)
            && page.contains("field-zentralasien/trade")
            && !page.contains("name=\"field-trade\""),
        "{page}"
    );
    // Ticked once more it is asked before anything is called wrong.
    let answered = [
        ("asked", "zentralasien"),
        ("field-zentralasien/trade", "Arzt"),
    ];
    let (status, page) = send(&world, EMAIL, &["zentralasien", "asie-centrale"], &answered).await;
    assert!(
        status == 200
            && page.contains(ASKS)
            && page.contains("name=\"field-trade\"")
            && !page.contains("Cette réponse"),
        "{page}"
    );
    assert_eq!(world.states(EMAIL).await, "none none none");
}

async fn in_a_frame_the_address_alone_says_whose_form_it_is(db: TestDb) {
    let world = house(&db).await;
    let form = [
        ("email", EMAIL),
        ("form", "zentralasien"),
        ("consent", "yes"),
        ("field-trade", "press"),
    ];
    assert_eq!(
        world.submit("/embed/asie-centrale", &form).await.status(),
        200
    );
    assert_eq!(world.states(EMAIL).await, "pending none none");
    let one = world.subscription(EMAIL).await.unwrap();
    assert_eq!(world.proof(&one).await[0].page, "/embed/asie-centrale");
    assert_eq!(
        answers_to(&world, EMAIL, "asie-centrale").await,
        r#"{"trade":"press"}"#
    );
}

async fn a_tick_is_kept_under_the_words_that_it_agreed_to_alone(db: TestDb) {
    let world = house(&db).await;
    let form = [
        ("email", EMAIL),
        ("newsletter", "central-asia"),
        ("newsletter", "zentralasien"),
        ("lang", "fr"),
        ("consent", "yes"),
    ];
    let page = world
        .submit("/subscribe", &form)
        .await
        .text()
        .await
        .unwrap();
    assert!(
        page.contains(ASKS) && page.contains("value=\"ticked\" required>"),
        "{page}"
    );
    let form = [
        ("email", EMAIL),
        ("newsletter", "asie-centrale"),
        ("lang", "fr"),
        ("consent", "yes"),
    ];
    let page = world
        .submit("/embed/asie-centrale", &form)
        .await
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("type=\"hidden\" name=\"consent\" value=\"yes\""),
        "{page}"
    );
}
