//! A scheduled issue is changed, or is no longer what somebody has looked at.

use xabar::domain::{Language, Role};

use super::approval::{PASSWORD, late};
use super::edit_conflicts::plan;
use super::writing::{stored, writer};
use super::{click, expect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::world::World;

on_both_databases!(
    no_error_comes_into_a_scheduled_issue,
    a_stale_send_keeps_what_was_chosen,
    another_time_zone_says_what_it_means,
);

async fn no_error_comes_into_a_scheduled_issue(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::DESKTOP).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    plan(&world, &anna, &id).await;
    open(&browser, &world, &format!("/desk/issues/{id}/write")).await;
    until_said(&browser, "#checks", "Nothing to mend.").await;
    type_into(&browser, "#intro-text", "TODO").await;
    until_said(&browser, "#save-state", "Kept in the history").await;
    // What is being written is checked.
    until_said(&browser, "#checks", "TODO").await;
    expect(&browser, "#check-count.has-error").await;
    click(&browser, ".write-bar button").await;
    let said = "The scheduled issue was not changed";
    until_said(&browser, ".notice[role=alert]", said).await;
    assert_ne!(stored(&world).await.1.intro, "TODO");
    until_said(&browser, "#checks", "TODO").await;
    type_into(&browser, "#intro-text", "Written").await;
    until_said(&browser, "#save-state", "Kept in the history").await;
    click(&browser, ".write-bar button").await;
    expect(&browser, ".send-form").await;
    assert_eq!(stored(&world).await.1.intro, "Written");
    // One that came in by the API goes out all the same, and the page says so.
    let patch = serde_json::json!({ "intro": "TODO" });
    let path = format!("/api/v1/issues/{id}");
    let patched = world.patch(&path);
    let patched = patched.json(&patch).send().await.unwrap();
    assert_eq!(patched.status(), 200);
    open(&browser, &world, &format!("/desk/issues/{id}/send")).await;
    until_said(&browser, "main", "It goes out like this unless").await;
}

async fn a_stale_send_keeps_what_was_chosen(db: TestDb) {
    let world = World::start(&db).await;
    let (_, browser) = late(&world, "Anna", Role::Editor, Viewport::DESKTOP).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    // The password was given long ago.
    world.pass(6);
    let send = format!("/desk/issues/{id}/send");
    open(&browser, &world, &send).await;
    let script = "document.querySelector('input[name=at]').value = '2026-12-24T08:00';
        document.querySelector('input[value=at]').click()";
    browser.execute(script, vec![]).await.unwrap();
    type_into(&browser, "#proof-send", PASSWORD).await;
    let patch = serde_json::json!({ "intro": "Changed" });
    let path = format!("/api/v1/issues/{id}");
    let patched = world.patch(&path);
    assert_eq!(patched.json(&patch).send().await.unwrap().status(), 200);
    click(&browser, ".send-form button").await;
    until_said(&browser, "#changed", "Somebody has changed the text").await;
    assert_eq!(world.issue(&id).await["status"], "draft");
    // Neither the time nor the password is asked for again.
    click(&browser, ".send-form button").await;
    expect(&browser, "form[action$='/take-back']").await;
    let at = world.issue(&id).await["scheduled_at"].to_string();
    assert!(at.contains("2026-12-24T07:00"), "{at}");
}

async fn another_time_zone_says_what_it_means(db: TestDb) {
    let world = World::start(&db).await;
    let olga = world.person("Olga", Role::Owner, Language::En).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    plan(&world, &olga, &id).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.signed_in(&world, &olga).await;
    // A time is never without its zone.
    open(&browser, &world, &format!("/desk/issues/{id}/watch")).await;
    until_said(
        &browser,
        ".lead",
        "08:00, in Europe/Paris (UTC+01:00; 07:00 UTC)",
    )
    .await;
    open(&browser, &world, "/desk/settings/asie-centrale/basics").await;
    type_into(&browser, "#time_zone", "Asia/Almaty").await;
    let language = expect(&browser, "#language").await;
    language.select_by_value("de").await.unwrap();
    click(&browser, ".settings-foot button").await;
    until_said(
        &browser,
        "#moved",
        "12:00, in Asia/Almaty (UTC+05:00; 07:00 UTC)",
    )
    .await;
    until_said(&browser, "#language-changed", "in this language now").await;
    type_into(&browser, "#title", "Another title").await;
    click(&browser, ".settings-foot button").await;
    until(&browser, "return !document.querySelector('#moved')").await;
    // Another newsletter is made elsewhere: both say where.
    world.add_newsletters().await;
    open(&browser, &world, "/desk").await;
    until(
        &browser,
        "return [...document.querySelectorAll('[data-zone]')].some(zone => !zone.hidden && zone.textContent === '(Asia/Almaty)')",
    )
    .await;
}
