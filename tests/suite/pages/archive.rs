//! The archive, the page of the API and what is not there.

use fantoccini::Locator;

use super::{
    Browser, TestDb, Viewport, World, click, expect, expect_heading, inspect, inspect_with_status,
    open, publish_sample, three_newsletters,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_and_an_issue() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/archive").await;
    expect_heading(&browser, "Numéros parus").await;
    inspect(&browser, &world.base, "archive-empty", "fr").await;
    let second = world
        .draft("Sécheresse : qui donne l’eau, qui la prend ?")
        .await;
    world.ensure_reader("asie-centrale").await;
    assert_eq!(world.act(&second, "send").await.0, 202);
    world.work().await;
    world.pass(7 * 24 * 60);
    let page = publish_sample(&world).await;
    open(&browser, &world, "/archive").await;
    inspect(&browser, &world.base, "archive", "fr").await;
    let titles = browser.find_all(Locator::Css(".issues h2")).await.unwrap();
    let latest = titles[0].text().await.unwrap();
    assert!(latest.starts_with("Sommet"), "the latest first: {latest}");
    open(&browser, &world, &page).await;
    inspect(&browser, &world.base, "issue", "fr").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_looked_for_is_found() {
    let (world, _db) = three_newsletters().await;
    publish_sample(&world).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/archive").await;
    expect_heading(&browser, "Past issues").await;
    inspect(&browser, &world.base, "archive-home", "en").await;
    open(&browser, &world, "/archive/asie-centrale").await;
    let field = browser.find(Locator::Id("q")).await.unwrap();
    field.send_keys("sommet kazakhst").await.unwrap();
    click(&browser, ".search button").await;
    expect_heading(&browser, "Rechercher").await;
    let marks = browser.find_all(Locator::Css("mark")).await.unwrap();
    assert!(!marks.is_empty(), "hits are marked");
    inspect(&browser, &world.base, "search", "fr").await;
    browser.look_through(Viewport::DESKTOP).await;
    click(&browser, ".issues h2 a").await;
    expect(&browser, "article.letter").await;
    open(&browser, &world, "/search?q=xyzzy").await;
    expect(&browser, "[role=status]").await;
    inspect(&browser, &world.base, "search-nothing", "en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_and_the_api() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/nothing/here").await;
    expect_heading(&browser, "This page doesn’t exist").await;
    inspect_with_status(&browser, &world.base, "not-found", "en", Some(404)).await;
    open(&browser, &world, "/docs").await;
    expect_heading(&browser, "Xabar API").await;
    inspect(&browser, &world.base, "docs", "en").await;
}
