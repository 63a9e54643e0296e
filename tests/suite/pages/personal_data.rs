//! A reader's own data: see, correct, move, erase.

use fantoccini::Locator;
use xabar::accounts;
use xabar::domain::Role;

use super::{
    Browser, TestDb, Viewport, World, click, expect, expect_heading, inspect, inspect_with_status,
    open,
};
use crate::support::world::link_in;

const EMAIL: &str = "leser@reader.example";

fn link(world: &World, email: &str, part: &str) -> String {
    let mails = world.mails_to(email);
    link_in(&mails.last().expect("a mail").text, part)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_corrects_moves_and_erases() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    world.join(EMAIL).await;
    super::publish_sample(&world).await;
    open(&browser, &world, &link(&world, EMAIL, "/preferences/")).await;
    click(&browser, "a[href$='/data']").await;
    expect_heading(&browser, "Vos données").await;
    inspect(&browser, &world.base, "my-data-ask", "fr").await;
    click(&browser, "main button").await;
    expect_heading(&browser, "Regardez votre boîte mail").await;
    inspect(&browser, &world.base, "my-data-asked", "fr").await;
    world.work().await;
    let mine = link(&world, EMAIL, "/my-data/");
    open(&browser, &world, &mine).await;
    click(&browser, "details:first-of-type summary").await;
    inspect(&browser, &world.base, "my-data", "fr").await;

    let name = browser.find(Locator::Css("#name-field")).await.unwrap();
    name.send_keys("Aïgerim").await.unwrap();
    click(&browser, "#name button").await;
    expect(&browser, "[role=status]").await;
    let address = browser.find(Locator::Css("#address-field")).await.unwrap();
    address.send_keys("personne").await.unwrap();
    click(&browser, "#address button").await;
    expect(&browser, "#address-error").await;
    expect(&browser, ".notice.problem[role=alert]").await;
    expect(&browser, "#address-field:focus").await;
    inspect_with_status(&browser, &world.base, "my-data-wrong", "fr", Some(422)).await;
    let address = browser.find(Locator::Css("#address-field")).await.unwrap();
    address.clear().await.unwrap();
    address.send_keys("neu@reader.example").await.unwrap();
    click(&browser, "#address button").await;
    expect(&browser, "[role=status]").await;
    inspect(&browser, &world.base, "my-data-saved", "fr").await;
    world.work().await;
    open(
        &browser,
        &world,
        &link(&world, "neu@reader.example", "/new-address/"),
    )
    .await;
    inspect(&browser, &world.base, "new-address", "fr").await;
    click(&browser, "main button:not(.second)").await;
    expect_heading(&browser, "C’est fait").await;
    inspect(&browser, &world.base, "new-address-done", "fr").await;
    open(&browser, &world, &mine).await;
    expect_heading(&browser, "This link has expired").await;
    inspect_with_status(&browser, &world.base, "my-data-expired", "en", Some(410)).await;
    world.pass(1);
    click(&browser, "main button").await;
    expect_heading(&browser, "Regardez votre boîte mail").await;
    world.work().await;
    open(
        &browser,
        &world,
        &link(&world, "neu@reader.example", "/my-data/"),
    )
    .await;
    // The browser asks for the tick, and sends nothing.
    let erase = browser.find(Locator::Css("#erase button")).await.unwrap();
    erase.click().await.unwrap();
    expect_heading(&browser, "Vos données").await;
    click(&browser, "#erase input").await;
    click(&browser, "#erase button").await;
    expect_heading(&browser, "Tout est effacé").await;
    inspect(&browser, &world.base, "erased", "fr").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_of_consent_is_read_on_a_page() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/consent-record").await;
    expect_heading(&browser, "Is the record of consent intact?").await;
    inspect(&browser, &world.base, "ledger", "en").await;
    let field = browser.find(Locator::Id("token")).await.unwrap();
    field.send_keys(&owner).await.unwrap();
    click(&browser, "main button[type=submit]").await;
    expect_heading(&browser, "The record is intact").await;
    inspect(&browser, &world.base, "ledger-intact", "en").await;
}
