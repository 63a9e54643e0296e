use axum::Router;
use axum::response::Html;
use axum::routing::get;
use fantoccini::Locator;

use crate::support::browser::{Browser, Viewport, assert_accessible};

const PAGE: &str = "<!doctype html><html lang=en><title>A page</title>
<meta name=viewport content='width=device-width'>
<link rel=icon href='data:,'>
<style>body { background: white } @media (prefers-color-scheme: dark) { body { background: black; color: white } }</style>
<body><main><h1>A page</h1><p id=said>nothing</p></main>
<script>document.getElementById('said').textContent = 'something'</script>";

const NOISY: &str = "<!doctype html><html><title>A noisy page</title><link rel=icon href='data:,'>
<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">
<p style='color: #eee; background: #fff'>Hard to read</p><script>1</script>";

const NOSY: &str =
    "<!doctype html><html lang=en><title>A nosy page</title><link rel=icon href='data:,'>
<p>Asks another host</p>
<script>new Image().src = location.origin.replace('127.0.0.1', 'localhost')</script>";

/// The address of a server with the three pages.
async fn serve() -> String {
    let pages = Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/noisy", get(async || Html(NOISY)))
        .route("/nosy", get(async || Html(NOSY)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, pages).await });
    address
}

/// Width and height as a PNG's header gives them.
fn size_of(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_has_the_size_and_the_colours_asked_for() {
    let site = serve().await;
    let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    for viewport in [Viewport::PHONE.dark(), Viewport::DESKTOP] {
        let browser = Browser::open(viewport).await;
        browser.goto(&site).await.unwrap();
        let matches = browser.execute(dark, vec![]).await.unwrap();
        assert_eq!(matches, viewport.dark);
        let picture = browser.screenshot("support-works").await;
        let picture = std::fs::read(picture).unwrap();
        assert_eq!(size_of(&picture), (viewport.width, viewport.height));
        assert_accessible(&browser).await;
        browser.assert_quiet(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn javascript_runs_or_does_not() {
    let site = serve().await;
    for (viewport, said) in [
        (Viewport::PHONE, "something"),
        (Viewport::PHONE.without_javascript(), "nothing"),
    ] {
        let browser = Browser::open(viewport).await;
        browser.goto(&site).await.unwrap();
        let element = browser.find(Locator::Id("said")).await.unwrap();
        assert_eq!(element.text().await.unwrap(), said);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "Content Security Policy")]
async fn a_breach_of_the_policy_fails_the_test() {
    let site = serve().await;
    let browser = Browser::open(Viewport::PHONE).await;
    browser.goto(&format!("{site}/noisy")).await.unwrap();
    browser.assert_quiet(&site).await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "color-contrast")]
async fn a_page_that_is_hard_to_read_fails_the_test() {
    let site = serve().await;
    let browser = Browser::open(Viewport::PHONE).await;
    browser.goto(&format!("{site}/noisy")).await.unwrap();
    assert_accessible(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "the page asked elsewhere")]
async fn a_request_to_another_host_fails_the_test() {
    let site = serve().await;
    let browser = Browser::open(Viewport::PHONE).await;
    browser.goto(&format!("{site}/nosy")).await.unwrap();
    browser.assert_quiet(&site).await;
}
