//! The demo's mailbox.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use xabar::mail::Relays;
use xabar::web::mailbox::Mailbox;
use xabar::{app, web, worker};

use super::{Browser, TestDb, Viewport, World, expect_heading, inspect, open};

#[tokio::test(flavor = "multi_thread")]
async fn a_caught_mail_from_each_side() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let here = SocketAddr::from(([127, 0, 0, 1], 0));
    let mailbox = Mailbox::default();
    let smtp = app::listen(here).await.unwrap();
    let mut settings = (*world.service.settings).clone();
    let url = format!("smtp://{}", smtp.local_addr().unwrap());
    settings.smtp.url = url.parse().unwrap();
    let relays = Arc::new(Relays::from_settings(&settings).unwrap());
    let catching = tokio::spawn(mailbox.clone().catch(smtp));
    let listener = app::listen(here).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let stop = CancellationToken::new();
    let _stopped = stop.clone().drop_guard();
    let service = world.service.clone();
    tokio::spawn(async move {
        let router = web::router(service.clone(), Some(mailbox));
        web::serve(listener, router, &service.settings.http, stop).await
    });

    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, &format!("{base}/mailbox")).await;
    inspect(&browser, &base, "mailbox-empty", "en").await;
    assert_eq!(world.sign_up("someone@reader.example").await.status(), 202);
    worker::run_until_idle(&world.service, &relays)
        .await
        .unwrap();
    open(&browser, &world, &format!("{base}/mailbox")).await;
    inspect(&browser, &base, "mailbox", "en").await;
    for view in ["html", "text", "headers"] {
        open(&browser, &world, &format!("{base}/mailbox/1?view={view}")).await;
        expect_heading(&browser, "Confirmez votre inscription à « Asie centrale »").await;
        inspect(&browser, &base, &format!("mailbox-{view}"), "en").await;
    }
    catching.abort();
}
