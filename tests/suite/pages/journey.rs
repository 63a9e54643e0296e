//! End to end: a reader from the form to the goodbye, by the buttons of the pages alone.

use fantoccini::Locator;
use xabar::domain::{Language, SubscriptionState};

use super::{
    Browser, TestDb, Viewport, World, click, expect, expect_heading, fill_in, open, personalise,
};
use crate::support::world::link_in;

const EMAIL: &str = "aigerim@reader.example";

async fn state(world: &World) -> SubscriptionState {
    world.subscription(EMAIL).await.expect("known").state
}

/// The link in the last mail that the reader got.
fn last_link(world: &World, part: &str) -> String {
    let mails = world.mails_to(EMAIL);
    link_in(&mails.last().expect("a mail").text, part)
}

async fn the_whole_way(viewport: Viewport) {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(viewport).await;
    sign_up(&browser, &world).await;
    choose(&browser, &world).await;
    leave(&browser, &world).await;
    browser.assert_quiet(&world.base).await;
}

async fn sign_up(browser: &Browser, world: &World) {
    open(browser, world, "/subscribe?newsletter=asie-centrale").await;
    click(browser, ".languages a[hreflang=en]").await;
    expect_heading(browser, "Subscribe to “Asie centrale”").await;
    personalise(browser).await;
    click(browser, "input[value=kz]").await;
    fill_in(browser, EMAIL).await;
    expect_heading(browser, "Check your inbox").await;
    assert_eq!(world.mails_to(EMAIL).len(), 0, "nothing before the worker");
    world.work().await;
    let confirm = last_link(world, "/confirm/");
    // Mail scanners open links; that must not confirm anything.
    for _ in 0..2 {
        let opened = world.http.get(&confirm).send().await.unwrap();
        assert_eq!(opened.status(), 200);
        assert_eq!(state(world).await, SubscriptionState::Pending);
    }
    // The browser that signed up needs no further click.
    open(browser, world, &confirm).await;
    expect_heading(browser, "You’re in. Welcome!").await;
    assert_eq!(state(world).await, SubscriptionState::Active);
    let kept = world.subscription(EMAIL).await.expect("known");
    assert_eq!(kept.chosen.countries.to_string(), "kz");
    assert_eq!(kept.chosen.language, Language::En);
}

async fn choose(browser: &Browser, world: &World) {
    world.work().await;
    let preferences = last_link(world, "/preferences/");
    open(browser, world, &preferences).await;
    expect_heading(browser, "Your preferences").await;
    click(browser, "input[value=kz]").await;
    click(browser, "input[value=uz]").await;
    click(browser, "input[value=tj]").await;
    click(browser, "input[name=language][value=de]").await;
    click(browser, "main button:not(.second)").await;
    expect_heading(browser, "Ihre Einstellungen").await;
    let said = expect(browser, "[role=status]").await;
    assert_eq!(said.text().await.unwrap(), "Gespeichert.");
    open(browser, world, &preferences).await;
    let mut ticked = Vec::new();
    for field in browser.find_all(Locator::Css(":checked")).await.unwrap() {
        ticked.push(field.prop("value").await.unwrap().unwrap());
    }
    assert_eq!(ticked, ["uz", "tj", "each", "", "de"], "no pause");
    let kept = world.subscription(EMAIL).await.expect("known");
    assert_eq!(kept.chosen.countries.to_string(), "uz,tj");
    assert_eq!(kept.chosen.language, Language::De);
}

async fn leave(browser: &Browser, world: &World) {
    click(browser, "form.card ~ .quiet a[href*='/unsubscribe/']").await;
    expect_heading(browser, "Abmelden").await;
    assert_eq!(state(world).await, SubscriptionState::Active);
    click(browser, "main button:not(.second)").await;
    expect_heading(browser, "Auf Wiedersehen und danke").await;
    assert_eq!(state(world).await, SubscriptionState::Ended);
    // A mistake is mended by one button, and then it was no mistake.
    click(browser, "form[action^='/undo/'] button").await;
    click(browser, "main a[href*='/preferences/']").await;
    let kept = world.subscription(EMAIL).await.expect("known");
    assert_eq!(kept.state, SubscriptionState::Active);
    assert_eq!(kept.chosen.countries.to_string(), "uz,tj");
    click(browser, "form.card ~ .quiet a[href*='/unsubscribe/']").await;
    click(browser, "main button:not(.second)").await;
    expect(browser, "form[action^='/undo/']").await;
    world.work().await;
    click(browser, "main a[href^='/subscribe']").await;
    expect_heading(browser, "„Asie centrale“ abonnieren").await;
    let field = browser.find(Locator::Id("email")).await.unwrap();
    assert_eq!(field.prop("value").await.unwrap().as_deref(), Some(""));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_without_javascript() {
    the_whole_way(Viewport::PHONE.without_javascript()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_desktop_with_javascript() {
    the_whole_way(Viewport::DESKTOP).await;
}
