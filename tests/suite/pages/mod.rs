//! The readers' pages and mails in a real browser. Each page leaves pictures of itself in
//! `target/screenshots`. `docs/pictures` has copies of `readme-signup.png`,
//! `readme-mailbox.png` and `readme-digest.png` from there. Pages do not differ by database, so SQLite serves for all.

mod archive;
mod demo;
mod embed;
mod fields;
mod firefox;
mod journey;
mod links;
mod mailbox;
mod mails;
mod personal_data;
mod preferences;
mod proof_of_work;
mod resend_confirmation;
mod signup_form;

use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value, json};

use crate::support::both::TestDb;
use crate::support::browser::{Browser, Viewport, assert_accessible};
use crate::support::world::World;

/// The French issue that `xabar demo` shows, with every part a letter can have.
const SAMPLE: &str = include_str!("../../../locales/fr/demo/issue.json");

/// The narrowest screen a page has to fit without scrolling sideways (WCAG 1.4.10).
const NARROW: Viewport = Viewport {
    width: 320,
    ..Viewport::PHONE
};

const VIEWS: [(&str, Viewport); 4] = [
    ("phone-light", Viewport::PHONE),
    ("phone-dark", Viewport::PHONE.dark()),
    ("desktop-light", Viewport::DESKTOP),
    ("desktop-dark", Viewport::DESKTOP.dark()),
];

/// A world with the demo's three newsletters, and the database that must outlive it.
async fn three_newsletters() -> (World, TestDb) {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    world.add_newsletters().await;
    (world, db)
}

/// Sends the sample issue to everybody who is on the list. Returns the path of its page.
async fn publish_sample(world: &World) -> String {
    let mut body: Value = serde_json::from_str(SAMPLE).unwrap();
    body["newsletter"] = json!("asie-centrale");
    // A page may not fetch anything from elsewhere in these tests, so the picture is ours.
    let picture = json!(world.url("/static/mark.svg"));
    for part in body["parts"].as_array_mut().unwrap() {
        for item in part
            .get_mut("items")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if item.get("image").is_some() {
                item["image"]["url"] = picture.clone();
            }
        }
    }
    world.ensure_reader("asie-centrale").await;
    let answer = world.post("/api/v1/issues").json(&body).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 201);
    let issue: Value = answer.json().await.unwrap();
    let (status, said) = world.act(issue["id"].as_str().unwrap(), "send").await;
    assert!((200..300).contains(&status), "{status} {said}");
    world.work().await;
    format!("/archive/asie-centrale/{}", issue["slug"].as_str().unwrap())
}

/// Opens a page of the world.
async fn open(browser: &Browser, world: &World, path: &str) {
    browser.goto(&world.url(path)).await.unwrap();
}

/// Clicks the only element that fits.
async fn click(browser: &Browser, css: &str) {
    // The driver does not see that a button which stays in view lies above an element.
    let script = "arguments[0].scrollIntoView({ block: 'nearest' })";
    for _ in 0..3 {
        let found = browser.find_all(Locator::Css(css)).await.unwrap();
        assert_eq!(found.len(), 1, "elements that fit {css}");
        let element = serde_json::to_value(&found[0]).unwrap();
        // Once in a thousand runs the driver forgets an element that it has just found.
        if browser.execute(script, vec![element]).await.is_ok() {
            return browser.press(&found[0]).await;
        }
    }
    panic!("{css} cannot be scrolled to");
}

/// Waits for the page with this heading.
async fn expect_heading(browser: &Browser, heading: &str) {
    // French sets no-break spaces, wide and narrow ones.
    let path = format!("//h1[translate(., '\u{a0}\u{202f}', '  ')=\"{heading}\"]");
    let wait = browser.wait().at_most(std::time::Duration::from_secs(20));
    if wait.for_element(Locator::XPath(&path)).await.is_err() {
        panic!(
            "no heading “{heading}” in {}",
            browser.source().await.unwrap()
        );
    }
}

/// Waits for an element: a page whose heading is that of the page before is not there yet
/// when its heading is.
async fn expect(browser: &Browser, css: &str) -> Element {
    let wait = browser.wait().at_most(std::time::Duration::from_secs(20));
    match wait.for_element(Locator::Css(css)).await {
        Ok(element) => element,
        Err(error) => panic!("no {css}: {error} in {}", browser.source().await.unwrap()),
    }
}

/// Opens what a sign-up form asks of those who want to say more.
async fn personalise(browser: &Browser) {
    click(browser, ".more > summary").await;
}

/// Fills the address in, agrees and sends the form.
async fn fill_in(browser: &Browser, email: &str) {
    let field = browser.find(Locator::Id("email")).await.unwrap();
    field.send_keys(email).await.unwrap();
    click(browser, "input[name=consent]").await;
    click(browser, "main form > button[type=submit]").await;
}

/// Holds the page that is open against everything that every page has to keep,
/// and takes its pictures.
async fn inspect(browser: &Browser, origin: &str, name: &str, language: &str) {
    inspect_with_status(browser, origin, name, language, None).await;
}

async fn inspect_with_status(
    browser: &Browser,
    origin: &str,
    name: &str,
    language: &str,
    status: Option<u16>,
) {
    for (view, viewport) in VIEWS {
        browser.look_through(viewport).await;
        browser.picture(&format!("{name}-{view}")).await;
    }
    browser.look_through(Viewport::PHONE.dark()).await;
    assert_accessible(browser).await;
    browser.look_through(Viewport::DESKTOP).await;
    assert_accessible(browser).await;
    browser.look_through(NARROW).await;
    let script = "return [document.documentElement.scrollWidth, document.documentElement.lang]";
    let found = browser.execute(script, vec![]).await.unwrap();
    assert!(
        found[0].as_u64() <= Some(320),
        "{name} is {} wide",
        found[0]
    );
    assert_eq!(found[1], language, "the language of {name}");
    let script = "
        const touched = 'button, .button, .choice, .site-nav a, input[type=email]';
        return [...document.querySelectorAll(touched)]
            .filter(e => e.getClientRects().length)
            .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)";
    let small = browser.execute(script, vec![]).await.unwrap();
    assert_eq!(small, json!([]), "too small for a finger in {name}");
    let script = "
        const all = performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'));
        const light = all.filter(e => !['img', 'image', 'iframe'].includes(e.initiatorType));
        return light.reduce((sum, e) => sum + e.encodedBodySize, 0)";
    let weight = browser.execute(script, vec![]).await.unwrap();
    let weight = weight.as_f64().unwrap();
    assert!(
        (500.0..60_000.0).contains(&weight),
        "{name} weighs {weight} octets with everything but pictures"
    );
    // The only cookie is that of the browser that signed up, and pages load without it.
    let cookies = browser.get_all_cookies().await.unwrap();
    let others = cookies
        .iter()
        .filter(|cookie| cookie.name() != "xabar_signup");
    assert_eq!(others.count(), 0, "{name} has set {cookies:?}");
    browser.assert_quiet_but(origin, status).await;
}
