//! Edit conflicts: what somebody types while the issue goes out, or while another changes it.

use xabar::domain::{Language, Role};
use xabar::store::issue::history;

use super::unsaved_text::{asks, is_there, value};
use super::writing::{begin, saved, stored, writer};
use super::{click, expect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::Viewport;
use crate::support::desk::Person;
use crate::support::world::World;

on_both_databases!(
    what_is_typed_too_late_is_in_the_history,
    the_bar_says_who_was_quicker_and_leads_on,
    who_was_quicker_oneself_is_told_so,
);

/// Whether the browser keeps nothing as never saved.
const FORGOTTEN: &str = "return Object.keys(localStorage).length === 0";

/// Plans an issue for the next day.
pub(super) async fn plan(world: &World, anna: &Person, id: &str) {
    let version = world.issue(id).await["version"].to_string();
    let fields = [
        ("when", "at"),
        ("version", version.as_str()),
        ("at", "2026-11-24T08:00"),
        ("seen", "yes"),
    ];
    let send = format!("/desk/issues/{id}/send");
    let planned = anna.post(&send, &fields).send().await.unwrap();
    assert_eq!(planned.status(), 303);
    assert_eq!(world.issue(id).await["status"], "scheduled");
}

async fn what_is_typed_too_late_is_in_the_history(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::DESKTOP).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    let write = format!("/desk/issues/{id}/write");
    open(&browser, &world, &write).await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    type_into(&browser, "#intro-text", "Too late").await;
    until_said(&browser, "#save-state", "kept in the history, not").await;
    until_said(&browser, "#conflict", "has been going out since").await;
    let (issue, content) = stored(&world).await;
    assert_ne!(content.intro, "Too late");
    let mut db = world.service.store.read().await.unwrap();
    let states = history::page(&mut db, issue, 9).await.unwrap();
    drop(db);
    assert_eq!(states[0].content.intro, "Too late");
    assert_eq!((states[0].version, &*states[0].actor_name), (None, "Anna"));
    // It is saved: nobody is asked, and nothing is offered as never saved.
    until(&browser, FORGOTTEN).await;
    assert!(!asks(&browser).await);
    // A button takes nothing away either.
    click(&browser, ".write-bar button").await;
    until_said(&browser, "#conflict", "Your text is in the history").await;
    assert_eq!(value(&browser, "intro-text").await, "Too late");
    click(&browser, "#conflict a.button").await;
    let at = browser.current_url().await.unwrap();
    assert!(at.path().ends_with("/watch"), "{at}");
    // The same once somebody has stopped it.
    assert_eq!(world.act(&id, "cancel").await.0, 200);
    let late = [("subject", "Far too late"), ("do", "send")];
    let late = anna.post(&write, &late).send().await.unwrap();
    assert_eq!(late.status(), 409);
    let page = late.text().await.unwrap();
    assert!(
        page.contains("was stopped for good") && page.contains("value=\"Far too late\""),
        "{page}"
    );
}

async fn the_bar_says_who_was_quicker_and_leads_on(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::DESKTOP).await;
    let ben = world.person("Ben", Role::Editor, Language::En).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    plan(&world, &anna, &id).await;
    let write = format!("/desk/issues/{id}/write");
    open(&browser, &world, &write).await;
    let version = value(&browser, "version").await;
    let fields = [
        ("version", version.as_str().unwrap()),
        ("subject", "By Ben"),
        ("intro", "By Ben"),
        ("do", "apply"),
    ];
    let applied = ben.post(&write, &fields).send().await.unwrap();
    assert_eq!(applied.status(), 303);
    type_into(&browser, "#intro-text", "By Anna").await;
    until_said(&browser, "#save-state a", "Ben has changed this issue").await;
    click(&browser, "#save-state a").await;
    let there = "return document.activeElement.id === 'conflict'";
    until(&browser, there).await;
    assert_eq!(stored(&world).await.1.intro, "By Ben");
    // One button, and the issue that goes out has it.
    click(&browser, "#conflict button").await;
    expect(&browser, ".send-form").await;
    let content = stored(&world).await.1;
    assert_eq!((&*content.intro, &*content.subject), ("By Anna", "Sommet"));
    assert_eq!(world.issue(&id).await["status"], "scheduled");
}

async fn who_was_quicker_oneself_is_told_so(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::DESKTOP).await;
    let issue = begin(&browser, &world).await;
    let version = value(&browser, "version").await;
    let fields = [
        ("version", version.as_str().unwrap()),
        ("subject", "In another window"),
    ];
    let write = format!("{issue}/write");
    let other = anna.post(&write, &fields).send().await.unwrap();
    assert_eq!(other.status(), 303);
    type_into(&browser, "#subject-text", "In this one").await;
    until_said(&browser, "#conflict", "yourself, in another window").await;
    until_said(&browser, "#save-state a", "in another window").await;
    // It is in the history, and so is not offered as never saved too.
    until(&browser, FORGOTTEN).await;
    click(&browser, "#conflict a.button").await;
    until_said(&browser, "#elsewhere", "You will find it in the history").await;
    assert!(is_there(&browser, "#rescue[hidden]").await);
    type_into(&browser, "#subject-text", "Decided").await;
    saved(&browser).await;
    assert_eq!(stored(&world).await.1.subject, "Decided");
}
