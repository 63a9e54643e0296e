//! Unsaved text stays: on a slow or broken network, in an issue that waits, and after a crash of the browser.

use fantoccini::key::Key;
use serde_json::{Value, json};
use xabar::domain::{IssueContent, Language, Role};

use super::writing::{begin, saved, stored, writer};
use super::{click, expect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::world::World;

on_both_databases!(
    what_is_typed_into_a_paused_issue_is_there_again,
    cards_are_arranged_as_they_stand_on_the_page,
    the_last_words_go_along,
    a_rescued_text_stays_until_somebody_decides,
);

/// The network from now on.
pub(super) async fn network(browser: &Browser, offline: bool, latency: u32) {
    browser.devtools("Network.enable", json!({})).await;
    let wish = json!({
        "offline": offline, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1,
    });
    browser
        .devtools("Network.emulateNetworkConditions", wish)
        .await;
}

pub(super) async fn value(browser: &Browser, id: &str) -> Value {
    let script = format!("return document.getElementById('{id}').value");
    browser.execute(&script, vec![]).await.unwrap()
}

pub(super) async fn is_there(browser: &Browser, css: &str) -> bool {
    let script = format!("return !!document.querySelector({})", json!(css));
    browser.execute(&script, vec![]).await.unwrap() == json!(true)
}

async fn what_is_typed_into_a_paused_issue_is_there_again(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    assert_eq!(world.act(&id, "pause").await.0, 200);
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.signed_in(&world, &anna).await;
    let write = format!("/desk/issues/{id}/write");
    open(&browser, &world, &write).await;
    type_into(&browser, "#intro-text", "Corrected").await;
    until_said(&browser, "#save-state", "Kept in the history").await;
    until(
        &browser,
        "return document.getElementById('preview').contentDocument.body.textContent.includes('Corrected')",
    )
    .await;
    click(&browser, "button[value=compare]").await;
    click(&browser, "main .choices-line a.button").await;
    until_said(&browser, "#unapplied", "not in the issue yet").await;
    until_said(&browser, "#save-state", "Kept in the history").await;
    assert_eq!(value(&browser, "intro-text").await, "Corrected");
    assert_ne!(stored(&world).await.1.intro, "Corrected");
    click(&browser, "button[value=compare]").await;
    click(&browser, "button[value=correct]").await;
    assert_eq!(stored(&world).await.1.intro, "Corrected");
    open(&browser, &world, &write).await;
    expect(&browser, "#write").await;
    assert!(!is_there(&browser, "#unapplied").await);
    // A change that is not wanted any more is put aside, and stays in the history.
    type_into(&browser, "#intro-text", "Not wanted").await;
    until_said(&browser, "#save-state", "Kept in the history").await;
    open(&browser, &world, &write).await;
    click(&browser, "#unapplied button").await;
    expect(&browser, "#write").await;
    assert!(!is_there(&browser, "#unapplied").await);
    assert_eq!(value(&browser, "intro-text").await, "Corrected");
    // Somebody else sees what the issue says.
    let ben = world.person("Ben", Role::Editor, Language::En).await;
    let page = ben.get(&write).send().await.unwrap().text().await.unwrap();
    assert!(page.contains(">Corrected<") && !page.contains("id=\"unapplied\""));
}

fn titles(content: &IssueContent) -> Vec<String> {
    let items = content.parts[0].items.iter();
    items.map(|item| item.title.clone()).collect()
}

async fn cards_are_arranged_as_they_stand_on_the_page(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    begin(&browser, &world).await;
    type_into(&browser, "#part-0-item-0-title", "A").await;
    saved(&browser).await;
    // On a slow network the cards take nothing that the answer would erase.
    network(&browser, false, 1_500).await;
    click(&browser, "#part-0 > button").await;
    let locked = "const p = document.getElementById('parts'); return p.inert && !!p.ariaBusy";
    until(&browser, locked).await;
    expect(&browser, "#part-0-item-1-title").await;
    let free = "const p = document.getElementById('parts'); return !p.inert && !p.ariaBusy";
    until(&browser, free).await;
    network(&browser, true, 0).await;
    click(&browser, "#part-0 > button").await;
    until_said(&browser, "#save-state", "no connection").await;
    until(&browser, free).await;
    network(&browser, false, 0).await;
    // What the button was pressed for is done once there is a connection.
    expect(&browser, "#part-0-item-2-title").await;
    saved(&browser).await;
    type_into(&browser, "#part-0-item-1-title", "B").await;
    type_into(&browser, "#part-0-item-2-title", "C").await;
    saved(&browser).await;
    // The last card stands first on the page; nobody has told the service.
    let drag = "
        const cards = document.querySelectorAll('#part-0 .item-card');
        cards[0].before(cards[2]);
        cards[2].open = true;
        return true";
    browser.execute(drag, vec![]).await.unwrap();
    click(&browser, "#part-0-item-2-remove").await;
    expect(&browser, "#undo").await;
    assert_eq!(titles(&stored(&world).await.1), ["A", "B"]);
    // What was written since stays when it comes back.
    type_into(&browser, "#intro-text", "Since").await;
    type_into(&browser, "#part-0-item-0-title", "A2").await;
    click(&browser, "#undo").await;
    until(
        &browser,
        "return document.activeElement.id === 'part-0-item-0-title' && !document.getElementById('undo')",
    )
    .await;
    let content = stored(&world).await.1;
    assert_eq!(titles(&content), ["C", "A2", "B"]);
    assert_eq!(content.intro, "Since");
    assert_eq!(value(&browser, "intro-text").await, "Since");
}

async fn the_last_words_go_along(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::PHONE).await;
    let issue = begin(&browser, &world).await;
    // Enter saves, and the page stays.
    browser
        .execute("window.stays = true", vec![])
        .await
        .unwrap();
    let subject = expect(&browser, "#subject-text").await;
    subject
        .send_keys(&format!("By Enter{}", Key::Enter))
        .await
        .unwrap();
    saved(&browser).await;
    assert_eq!(stored(&world).await.1.subject, "By Enter");
    let stays = "return window.stays === true && document.activeElement.id === 'subject-text'";
    until(&browser, stays).await;
    // On a slow network, with a save under way.
    network(&browser, false, 1_500).await;
    subject.send_keys(" and").await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    subject.send_keys(" more").await.unwrap();
    click(&browser, ".write-bar button").await;
    until_said(&browser, "h1", "By Enter and more").await;
    assert_eq!(stored(&world).await.1.subject, "By Enter and more");
    let at = browser.current_url().await.unwrap();
    assert!(at.path().ends_with("/send"), "{at}");
    network(&browser, false, 0).await;
    // Who leaves before the service has it is asked.
    open(&browser, &world, &format!("{issue}/write")).await;
    network(&browser, true, 0).await;
    type_into(&browser, "#subject-text", "Offline").await;
    until_said(&browser, "#save-state", "no connection").await;
    assert!(asks(&browser).await);
    network(&browser, false, 0).await;
    saved(&browser).await;
    assert!(!asks(&browser).await);
}

/// Whether the page asks before it is left.
pub(super) async fn asks(browser: &Browser) -> bool {
    let script = "
        const leave = new Event('beforeunload', { cancelable: true });
        window.dispatchEvent(leave);
        return leave.defaultPrevented";
    browser.execute(script, vec![]).await.unwrap() == json!(true)
}

async fn a_rescued_text_stays_until_somebody_decides(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    let issue = begin(&browser, &world).await;
    let before = value(&browser, "version").await;
    let base = value(&browser, "base").await;
    let fields = "
        const own = ([name]) => !['csrf', 'version', 'base', 'newsletter-version'].includes(name);
        const fields = [...new FormData(document.getElementById('write'))].filter(own);
        return fields.map(([name, value]) => [name, name === 'subject' ? 'Rescued' : value])";
    let fields = browser.execute(fields, vec![]).await.unwrap();
    type_into(&browser, "#subject-text", "Newer").await;
    saved(&browser).await;
    let kept = json!({
        "at": 1_700_000_000_000_i64, "version": before, "base": base, "fields": fields,
    });
    let id = issue.rsplit('/').next().unwrap();
    open(&browser, &world, "/desk").await;
    let script =
        format!("localStorage.setItem('xabar-write-{id}', JSON.stringify({kept})); return true");
    browser.execute(&script, vec![]).await.unwrap();
    let write = format!("{issue}/write");
    open(&browser, &world, &write).await;
    until_said(&browser, "#rescue", "never saved").await;
    // A keystroke does not end it.
    type_into(&browser, "#preheader-text", "x").await;
    saved(&browser).await;
    open(&browser, &world, &write).await;
    until_said(&browser, "#rescue", "never saved").await;
    // What was written since is not overwritten unseen.
    click(&browser, "#rescue button").await;
    until_said(&browser, "#conflict", "changed this issue yourself").await;
    assert_eq!(value(&browser, "subject-text").await, "Rescued");
    assert_eq!(stored(&world).await.1.subject, "Newer");
    assert!(asks(&browser).await);
    click(&browser, "#conflict button").await;
    expect(&browser, "#save-state:not(.error)").await;
    assert_eq!(stored(&world).await.1.subject, "Rescued");
    let kept = "return Object.keys(localStorage).length === 0";
    until(&browser, kept).await;
}
