//! Pictures of issues: uploads that are accepted or refused, and how they are served.

pub mod bucket;

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::{Value, json};
use xabar::worker;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::dns::DnsServer;
use crate::support::sites::Site;
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    a_picture_is_kept_and_served,
    what_is_no_picture_is_refused,
    a_picture_is_fetched_from_the_public_internet_alone,
    a_picture_that_no_issue_has_goes_after_a_month,
);

pub fn picture(width: u32, height: u32) -> Vec<u8> {
    let shade = |x: u32, y: u32| Rgb([(x % 256) as u8, (y % 256) as u8, 90]);
    let mut octets = Cursor::new(Vec::new());
    let drawn = RgbImage::from_fn(width, height, shade);
    drawn.write_to(&mut octets, ImageFormat::Png).unwrap();
    octets.into_inner()
}

pub async fn upload(world: &World, octets: Vec<u8>) -> (u16, Value) {
    let answer = world.post("/api/v1/pictures").body(octets);
    let answer = answer
        .header(CONTENT_TYPE, "image/png")
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn a_picture_is_kept_and_served(db: TestDb) {
    let world = World::start(&db).await;
    let (status, kept) = upload(&world, picture(1600, 400)).await;
    assert_eq!(
        (status, &kept["width"], &kept["height"]),
        (201, &json!(1200), &json!(300))
    );
    let url = kept["url"].as_str().unwrap();
    assert!(
        url.starts_with(&world.url("/picture/")) && url.ends_with(".jpg"),
        "{url}"
    );
    let served = world.http.get(url).send().await.unwrap();
    assert_eq!(served.status(), 200);
    assert_eq!(served.headers()[CONTENT_TYPE], "image/jpeg");
    let keeps = served.headers()[CACHE_CONTROL].to_str().unwrap();
    assert!(keeps.contains("immutable"), "{keeps}");
    let octets = served.bytes().await.unwrap();
    assert_eq!(kept["octets"], octets.len());
    let shown = image::load_from_memory(&octets).unwrap();
    assert_eq!((shown.width(), shown.height()), (1200, 300));
    // The same file again is the same picture.
    assert_eq!(upload(&world, picture(1600, 400)).await.1["url"], url);
    for nothing in ["/picture/none.jpg", "/picture/%00.jpg", "/picture/..%2Fx"] {
        let answer = world.http.get(world.url(nothing)).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{nothing}");
    }
    let anonymous = world
        .http
        .post(world.url("/api/v1/pictures"))
        .body(picture(9, 9));
    assert_eq!(anonymous.send().await.unwrap().status(), 401);
}

async fn what_is_no_picture_is_refused(db: TestDb) {
    let world = World::start(&db).await;
    for (octets, said) in [
        (
            &b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..],
            "SVG",
        ),
        (b"<!doctype html><script>alert(1)</script>", "web page"),
        (b"%PDF-1.4", "PDF"),
        (b"MZ\x90\0 a program", "whatever its name says"),
        (b"", "empty"),
    ] {
        let (status, problem) = upload(&world, octets.to_vec()).await;
        assert_eq!(status, 422, "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(said), "{detail}");
    }
    let (status, problem) = upload(&world, vec![7; 50 << 20]).await;
    assert_eq!(status, 413, "{problem}");
    assert_eq!(db.number("SELECT COUNT(*) FROM picture").await, 0);
}

async fn a_picture_is_fetched_from_the_public_internet_alone(db: TestDb) {
    let dns = DnsServer::start().await;
    let site = Site::listen("127.0.0.2:0", picture(60, 40)).await;
    let port = site.address.port();
    let inside = Site::listen(&format!("127.0.0.1:{port}"), picture(60, 40)).await;
    dns.host("site.example", &["127.0.0.2"]);
    dns.host("inside.example", &["127.0.0.1"]);
    let world = World::with(&db, Options::default(), |settings| {
        settings.signup.dns_servers = vec![dns.address];
        settings.fetch.seconds = 2;
        settings.fetch.allow = vec!["127.0.0.2/32".parse().unwrap()];
    })
    .await;
    let fetch = async |url: String| {
        let answer = world.post("/api/v1/pictures").json(&json!({ "url": url }));
        let answer = answer.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap())
    };
    let (status, kept) = fetch(format!("http://site.example:{port}/picture.jpg")).await;
    assert_eq!((status, &kept["width"]), (201, &json!(60)), "{kept}");
    for url in [
        format!("http://inside.example:{port}/picture.jpg"),
        format!("http://127.0.0.1:{port}/picture.jpg"),
        format!("http://site.example:{port}/to/http://inside.example:{port}/picture.jpg"),
        format!("http://site.example:{port}/gone"),
        format!("http://site.example:{port}/endless"),
        format!("http://site.example:{port}/bomb"),
        format!("http://site.example:{port}/hangs"),
        "file:///etc/passwd".to_owned(),
        "data:image/png;base64,AA".to_owned(),
        "nothing".to_owned(),
    ] {
        let (status, problem) = fetch(url.clone()).await;
        assert_eq!(status, 422, "{url}: {problem}");
    }
    assert_eq!(inside.requests(), [""; 0]);
    assert_eq!(db.number("SELECT COUNT(*) FROM picture").await, 1);
}

async fn a_picture_that_no_issue_has_goes_after_a_month(db: TestDb) {
    let world = World::start(&db).await;
    let (_, used) = upload(&world, picture(50, 20)).await;
    upload(&world, picture(20, 50)).await;
    let body = json!({ "newsletter": "asie-centrale", "subject": "S", "parts": [
        { "kind": "photo", "items": [{ "title": "Vue", "image": used["url"] }] }] });
    let answer = world.post("/api/v1/issues").json(&body).send().await;
    assert_eq!(answer.unwrap().status(), 201);
    world.pass(60 * 24 * 29);
    worker::retention::run(&world.service).await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM picture").await, 2);
    world.pass(60 * 24 * 2);
    let removed = worker::retention::run(&world.service).await.unwrap();
    assert_eq!(removed.pictures, 1);
    let left = world.http.get(used["url"].as_str().unwrap()).send().await;
    assert_eq!(left.unwrap().status(), 200);
}
