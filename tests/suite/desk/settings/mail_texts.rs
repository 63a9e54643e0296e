//! The wording of the mails, and safety mode.

use serde_json::{Value, json};
use xabar::domain::Language;
use xabar::store;

use super::{LOGO, SETTINGS, logged, owner, page, until_previewed, uploaded};
use crate::desk::{click, expect, inspect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::Viewport;

on_both_databases!(
    mails_are_worded_looked_at_and_worded_back,
    a_mail_in_safety_mode_loads_and_tells_nothing,
);

async fn mails_are_worded_looked_at_and_worded_back(db: TestDb) {
    let (world, anna, browser) = owner(&db, Viewport::DESKTOP).await;
    open(
        &browser,
        &world,
        &format!("{SETTINGS}/texts?mail=welcome&lang=en"),
    )
    .await;
    until_previewed(&browser, "Welcome!").await;
    type_into(&browser, "#text-welcome-title", "Salem, and welcome").await;
    until_previewed(&browser, "Salem, and welcome").await;
    type_into(
        &browser,
        "#text-welcome-subject",
        "You are in: { $newsletter }",
    )
    .await;
    until_previewed(&browser, "You are in: Asie centrale").await;
    // A value that readers need is missing: said in the preview, and refused.
    type_into(&browser, "#text-welcome-what", "It works.").await;
    until_previewed(&browser, "This text must say { $newsletter }").await;
    click(&browser, "#save").await;
    until_said(
        &browser,
        "#field-welcome-what .error",
        "must say { $newsletter }",
    )
    .await;
    let value = "return document.getElementById('text-welcome-title').value";
    assert_eq!(
        browser.execute(value, vec![]).await.unwrap(),
        "Salem, and welcome"
    );
    let texts = || async {
        let mut db = world.service.store.read().await.unwrap();
        let id = store::newsletter::list(&mut db).await.unwrap()[0].id;
        let texts = store::newsletter::text_override::of(&mut db, id, Language::En);
        let texts = texts.await.unwrap().into_iter();
        texts.map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert!(texts().await.is_empty(), "all or nothing");
    type_into(
        &browser,
        "#text-welcome-what",
        "“{ $newsletter }” is yours.",
    )
    .await;
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    assert_eq!(
        texts().await,
        ["welcome-subject", "welcome-title", "welcome-what"]
    );
    until_said(&browser, "#field-welcome-title .shipped", "Welcome!").await;
    inspect(&browser, &world, "settings-texts").await;
    click(&browser, "#reset-welcome-title").await;
    until(
        &browser,
        "return !document.getElementById('reset-welcome-title')",
    )
    .await;
    assert_eq!(texts().await, ["welcome-subject", "welcome-what"]);
    until_previewed(&browser, "Welcome!").await;
    let details: Vec<String> = logged(&world).await.into_iter().map(|(_, d)| d).collect();
    assert_eq!(
        details,
        [
            "texts (en): welcome-subject, welcome-title, welcome-what",
            "texts (en): welcome-title"
        ]
    );
    // In the colours of Russian, and the greeting that all mails share.
    let (status, said) = page(&anna, &format!("{SETTINGS}/texts?mail=greeting&lang=ru")).await;
    assert!(status == 200 && said.contains("Здравствуйте"), "{said}");
}

async fn a_mail_in_safety_mode_loads_and_tells_nothing(db: TestDb) {
    let (world, anna, browser) = owner(&db, Viewport::DESKTOP).await;
    let logo = uploaded(
        &anna,
        &format!("{SETTINGS}/look"),
        &anna.csrf,
        LOGO.to_vec(),
    )
    .await;
    assert_eq!(logo.0, 303);
    open(&browser, &world, &format!("{SETTINGS}/safety")).await;
    click(&browser, "#safety_mode").await;
    until_previewed(&browser, "Nouvelles de la semaine").await;
    type_into(&browser, "#neutral_subject", "Le bulletin").await;
    until_previewed(&browser, "Le bulletin").await;
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    inspect(&browser, &world, "settings-safety").await;
    assert_eq!(logged(&world).await[1].1, "neutral_subject, safety_mode");

    world.join("reader@example.org").await;
    let issue = world
        .publish(&json!({
            "newsletter": "asie-centrale",
            "subject": "Arrests in Almaty",
            "preheader": "Who was taken",
            "intro": "Bonjour",
            "parts": [{ "kind": "articles", "items": [
                { "title": "In Almaty", "url": "https://example.org/a", "summary": "All of the first text.", "countries": ["kz"],
                  "image": { "url": "https://pictures.example.org/a.jpg", "alt": "A square", "credit": "Somebody" } },
                { "title": "In Tashkent", "url": "https://example.org/b", "summary": "All of the second text.", "countries": ["uz"] },
            ] }],
        }))
        .await;
    assert_ne!(issue["status"], Value::Null, "{issue}");
    world.work().await;
    let mails = world.mails_to("reader@example.org");
    let digest = mails.last().unwrap();
    assert_eq!(digest.header("Subject"), Some("Le bulletin"));
    assert!(digest.header("List-Unsubscribe").is_some());
    assert_eq!(
        digest.header("List-Unsubscribe-Post"),
        Some("List-Unsubscribe=One-Click")
    );
    for part in [&digest.text, &digest.html] {
        for told in [
            "All of the first text.",
            "All of the second text.",
            "Arrests in Almaty",
        ] {
            assert!(part.contains(told), "{told} in {part}");
        }
        assert!(!part.contains("Who was taken"), "{part}");
        assert!(!part.contains("pictures.example.org"), "{part}");
    }
    // Nothing of it is loaded: of all mails of this newsletter.
    for mail in &mails {
        let html = mail.html.to_lowercase();
        for loads in [
            "<img",
            "<link",
            "<script",
            "<iframe",
            "background=",
            "url(",
            "srcset",
            "@import",
            "<video",
            "<object",
        ] {
            assert!(!html.contains(loads), "{loads} in {html}");
        }
        assert!(!html.contains("src="), "{html}");
    }
    let title = digest.html.split("<title>").nth(1).unwrap();
    assert!(
        title.starts_with("Le bulletin"),
        "a mail program may show the title: {title}"
    );
    // One click still unsubscribes.
    let header = digest.header("List-Unsubscribe").unwrap();
    let link = header
        .split(['<', '>'])
        .find(|part| part.starts_with("http"))
        .unwrap();
    let request = world
        .http
        .post(link)
        .form(&[("List-Unsubscribe", "One-Click")]);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(world.state("reader@example.org").await, "ended");
    // A week later nobody sees any more who got it; the totals stay.
    let count = "SELECT (SELECT COUNT(*) FROM delivery) + (SELECT COUNT(*) FROM consent_event WHERE ip IS NOT NULL)";
    assert!(db.number(count).await > 1);
    world.pass(8 * 24 * 60);
    xabar::worker::retention::run(&world.service).await.unwrap();
    assert_eq!(db.number(count).await, 0);
    assert_eq!(db.number("SELECT sent FROM issue").await, 1);
}
