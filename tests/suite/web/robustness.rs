//! Input as people, mail programs and attackers really send it: bodies, forms, links, addresses, idle connections.

use std::time::Duration;

use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use xabar::domain::Purpose;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::{World, link_in};

const FORM: &str = "application/x-www-form-urlencoded";

const EMAIL: &str = "aigerim@reader.example";

on_both_databases!(
    a_body_that_is_too_large_is_refused_before_it_is_sent,
    a_link_survives_what_mail_programs_do_to_it,
    a_form_is_read_however_a_browser_sends_it,
    a_used_link_confirms_no_later_sign_up,
    whoever_fills_the_hidden_field_is_asked_for_a_proof,
    many_issues_of_one_day_have_names_of_their_own,
    addresses_are_helped_or_refused_with_the_reason,
);

fn confirm_link(world: &World) -> String {
    link_in(&world.mails_to(EMAIL).pop().unwrap().text, "/confirm/")
}

async fn get(world: &World, path: &str) -> u16 {
    world.http.get(path).send().await.unwrap().status().as_u16()
}

async fn a_link_survives_what_mail_programs_do_to_it(db: TestDb) {
    let world = World::start(&db).await;
    assert_eq!(world.sign_up(EMAIL).await.status(), 202);
    world.work().await;
    let confirm = confirm_link(&world);
    let preferences = world.link(EMAIL, Purpose::Preferences).await;
    let marks = [
        "/",
        ".",
        ")",
        ">",
        ",",
        "%3E",
        "%20",
        "%E2%80%8B",
        ").",
        "%3E%20",
        "//",
    ];
    for link in [&confirm, &preferences] {
        for mark in marks {
            assert_eq!(get(&world, &format!("{link}{mark}")).await, 200, "{mark}");
        }
        assert_eq!(
            get(&world, &format!("{link}x")).await,
            404,
            "that is another token"
        );
    }
    assert_eq!(
        world.submit(&format!("{confirm}%3E"), &[]).await.status(),
        200
    );
    assert_eq!(world.state(EMAIL).await, "active");
    assert_eq!(get(&world, &world.url("/subscribe/")).await, 200);
    assert_eq!(
        get(&world, &world.url("/archive/asie-centrale/")).await,
        200
    );
    let leave = world.link(EMAIL, Purpose::Unsubscribe).await;
    let click = [("List-Unsubscribe", "One-Click")];
    assert_eq!(
        world.submit(&format!("{leave}."), &click).await.status(),
        200
    );
    assert_eq!(world.state(EMAIL).await, "ended");
}

async fn a_form_is_read_however_a_browser_sends_it(db: TestDb) {
    let world = World::start(&db).await;
    let body = "email=first%40reader.example&newsletter=asie-centrale&lang=fr&consent=yes";
    let request = world.http.post(world.url("/subscribe")).body(body);
    let request = request.header(
        CONTENT_TYPE,
        "Application/X-WWW-Form-URLencoded; Charset=UTF-8",
    );
    assert_eq!(request.send().await.unwrap().status(), 200);
    let part = |name: &str, value: &str| {
        format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields = [
        ("email", "second@reader.example"),
        ("newsletter", "asie-centrale"),
        ("consent", "yes"),
        ("countries", "kz"),
    ];
    let mut body: String = fields
        .iter()
        .map(|(name, value)| part(name, value))
        .collect();
    body.push_str("--frontier--\r\n");
    let request = world.http.post(world.url("/subscribe")).body(body);
    let request = request.header(CONTENT_TYPE, "multipart/form-data; boundary=frontier");
    assert_eq!(request.send().await.unwrap().status(), 200);
    for email in ["first@reader.example", "second@reader.example"] {
        assert_eq!(world.state(email).await, "pending", "{email}");
    }
    let kept = world.subscription("second@reader.example").await.unwrap();
    assert_eq!(kept.chosen.countries.to_string(), "kz");
    // One newsletter is named as often as fits into a form.
    let many = "newsletter=asie-centrale&".repeat(20_000);
    let body = format!("{many}email=third%40reader.example&consent=yes");
    let request = world.http.post(world.url("/subscribe")).body(body);
    let request = request.header(CONTENT_TYPE, FORM);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(world.state("third@reader.example").await, "pending");
    let large = format!("email={}", "a".repeat(600 * 1024));
    world.join("reader@example.org").await;
    let preferences = world.link("reader@example.org", Purpose::Preferences).await;
    let unsubscribe = world.link("reader@example.org", Purpose::Unsubscribe).await;
    for (url, kind, body, status) in [
        ("/subscribe", FORM, &*large, 413),
        (&*preferences, FORM, &*large, 413),
        (&*unsubscribe, FORM, &*large, 413),
        ("/declined/undo", FORM, &*large, 413),
        ("/consent-record", FORM, &*large, 413),
        ("/subscribe", "application/json", "{}", 415),
        (&*preferences, "application/json", "{}", 415),
        (&*preferences, "text/plain", "language=fr", 415),
    ] {
        let request = world.http.post(world.url(url)).body(body.to_owned());
        let request = request
            .header(CONTENT_TYPE, kind)
            .header(ACCEPT_LANGUAGE, "ru");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{url} {kind}");
        let said = answer.headers()[CONTENT_TYPE].clone();
        assert_eq!(said, "text/html; charset=utf-8", "{url}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("lang=\"ru\""), "{url}: {page}");
    }
    assert_eq!(world.state("reader@example.org").await, "active");
}

async fn a_used_link_confirms_no_later_sign_up(db: TestDb) {
    let world = World::start(&db).await;
    world.sign_up(EMAIL).await;
    world.work().await;
    let used = confirm_link(&world);
    assert_eq!(world.submit(&used, &[]).await.status(), 200);
    world.pass(60);
    let leave = world.link(EMAIL, Purpose::Unsubscribe).await;
    assert_eq!(world.submit(&leave, &[]).await.status(), 200);
    world.pass(60);
    // Somebody else names the address; the old mail is still in the mailbox.
    world.sign_up(EMAIL).await;
    let (status, after) = (
        world.submit(&used, &[]).await.status(),
        world.state(EMAIL).await,
    );
    assert_eq!((status.as_u16(), after), (410, "pending"));
    assert_eq!(get(&world, &used).await, 410);
    world.work().await;
    let fresh = confirm_link(&world);
    assert_ne!(fresh, used);
    assert_eq!(world.submit(&fresh, &[]).await.status(), 200);
    assert_eq!(world.state(EMAIL).await, "active");
}

async fn whoever_fills_the_hidden_field_is_asked_for_a_proof(db: TestDb) {
    let world = World::start(&db).await;
    let form = |more: &[(&'static str, String)]| {
        let mut fields = vec![
            ("email", EMAIL.to_owned()),
            ("lang", "en".to_owned()),
            ("consent", "yes".to_owned()),
        ];
        fields.extend_from_slice(more);
        world
            .http
            .post(world.url("/subscribe"))
            .form(&fields)
            .send()
    };
    let filled = ("q7", "Anna".to_owned());
    let page = form(std::slice::from_ref(&filled))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("<altcha-widget"), "{page}");
    assert_eq!(world.state(EMAIL).await, "none");
    // A form filler fills it in again; the browser has done the work meanwhile.
    let proof = crate::signup::proof_of_work::proof(&world).await;
    let page = form(&[filled, ("altcha", proof)])
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("Check your inbox"), "{page}");
    assert_eq!(world.state(EMAIL).await, "pending");
    let spaces = form(&[("q7", " \t".to_owned())])
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(spaces.contains("Check your inbox"), "{spaces}");
    // Forms that were pasted before have the field under its old name.
    let old = form(&[("website", "x".to_owned())])
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(old.contains("Check your inbox"), "{old}");
}

async fn many_issues_of_one_day_have_names_of_their_own(db: TestDb) {
    let world = World::start(&db).await;
    let issue = json!({ "newsletter": "asie-centrale", "subject": "Sommet" });
    let mut names = std::collections::BTreeSet::new();
    for _ in 0..25 {
        let answer = world
            .post("/api/v1/issues")
            .json(&issue)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        let made: Value = answer.json().await.unwrap();
        names.insert(made["slug"].as_str().unwrap().to_owned());
    }
    assert_eq!(names.len(), 25, "{names:?}");
}

async fn addresses_are_helped_or_refused_with_the_reason(db: TestDb) {
    let world = World::start(&db).await;
    for (typed, said) in [
        (
            "anna@gmail.\u{441}om",
            "The letter “\u{441}” in this address is Cyrillic",
        ),
        ("Anna <anna@example.org>", "just the address"),
        ("mailto:anna@example.org", "just the address"),
        ("anna@example.org,", "just the address"),
        ("an\u{200b}na@example.org", "invisible character"),
    ] {
        let fields = [("email", typed), ("lang", "en"), ("consent", "yes")];
        let answer = world.submit("/subscribe", &fields).await;
        assert_eq!(answer.status(), 422, "{typed}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(said), "{typed}: {page}");
    }
    let answer = world.http.post(world.url("/api/v1/subscriptions"));
    let answer = answer
        .json(&json!({ "email": "anna@gmail.\u{441}om" }))
        .send()
        .await
        .unwrap();
    let problem = answer.text().await.unwrap();
    assert!(problem.contains("U+0441"), "{problem}");
    let fields = [
        ("email", "\u{202a}anna@example.org\u{202c}\u{3000}"),
        ("consent", "yes"),
    ];
    assert_eq!(world.submit("/subscribe", &fields).await.status(), 200);
    assert_eq!(world.state("anna@example.org").await, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_asks_nothing_is_closed() {
    let db = TestDb::sqlite();
    let world = World::with(&db, Options::default(), |settings| {
        settings.http.request_seconds = 1;
    })
    .await;
    let address = world.base.trim_start_matches("http://").to_owned();
    for sent in [
        &b""[..],
        b"PRI * HTTP/2.0\r\n",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
    ] {
        let mut connection = TcpStream::connect(&address).await.unwrap();
        connection.write_all(sent).await.unwrap();
        let begun = Instant::now();
        let mut rest = Vec::new();
        let closed = timeout(Duration::from_secs(20), connection.read_to_end(&mut rest)).await;
        assert!(
            closed.is_ok(),
            "{sent:?} kept it open for {:?}",
            begun.elapsed()
        );
    }
    // Whoever asks is answered, also later on the same connection.
    let mut connection = TcpStream::connect(&address).await.unwrap();
    for _ in 0..2 {
        connection
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let mut answer = [0; 15];
        connection.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
        while timeout(Duration::from_millis(300), connection.read(&mut answer))
            .await
            .is_ok()
        {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_wait_when_all_connections_are_taken_and_go_on_afterwards() {
    let db = TestDb::sqlite();
    let world = World::with(&db, Options::default(), |settings| {
        settings.http.max_connections = 2;
        settings.http.request_seconds = 2;
    })
    .await;
    let address = world.base.trim_start_matches("http://").to_owned();
    let mut silent = Vec::new();
    for _ in 0..2 {
        silent.push(TcpStream::connect(&address).await.unwrap());
    }
    let answer = timeout(
        Duration::from_secs(30),
        world.http.get(world.url("/healthz")).send(),
    );
    assert_eq!(answer.await.unwrap().unwrap().status(), 200);
    drop(silent);
}

/// Answers pings, as every client of HTTP/2 does, until the connection is closed.
async fn idle_http2(mut connection: TcpStream) {
    // Settings, and GET / in stream 1 (RFC 9113 §6, RFC 7541 §6).
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let get = [0, 0, 6, 1, 5, 0, 0, 0, 1, 0x82, 0x86, 0x84, 0x41, 1, b'x'];
    let opening = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &settings[..], &get].concat();
    connection.write_all(&opening).await.unwrap();
    let mut answers = 0;
    let mut head = [0; 9];
    while connection.read_exact(&mut head).await.is_ok() {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        if connection.read_exact(&mut payload).await.is_err() {
            break;
        }
        let (kind, flags) = (head[3], head[4]);
        answers += u8::from(kind == 1);
        if kind == 6 && flags == 0 {
            let pong = [&[0, 0, 8, 6, 1, 0, 0, 0, 0][..], &payload].concat();
            if connection.write_all(&pong).await.is_err() {
                break;
            }
        }
    }
    assert_eq!(answers, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_of_http2_is_closed_though_it_answers_pings() {
    let db = TestDb::sqlite();
    let world = World::with(&db, Options::default(), |settings| {
        settings.http.request_seconds = 1;
    })
    .await;
    let address = world.base.trim_start_matches("http://").to_owned();
    let connection = TcpStream::connect(&address).await.unwrap();
    let closed = timeout(Duration::from_secs(60), idle_http2(connection)).await;
    assert!(closed.is_ok(), "it is open for ever");
}

async fn a_body_that_is_too_large_is_refused_before_it_is_sent(db: TestDb) {
    let world = World::start(&db).await;
    let address = world.url("").replace("http://", "");
    let mut connection = TcpStream::connect(address.trim_end_matches('/'))
        .await
        .unwrap();
    let head = "POST /api/v1/subscriptions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Content-Length: 99000000\r\nExpect: 100-continue\r\n\r\n";
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}
