//! The buttons of the writing page and the one that sends: where they are, what they say, and which click they take.

use serde_json::json;

use super::edit_conflicts::plan;
use super::unsaved_text::is_there;
use super::writing::{begin, saved, stored, writer};
use super::{click, expect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};

on_both_databases!(
    the_deciding_button_is_in_the_bar_and_says_what_it_does,
    a_double_click_removes_one_card,
    the_light_letter_is_seen_in_a_dark_browser,
);

/// Waits until the button that sends shows exactly this.
async fn button_says(browser: &Browser, text: &str) {
    let script = format!(
        "return document.querySelector('.send-form button').innerText === {}",
        json!(text)
    );
    until(browser, &script).await;
}

async fn the_deciding_button_is_in_the_bar_and_says_what_it_does(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::DESKTOP).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    let send = format!("/desk/issues/{id}/send");
    open(&browser, &world, &send).await;
    button_says(&browser, "Send to one reader").await;
    click(&browser, "input[name=when][value=at]").await;
    button_says(&browser, "Schedule for one reader").await;
    plan(&world, &anna, &id).await;
    open(&browser, &world, &format!("/desk/issues/{id}/write")).await;
    type_into(&browser, "#intro-text", "Changed").await;
    until_said(&browser, "#save-state", "Kept in the history").await;
    click(&browser, ".write-bar button").await;
    button_says(&browser, "Move it").await;
    assert_eq!(stored(&world).await.1.intro, "Changed");
    click(&browser, "input[name=when][value=soon]").await;
    button_says(&browser, "Send to one reader").await;
}

/// Presses the mouse where the button of the first card is, as the second click of a double one does.
async fn second_click(browser: &Browser, at: &serde_json::Value) {
    for kind in ["mousePressed", "mouseReleased"] {
        let event = json!({
            "type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 2,
        });
        browser.devtools("Input.dispatchMouseEvent", event).await;
    }
}

async fn a_double_click_removes_one_card(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    begin(&browser, &world).await;
    type_into(&browser, "#part-0-title", "Un").await;
    type_into(&browser, "#part-1-title", "Deux").await;
    saved(&browser).await;
    let before = stored(&world).await.1.parts.len();
    click(&browser, "#part-0-remove").await;
    // A heading of its own is enough to be brought back.
    expect(&browser, "#undo").await;
    let place = "
        const button = document.getElementById('part-0-remove');
        button.scrollIntoView({ block: 'center' });
        const box = button.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2]";
    let at = browser.execute(place, vec![]).await.unwrap();
    second_click(&browser, &at).await;
    type_into(&browser, "#subject-text", "Afterwards").await;
    saved(&browser).await;
    let content = stored(&world).await.1;
    assert_eq!(content.parts.len(), before - 1);
    assert_eq!(content.parts[0].title.as_deref(), Some("Deux"));
    assert!(is_there(&browser, "#undo").await);
    click(&browser, "#undo").await;
    until(&browser, "return !document.getElementById('undo')").await;
    let content = stored(&world).await.1;
    assert_eq!(content.parts[0].title.as_deref(), Some("Un"));
}

async fn the_light_letter_is_seen_in_a_dark_browser(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP.dark()).await;
    begin(&browser, &world).await;
    for (view, sheet) in [("dark", false), ("phone", true), ("desktop", true)] {
        let script = format!("document.querySelector('input[value={view}]').click()");
        browser.execute(&script, vec![]).await.unwrap();
        let script = format!(
            "const page = document.getElementById('preview').contentDocument;
             const sheet = page.location.search.includes('{view}') && page.querySelector('.sheet');
             return !!sheet && (getComputedStyle(sheet).backgroundColor === 'rgb(255, 253, 248)') === {sheet}"
        );
        until(&browser, &script).await;
    }
}
