//! The pages behind the links of mails.

use xabar::domain::Purpose;

use super::{
    Browser, TestDb, Viewport, World, click, expect, expect_heading, fill_in, inspect,
    inspect_with_status, open, three_newsletters,
};
use crate::support::world::link_in;

const EMAIL: &str = "leser@reader.example";

fn link(world: &World, part: &str) -> String {
    let mails = world.mails_to(EMAIL);
    link_in(&mails.last().expect("a mail").text, part)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_subscription() {
    walk_through("fr", "C’est fait, bienvenue !", "Au revoir, et merci").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_subscription_in_russian() {
    walk_through("ru", "Готово, добро пожаловать!", "До свидания и спасибо").await;
}

/// From the link of the confirmation mail to the goodbye, in the language of the sign-up.
async fn walk_through(language: &str, welcome: &str, goodbye: &str) {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    let form = [("email", EMAIL), ("lang", language), ("consent", "yes")];
    assert_eq!(world.submit("/subscribe", &form).await.status(), 200);
    world.work().await;
    let look = async |name: &str| {
        inspect(
            &browser,
            &world.base,
            &format!("{name}-{language}"),
            language,
        )
        .await;
    };
    open(&browser, &world, &link(&world, "/confirm/")).await;
    look("confirm").await;
    click(&browser, "main button:not(.second)").await;
    expect_heading(&browser, welcome).await;
    look("confirmed").await;
    world.work().await;
    open(&browser, &world, &link(&world, "/preferences/")).await;
    look("preferences").await;
    click(&browser, "input[value=kg]").await;
    click(&browser, "main button:not(.second)").await;
    expect(&browser, "[role=status]").await;
    look("preferences-saved").await;
    open(&browser, &world, &link(&world, "/unsubscribe/")).await;
    look("unsubscribe").await;
    click(&browser, "main button:not(.second)").await;
    expect_heading(&browser, goodbye).await;
    look("goodbye").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_gave_my_address() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::PHONE).await;
    assert_eq!(world.sign_up(EMAIL).await.status(), 202);
    world.work().await;
    open(&browser, &world, &link(&world, "/confirm/")).await;
    inspect(&browser, &world.base, "confirm-small", "fr").await;
    click(&browser, "main button.second").await;
    expect_heading(&browser, "La demande est effacée").await;
    inspect(&browser, &world.base, "not-me", "fr").await;
    assert_eq!(world.state(EMAIL).await, "none");
    // It was a slip.
    click(&browser, "main button.second").await;
    expect(&browser, "#email").await;
    world.pass(20);
    assert_eq!(world.sign_up(EMAIL).await.status(), 202);
    world.work().await;
    assert_eq!(world.state(EMAIL).await, "pending");
    assert_eq!(world.mails_to(EMAIL).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn yes_confirms_also_where_the_other_button_leads() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::PHONE).await;
    assert_eq!(world.sign_up(EMAIL).await.status(), 202);
    world.work().await;
    let decline = format!("{}/decline", link(&world, "/confirm/"));
    open(&browser, &world, &decline).await;
    click(&browser, "main button:not(.second)").await;
    expect_heading(&browser, "C’est fait, bienvenue !").await;
    assert_eq!(world.state(EMAIL).await, "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_do_nothing() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/confirm/made-up").await;
    expect_heading(&browser, "This link is no longer valid").await;
    inspect_with_status(&browser, &world.base, "link-forged", "en", Some(404)).await;
    assert_eq!(world.sign_up(EMAIL).await.status(), 202);
    world.work().await;
    world.pass(8 * 24 * 60);
    open(&browser, &world, &link(&world, "/confirm/")).await;
    expect_heading(&browser, "This link is no longer valid").await;
    inspect_with_status(&browser, &world.base, "link-expired", "en", Some(410)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_newsletters_and_a_pause() {
    let (world, _db) = three_newsletters().await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/subscribe?lang=fr").await;
    click(&browser, "input[value=zentralasien]").await;
    fill_in(&browser, EMAIL).await;
    expect_heading(&browser, "Regardez votre boîte mail").await;
    world.work().await;
    // As in another browser: this one would confirm at once.
    browser.delete_all_cookies().await.unwrap();
    open(&browser, &world, &link(&world, "/confirm/")).await;
    inspect(&browser, &world.base, "confirm-several", "fr").await;
    click(&browser, "main button:not(.second)").await;
    expect_heading(&browser, "C’est fait, bienvenue !").await;
    inspect(&browser, &world.base, "confirmed-several", "fr").await;
    world.work().await;
    let preferences = link(&world, "/preferences/");
    open(&browser, &world, &preferences).await;
    click(&browser, "input[value=central-asia]").await;
    click(&browser, "input[name=pause][value=date]").await;
    click(&browser, "main button:not(.second)").await;
    expect(&browser, "#pause-error").await;
    let name = "preferences-bad-day";
    inspect_with_status(&browser, &world.base, name, "fr", Some(422)).await;
    browser.look_through(Viewport::DESKTOP).await;
    click(&browser, "input[name=pause][value=\"2\"]").await;
    click(&browser, "main button:not(.second)").await;
    expect(&browser, "input[name=resume]").await;
    inspect(&browser, &world.base, "preferences-paused", "fr").await;
    let third = world.subscription_to(EMAIL, "central-asia").await;
    assert!(third.is_some(), "turned on by the form");
    browser.look_through(Viewport::DESKTOP).await;
    click(&browser, ".resting button").await;
    expect(&browser, "[role=status]").await;
    let first = world.subscription(EMAIL).await.expect("known");
    assert_eq!(first.paused_until, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_newsletters_is_left_or_both_at_once() {
    let (world, _db) = three_newsletters().await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/subscribe?lang=fr").await;
    click(&browser, "input[value=zentralasien]").await;
    fill_in(&browser, EMAIL).await;
    expect(&browser, "#resend").await;
    world.work().await;
    open(&browser, &world, &link(&world, "/confirm/")).await;
    click(&browser, "main button:not(.second)").await;
    expect(&browser, "main a[href*='/preferences/']").await;
    let leave = world.link(EMAIL, Purpose::Unsubscribe).await;
    open(&browser, &world, &leave).await;
    let also = expect(&browser, ".letters").await.text().await.unwrap();
    assert!(also.contains("Zentralasien") && !also.contains("Asie centrale"));
    inspect(&browser, &world.base, "unsubscribe-several", "fr").await;
    browser.look_through(Viewport::DESKTOP).await;
    click(&browser, "main button:not(.second)").await;
    expect(&browser, "form[action^='/undo/']").await;
    assert_eq!(world.states(EMAIL).await, "ended none active");
    let still = expect(&browser, ".letters").await.text().await.unwrap();
    assert!(still.contains("Zentralasien"));
    inspect(&browser, &world.base, "unsubscribed-several", "fr").await;
    browser.look_through(Viewport::DESKTOP).await;
    click(&browser, "form[action^='/undo/'] button").await;
    expect(&browser, "main a[href*='/preferences/']").await;
    assert_eq!(world.states(EMAIL).await, "active none active");
    inspect(&browser, &world.base, "undone", "fr").await;
    browser.look_through(Viewport::DESKTOP).await;
    open(&browser, &world, &leave).await;
    click(&browser, "main button.second").await;
    expect(&browser, "form[action^='/undo/']").await;
    assert_eq!(world.states(EMAIL).await, "ended none ended");
    click(&browser, "form[action^='/undo/'] button").await;
    expect(&browser, "main a[href*='/preferences/']").await;
    assert_eq!(world.states(EMAIL).await, "active none active");
}
