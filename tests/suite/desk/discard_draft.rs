//! Discarding a draft, and stopping an issue, by clicks.

use serde_json::json;
use xabar::domain::{Language, Role};

use super::sending::{browser_of, editor};
use super::{click, expect, inspect, open, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::Viewport;
use crate::support::world::World;

on_both_databases!(
    a_draft_is_thrown_away_after_a_question,
    what_was_scheduled_meanwhile_is_not_thrown_away,
    who_stops_an_issue_reads_what_becomes_of_its_page,
);

async fn a_draft_is_thrown_away_after_a_question(db: TestDb) {
    let world = World::start(&db).await;
    let anna = editor(&world, "Anna").await;
    let id = world.draft("Par erreur").await;
    let browser = browser_of(&world, &anna, Viewport::DESKTOP).await;
    open(&browser, &world, &format!("/desk/issues/{id}/write")).await;
    let ask = "return document.querySelector('button[form=throw-away]').checkVisibility()";
    assert_eq!(browser.execute(ask, vec![]).await.unwrap(), json!(false));
    click(&browser, ".write-foot .ask summary").await;
    until_said(&browser, ".write-foot .ask", "nobody will get it").await;
    click(&browser, "button[form=throw-away]").await;
    until_said(&browser, ".notice.good", "The draft is thrown away").await;
    assert_eq!(world.issue(&id).await["status"], "cancelled");
    inspect(&browser, &world, "thrown-away").await;
    open(&browser, &world, "/desk").await;
    until_said(&browser, "main", "Nothing is being written or sent").await;
    // Its text is there for a new one.
    open(&browser, &world, "/desk/issues/new").await;
    until_said(&browser, "#earlier", "Par erreur").await;
}

async fn what_was_scheduled_meanwhile_is_not_thrown_away(db: TestDb) {
    let world = World::start(&db).await;
    let (anna, vera) = (
        editor(&world, "Anna").await,
        world.person("Vera", Role::Viewer, Language::En).await,
    );
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    let path = format!("/desk/issues/{id}/throw-away");
    let refused = vera.post(&path, &[]).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert_eq!(world.act(&id, "send").await.0, 202);
    let refused = anna.post(&path, &[]).send().await.unwrap();
    assert_eq!(refused.status(), 409);
    assert_eq!(world.issue(&id).await["status"], "sending");
}

async fn who_stops_an_issue_reads_what_becomes_of_its_page(db: TestDb) {
    let world = World::start(&db).await;
    let anna = editor(&world, "Anna").await;
    world
        .readers(&["ok@example.org", "defer2@example.org"])
        .await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    world.work().await;
    let browser = browser_of(&world, &anna, Viewport::DESKTOP).await;
    open(&browser, &world, &format!("/desk/issues/{id}/watch")).await;
    click(&browser, "details.ask summary").await;
    until_said(
        &browser,
        "details.ask",
        "One reader will not get this issue",
    )
    .await;
    until_said(&browser, "details.ask", "“Read online” goes on working").await;
    click(&browser, "details.ask button").await;
    until_said(&browser, ".kicker", "Cancelled").await;
    // The report leads to the page, and the first page of the desk to the report.
    let archive = expect(&browser, ".actions a[href*='/archive/']").await;
    let href = archive.attr("href").await.unwrap().unwrap();
    let page = world.http.get(href).send().await.unwrap();
    assert_eq!(page.status(), 200);
    open(&browser, &world, "/desk").await;
    until(
        &browser,
        "return !!document.querySelector('.state-cancelled')",
    )
    .await;
}
