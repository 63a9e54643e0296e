//! The mails as a browser shows their HTML.

use serde_json::json;
use xabar::accounts;
use xabar::domain::{Purpose, Role};

use super::{Browser, NARROW, TestDb, VIEWS, Viewport, World, assert_accessible, publish_sample};
use crate::support::world::link_in;

const EMAIL: &str = "lectrice@reader.example";

/// Stands in for the photograph of the sample issue.
const PHOTO: &[u8] = include_bytes!("../../../src/web/static/karakoul.png");

/// Opens a mail's HTML as a file, with a photo that needs no network.
async fn open_mail(browser: &Browser, world: &World, html: &str) {
    let photo = world.folder().join("karakoul.png");
    std::fs::write(&photo, PHOTO).unwrap();
    let file = world.folder().join("mail.html");
    let html = html.replace(&world.url("/static/mark.svg"), "karakoul.png");
    std::fs::write(&file, html).unwrap();
    let url = format!("file://{}", file.display());
    browser.goto(&url).await.unwrap();
}

/// Holds a mail's HTML against what it has to keep, and takes its pictures.
async fn inspect_mail(browser: &Browser, world: &World, name: &str, language: &str, html: &str) {
    open_mail(browser, world, html).await;
    for (view, viewport) in VIEWS {
        browser.look_through(viewport).await;
        browser.picture(&format!("mail-{name}-{view}")).await;
        assert_accessible(browser).await;
    }
    browser.look_through(NARROW).await;
    let script = "return [document.documentElement.scrollWidth, document.documentElement.lang]";
    let found = browser.execute(script, vec![]).await.unwrap();
    assert!(
        found[0].as_u64() <= Some(320),
        "{name} is {} wide",
        found[0]
    );
    assert_eq!(found[1], language, "the language of {name}");
    browser.assert_quiet(&world.base).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mail_of_a_reader() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    world.join(EMAIL).await;
    world.pass(60);
    assert_eq!(world.sign_up(EMAIL).await.status(), 202);
    world.work().await;
    publish_sample(&world).await;
    let mails = world.mails_to(EMAIL);
    let names = ["confirmation", "welcome", "already-subscribed", "digest"];
    assert_eq!(mails.len(), names.len());
    for (name, mail) in names.iter().zip(&mails) {
        inspect_mail(&browser, &world, name, "fr", &mail.html).await;
    }
    let viewport = Viewport {
        width: 720,
        height: 1500,
        ..Viewport::DESKTOP
    };
    browser.look_through(viewport).await;
    browser.screenshot("readme-digest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_welcome_with_the_latest_issue() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    publish_sample(&world).await;
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let url = world.url("/api/v1/newsletters/asie-centrale");
    let wish = world.http.patch(url).bearer_auth(owner);
    let wish = wish.json(&json!({ "welcome_issue": true })).send();
    assert_eq!(wish.await.unwrap().status(), 200);
    world.join(EMAIL).await;
    let welcome = world.mails_to(EMAIL).remove(1);
    inspect_mail(&browser, &world, "welcome-latest", "fr", &welcome.html).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mails_of_a_reader_of_russian() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    let form = [("email", EMAIL), ("lang", "ru"), ("consent", "yes")];
    assert_eq!(world.submit("/subscribe", &form).await.status(), 200);
    world.work().await;
    let confirm = world.link(EMAIL, Purpose::Confirm).await;
    assert_eq!(world.submit(&confirm, &[]).await.status(), 200);
    world.work().await;
    let mails = world.mails_to(EMAIL);
    assert_eq!(mails.len(), 2);
    for (name, mail) in ["confirmation-ru", "welcome-ru"].iter().zip(&mails) {
        inspect_mail(&browser, &world, name, "ru", &mail.html).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mail_about_a_readers_data() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    world.join(EMAIL).await;
    let new = "neue@reader.example";
    let last = |email: &str| world.mails_to(email).pop().expect("a mail");
    let data = format!("{}/data", world.link(EMAIL, Purpose::Preferences).await);
    world.submit(&data, &[]).await;
    world.work().await;
    inspect_mail(&browser, &world, "data-link", "fr", &last(EMAIL).html).await;
    let link = link_in(&last(EMAIL).text, "/my-data/");
    let asked = format!("{link}/address");
    world.submit(&asked, &[("email", new)]).await;
    world.work().await;
    inspect_mail(&browser, &world, "new-address", "fr", &last(new).html).await;
    let confirm = link_in(&last(new).text, "/new-address/");
    world.submit(&confirm, &[]).await;
    world.work().await;
    inspect_mail(&browser, &world, "address-changed", "fr", &last(EMAIL).html).await;
    world.pass(1);
    let data = format!("{}/data", world.link(new, Purpose::Preferences).await);
    world.submit(&data, &[]).await;
    world.work().await;
    let erase = format!("{}/erase", link_in(&last(new).text, "/my-data/"));
    world.submit(&erase, &[("sure", "yes")]).await;
    world.work().await;
    inspect_mail(&browser, &world, "erased", "fr", &last(new).html).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_digest_of_a_reader_who_follows_one_country() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    world.join(EMAIL).await;
    let preferences = world.mails_to(EMAIL).pop().expect("a welcome").text;
    let preferences = link_in(&preferences, "/preferences/");
    let choice = [("countries", "kg"), ("language", "fr")];
    let answer = world.http.post(preferences).form(&choice).send().await;
    assert_eq!(answer.unwrap().status(), 200);
    publish_sample(&world).await;
    let digest = world.mails_to(EMAIL).pop().expect("a digest");
    assert!(
        digest.html.contains("Également dans ce numéro"),
        "the folded rest"
    );
    inspect_mail(
        &browser,
        &world,
        "digest-of-one-country",
        "fr",
        &digest.html,
    )
    .await;
}
