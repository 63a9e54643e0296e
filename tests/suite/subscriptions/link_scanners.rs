//! Link scanners: programs that follow every link of a mail and run every script change nothing. A mailbox provider's
//! one-click unsubscribe (RFC 8058) does work.

use std::collections::BTreeSet;

use axum::http::Method;
use reqwest::Response;
use xabar::domain::Purpose;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::mail::{ParsedMail, strict_parse};
use crate::support::world::World;

/// Readers in every state, each of whom has been mailed all there is to mail.
async fn everybody_mailed(db: &TestDb) -> World {
    let world = World::start(db).await;
    world.join("active@example.org").await;
    world.sign_up("active@example.org").await;
    world.sign_up("pending@example.org").await;
    world.join("ended@example.org").await;
    let leave = world.link("ended@example.org", Purpose::Unsubscribe).await;
    assert_eq!(world.submit(&leave, &[]).await.status(), 200);
    let issue = world.draft("Un numéro").await;
    world.act(&issue, "send").await;
    world.work().await;
    world
}

/// Every address of ours in the bodies and headers of the mails.
fn links(world: &World) -> BTreeSet<String> {
    let mails: Vec<ParsedMail> = world
        .smtp
        .messages()
        .iter()
        .map(|mail| strict_parse(&mail.raw))
        .collect();
    let texts = mails.iter().flat_map(|mail| {
        let headers = mail.headers.iter().map(|(_, value)| value.as_str());
        headers.chain([mail.text.as_str(), mail.html.as_str()])
    });
    let found: BTreeSet<String> = texts.flat_map(|text| links_in(&world.base, text)).collect();
    for kind in ["/confirm/", "/unsubscribe/", "/preferences/", "/archive/"] {
        assert!(
            found.iter().any(|link| link.contains(kind)),
            "no {kind} in {found:?}"
        );
    }
    found
}

/// The addresses of ours in a text, whole or as a page has them.
fn links_in(base: &str, text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || "<>()\"".contains(c))
        .filter_map(|word| match word.strip_prefix('/') {
            Some(_) if !word.starts_with("//") => Some(format!("{base}{word}")),
            _ => word.starts_with(base).then(|| word.to_owned()),
        })
        .map(|link| link.replace("&amp;", "&"))
        .collect()
}

/// All that a scanner might have changed.
async fn books(world: &World, db: &TestDb) -> Vec<String> {
    let mut books = Vec::new();
    for email in [
        "active@example.org",
        "pending@example.org",
        "ended@example.org",
    ] {
        let kept = world.subscription(email).await.unwrap();
        books.push(format!("{kept:?}"));
        books.push(format!("{:?}", world.consents(email).await));
    }
    for query in [
        "SELECT COUNT(*) FROM outbox",
        "SELECT COUNT(*) FROM suppression",
        "SELECT COUNT(*) FROM subscriber",
        "SELECT COUNT(*) FROM consent_event",
    ] {
        books.push(format!("{query}: {}", db.number(query).await));
    }
    books
}

/// Is kept by no cache and no index, and tells the next site nothing.
fn assert_discreet(answer: &Response, what: &str) {
    for (header, value) in [
        ("cache-control", "no-store"),
        ("x-robots-tag", "noindex"),
        ("referrer-policy", "no-referrer"),
    ] {
        let found = answer.headers().get(header);
        assert_eq!(
            found.and_then(|v| v.to_str().ok()),
            Some(value),
            "{header} of {what}"
        );
    }
    assert!(answer.headers().get("set-cookie").is_none(), "{what}");
}

fn is_personal(link: &str) -> bool {
    ["/confirm/", "/unsubscribe/", "/preferences/"]
        .iter()
        .any(|kind| link.contains(kind))
}

on_both_databases!(
    a_scanner_that_follows_every_link_changes_nothing,
    a_mailbox_provider_unsubscribes_by_one_post,
    pages_behind_links_are_discreet_whatever_the_link,
);

async fn a_scanner_that_follows_every_link_changes_nothing(db: TestDb) {
    let world = everybody_mailed(&db).await;
    let before = books(&world, &db).await;
    let mut seen = BTreeSet::new();
    let mut left: Vec<String> = links(&world).into_iter().collect();
    while let Some(link) = left.pop() {
        if !seen.insert(link.clone()) {
            continue;
        }
        for method in [Method::HEAD, Method::OPTIONS, Method::GET] {
            let answer = world
                .http
                .request(method.clone(), &link)
                .send()
                .await
                .unwrap();
            assert!(answer.status().as_u16() < 500, "{method} {link}");
            if is_personal(&link) {
                assert_discreet(&answer, &format!("{method} {link}"));
            }
            // And whatever the page leads to.
            left.extend(links_in(&world.base, &answer.text().await.unwrap()));
        }
    }
    assert!(
        seen.iter().any(|link| link.ends_with("/decline")),
        "{seen:?}"
    );
    world.work().await;
    assert_eq!(books(&world, &db).await, before);
}

async fn a_mailbox_provider_unsubscribes_by_one_post(db: TestDb) {
    let world = World::start(&db).await;
    let multipart = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    for (n, (kind, body)) in [
        (
            Some("application/x-www-form-urlencoded"),
            "List-Unsubscribe=One-Click",
        ),
        (Some("multipart/form-data; boundary=x"), multipart),
        (Some("text/plain"), "List-Unsubscribe=One-Click"),
        (None, "List-Unsubscribe=One-Click"),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("reader{n}@example.org");
        world.join(&email).await;
        let mails = world.mails_to(&email);
        let header = mails[1].header("List-Unsubscribe").unwrap();
        let link = header
            .split(['<', '>'])
            .find(|part| part.starts_with("http"))
            .unwrap();
        for method in [
            Method::GET,
            Method::HEAD,
            Method::OPTIONS,
            Method::PUT,
            Method::DELETE,
        ] {
            world.http.request(method, link).send().await.unwrap();
        }
        assert_eq!(world.state(&email).await, "active");
        // A client of its own: no cookie, no referrer, no redirect followed.
        let mut post = reqwest::Client::new().post(link).body(body);
        if let Some(kind) = kind {
            post = post.header("content-type", kind);
        }
        let answer = post.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{kind:?}");
        assert_discreet(&answer, link);
        assert_eq!(world.state(&email).await, "ended", "{kind:?}");
        assert_eq!(
            world.consents(&email).await[2],
            "withdrawn by one_click",
            "{kind:?}"
        );
    }
}

async fn pages_behind_links_are_discreet_whatever_the_link(db: TestDb) {
    let world = everybody_mailed(&db).await;
    let confirm = world.link("pending@example.org", Purpose::Confirm).await;
    world.pass(8 * 24 * 60);
    for link in [
        confirm,
        world.url("/confirm/made-up"),
        world.url("/confirm/made-up/decline"),
        world.url("/unsubscribe/made-up"),
        world.url("/preferences/made-up"),
    ] {
        for method in [Method::GET, Method::POST, Method::PUT] {
            let answer = world
                .http
                .request(method.clone(), &link)
                .send()
                .await
                .unwrap();
            assert!(
                (400..500).contains(&answer.status().as_u16()),
                "{method} {link}"
            );
            assert_discreet(&answer, &format!("{method} {link}"));
        }
    }
}

/// Some scanners open links in a browser of their own, and wait for what its scripts do.
#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_with_a_browser_changes_nothing() {
    let db = TestDb::sqlite();
    let world = everybody_mailed(&db).await;
    let before = books(&world, &db).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    for link in links(&world) {
        browser.goto(&link).await.unwrap();
        // Whatever was to happen on load has happened, and so has what follows a movement.
        let move_about = "
            for (const kind of ['mousemove', 'scroll', 'focus', 'keydown', 'pageshow'])
                window.dispatchEvent(new Event(kind));
            return new Promise(done => setTimeout(done, 50))";
        browser.execute(move_about, vec![]).await.unwrap();
    }
    world.work().await;
    assert_eq!(books(&world, &db).await, before);
}
