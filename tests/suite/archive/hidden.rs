//! Hidden issues: their page was taken off the web and answers 410.

use reqwest::Response;
use serde_json::{Value, json};
use xabar::accounts::audit_log;
use xabar::domain::AuditAction::{Corrected, PageHidden, PageShown};
use xabar::store::audit::EventFilter;

use super::{add, open, publish, set};
use crate::issues::corrections::correct_as_read;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

on_both_databases!(
    a_hidden_page_says_so_and_comes_back,
    nothing_leads_to_a_hidden_page,
    the_key_of_a_private_newsletter_opens_what_is_hidden_no_more,
    an_issue_is_hidden_while_it_goes_out,
);

async fn get(world: &World, path: &str, language: &str) -> Response {
    let request = world.http.get(world.url(path));
    let answer = request.header("accept-language", language).send();
    answer.await.unwrap()
}

fn glacier() -> Value {
    json!([{ "kind": "text", "body": "Le glacier recule." }])
}

async fn a_hidden_page_says_so_and_comes_back(db: TestDb) {
    let world = World::start(&db).await;
    let draft = world.draft("Brouillon").await;
    let (status, problem) = world.act(&draft, "hide").await;
    let said = problem["detail"].as_str().unwrap();
    assert!(
        status == 409 && said.contains("before it is sent"),
        "{said}"
    );
    let (id, path) = publish(&world, "asie-centrale", "Le glacier", glacier()).await;
    world.work().await;
    // The page is kept as it was rendered.
    assert_eq!(open(&world, &path).await.0, 200);
    let before = world.issue(&id).await;
    assert_eq!(before["hidden_at"], Value::Null);
    let stale = world.post(&format!("/api/v1/issues/{id}/hide"));
    let stale = stale.header("if-match", "\"1\"").send().await.unwrap();
    assert_eq!(stale.status(), 412);
    let (status, hidden) = world.act(&id, "hide").await;
    assert_eq!(
        (status, &hidden["hidden_at"], &hidden["status"]),
        (200, &json!("2026-11-23T07:00:00Z"), &json!("sent"))
    );
    world.pass(1);
    assert_eq!(world.act(&id, "hide").await, (200, hidden.clone()), "again");
    for (path, language, says) in [
        (path.clone(), "fr", "a retiré cette page"),
        (path.clone(), "en", "has taken this page down"),
        (format!("{path}/card.png"), "de", "aus dem Netz genommen"),
    ] {
        let answer = get(&world, &path, language).await;
        assert_eq!(answer.status(), 410, "{path}");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        assert_eq!(answer.headers()["vary"], "accept-language");
        let page = answer.text().await.unwrap();
        assert!(
            page.contains(says) && page.contains("href=\"/archive/asie-centrale\""),
            "{page}"
        );
        assert!(!page.to_lowercase().contains("glacier"), "{page}");
    }
    // What is wrong is mended, and the page is put back.
    let (status, corrected) = correct_as_read(&world, &id, "Le lac").await;
    assert_eq!(
        (status, &corrected["hidden_at"]),
        (200, &hidden["hidden_at"])
    );
    assert_eq!(open(&world, &path).await.0, 410);
    for _ in 0..2 {
        let (status, shown) = world.act(&id, "unhide").await;
        assert_eq!((status, &shown["hidden_at"]), (200, &Value::Null));
    }
    let (status, page) = open(&world, &path).await;
    assert!(status == 200 && page.contains("<h1>Le lac</h1>"), "{page}");
    let every = EventFilter::default();
    let all = audit_log::newest(&world.service, &every, None, 10);
    let all = all.await.unwrap().into_iter();
    let done: Vec<_> = all.map(|one| one.event.unwrap().action).take(3).collect();
    assert_eq!(done, [PageShown, Corrected, PageHidden], "each once");
}

async fn nothing_leads_to_a_hidden_page(db: TestDb) {
    let world = World::start(&db).await;
    set(&world, "asie-centrale", json!({ "welcome_issue": true })).await;
    add(&world, "lettre", "Lettre").await;
    let (_, first) = publish(&world, "asie-centrale", "Avant", json!([])).await;
    world.pass(1);
    let (id, path) = publish(&world, "asie-centrale", "Le glacier", glacier()).await;
    world.work().await;
    let places = [
        "/archive",
        "/archive/asie-centrale",
        "/archive/asie-centrale/feed.xml",
        "/search?q=glacier",
        "/sitemap.xml",
        first.as_str(),
    ];
    let with_it = async || {
        let mut found = Vec::new();
        for place in places {
            let (status, page) = open(&world, place).await;
            assert_eq!(status, 200, "{place}");
            found.extend(page.contains(path.as_str()).then_some(place));
        }
        found
    };
    assert_eq!(with_it().await, places);
    assert_eq!(world.act(&id, "hide").await.0, 200);
    assert!(with_it().await.is_empty(), "{:?}", with_it().await);
    world.join("new@example.org").await;
    let welcome = world.mails_to("new@example.org").remove(1);
    assert!(
        welcome.text.contains("Avant") && !welcome.text.contains("glacier"),
        "{}",
        welcome.text
    );
    assert_eq!(world.act(&id, "unhide").await.0, 200);
    assert_eq!(with_it().await, places);
}

async fn the_key_of_a_private_newsletter_opens_what_is_hidden_no_more(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok@example.org"]).await;
    set(&world, "asie-centrale", json!({ "visibility": "private" })).await;
    let (id, path) = publish(&world, "asie-centrale", "Le glacier", glacier()).await;
    world.work().await;
    let mail = world.mails_to("ok@example.org").pop().unwrap();
    let link = link_in(&mail.text, "/archive/");
    assert_eq!(world.http.get(&link).send().await.unwrap().status(), 200);
    assert_eq!(world.act(&id, "hide").await.0, 200);
    let gone = world.http.get(&link).send().await.unwrap();
    assert_eq!(
        (gone.status().as_u16(), &gone.headers()["cache-control"]),
        (410, &"no-store".parse().unwrap())
    );
    assert!(!gone.text().await.unwrap().contains("/archive"));
    // Who has no key does not learn that there was one.
    for without in [
        path.clone(),
        format!("{path}?key=wrong"),
        format!("{path}/card.png"),
    ] {
        assert_eq!(open(&world, &without).await.0, 404, "{without}");
    }
}

async fn an_issue_is_hidden_while_it_goes_out(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok@example.org"]).await;
    let (id, path) = publish(&world, "asie-centrale", "Le glacier", glacier()).await;
    assert_eq!(world.act(&id, "hide").await.0, 200);
    world.work().await;
    let mail = world.mails_to("ok@example.org").pop().unwrap();
    assert!(mail.text.contains("glacier"), "mails go out all the same");
    let link = link_in(&mail.text, "/archive/");
    assert_eq!(world.http.get(&link).send().await.unwrap().status(), 410);
    assert_eq!(world.counts(&id).await, "sent=1");
    assert_eq!(open(&world, &path).await.0, 410);
    // One that nobody got has no page once it is stopped; what was hidden can be put back all the same.
    let (id, path) = publish(&world, "asie-centrale", "Arrêté", glacier()).await;
    assert_eq!(world.act(&id, "hide").await.0, 200);
    assert_eq!(world.act(&id, "cancel").await.0, 200);
    assert_eq!(open(&world, &path).await.0, 404);
    assert_eq!(world.act(&id, "unhide").await.0, 200);
    let (status, problem) = world.act(&id, "hide").await;
    let said = problem["detail"].as_str().unwrap();
    assert!(
        status == 409 && said.contains("before anybody had got it"),
        "{said}"
    );
}
