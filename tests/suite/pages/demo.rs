//! The demo as people try it: the real program, and a reader's whole way through it by clicks alone.

use fantoccini::Locator;
use serde_json::Value;
use tokio::process::Child;

use super::{Browser, Viewport, click, expect, fill_in, inspect};
use crate::support::binary::{Installation, terminate};

const EMAIL: &str = "aigerim@reader.example";

const SAMPLES: [(&str, &str); 4] = [
    ("de", include_str!("../../../locales/de/demo/issue.json")),
    ("en", include_str!("../../../locales/en/demo/issue.json")),
    ("fr", include_str!("../../../locales/fr/demo/issue.json")),
    ("ru", include_str!("../../../locales/ru/demo/issue.json")),
];

struct Demo {
    base: String,
    process: Child,
    installation: Installation,
}

impl Demo {
    async fn start() -> Self {
        // Where other commands find its data.
        let installation = Installation::new("sqlite://mine/xabar.db")
            .with("SECRET_FILE", "mine/xabar.key")
            .with("LOG", "error");
        let (process, greeting) = installation.start_demo().await;
        Self {
            base: greeting["pages"].as_str().unwrap().to_owned(),
            process,
            installation,
        }
    }

    /// The states of the reader's subscriptions.
    async fn states(&self) -> Vec<String> {
        let known = self.installation.json(&["subscriber", "show", EMAIL]).await;
        let subscriptions = known["subscriptions"].as_array().unwrap().iter();
        let states = subscriptions.map(|one| one["state"].as_str().unwrap().to_owned());
        states.collect()
    }
}

/// Opens the mail with these words in its line, when it has come.
async fn open_mail(browser: &Browser, words: &str) {
    let path = format!("//ol[@class='mails']/li[contains(., \"{words}\")]//a");
    let wait = browser.wait().at_most(std::time::Duration::from_secs(30));
    let Ok(mail) = wait.for_element(Locator::XPath(&path)).await else {
        panic!("no {words} in {}", browser.source().await.unwrap());
    };
    browser.press(&mail).await;
    expect(browser, "iframe.mail").await;
}

/// Clicks a link of the mail that is open, and goes on in the window that it opens.
async fn follow(browser: &Browser, css: &str) {
    let known = browser.windows().await.unwrap();
    let framed = browser.find_all(Locator::Css("iframe.mail")).await.unwrap();
    for frame in framed {
        frame.enter_frame().await.unwrap();
    }
    let found = expect(browser, css).await;
    browser.press(&found).await;
    browser.enter_parent_frame().await.ok();
    let all = browser.windows().await.unwrap();
    let new = all.into_iter().find(|window| !known.contains(window));
    let new = new.unwrap_or_else(|| panic!("{css} opens a window"));
    browser.switch_to_window(new).await.unwrap();
}

/// Closes the window that a mail opened, and goes back to the mail.
async fn back_to_digest(browser: &Browser) {
    browser.close_window().await.unwrap();
    let first = browser.windows().await.unwrap().pop().expect("the mail");
    browser.switch_to_window(first).await.unwrap();
}

/// The README shows the English pages.
async fn readme_picture(browser: &Browser, language: &str, page: &str) {
    if language == "en" {
        let viewport = Viewport {
            width: 1000,
            height: 700,
            ..Viewport::DESKTOP
        };
        browser.look_through(viewport).await;
        browser.picture(&format!("readme-{page}")).await;
    }
}

async fn by_clicks_alone(language: &str) {
    let mut demo = Demo::start().await;
    let (_, sample) = SAMPLES.iter().find(|(code, _)| *code == language).unwrap();
    let sample: Value = serde_json::from_str(sample).unwrap();
    let subject: String = sample["subject"]
        .as_str()
        .unwrap()
        .chars()
        .take(15)
        .collect();
    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.goto(&format!("{}/demo", demo.base)).await.unwrap();
    click(&browser, &format!(".languages [lang={language}]")).await;
    expect(&browser, &format!("html[lang={language}]")).await;
    inspect(
        &browser,
        &demo.base,
        &format!("demo-start-{language}"),
        language,
    )
    .await;
    readme_picture(&browser, language, "start").await;
    browser.look_through(Viewport::DESKTOP).await;

    click(&browser, ".steps a[href^='/?']").await;
    expect(&browser, &format!("html[lang={language}] #email")).await;
    fill_in(&browser, EMAIL).await;
    click(&browser, "main a[href^='/mailbox']").await;
    // The mailbox is open before the mail comes, or after it; in the first days of a month editors have mails there too.
    open_mail(&browser, EMAIL).await;
    follow(&browser, "a[href*='/confirm/']").await;
    expect(&browser, "main form[action*='/preferences/']").await;
    assert_eq!(demo.states().await, ["active"]);

    // Back to the start page by the banner of the page that confirmed, and on to the third step.
    click(&browser, ".demo-bar a[href^='/demo']").await;
    expect(&browser, &format!("html[lang={language}] .steps")).await;
    click(&browser, ".steps form button").await;
    expect(&browser, ".notice.good").await;
    let arrived = "window.arrived = true";
    browser.execute(arrived, vec![]).await.unwrap();
    expect(&browser, ".mails li:nth-child(3)").await;
    let here = browser.execute("return window.arrived", vec![]).await;
    assert_eq!(here.unwrap(), true, "it came without a reload");
    inspect(
        &browser,
        &demo.base,
        &format!("demo-mailbox-{language}"),
        language,
    )
    .await;
    readme_picture(&browser, language, "mailbox").await;
    browser.look_through(Viewport::DESKTOP).await;

    open_mail(&browser, &subject).await;
    inspect(
        &browser,
        &demo.base,
        &format!("demo-digest-{language}"),
        language,
    )
    .await;
    browser.look_through(Viewport::DESKTOP).await;
    follow(&browser, "a[href*='/preferences/']").await;
    expect(&browser, "input[name=pause]").await;
    click(&browser, "input[name=countries][value=kz]").await;
    click(&browser, ".save button").await;
    expect(&browser, "[role=status]").await;
    // The same link stands in the text of the mail.
    back_to_digest(&browser).await;
    click(&browser, ".tabs a[href*='view=text']").await;
    expect(&browser, "pre.mail").await;
    follow(&browser, "pre.mail a[href*='/preferences/']").await;
    let kept = expect(&browser, "input[name=countries][value=kz]").await;
    assert!(kept.is_selected().await.unwrap(), "as it was saved");
    back_to_digest(&browser).await;

    follow(&browser, "pre.mail a[href*='/unsubscribe/']").await;
    expect(&browser, "main form button").await;
    assert_eq!(demo.states().await, ["active"], "a link alone ends nothing");
    click(&browser, "main form button").await;
    expect(&browser, "main form[action^='/undo/']").await;
    assert_eq!(demo.states().await, ["ended"]);
    browser.assert_quiet(&demo.base).await;
    assert_eq!(terminate(&mut demo.process).await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn by_clicks_alone_in_french() {
    by_clicks_alone("fr").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_clicks_alone_in_german() {
    by_clicks_alone("de").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_clicks_alone_in_english() {
    by_clicks_alone("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_clicks_alone_in_russian() {
    by_clicks_alone("ru").await;
}
