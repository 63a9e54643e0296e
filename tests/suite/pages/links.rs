//! The pages behind the links of mails.

use super::{
    Browser, TestDb, Viewport, World, click, expect, expect_heading, inspect, inspect_with_status,
    open,
};
use crate::support::world::link_in;

const EMAIL: &str = "leser@reader.example";

fn link(world: &World, part: &str) -> String {
    let mails = world.mails_to(EMAIL);
    link_in(&mails.last().expect("a mail").text, part)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_subscription() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    assert_eq!(world.sign_up(EMAIL).await.status(), 202);
    world.work().await;
    open(&browser, &world, &link(&world, "/confirm/")).await;
    inspect(&browser, &world.base, "confirm", "fr").await;
    click(&browser, "main button:not(.second)").await;
    expect_heading(&browser, "C’est fait, bienvenue !").await;
    inspect(&browser, &world.base, "confirmed", "fr").await;
    world.work().await;
    open(&browser, &world, &link(&world, "/preferences/")).await;
    inspect(&browser, &world.base, "preferences", "fr").await;
    click(&browser, "input[value=kg]").await;
    click(&browser, "main button:not(.second)").await;
    expect(&browser, "[role=status]").await;
    inspect(&browser, &world.base, "preferences-saved", "fr").await;
    open(&browser, &world, &link(&world, "/unsubscribe/")).await;
    inspect(&browser, &world.base, "unsubscribe", "fr").await;
    click(&browser, "main button:not(.second)").await;
    expect_heading(&browser, "Au revoir, et merci").await;
    inspect(&browser, &world.base, "goodbye", "fr").await;
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
    expect_heading(&browser, "C’est effacé").await;
    inspect(&browser, &world.base, "not-me", "fr").await;
    assert_eq!(world.state(EMAIL).await, "none");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_do_nothing() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/confirm/made-up").await;
    expect_heading(&browser, "This link does not work any more").await;
    inspect_with_status(&browser, &world.base, "link-forged", "en", Some(404)).await;
    assert_eq!(world.sign_up(EMAIL).await.status(), 202);
    world.work().await;
    world.pass(8 * 24 * 60);
    open(&browser, &world, &link(&world, "/confirm/")).await;
    expect_heading(&browser, "This link does not work any more").await;
    inspect_with_status(&browser, &world.base, "link-expired", "en", Some(410)).await;
}
