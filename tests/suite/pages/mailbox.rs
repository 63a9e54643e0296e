//! The demo's mailbox, and a reader's whole way through it by clicks alone.

use fantoccini::Locator;
use xabar::domain::SubscriptionState;

use super::{
    Browser, TestDb, Viewport, World, click, expect, expect_heading, fill_in, inspect, open,
    publish_sample,
};

const EMAIL: &str = "aigerim@reader.example";

#[tokio::test(flavor = "multi_thread")]
async fn a_caught_mail_from_each_side() {
    let db = TestDb::sqlite();
    let world = World::demo(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/mailbox").await;
    inspect(&browser, &world.base, "mailbox-empty", "en").await;
    assert_eq!(world.sign_up("someone@reader.example").await.status(), 202);
    world.work().await;
    open(&browser, &world, "/mailbox").await;
    inspect(&browser, &world.base, "mailbox", "en").await;
    for view in ["html", "text", "headers"] {
        open(&browser, &world, &format!("/mailbox/1?view={view}")).await;
        expect_heading(&browser, "Confirmez votre abonnement à « Asie centrale »").await;
        inspect(&browser, &world.base, &format!("mailbox-{view}"), "en").await;
    }
}

/// Opens the newest mail by clicks; the mailbox is not open in this window yet, or shows another.
async fn open_newest(browser: &Browser) {
    click(browser, "main a[href='/mailbox']").await;
    expect(browser, ".mails").await;
    click(browser, ".mails li:first-child a").await;
    expect(browser, "iframe.mail").await;
}

/// Clicks a link of the mail that is open, and goes on in the window that it opens.
async fn follow(browser: &Browser, css: &str) {
    let known = browser.windows().await.unwrap();
    let framed = browser.find_all(Locator::Css("iframe.mail")).await.unwrap();
    for frame in framed {
        frame.enter_frame().await.unwrap();
    }
    let links = browser.find_all(Locator::Css(css)).await.unwrap();
    links.first().expect("a link").click().await.unwrap();
    browser.enter_parent_frame().await.ok();
    let all = browser.windows().await.unwrap();
    let new = all.into_iter().find(|window| !known.contains(window));
    let new = new.unwrap_or_else(|| panic!("{css} opens a window"));
    browser.switch_to_window(new).await.unwrap();
}

/// Closes the window that a mail opened, and goes back to the mail.
async fn back_to_the_mail(browser: &Browser) {
    browser.close_window().await.unwrap();
    let first = browser.windows().await.unwrap().swap_remove(0);
    browser.switch_to_window(first).await.unwrap();
}

async fn state(world: &World) -> SubscriptionState {
    world.subscription(EMAIL).await.expect("known").state
}

async fn by_clicks_alone(language: &str) {
    let db = TestDb::sqlite();
    let world = World::demo(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/").await;
    click(&browser, &format!(".languages [lang={language}]")).await;
    expect(&browser, &format!("html[lang={language}]")).await;
    fill_in(&browser, EMAIL).await;
    expect(&browser, "main a[href='/mailbox']").await;
    world.work().await;

    open_newest(&browser).await;
    follow(&browser, "a[href*='/confirm/']").await;
    expect(&browser, "main a[href*='/preferences/']").await;
    assert_eq!(state(&world).await, SubscriptionState::Active);
    world.work().await;
    back_to_the_mail(&browser).await;

    // The link in the words of the welcome mail, and the same one in its text part.
    open_newest(&browser).await;
    follow(&browser, "a[href*='/preferences/']").await;
    expect(&browser, "input[name=pause]").await;
    back_to_the_mail(&browser).await;
    click(&browser, ".tabs a[href$='view=text']").await;
    expect(&browser, "pre.mail").await;
    follow(&browser, "pre.mail a[href*='/preferences/']").await;
    expect(&browser, "input[name=pause]").await;
    click(&browser, "main .card > button[type=submit]").await;
    expect(&browser, "[role=status]").await;
    back_to_the_mail(&browser).await;

    publish_sample(&world).await;
    open_newest(&browser).await;
    follow(&browser, "a[href*='/unsubscribe/']").await;
    expect(&browser, "main a[href*='/preferences/']").await;
    assert_eq!(state(&world).await, SubscriptionState::Active);
    click(&browser, "main button:not(.second)").await;
    expect(&browser, "main a[href$='/data']").await;
    assert_eq!(state(&world).await, SubscriptionState::Ended);
    browser.assert_quiet(&world.base).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_clicks_alone_in_french() {
    by_clicks_alone("fr").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_clicks_alone_in_german() {
    by_clicks_alone("de").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_clicks_alone_in_english() {
    by_clicks_alone("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_clicks_alone_in_russian() {
    by_clicks_alone("ru").await;
}
