//! Accessibility by screen reader: names, roles, languages, and live regions.

use fantoccini::key::Key;
use serde_json::{Value, json};

use super::keyboard::{focus, focused, press};
use super::sending::{browser_of, editor};
use super::unsaved_text::network;
use super::writing::{begin, saved, writer};
use super::{open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::world::World;

on_both_databases!(
    a_save_is_told_when_it_fails_and_when_it_is_well_again,
    the_checks_tell_what_they_found_and_keep_the_focus,
    a_rescued_text_is_told,
    a_sending_is_told_in_words_and_seldom,
    buttons_have_their_role_and_texts_their_language,
);

/// From now on notes what live regions say.
const LISTEN: &str = "
    window.heard = [];
    for (const region of document.querySelectorAll('[role=status], [role=alert]')) {
        const note = () => region.textContent.trim() && window.heard.push(region.textContent.trim());
        new MutationObserver(note).observe(region, { childList: true, characterData: true, subtree: true });
    }";

async fn heard(browser: &Browser) -> Vec<String> {
    let heard = browser.execute("return window.heard", vec![]).await;
    serde_json::from_value(heard.unwrap()).unwrap()
}

async fn a_save_is_told_when_it_fails_and_when_it_is_well_again(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    begin(&browser, &world).await;
    browser.execute(LISTEN, vec![]).await.unwrap();
    for text in ["Le", "Le sommet", "Le sommet de"] {
        type_into(&browser, "#subject-text", text).await;
        saved(&browser).await;
    }
    assert_eq!(heard(&browser).await, Vec::<String>::new());
    network(&browser, true, 0).await;
    type_into(&browser, "#subject-text", "Typed offline").await;
    until(&browser, "return window.heard.length === 1").await;
    // It is tried again and again, and said once.
    let tries = "
        window.tries = 0;
        document.body.addEventListener('htmx:sendError', () => { window.tries += 1; });";
    browser.execute(tries, vec![]).await.unwrap();
    until(&browser, "return window.tries > 1").await;
    network(&browser, false, 0).await;
    saved(&browser).await;
    until(&browser, "return window.heard.length > 1").await;
    let heard = heard(&browser).await;
    assert!(heard[0].contains("no connection"), "{heard:?}");
    assert!(heard[1].starts_with("Saved"), "{heard:?}");
    assert_eq!(heard.len(), 2, "{heard:?}");
}

async fn the_checks_tell_what_they_found_and_keep_the_focus(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    begin(&browser, &world).await;
    focus(&browser, "checks-ask").await;
    press(&browser, &[Key::Enter]).await;
    until_said(&browser, "#told", "to mend before sending").await;
    until_said(&browser, "#checks", "Links and sending were tried on").await;
    focused(&browser, "checks-ask").await;
    until(
        &browser,
        "return !document.getElementById('checks').hasAttribute('aria-busy')",
    )
    .await;
}

async fn a_rescued_text_is_told(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    let issue = begin(&browser, &world).await;
    open(&browser, &world, "/desk").await;
    let kept =
        json!({ "at": 1_700_000_000_000_i64, "version": 1, "fields": [["subject", "Kept"]] });
    let id = issue.rsplit('/').next().unwrap();
    let keep = format!("localStorage.setItem('xabar-write-{id}', JSON.stringify({kept}))");
    browser.execute(&keep, vec![]).await.unwrap();
    open(&browser, &world, &format!("{issue}/write")).await;
    until_said(&browser, "#told", "never saved").await;
    let drop = "document.querySelector('#rescue button:last-child').focus()";
    browser.execute(drop, vec![]).await.unwrap();
    press(&browser, &[Key::Enter]).await;
    focused(&browser, "subject-text").await;
}

/// A page that watches gets its events and its time from the test.
const CONTROLLED: &str = "
    window.moment = 0;
    performance.now = () => window.moment;
    window.EventSource = class extends EventTarget {
        static CLOSED = 2;
        constructor() { super(); window.source = this; }
        close() {}
    };
    window.feed = (percent, sent, trouble) => {
        const fresh = document.getElementById('live').firstElementChild.cloneNode(true);
        fresh.querySelector('progress').setAttribute('value', percent);
        fresh.querySelector('dd').textContent = sent;
        fresh.querySelector('.lead').textContent = `Sent to ${sent}.`;
        fresh.querySelectorAll('.notice').forEach((line) => line.remove());
        if (trouble) fresh.querySelector('.lead').insertAdjacentHTML('afterend', `<p class=\"notice\">${trouble}</p>`);
        window.source.dispatchEvent(Object.assign(new Event('live'), { data: fresh.outerHTML }));
    };";

async fn a_sending_is_told_in_words_and_seldom(db: TestDb) {
    let world = World::start(&db).await;
    let anna = editor(&world, "Anna").await;
    world.readers(&["ok@example.org", "ok2@example.org"]).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    let browser = browser_of(&world, &anna, Viewport::DESKTOP).await;
    let script = json!({ "source": CONTROLLED });
    let added = "Page.addScriptToEvaluateOnNewDocument";
    let added = browser.devtools(added, script).await;
    let watch = format!("/desk/issues/{id}/watch");
    open(&browser, &world, &watch).await;
    until(&browser, "return Boolean(window.source)").await;
    let script = "
        feed(0, 0, '');
        const figure = document.querySelector('.figures dd');
        const told = document.getElementById('told');
        const said = [];
        const step = (at, percent, sent, trouble) => {
            window.moment = at * 1000;
            told.textContent = '';
            feed(percent, sent, trouble);
            said.push(told.textContent);
        };
        step(20, 11, 11, '');
        step(25, 25, 25, '');
        step(29, 29, 29, '');
        step(31, 31, 31, '');
        step(50, 39, 39, '');
        said.push(figure.isConnected ? 'kept' : 'replaced', figure.textContent);
        step(51, 39, 39, 'Nothing goes out.');
        step(52, 39, 39, 'Nothing goes out.');
        step(53, 39, 39, '');
        // Streams end by themselves.
        source.dispatchEvent(new Event('error'));
        said.push(document.getElementById('lost').hidden);
        return said";
    let said = browser.execute(script, vec![]).await.unwrap();
    let expected = json!([
        "Sent to 11.",
        "",
        "",
        "Sent to 31.",
        "",
        "kept",
        "39",
        "Nothing goes out.",
        "",
        "Sent to 39.",
        true
    ]);
    assert_eq!(said, expected);
    until(&browser, "return !document.getElementById('lost').hidden").await;
    browser
        .execute("source.dispatchEvent(new Event('open'))", vec![])
        .await
        .unwrap();
    until(&browser, "return document.getElementById('lost').hidden").await;
    // A change of state reloads the page, and is told after that.
    let script = json!({ "identifier": added["identifier"] });
    let removed = "Page.removeScriptToEvaluateOnNewDocument";
    browser.devtools(removed, script).await;
    open(&browser, &world, &watch).await;
    until_said(&browser, ".kicker", "Being sent").await;
    assert_eq!(world.act(&id, "pause").await.0, 200);
    until_said(&browser, ".kicker", "Paused").await;
    until_said(
        &browser,
        "#told[role=status]",
        "Paused: sent to 0 of 2 readers",
    )
    .await;
}

/// The buttons of a name in the tree that a screen reader gets.
fn buttons<'a>(nodes: &'a [Value], name: &str) -> Vec<&'a Value> {
    let fits = |node: &&Value| node["role"]["value"] == "button" && node["name"]["value"] == name;
    nodes.iter().filter(fits).collect()
}

async fn buttons_have_their_role_and_texts_their_language(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    let id = world.draft("Sommet").await;
    let write = format!("/desk/issues/{id}/write");
    open(&browser, &world, &write).await;
    until(&browser, "return Boolean(customElements.get('md-bold'))").await;
    let tree = browser
        .devtools("Accessibility.getFullAXTree", json!({}))
        .await;
    let nodes = tree["nodes"].as_array().unwrap();
    assert!(!buttons(nodes, "Bold").is_empty(), "{tree}");
    assert!(!buttons(nodes, "Quotation").is_empty(), "{tree}");
    let about: Vec<&Value> = buttons(nodes, "Remove this item")
        .iter()
        .map(|node| &node["description"]["value"])
        .collect();
    assert_eq!(about, ["Le sommet", "Bichkek", "Tachkent"]);
    let script = "
        const language = (css) => document.querySelector(css).closest('[lang]').lang;
        return [language('#subject-text'), language('#part-0-item-0-title'), language('label')]";
    let languages = browser.execute(script, vec![]).await.unwrap();
    assert_eq!(languages, json!(["fr", "fr", "en"]));
    let page = |page: &str| format!("/desk/issues/{id}/{page}");
    let titles = [
        ("/desk".to_owned(), ".issue-list .subject", ""),
        (page("send"), "h1", "Send"),
        (page("checks"), "h1", "Checks"),
        (page("history"), ".kicker a", "History"),
    ];
    for (path, css, title) in titles {
        open(&browser, &world, &path).await;
        let script = format!("return document.querySelector('{css}').closest('[lang]').lang");
        assert_eq!(
            browser.execute(&script, vec![]).await.unwrap(),
            "fr",
            "{path}"
        );
        let found = browser.title().await.unwrap();
        let names = title.is_empty() || (found.starts_with(title) && found.contains("Sommet"));
        assert!(names, "{found}");
    }
}
