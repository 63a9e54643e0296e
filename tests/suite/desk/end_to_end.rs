//! End to end: an issue from signing in to its report, by clicks and keys alone.

use std::time::Duration;

use fantoccini::Locator;
use jiff::SignedDuration;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use xabar::accounts::people::{self, NewEditor};
use xabar::domain::{Actor, EmailAddress, Language, Role};
use xabar::mail::Relays;
use xabar::worker;

use super::{ask_for_approval, click, expect, inspect, open, type_into, until};
use crate::support::both::TestDb;
use crate::support::browser::{Browser, Viewport};
use crate::support::world::World;

const PASSWORD: &str = "kasha i baursak 47";

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_in_french() {
    evening(TestDb::sqlite(), Viewport::PHONE, Language::Fr).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_desktop_in_german() {
    evening(TestDb::postgres().await, Viewport::DESKTOP, Language::De).await;
}

/// Makes an account, and signs in by the page.
async fn sign_in(world: &World, name: &str, viewport: Viewport, language: Language) -> Browser {
    let email = format!("{name}@desk.example");
    let new = NewEditor {
        email: EmailAddress::parse(&email).unwrap(),
        name: name.to_owned(),
        language,
        newsletter: None,
        role: Role::Editor,
    };
    let by = Actor::CommandLine;
    let added = people::add(&world.service, new, false, &by).await.unwrap();
    people::set_password(&world.service, added.id, PASSWORD, None, &by)
        .await
        .unwrap();
    let browser = Browser::open(viewport).await;
    open(&browser, world, "/desk").await;
    type_into(&browser, "#email", &email).await;
    type_into(&browser, "#password", PASSWORD).await;
    click(&browser, "main form button[type=submit]").await;
    expect(&browser, ".of-newsletter").await;
    browser
}

fn start_worker(world: &World) -> CancellationToken {
    let stop = CancellationToken::new();
    let relays = Relays::from_settings(&world.service.settings).unwrap();
    tokio::spawn(worker::run(world.service.clone(), relays, stop.clone()));
    stop
}

/// Waits for everything that was typed to be in the database.
async fn saved(browser: &Browser) {
    let script = "
        const line = document.getElementById('save-state');
        return !line.classList.contains('error') && /\\d/.test(line.textContent)";
    until(browser, script).await;
}

async fn state_is(world: &World, id: &str, state: &str) {
    for _ in 0..100 {
        if world.issue(id).await["status"] == state {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never {state}: {}", world.issue(id).await);
}

async fn evening(db: TestDb, viewport: Viewport, language: Language) {
    let world = World::start(&db).await;
    ask_for_approval(&world).await;
    // More than there are connections: some still wait when it is stopped.
    let names: Vec<String> = (0..20)
        .map(|number| format!("ok{number}@example.org"))
        .collect();
    let readers: Vec<&str> = names.iter().map(String::as_str).collect();
    world.readers(&readers).await;
    let anna = sign_in(&world, "anna", viewport, language).await;
    let name = |page: &str| format!("sunday-{language}-{page}");

    // A new issue, with the usual parts.
    click(&anna, ".of-newsletter .button").await;
    click(&anna, "main form button[type=submit]").await;
    expect(&anna, "#write").await;
    let address = anna.current_url().await.unwrap();
    let id = address.path_segments().unwrap().nth(2).unwrap().to_owned();
    type_into(&anna, "#subject-text", "Le sommet d’Astana").await;
    type_into(
        &anna,
        "#intro-text",
        "Bonjour à toutes et à tous, bonne lecture !",
    )
    .await;
    type_into(
        &anna,
        "#part-0-item-0-title",
        "Un câble sous la mer Caspienne",
    )
    .await;
    type_into(
        &anna,
        "#part-0-item-0-summary",
        "Les deux rives seront reliées, dit-on.",
    )
    .await;
    // The network goes away for a moment.
    let network = |offline: bool| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    anna.devtools("Network.enable", json!({})).await;
    anna.devtools("Network.emulateNetworkConditions", network(true))
        .await;
    type_into(&anna, "#preheader-text", "Et les Jeux nomades").await;
    until(
        &anna,
        "return document.getElementById('save-state').classList.contains('error')",
    )
    .await;
    anna.devtools("Network.emulateNetworkConditions", network(false))
        .await;
    saved(&anna).await;
    assert_eq!(world.issue(&id).await["preheader"], "Et les Jeux nomades");

    // A finding: the item has no link. Its place is one click away.
    expect(&anna, "#checks .finding[data-code=link-missing]").await;
    anna.forget_complaints().await;
    inspect(&anna, &world, &name("write")).await;
    anna.look_through(viewport).await;
    click(&anna, "#checks .finding[data-code=link-missing] a").await;
    until(
        &anna,
        "return document.activeElement.closest('#part-0-item-0') !== null",
    )
    .await;
    type_into(&anna, "#part-0-item-0-url", "https://example.org/caspienne").await;
    until(
        &anna,
        "return !document.querySelector('#checks .finding[data-code=link-missing]')",
    )
    .await;

    // A test copy.
    click(&anna, ".test-copy button").await;
    until(
        &anna,
        "return document.getElementById('test-answer').textContent.trim()",
    )
    .await;
    world.work().await;
    assert_eq!(world.mails_to("anna@desk.example").len(), 1);

    // A second person looks and approves.
    let send = format!("/desk/issues/{id}/send");
    let boris = sign_in(&world, "boris", Viewport::DESKTOP, Language::Ru).await;
    open(&boris, &world, &send).await;
    click(&boris, "form[action$='/approve'] button").await;
    until(
        &boris,
        "return !document.querySelector(\"form[action$='/approve']\")",
    )
    .await;

    // Scheduled for tomorrow, taken back, and sent.
    open(&anna, &world, &send).await;
    inspect(&anna, &world, &name("send")).await;
    anna.look_through(viewport).await;
    click(&anna, "input[name=when][value=at]").await;
    let script = "document.querySelector('input[name=at]').value = '2026-11-24T08:00'";
    anna.execute(script, vec![]).await.unwrap();
    see_warnings(&anna).await;
    click(&anna, ".send-form button").await;
    state_is(&world, &id, "scheduled").await;
    expect(&anna, "form[action$='/take-back']").await;
    click(&anna, "form[action$='/take-back'] button").await;
    state_is(&world, &id, "draft").await;
    expect(&anna, ".send-form").await;
    see_warnings(&anna).await;
    click(&anna, ".send-form button").await;
    expect(&anna, ".countdown").await;
    world.smtp.hold_after(1).await;
    let stop = start_worker(&world);
    world.clock.advance(SignedDuration::from_secs(60));
    state_is(&world, &id, "sending").await;

    // Something is wrong: stop, correct, go on.
    expect(&anna, "form[action$='/pause']").await;
    click(&anna, "form[action$='/pause'] button").await;
    state_is(&world, &id, "paused").await;
    // The page of the issue renews itself as its state changes, so the link is not held on to.
    open(&anna, &world, &format!("/desk/issues/{id}/write")).await;
    expect(&anna, "#write").await;
    type_into(
        &anna,
        "#part-0-item-0-title",
        "Un câble au fond de la Caspienne",
    )
    .await;
    saved(&anna).await;
    assert!(
        world.issue(&id).await.to_string().contains("sous la mer"),
        "nothing yet"
    );
    click(&anna, "button[value=compare]").await;
    expect(&anna, ".diff ins").await;
    // Each line of the mail is a line of its own, and only what was typed is new.
    let changed = "return document.querySelectorAll('.diff p.added').length";
    assert_eq!(until(&anna, changed).await, 1);
    let below = "
        const [old, fresh] = ['.diff del', '.diff ins'].map(css => document.querySelector(css).getBoundingClientRect());
        return fresh.top >= old.bottom - 1";
    until(&anna, below).await;
    inspect(&anna, &world, &name("correction")).await;
    anna.look_through(viewport).await;
    click(&anna, "button[value=correct]").await;
    // What was corrected needs the second person again.
    expect(&anna, ".watch-actions .notice").await;
    assert_eq!(world.issue(&id).await["revision"], 2);
    open(&boris, &world, &format!("/desk/issues/{id}/watch")).await;
    give_password(&boris).await;
    click(&boris, "form[action$='/approve'] button").await;
    // Who has approved may not send, and has nothing to press any more.
    let approved = ".watch-actions:not(:has(form[action$='/approve']))";
    expect(&boris, approved).await;
    open(&anna, &world, &format!("/desk/issues/{id}/watch")).await;
    world.smtp.accept().await;
    click(&anna, "form[action$='/resume'] button").await;
    state_is(&world, &id, "sent").await;
    stop.cancel();
    let corrected = world.smtp.messages();
    let has = |text: &str| {
        // Quoted-printable breaks lines anywhere.
        let mails = corrected
            .iter()
            .map(|mail| String::from_utf8_lossy(&mail.raw).replace("=\r\n", ""));
        mails.filter(|mail| mail.contains(text)).count()
    };
    assert!(has("au fond") > 0, "who waited got the correction");

    // The report, also by a link from the home page.
    open(&anna, &world, "/desk").await;
    let last = anna
        .find(Locator::Css(".issue-list .subject"))
        .await
        .unwrap();
    anna.press(&last).await;
    expect(&anna, "main svg, main table").await;
    inspect(&anna, &world, &name("report")).await;
}

/// Ticks that the warnings of the checks were seen, if there are any.
async fn see_warnings(browser: &Browser) {
    let tick =
        "const box = document.querySelector('input[name=seen]'); if (box) box.click(); return true";
    browser.execute(tick, vec![]).await.unwrap();
}

/// Gives the password again, where it is asked for.
async fn give_password(browser: &Browser) {
    let asked = browser.find_all(Locator::Css("input[name=proof]")).await;
    for field in asked.unwrap() {
        field.send_keys(PASSWORD).await.unwrap();
    }
}
