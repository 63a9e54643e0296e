//! A slow or broken network: pictures, test copies and checks that take long or do not arrive.

use fantoccini::Locator;
use xabar::accounts::session;

use super::unsaved_text::{asks, network, value};
use super::writing::{begin, saved, stored, writer};
use super::{click, expect, open, type_into, until, until_said};
use crate::pictures::picture;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::desk::Person;
use crate::support::world::World;

on_both_databases!(
    a_picture_on_its_way_is_waited_for,
    a_picture_that_does_not_arrive_is_said_in_the_persons_words,
    a_button_that_does_nothing_says_why,
);

async fn sign_out(world: &World, person: &Person) {
    let mut tx = world.service.store.write().await.unwrap();
    let ended = session::end_all(&mut tx, person.editor.id, None).await;
    ended.unwrap();
    tx.commit().await.unwrap();
}

/// Chooses a file for the first item.
async fn choose(browser: &Browser, folder: &tempfile::TempDir) {
    let file = folder.path().join("vue.png");
    std::fs::write(&file, picture(90, 60)).unwrap();
    let field = Locator::Css("#part-0-item-0-file");
    let field = browser.find(field).await.unwrap();
    field.send_keys(file.to_str().unwrap()).await.unwrap();
}

fn picture_of(content: &xabar::domain::IssueContent) -> String {
    let image = content.parts[0].items[0].image.as_ref();
    image.map(|image| image.url.clone()).unwrap_or_default()
}

async fn a_picture_on_its_way_is_waited_for(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    let issue = begin(&browser, &world).await;
    let folder = tempfile::tempdir().unwrap();
    type_into(&browser, "#part-0-item-0-title", "Bichkek").await;
    saved(&browser).await;
    click(&browser, "#part-0-item-0 .more-fields > summary").await;
    network(&browser, false, 2_000).await;
    choose(&browser, &folder).await;
    until_said(&browser, "[data-upload-error]", "Uploading").await;
    assert!(asks(&browser).await);
    // The button whose answer replaces the cards is done afterwards.
    click(&browser, ".add-part button").await;
    until_said(&browser, "#save-state", "Uploading").await;
    expect(&browser, "#part-7").await;
    network(&browser, false, 0).await;
    saved(&browser).await;
    let content = stored(&world).await.1;
    assert!(picture_of(&content).ends_with(".jpg"), "{content:?}");
    assert_eq!(content.parts.len(), 8);
    expect(&browser, "#part-0-item-0 [data-picture] img").await;
    // So is the one that leaves the page.
    open(&browser, &world, &format!("{issue}/write")).await;
    browser
        .execute(
            "const i = document.getElementById('part-0-item-0-image'); i.value = '';
             i.dispatchEvent(new Event('input', { bubbles: true }))",
            vec![],
        )
        .await
        .unwrap();
    saved(&browser).await;
    assert_eq!(picture_of(&stored(&world).await.1), "");
    network(&browser, false, 2_000).await;
    choose(&browser, &folder).await;
    until_said(&browser, "[data-upload-error]", "Uploading").await;
    click(&browser, ".write-bar button").await;
    let left = "return location.pathname.endsWith('/send')";
    until(&browser, left).await;
    network(&browser, false, 0).await;
    assert!(picture_of(&stored(&world).await.1).ends_with(".jpg"));
}

async fn a_picture_that_does_not_arrive_is_said_in_the_persons_words(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::PHONE).await;
    begin(&browser, &world).await;
    let folder = tempfile::tempdir().unwrap();
    click(&browser, "#part-0-item-0 .more-fields > summary").await;
    network(&browser, true, 0).await;
    choose(&browser, &folder).await;
    until_said(
        &browser,
        "[data-upload-error].error",
        "not uploaded: no conn",
    )
    .await;
    network(&browser, false, 0).await;
    saved(&browser).await;
    sign_out(&world, &anna).await;
    choose(&browser, &folder).await;
    until_said(&browser, "[data-upload-error].error", "you are signed out").await;
    assert_eq!(value(&browser, "part-0-item-0-image").await, "");
}

async fn a_button_that_does_nothing_says_why(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::DESKTOP).await;
    begin(&browser, &world).await;
    expect(&browser, ".checks-ask button").await;
    network(&browser, true, 0).await;
    for place in [".test-copy", ".checks-ask"] {
        click(&browser, &format!("{place} button")).await;
        let line = format!("{place} [data-trouble]");
        until_said(&browser, &line, "Nothing was done: no connection").await;
    }
    network(&browser, false, 0).await;
    sign_out(&world, &anna).await;
    for place in [".test-copy", ".checks-ask"] {
        click(&browser, &format!("{place} button")).await;
        let line = format!("{place} [data-trouble]");
        until_said(&browser, &line, "Nothing was done: you are signed out").await;
    }
    // No form in a frame that takes none.
    click(&browser, ".segments label:nth-of-type(2)").await;
    let said = "
        const page = document.getElementById('preview').contentDocument;
        return page.body.textContent.includes('You are signed out') && !page.querySelector('form')";
    until(&browser, said).await;
}
