//! Choosing when an issue is sent.

use fantoccini::key::Key;

use super::sending::{browser_of, editor};
use super::{click, expect, open};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::Viewport;
use crate::support::world::World;

on_both_databases!(a_time_that_is_typed_is_never_overlooked);

async fn a_time_that_is_typed_is_never_overlooked(db: TestDb) {
    let world = World::start(&db).await;
    let bruno = editor(&world, "Bruno").await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    // Long after the sign-in a password is asked for too: that question must not hide this one.
    world.pass(6);
    let send = format!("/desk/issues/{id}/send");
    // Without script the radio button beside the field stays where it was.
    let version = world.issue(&id).await["version"].to_string();
    let typed = [
        ("when", "soon"),
        ("version", version.as_str()),
        ("at", "2026-12-24T08:00"),
    ];
    let asked = bruno.post(&send, &typed).send().await.unwrap();
    assert_eq!(asked.status(), 422);
    let page = asked.text().await.unwrap();
    assert!(page.contains("another answer was chosen"), "{page}");
    assert!(page.contains("value=\"at\" checked"), "{page}");
    assert_eq!(world.issue(&id).await["status"], "draft");
    // With script it follows what is typed.
    let anna = editor(&world, "Anna").await;
    let browser = browser_of(&world, &anna, Viewport::DESKTOP).await;
    open(&browser, &world, &send).await;
    let at = expect(&browser, "input[name=at]").await;
    let keys = format!("12242026{}0800AM", Key::Tab);
    at.send_keys(&keys).await.unwrap();
    click(&browser, ".send-form button").await;
    expect(&browser, "form[action$='/take-back']").await;
    let issue = world.issue(&id).await;
    assert_eq!(issue["status"], "scheduled");
    let planned = issue["scheduled_at"].as_str().unwrap();
    assert!(planned.starts_with("2026-12-24T"), "{planned}");
    // Who was asked and means the other answer is believed.
    click(&browser, "form[action$='/take-back'] button").await;
    expect(&browser, ".send-form").await;
    let version = world.issue(&id).await["version"].to_string();
    let fields = [
        ("when", "soon"),
        ("version", version.as_str()),
        ("at", "2026-12-24T08:00"),
        ("at_before", "2026-12-24T08:00"),
    ];
    let sent = anna.post(&send, &fields).send().await.unwrap();
    assert_eq!(sent.status(), 303);
}
