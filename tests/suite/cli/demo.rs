//! The demo, as a program sees it: its tour, where it listens, and what it has in it.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::process::Child;

use super::on_sqlite;
use crate::support::binary::{Installation, first_json, terminate};
use crate::support::both::TestDb;
use crate::support::world::World;

/// How long mails may take.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn the_tour_says_each_step_and_leaves_nothing_behind() {
    let (_db, installation) = on_sqlite();
    installation.write("tmp/.keep", "");
    let installation = installation.with_variable("TMPDIR", "tmp");
    let printed = installation.ok(&["demo", "--tour"]).await;
    let steps: Vec<&str> = printed
        .lines()
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    let wanted = [
        "sign-up",
        "mail",
        "confirm",
        "issue",
        "send",
        "digest",
        "unsubscribe",
        "issue",
        "goodbye",
        "done",
    ];
    assert_eq!(steps, wanted, "{printed}");
    for line in installation.ok(&["demo", "--tour", "--json"]).await.lines() {
        let step: Value = serde_json::from_str(line).unwrap();
        assert!(
            step["step"].is_string() && step["seen"].is_string(),
            "{line}"
        );
    }
    let left = std::fs::read_dir(installation.path("tmp")).unwrap();
    assert_eq!(left.count(), 1, "only .keep");
}

#[tokio::test]
async fn the_demo_listens_where_the_settings_say_or_beside_it() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let (_db, installation) = on_sqlite();
    let installation = installation.with("HTTP__LISTEN", &address.to_string());
    let mut process = installation.start(&["demo", "--json", "--data", "mine"]);
    let greeting = first_json(process.stdout.take().unwrap()).await;
    let pages: url::Url = greeting["pages"].as_str().unwrap().parse().unwrap();
    let beside = pages.port().unwrap() - address.port();
    assert!((1..=20).contains(&beside), "{pages} is beside {address}");
    assert_eq!(reqwest::get(pages).await.unwrap().status(), 200);
    assert_eq!(terminate(&mut process).await, Some(0));
}

#[tokio::test]
async fn the_demo_runs_until_it_is_stopped() {
    let (_db, installation) = on_sqlite();
    let (mut process, greeting) = installation.start_demo().await;
    let pages = greeting["pages"].as_str().unwrap();
    for page in ["start", "pages", "mailbox"].map(|page| greeting[page].as_str().unwrap()) {
        assert_eq!(reqwest::get(page).await.unwrap().status(), 200, "{page}");
    }
    let sample = format!(
        "{pages}/api/v1/issues/{}",
        greeting["issue"].as_str().unwrap()
    );
    let token = greeting["token"].as_str().unwrap();
    let answer = reqwest::Client::new()
        .get(sample)
        .bearer_auth(token)
        .send()
        .await;
    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(terminate(&mut process).await, Some(0));
    assert!(
        installation.path("mine/xabar.db").exists(),
        "it was asked to keep its data"
    );
}

/// A demo that keeps its data, and what it has printed.
async fn run(installation: &Installation) -> (Child, Value) {
    let listen = ["--listen", "127.0.0.1:0", "--data", "mine"];
    let mut process = installation.start(&[&["demo", "--json"][..], &listen].concat());
    let greeting = first_json(process.stdout.take().unwrap()).await;
    (process, greeting)
}

async fn page(greeting: &Value, path: &str) -> String {
    let url = format!("{}{path}", greeting["pages"].as_str().unwrap());
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// What the button of the start page does, sent with these headers.
async fn send(greeting: &Value, headers: &[(&str, &str)]) -> (StatusCode, String) {
    let http = Client::builder().redirect(reqwest::redirect::Policy::none());
    let url = format!("{}/demo/send", greeting["pages"].as_str().unwrap());
    let mut request = http.build().unwrap().post(url).form(&[("lang", "de")]);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let to = answer.headers().get("location");
    let to = to.map(|to| to.to_str().unwrap().to_owned());
    (answer.status(), to.unwrap_or_default())
}

/// Whether a mail is a summary of a month, or tells editors of one: at the turn of a month the demo sends them by itself.
fn is_summary(mail: &Value) -> bool {
    let text = mail["text"].as_str().unwrap();
    let month = |rest: &str| {
        rest.split_once('>')
            .is_some_and(|(last, _)| last.len() == 7)
    };
    let links = text.split("/archive/").skip(1);
    let mut last_parts = links.filter_map(|link| link.split_once('/'));
    last_parts.any(|(_, rest)| month(rest))
}

/// Waits until so many mails are in the mailbox; returns to whom they are.
async fn recipients(greeting: &Value, wanted: usize) -> BTreeSet<String> {
    let come = tokio::time::timeout(PATIENCE, all_recipients(greeting, wanted));
    come.await.expect("as many mails as are wanted")
}

async fn all_recipients(greeting: &Value, wanted: usize) -> BTreeSet<String> {
    loop {
        let mut mails: Vec<Value> =
            serde_json::from_str(&page(greeting, "/mailbox.json").await).unwrap();
        mails.retain(|mail| !is_summary(mail));
        assert!(mails.len() <= wanted, "{} instead of {wanted}", mails.len());
        if mails.len() == wanted {
            let to = mails.iter().map(|mail| mail["to"].as_str().unwrap());
            return to.map(str::to_owned).collect();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn the_demo_has_readers_and_a_past() {
    let (_db, installation) = on_sqlite();
    let installation = installation.with("LOG", "error");
    let (mut process, greeting) = run(&installation).await;
    let now = xabar::clock::Clock::system().now();
    let now = jiff::tz::TimeZone::UTC.to_datetime(now).date();
    for slug in [
        "asie-centrale",
        "central-asia",
        "zentralasien",
        "tsentralnaya-aziya",
    ] {
        let list = page(&greeting, &format!("/archive/{slug}")).await;
        let mut issues: Vec<&str> = list
            .split('"')
            .filter(|part| part.starts_with(&format!("/archive/{slug}/2")))
            .collect();
        issues.dedup();
        assert_eq!(issues.len(), 3, "{slug}: {issues:?}");
        let mut corrected = 0;
        for issue in issues {
            let day: jiff::civil::Date = issue.rsplit('/').next().unwrap()[..10].parse().unwrap();
            let age = (now - day).get_days();
            // Where the newsletter is at home it may be tomorrow already.
            assert!((0..=22).contains(&age), "{issue} is {age} days old");
            let shown = page(&greeting, issue).await;
            corrected += usize::from(shown.contains("article:modified_time"));
        }
        assert_eq!(corrected, 1, "{slug}");
    }
    let form = page(&greeting, "/subscribe?newsletter=central-asia&lang=en").await;
    assert!(form.contains("What brings you to Central Asia?") && form.contains("/logo/"));

    assert!(
        recipients(&greeting, 0).await.is_empty(),
        "nothing for visitors yet"
    );
    let (status, to) = send(&greeting, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let sent = to
        .strip_prefix("/mailbox?sent=")
        .and_then(|rest| rest.strip_suffix("&lang=de"));
    let sent: usize = sent.expect("the mailbox").parse().unwrap();
    let readers = recipients(&greeting, sent).await;
    // Three of the twenty want a summary of the month.
    assert_eq!(readers.len(), 17, "{readers:?}");
    assert!(
        readers.iter().all(|to| to.ends_with("@sample.example")),
        "{readers:?}"
    );
    let mailbox = page(&greeting, "/mailbox?lang=en").await;
    assert!(
        !mailbox.contains("@sample.example"),
        "only what is for visitors"
    );
    assert!(
        page(&greeting, "/mailbox?all=yes")
            .await
            .contains("reader-1@sample.example")
    );
    // A second time, as often as somebody likes.
    assert_eq!(
        send(&greeting, &[("Sec-Fetch-Site", "same-origin")])
            .await
            .0,
        303
    );
    recipients(&greeting, 2 * sent).await;
    assert_eq!(terminate(&mut process).await, Some(0));

    // Another day, with the same data.
    let (mut process, greeting) = run(&installation).await;
    assert_eq!(send(&greeting, &[]).await.0, 303);
    assert_eq!(recipients(&greeting, sent).await, readers);
    assert_eq!(terminate(&mut process).await, Some(0));
}

#[tokio::test]
async fn other_sites_cannot_press_the_button() {
    let (_db, installation) = on_sqlite();
    let installation = installation.with("LOG", "error");
    let (mut process, greeting) = run(&installation).await;
    for headers in [
        &[("Sec-Fetch-Site", "cross-site")][..],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Origin", "https://evil.example")],
    ] {
        assert_eq!(send(&greeting, headers).await.0, StatusCode::FORBIDDEN);
    }
    let drafts = page_of_issues(&greeting, "draft").await;
    assert_eq!(
        drafts, 8,
        "the samples and the half-written ones: nothing was sent"
    );
    assert_eq!(terminate(&mut process).await, Some(0));
}

async fn page_of_issues(greeting: &Value, status: &str) -> usize {
    let url = format!(
        "{}/api/v1/issues?status={status}",
        greeting["pages"].as_str().unwrap()
    );
    let token = greeting["token"].as_str().unwrap();
    let answer = Client::new()
        .get(url)
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    let list: Value = answer.json().await.unwrap();
    list["items"]
        .as_array()
        .unwrap_or_else(|| panic!("{list}"))
        .len()
}

#[tokio::test]
async fn only_the_demo_has_its_pages_and_its_banner() {
    let db = TestDb::sqlite();
    let demo_db = TestDb::sqlite();
    let (served, demo) = (World::start(&db).await, World::demo(&demo_db).await);
    let there = async |world: &World, path: &str| {
        let answer = world.http.get(world.url(path)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for path in [
        "/",
        "/archive/asie-centrale",
        "/docs",
        "/demo",
        "/mailbox",
        "/nothing-here",
    ] {
        let (status, page) = there(&served, path).await;
        assert!(!page.contains("demo-bar"), "{path}");
        let is_there = !matches!(path, "/demo" | "/mailbox" | "/nothing-here");
        assert_eq!(status == 200, is_there, "{path}: {status}");
        assert_eq!(
            there(&demo, path).await.1.matches("demo-bar").count(),
            1,
            "{path}"
        );
    }
    let sent = served
        .http
        .post(served.url("/demo/send"))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 404);
    let (status, frame) = there(&demo, "/embed/asie-centrale").await;
    assert!(
        status == 200 && !frame.contains("demo-bar"),
        "it has to fit its frame"
    );
}
