//! The page after the form, by clicks: a wrong address is put right, and the mail is asked for again.

use fantoccini::Locator;

use super::{
    Browser, TestDb, Viewport, World, click, expect, expect_heading, fill_in, inspect, open,
    personalise,
};

const WRONG: &str = "aigerim@raeder.example";
const RIGHT: &str = "aigerim@reader.example";

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_is_changed_and_all_choices_stay() {
    for viewport in [Viewport::PHONE.without_javascript(), Viewport::DESKTOP] {
        let db = TestDb::sqlite();
        let world = World::start(&db).await;
        let browser = Browser::open(viewport).await;
        open(
            &browser,
            &world,
            "/subscribe?newsletter=asie-centrale&lang=en",
        )
        .await;
        personalise(&browser).await;
        click(&browser, "input[value=kz]").await;
        click(&browser, "input[value=uz]").await;
        fill_in(&browser, WRONG).await;
        expect_heading(&browser, "Check your inbox").await;
        let page = browser.source().await.unwrap();
        assert!(
            page.contains(WRONG) && page.contains("lettre@example.org"),
            "{page}"
        );
        click(&browser, "#change button").await;
        let field = expect(&browser, "#email").await;
        let shown = field.prop("value").await.unwrap();
        assert_eq!(shown.as_deref(), Some(WRONG));
        field.clear().await.unwrap();
        field.send_keys(RIGHT).await.unwrap();
        // The box is ticked already.
        click(&browser, "main form > button[type=submit]").await;
        expect_heading(&browser, "Check your inbox").await;
        world.work().await;
        assert_eq!(world.mails_to(RIGHT).len(), 1);
        let kept = world.subscription(RIGHT).await.expect("known");
        assert_eq!(kept.chosen.countries.to_string(), "kz,uz");
        browser.assert_quiet(&world.base).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_is_asked_for_again_within_the_limits() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::PHONE).await;
    open(
        &browser,
        &world,
        "/subscribe?newsletter=asie-centrale&lang=en",
    )
    .await;
    fill_in(&browser, RIGHT).await;
    expect_heading(&browser, "Check your inbox").await;
    world.work().await;
    let first = browser.find(Locator::Css("#resend")).await.unwrap();
    click(&browser, "#resend button").await;
    browser
        .wait()
        .for_element(Locator::Css("#resend"))
        .await
        .unwrap();
    assert!(first.tag_name().await.is_err(), "the page is a new one");
    world.pass(16);
    world.work().await;
    assert_eq!(world.mails_to(RIGHT).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_after_the_form_in_each_language() {
    for language in ["fr", "de", "en", "ru"] {
        let db = TestDb::sqlite();
        let world = World::start(&db).await;
        let browser = Browser::open(Viewport::PHONE).await;
        let path = format!("/subscribe?newsletter=asie-centrale&lang={language}");
        open(&browser, &world, &path).await;
        fill_in(&browser, RIGHT).await;
        expect(&browser, "#resend").await;
        let name = format!("accepted-{language}");
        inspect(&browser, &world.base, &name, language).await;
    }
}
