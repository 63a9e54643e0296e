//! The mails as a browser shows their HTML.

use super::{Browser, NARROW, TestDb, VIEWS, Viewport, World, assert_accessible, publish_sample};

const EMAIL: &str = "lectrice@reader.example";

/// Holds a mail's HTML against what it has to keep, and takes its pictures.
async fn inspect_mail(browser: &Browser, world: &World, name: &str, html: &str) {
    let file = world.folder().join(format!("{name}.html"));
    std::fs::write(&file, html).unwrap();
    let url = format!("file://{}", file.display());
    browser.goto(&url).await.unwrap();
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
    assert_eq!(found[1], "fr", "the language of {name}");
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
        inspect_mail(&browser, &world, name, &mail.html).await;
    }
}
