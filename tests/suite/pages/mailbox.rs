//! The demo's mailbox.

use fantoccini::Locator;

use super::{Browser, TestDb, Viewport, World, click, expect, expect_heading, inspect, open};

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

#[tokio::test(flavor = "multi_thread")]
async fn mails_appear_by_themselves_or_by_a_link() {
    for viewport in [Viewport::DESKTOP, Viewport::PHONE.without_javascript()] {
        let db = TestDb::sqlite();
        let world = World::demo(&db).await;
        let browser = Browser::open(viewport).await;
        open(&browser, &world, "/mailbox").await;
        for (number, reader) in (1..).zip(["one@reader.example", "two@reader.example"]) {
            assert_eq!(world.sign_up(reader).await.status(), 202);
            world.work().await;
            if !viewport.javascript {
                click(&browser, ".mail-tools a").await;
            }
            expect(&browser, &format!(".mails li:nth-child({number})")).await;
            let newest = browser.find(Locator::Css(".mails li")).await.unwrap();
            assert!(newest.text().await.unwrap().contains(reader));
            let count = browser.find(Locator::Id("mail-count")).await.unwrap();
            let count = count.text().await.unwrap();
            assert!(count.starts_with(&number.to_string()), "{count}");
            if viewport.javascript {
                // Whoever is at a mail with the keyboard stays there.
                let script = "document.querySelector('.mails li:last-child a').focus()";
                browser.execute(script, vec![]).await.unwrap();
            }
        }
        let script = "return document.activeElement.getAttribute('href')";
        let focused = browser.execute(script, vec![]).await.unwrap();
        if viewport.javascript {
            assert_eq!(focused, "/mailbox/1?lang=en");
        }
        browser.assert_quiet(&world.base).await;
    }
}
