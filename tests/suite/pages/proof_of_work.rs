//! Proof of work in a browser: while sign-ups look like an attack the browser works, or its reader waits.

use fantoccini::Locator;

use super::{
    Browser, TestDb, Viewport, World, click, expect, expect_heading, fill_in, inspect, open,
    personalise,
};

/// A world in which sign-ups look like an attack.
pub(super) async fn under_attack(db: &TestDb) -> World {
    let world = World::with(db, Default::default(), |settings| {
        settings.signup.attack_signups_per_hour = 1;
        settings.signup.slow_seconds = 30;
    })
    .await;
    assert_eq!(world.sign_up("somebody@example.org").await.status(), 202);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_works_and_the_reader_is_in() {
    let db = TestDb::sqlite();
    let world = under_attack(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/subscribe?lang=en").await;
    inspect(&browser, &world.base, "form-with-work", "en").await;
    browser.look_through(Viewport::DESKTOP).await;
    fill_in(&browser, "reader@reader.example").await;
    expect_heading(&browser, "Check your inbox").await;
    world.work().await;
    assert_eq!(world.mails_to("reader@reader.example").len(), 1);
    browser.assert_quiet(&world.base).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attack_that_begins_meanwhile_loses_nothing() {
    let db = TestDb::sqlite();
    let world = World::with(&db, Default::default(), |settings| {
        settings.signup.attack_signups_per_hour = 1;
    })
    .await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/subscribe?lang=en").await;
    assert_eq!(world.sign_up("somebody@example.org").await.status(), 202);
    personalise(&browser).await;
    click(&browser, "input[value=kg]").await;
    fill_in(&browser, "reader@reader.example").await;
    let alert = expect(&browser, "[role=alert]").await.text().await.unwrap();
    assert!(
        alert.contains("small calculation") && alert.contains("30 seconds"),
        "{alert}"
    );
    inspect(&browser, &world.base, "form-once-more", "en").await;
    browser.look_through(Viewport::DESKTOP).await;
    let ticked = browser.find_all(Locator::Css(":checked")).await.unwrap();
    assert_eq!(ticked.len(), 3, "country, how often and consent");
    click(&browser, "main form > button[type=submit]").await;
    expect_heading(&browser, "Check your inbox").await;
    world.work().await;
    assert_eq!(world.mails_to("reader@reader.example").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_the_reader_waits() {
    let db = TestDb::sqlite();
    let world = under_attack(&db).await;
    let browser = Browser::open(Viewport::PHONE.without_javascript()).await;
    open(&browser, &world, "/subscribe?lang=en").await;
    fill_in(&browser, "reader@reader.example").await;
    let alert = expect(&browser, "[role=alert]").await.text().await.unwrap();
    assert!(alert.contains("wait 30 seconds"), "{alert}");
    browser.picture("form-wait-phone").await;
    world.clock.advance(jiff::SignedDuration::from_secs(30));
    click(&browser, "main form > button[type=submit]").await;
    expect_heading(&browser, "Check your inbox").await;
    world.work().await;
    assert_eq!(world.mails_to("reader@reader.example").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_cannot_work_waits_too() {
    let db = TestDb::sqlite();
    let world = under_attack(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/subscribe?lang=en").await;
    // As in a browser that is old, or forbids workers.
    let script = "Object.defineProperty(window, 'Worker', { value: undefined })";
    browser.execute(script, vec![]).await.unwrap();
    fill_in(&browser, "reader@reader.example").await;
    let alert = expect(&browser, "div.notice[role=alert]").await;
    assert!(alert.text().await.unwrap().contains("wait 30 seconds"));
    world.clock.advance(jiff::SignedDuration::from_secs(30));
    browser.execute(script, vec![]).await.unwrap();
    click(&browser, "main form > button[type=submit]").await;
    expect_heading(&browser, "Check your inbox").await;
}
