//! Accessibility by keyboard alone: where the focus goes, and that it is visible.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::{Value, json};
use xabar::domain::{Language, Role};

use super::edit_conflicts::plan;
use super::sending::{browser_of, editor};
use super::unsaved_text::network;
use super::writing::{begin, saved, stored, writer};
use super::{expect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::world::World;

on_both_databases!(
    the_focus_goes_on_where_a_card_was_removed,
    the_focus_goes_to_what_was_refused,
    a_finding_leads_into_a_closed_card,
    what_has_the_focus_is_not_covered_in_a_small_window,
    what_is_chosen_is_seen_in_forced_colours,
);

/// 1280 × 1024 at 400 %.
const ENLARGED: Viewport = Viewport {
    width: 320,
    height: 256,
    ..Viewport::DESKTOP
};
const PHONE: Viewport = Viewport {
    width: 360,
    height: 640,
    ..Viewport::DESKTOP
};

/// Presses keys at once, as fingers do: wherever the focus is.
pub(super) async fn press(browser: &Browser, keys: &[Key]) {
    let down = keys.iter().map(|key| KeyAction::Down {
        value: char::from(*key),
    });
    let up = keys.iter().rev().map(|key| KeyAction::Up {
        value: char::from(*key),
    });
    let fingers = KeyActions::new("fingers".to_owned());
    let all = down.chain(up).fold(fingers, InputSource::then);
    browser.perform_actions(all).await.unwrap();
}

/// Puts the focus on an element, once it is there.
pub(super) async fn focus(browser: &Browser, id: &str) {
    expect(browser, &format!("#{id}")).await;
    let script = format!("document.getElementById('{id}').focus()");
    browser.execute(&script, vec![]).await.unwrap();
}

pub(super) async fn focused(browser: &Browser, id: &str) {
    let script = format!("return document.activeElement.id === '{id}'");
    until(browser, &script).await;
}

async fn press_on(browser: &Browser, id: &str) {
    focus(browser, id).await;
    press(browser, &[Key::Enter]).await;
}

async fn the_focus_goes_on_where_a_card_was_removed(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    begin(&browser, &world).await;
    type_into(&browser, "#part-0-item-0-title", "Le sommet").await;
    saved(&browser).await;
    // An empty one has nothing to bring back.
    press_on(&browser, "part-0-add").await;
    focused(&browser, "part-0-item-1-title").await;
    press_on(&browser, "part-0-item-1-remove").await;
    until(&browser, "return !document.getElementById('part-0-item-1')").await;
    focused(&browser, "part-0-item-0-title").await;
    // One that was written is offered where it was, by its name.
    press_on(&browser, "part-0-item-0-remove").await;
    focused(&browser, "undo").await;
    let about = "return document.querySelector('#part-0 #removed').textContent";
    assert_eq!(
        browser.execute(about, vec![]).await.unwrap(),
        "Removed: “Le sommet”."
    );
    press(&browser, &[Key::Enter]).await;
    focused(&browser, "part-0-item-0-title").await;
    assert_eq!(stored(&world).await.1.parts[0].items[0].title, "Le sommet");
    // Of a part that has no card any more, the button that adds one.
    press_on(&browser, "part-1-item-0-remove").await;
    focused(&browser, "part-1-add").await;
    press_on(&browser, "part-1-remove").await;
    focused(&browser, "part-1-title").await;
}

async fn the_focus_goes_to_what_was_refused(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Owner, Language::En).await;
    let browser = browser_of(&world, &anna, ENLARGED).await;
    let settings = "/desk/settings/asie-centrale";
    for (page, field, wrong) in [
        ("basics", "privacy-ru", "nowhere"),
        ("basics", "sender_address", "x y"),
        ("look", "accent", "#zzzzzz"),
    ] {
        open(&browser, &world, &format!("{settings}/{page}")).await;
        type_into(&browser, &format!("#{field}"), wrong).await;
        press(&browser, &[Key::Enter]).await;
        expect(&browser, "#trouble").await;
        focused(&browser, field).await;
        let script = "
            const field = document.activeElement;
            const ids = field.getAttribute('aria-describedby').split(/\\s+/);
            const reason = ids.map(id => document.getElementById(id)).find(e => e.querySelector('.error') || e.matches('.error'));
            return [field.getAttribute('aria-invalid'), Boolean(reason), document.title.split(' · ')[0]]";
        let said = browser.execute(script, vec![]).await.unwrap();
        assert_eq!(said, json!(["true", true, "Error"]), "{field}");
        until(&browser, UNCOVERED).await;
    }
    type_into(&browser, "#accent", "#0b5c68").await;
    press(&browser, &[Key::Enter]).await;
    expect(&browser, "#saved").await;
    assert!(browser.title().await.unwrap().starts_with("Saved · "));
    // A time that has passed.
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    open(&browser, &world, &format!("/desk/issues/{id}/send")).await;
    let past = "
        document.querySelector('input[name=at]').value = '2020-01-01T08:00';
        document.querySelector('input[value=at]').checked = true;
        document.querySelector('input[value=at]').focus()";
    browser.execute(past, vec![]).await.unwrap();
    press(&browser, &[Key::Enter]).await;
    until(&browser, "return document.activeElement.name === 'at'").await;
    assert!(browser.title().await.unwrap().starts_with("Error · "));
    // The only owner stays one.
    let person = format!("/desk/people/{}", anna.editor.id);
    open(&browser, &world, &person).await;
    let none = "document.getElementById('role').value = 'none'";
    browser.execute(none, vec![]).await.unwrap();
    super::click(&browser, "form[action$='/role'] button").await;
    focused(&browser, "role").await;
    // Rows that cannot be moved now.
    open(&browser, &world, &format!("{settings}/recipe")).await;
    network(&browser, true, 0).await;
    press_on(&browser, "row-0-down").await;
    until_said(&browser, "#undone[role=alert]", "no connection").await;
    focused(&browser, "row-0-down").await;
    network(&browser, false, 0).await;
    press(&browser, &[Key::Enter]).await;
    focused(&browser, "row-1-down").await;
    until(
        &browser,
        "return !document.getElementById('undone').textContent",
    )
    .await;
}

async fn a_finding_leads_into_a_closed_card(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    let body = json!({ "newsletter": "asie-centrale", "subject": "Sommet", "preheader": "Bref", "parts": [
        { "kind": "news", "items": [{ "title": "Le sommet", "url": "https://magazine.net/a", "image": { "url": "https://magazine.net/a.png" } }] }] });
    let answer = world.post("/api/v1/issues").json(&body).send().await;
    let issue: Value = answer.unwrap().json().await.unwrap();
    let write = format!("/desk/issues/{}/write", issue["id"].as_str().unwrap());
    let fold = "
        for (const card of document.querySelectorAll('details')) card.open = false;
        document.activeElement.blur()";
    open(&browser, &world, &write).await;
    until_said(&browser, "#checks", "has no description").await;
    browser.execute(fold, vec![]).await.unwrap();
    let link = "document.querySelector('[data-code=alt-missing] a').focus()";
    browser.execute(link, vec![]).await.unwrap();
    press(&browser, &[Key::Enter]).await;
    focused(&browser, "part-0-item-0-alt").await;
    // From another page too.
    open(&browser, &world, "/desk").await;
    open(&browser, &world, &format!("{write}#part-0-item-0")).await;
    focused(&browser, "part-0-item-0-title").await;
    open(&browser, &world, "/desk").await;
    open(&browser, &world, &format!("{write}#subject")).await;
    focused(&browser, "subject-text").await;
}

/// Whether what has the focus can be seen where it is.
const UNCOVERED: &str = "
    const e = document.activeElement;
    const box = (e.closest('label') || e).getBoundingClientRect();
    const top = Math.max(box.top, 0);
    const y = top + Math.min(box.bottom - top, 24) / 2;
    if (y < 0 || y > innerHeight) return false;
    const hit = document.elementFromPoint(box.left + box.width / 2, y);
    return Boolean(hit) && (e.contains(hit) || hit.contains(e) || Boolean(e.closest('label')?.contains(hit)))";

async fn what_has_the_focus_is_not_covered_in_a_small_window(db: TestDb) {
    let world = World::start(&db).await;
    let anna = editor(&world, "Anna").await;
    let id = world.draft("Sommet").await;
    for viewport in [ENLARGED, PHONE] {
        let browser = browser_of(&world, &anna, viewport).await;
        open(&browser, &world, &format!("/desk/issues/{id}/write")).await;
        until_said(&browser, "#check-count", "to").await;
        focus(&browser, "new-kind").await;
        // Backwards, where the head of the window is what covers.
        for _ in 0..30 {
            press(&browser, &[Key::Shift, Key::Tab]).await;
            let script = format!(
                "const seen = (() => {{ {UNCOVERED} }})();
                 return seen || document.activeElement.outerHTML"
            );
            let seen = browser.execute(&script, vec![]).await.unwrap();
            assert_eq!(
                seen,
                json!(true),
                "{} × {}",
                viewport.width,
                viewport.height
            );
        }
    }
}

async fn what_is_chosen_is_seen_in_forced_colours(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::DESKTOP).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    open(&browser, &world, &format!("/desk/issues/{id}/write")).await;
    let media = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
    browser.devtools("Emulation.setEmulatedMedia", media).await;
    for choice in [".chip", ".segments"] {
        let script = format!(
            "const look = (css) => {{
                const style = getComputedStyle(document.querySelector('{choice} ' + css + ' + span'));
                return style.backgroundColor + style.color;
            }};
            return look(':checked') !== look('input:not(:checked)')"
        );
        assert_eq!(
            browser.execute(&script, vec![]).await.unwrap(),
            json!(true),
            "{choice}"
        );
    }
    // Who cannot run scripts reads the page of a planned issue in peace.
    plan(&world, &anna, &id).await;
    let watch = anna.get(&format!("/desk/issues/{id}/watch")).send().await;
    let watch = watch.unwrap().text().await.unwrap();
    assert!(!watch.contains("http-equiv=\"refresh\""), "{watch}");
}
