//! The editors' desk in a real browser, by clicks and keys.

mod accounts;
mod approval;
mod buttons;
mod checks;
mod concurrent_editing;
mod discard_draft;
mod edit_conflicts;
mod end_to_end;
mod external_checks;
mod issue_search;
mod keyboard;
mod paste;
mod reads_during_writes;
mod scheduled_issues;
mod screen_reader;
mod send_time;
mod sending;
mod sent_issues;
mod settings;
mod slow_network;
mod stale_forms;
mod static_files;
mod test_copies;
mod unsaved_text;
mod writing;

use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value, json};
use xabar::domain::Newsletter;
use xabar::store;

use crate::support::browser::{Browser, Viewport, assert_accessible};
use crate::support::world::World;

const NARROW: Viewport = Viewport {
    width: 320,
    ..Viewport::PHONE
};

/// The newsletter needs a second person from now on.
async fn ask_for_approval(world: &World) {
    let mut tx = world.service.store.write().await.unwrap();
    let newsletter = store::newsletter::list(&mut tx).await.unwrap().remove(0);
    let newsletter = Newsletter {
        needs_approval: true,
        ..newsletter
    };
    store::newsletter::update(&mut tx, &newsletter)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Opens a page of the world.
async fn open(browser: &Browser, world: &World, path: &str) {
    browser.goto(&world.url(path)).await.unwrap();
}

/// Waits for an element.
async fn expect(browser: &Browser, css: &str) -> Element {
    let wait = browser.wait().at_most(std::time::Duration::from_secs(20));
    match wait.for_element(Locator::Css(css)).await {
        Ok(element) => element,
        Err(error) => panic!("no {css}: {error} in {}", browser.source().await.unwrap()),
    }
}

/// Clicks the first element that fits, once it is there.
async fn click(browser: &Browser, css: &str) {
    let script = "arguments[0].scrollIntoView({ block: 'center' })";
    // The answer to a save may replace what has just been found.
    for _ in 0..5 {
        let found = expect(browser, css).await;
        let element = serde_json::to_value(&found).unwrap();
        let scrolled = browser.execute(script, vec![element]).await;
        if scrolled.is_ok() && browser.press_if_there(&found).await {
            return;
        }
    }
    panic!("{css} is replaced all the time");
}

/// Types into a field after emptying it.
async fn type_into(browser: &Browser, css: &str, text: &str) {
    let field = expect(browser, css).await;
    let element = serde_json::to_value(&field).unwrap();
    let script = "arguments[0].scrollIntoView({ block: 'center' }); arguments[0].focus(); arguments[0].select()";
    browser.execute(script, vec![element]).await.unwrap();
    field.send_keys(text).await.unwrap();
}

/// Waits until a script returns a true value; returns it.
async fn until(browser: &Browser, script: &str) -> Value {
    for _ in 0..100 {
        let value = browser.execute(script, vec![]).await.unwrap_or_default();
        if value != Value::Null && value != json!(false) && value != json!("") {
            return value;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("never: {script} in {}", browser.source().await.unwrap());
}

/// Waits until the page says this somewhere.
async fn until_said(browser: &Browser, css: &str, text: &str) {
    let script = format!(
        "const e = document.querySelector({}); return !!e && e.textContent.replace(/[\\u00a0\\u202f]/g, ' ').includes({})",
        json!(css),
        json!(text)
    );
    until(browser, &script).await;
}

/// Holds the page that is open against what every page of the desk keeps, and takes its pictures.
async fn inspect(browser: &Browser, world: &World, name: &str) {
    // A form that was refused on purpose is remarked on.
    browser.assert_quiet_but(&world.base, Some(422)).await;
    for (view, viewport) in [
        ("phone-light", Viewport::PHONE),
        ("phone-dark", Viewport::PHONE.dark()),
        ("desktop-light", Viewport::DESKTOP),
        ("desktop-dark", Viewport::DESKTOP.dark()),
    ] {
        browser.look_through(viewport).await;
        browser.picture(&format!("desk-{name}-{view}")).await;
        if viewport.dark == (viewport.width < 600) {
            assert_accessible(browser).await;
        }
    }
    browser.look_through(NARROW).await;
    let script = "return document.documentElement.scrollWidth";
    let width = browser.execute(script, vec![]).await.unwrap();
    assert!(width.as_u64() <= Some(320), "{name} is {width} wide");
    let script = "
        return [...document.querySelectorAll('button, .button, .desk-nav a, summary')]
            .filter(e => e.checkVisibility() && !e.closest('.unseen') && !e.matches('.unseen'))
            .filter(e => e.getBoundingClientRect().height < 24).map(e => e.outerHTML)";
    let small = browser.execute(script, vec![]).await.unwrap();
    assert_eq!(small, json!([]), "too small for a finger in {name}");
    browser.look_through(Viewport::DESKTOP).await;
    // The checker of accessible pages speaks to frames that do not listen.
    browser.forget_complaints().await;
}
