//! The sign-up on another site's page: pasted, in a frame, and by script.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use fantoccini::Locator;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use xabar::accounts;
use xabar::domain::Role;

use super::proof_of_work::under_attack;
use super::{
    Browser, TestDb, Viewport, World, click, expect, expect_heading, fill_in, inspect, open,
};

const PLACE: &str = "<p>Un article</p>";
const THANKS: &str =
    "<!doctype html><html lang=fr><title>Merci</title><h1>Merci de votre visite</h1>";

/// A magazine on an origin of its own, under whose article stands what it was given to paste.
struct Magazine {
    origin: String,
    listener: TcpListener,
}

impl Magazine {
    async fn found() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        Self { origin, listener }
    }

    fn print(self, pasted: &str) {
        let article = format!(
            "<!doctype html><html lang=fr><meta name=viewport content=width=device-width><title>Article</title>{PLACE}{pasted}"
        );
        let pages = Router::new()
            .route("/", get(|| async move { Html(article) }))
            .route("/merci", get(|| async move { Html(THANKS) }));
        tokio::spawn(async move { axum::serve(self.listener, pages).await.unwrap() });
    }
}

/// Trusts the magazine, and returns what it is to paste.
async fn snippet(world: &World, site: &str) -> Value {
    let owner = accounts::add_token(&world.service, "owner", Role::Owner)
        .await
        .unwrap();
    let url = world.url("/api/v1/newsletters/asie-centrale");
    let sites = json!({ "sites": [site] });
    let trusted = world.http.patch(url).bearer_auth(owner).json(&sites);
    assert_eq!(trusted.send().await.unwrap().status(), 200);
    // What was read a second ago is believed.
    world.pass(1);
    let path = format!("/api/v1/newsletters/asie-centrale/snippet?return={site}/merci");
    world.get(&path).send().await.unwrap().json().await.unwrap()
}

/// A window on the magazine's page, which holds the snippet's `form` or `frame`.
async fn read_article(world: &World, part: &str, viewport: Viewport) -> Browser {
    let magazine = Magazine::found().await;
    let address = magazine.origin.clone();
    let shown = snippet(world, &address).await;
    magazine.print(shown[part].as_str().unwrap());
    let browser = Browser::open(viewport).await;
    browser.goto(&address).await.unwrap();
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_form_signs_up_without_javascript_and_comes_back() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = read_article(&world, "form", Viewport::PHONE.without_javascript()).await;
    let field = browser
        .find(Locator::Css("input[name=email]"))
        .await
        .unwrap();
    field.send_keys("pasted@reader.example").await.unwrap();
    click(&browser, "input[name=consent]").await;
    click(&browser, "button[type=submit]").await;
    expect_heading(&browser, "Merci de votre visite").await;
    assert_eq!(world.state("pasted@reader.example").await, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_takes_a_sign_up_in_and_answers_in_its_place() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let browser = read_article(&world, "frame", Viewport::DESKTOP).await;
    let frame = expect(&browser, "iframe").await;
    frame.enter_frame().await.unwrap();
    let field = expect(&browser, "#email").await;
    let narrow = Viewport {
        width: 360,
        ..Viewport::PHONE
    };
    for viewport in [narrow, Viewport::DESKTOP] {
        browser.look_through(viewport).await;
        let hidden = "return document.documentElement.scrollHeight - innerHeight";
        let hidden = browser.execute(hidden, vec![]).await.unwrap();
        assert_eq!(hidden, 0, "nothing scrolls within the frame");
    }
    field.send_keys("framed@reader.example").await.unwrap();
    click(&browser, "input[name=consent]").await;
    click(&browser, "main form > button[type=submit]").await;
    expect_heading(&browser, "Regardez votre boîte mail").await;
    assert_eq!(world.state("framed@reader.example").await, "pending");
    // As a page by itself it is as good as the others.
    let alone = Browser::open(Viewport::DESKTOP).await;
    open(&alone, &world, "/embed/asie-centrale").await;
    inspect(&alone, &world.base, "embedded-form", "fr").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_of_a_trusted_site_signs_up_and_one_of_another_is_not_answered() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let (trusted, stranger) = (Magazine::found().await, Magazine::found().await);
    let (address, elsewhere) = (trusted.origin.clone(), stranger.origin.clone());
    snippet(&world, &address).await;
    trusted.print("");
    stranger.print("");
    let browser = Browser::open(Viewport::DESKTOP).await;
    let mut said = Vec::new();
    for (site, email) in [
        (&address, "script@reader.example"),
        (&elsewhere, "no@reader.example"),
    ] {
        browser.goto(site).await.unwrap();
        let script = "const [url, email, done] = arguments; \
            fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email }) }) \
            .then(answer => done(answer.status), () => done('not answered'))";
        let arguments = vec![json!(world.url("/api/v1/subscriptions")), json!(email)];
        said.push(browser.execute_async(script, arguments).await.unwrap());
    }
    assert_eq!(said, [json!(202), json!("not answered")]);
    assert_eq!(world.state("script@reader.example").await, "pending");
    assert_eq!(world.state("no@reader.example").await, "none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_form_waits_with_us_in_an_attack_and_comes_back() {
    let db = TestDb::sqlite();
    let world = under_attack(&db).await;
    let browser = read_article(&world, "form", Viewport::PHONE.without_javascript()).await;
    let field = expect(&browser, "input[name=email]").await;
    field.send_keys("pasted@reader.example").await.unwrap();
    click(&browser, "input[name=consent]").await;
    click(&browser, "button[type=submit]").await;
    let alert = expect(&browser, "[role=alert]").await.text().await.unwrap();
    assert!(alert.contains("30"), "{alert}");
    assert_eq!(world.state("pasted@reader.example").await, "none");
    world.clock.advance(jiff::SignedDuration::from_secs(30));
    click(&browser, "main form > button[type=submit]").await;
    expect_heading(&browser, "Merci de votre visite").await;
    world.work().await;
    assert_eq!(world.mails_to("pasted@reader.example").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_works_by_itself_in_an_attack() {
    let db = TestDb::sqlite();
    let world = under_attack(&db).await;
    let browser = read_article(&world, "frame", Viewport::DESKTOP).await;
    let frame = expect(&browser, "iframe").await;
    frame.enter_frame().await.unwrap();
    expect(&browser, "#email").await;
    fill_in(&browser, "framed@reader.example").await;
    expect_heading(&browser, "Regardez votre boîte mail").await;
    world.work().await;
    assert_eq!(world.mails_to("framed@reader.example").len(), 1);
}
