//! The settings of a newsletter at the desk.

mod branding;
mod mail_texts;
mod permissions;
mod sortable_rows;

use serde_json::json;
use xabar::domain::{Language, Newsletter, PartKind, Role, Slug};
use xabar::store::audit::EventFilter;
use xabar::{publish, store};

use super::{click, expect, inspect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::desk::Person;
use crate::support::world::World;

const SETTINGS: &str = "/desk/settings/asie-centrale";

const LOGO: &[u8] = include_bytes!("../../../../src/web/static/karakoul.png");

/// An owner who reads English, in a browser of this size.
async fn owner(db: &TestDb, viewport: Viewport) -> (World, Person, Browser) {
    let world = World::start(db).await;
    let anna = world.person("Anna", Role::Owner, Language::En).await;
    let browser = Browser::open(viewport).await;
    browser.signed_in(&world, &anna).await;
    (world, anna, browser)
}

async fn stored(world: &World) -> Newsletter {
    let mut db = world.service.store.read().await.unwrap();
    let slug = Slug::parse("asie-centrale").unwrap();
    store::newsletter::by_slug(&mut db, &slug)
        .await
        .unwrap()
        .unwrap()
}

async fn recipe(world: &World) -> Vec<PartKind> {
    let newsletter = stored(world).await;
    let (parts, _) = publish::recipe(&world.service, &newsletter).await.unwrap();
    parts.into_iter().map(|part| part.kind).collect()
}

/// Waits until the preview's document has this text in its source.
async fn until_previewed(browser: &Browser, text: &str) {
    let script = format!(
        "const f = document.querySelector('iframe[name=settings-preview]');
         const d = f && f.contentDocument;
         return !!d && !!d.body && d.documentElement.outerHTML.includes({})",
        json!(text)
    );
    until(browser, &script).await;
}

async fn focused(browser: &Browser, id: &str) {
    until(
        browser,
        &format!("return document.activeElement.id === '{id}'"),
    )
    .await;
}

/// The text of a page, and its status.
async fn page(person: &Person, path: &str) -> (u16, String) {
    let answer = person.get(path).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.text().await.unwrap())
}

async fn posted(person: &Person, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let answer = person.post(path, fields).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.text().await.unwrap())
}

/// The details of the log's entries about newsletters, the oldest first.
async fn logged(world: &World) -> Vec<(String, String)> {
    let mut db = world.service.store.read().await.unwrap();
    let mut events = store::audit::newest(&mut db, &EventFilter::default(), i64::MAX, 100)
        .await
        .unwrap();
    events.reverse();
    let events = events.into_iter().filter_map(|event| event.event);
    let events = events.filter(|event| event.action.as_str() == "newsletter-edited");
    events
        .map(|event| (event.actor_name, event.detail))
        .collect()
}

/// A form with a file, as a browser sends it.
async fn uploaded(person: &Person, path: &str, csrf: &str, octets: Vec<u8>) -> (u16, String) {
    let field = |name: &str, value: &str| {
        format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body = field("csrf", csrf) + &field("do", "overwrite") + &field("accent", "#0b5c68");
    body += "--frontier\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"logo.png\"\r\n\r\n";
    let body = [body.as_bytes(), &octets, b"\r\n--frontier--\r\n"].concat();
    let kind = "multipart/form-data; boundary=frontier";
    let request = person.get(path).header("content-type", kind).body(body);
    let (http, request) = request.build_split();
    let mut request = request.unwrap();
    *request.method_mut() = reqwest::Method::POST;
    let answer = http.execute(request).await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.text().await.unwrap())
}

on_both_databases!(
    basics_and_sign_up_are_saved_or_refused_with_their_reason,
    two_owners_are_told_and_nothing_typed_is_lost,
);

async fn basics_and_sign_up_are_saved_or_refused_with_their_reason(db: TestDb) {
    let (world, anna, browser) = owner(&db, Viewport::PHONE).await;
    open(&browser, &world, &format!("{SETTINGS}/basics")).await;
    type_into(&browser, "#title", "Steppe & ville").await;
    type_into(&browser, "#time_zone", "Asia/Nowhere").await;
    type_into(&browser, "#privacy-fr", "https://example.org/vie-privee").await;
    click(&browser, ".settings-foot button").await;
    until_said(&browser, "#trouble", "this time zone does not exist").await;
    focused(&browser, "time_zone").await;
    // Field and reason are both in sight, on a phone too.
    let in_sight = "
        const why = document.getElementById('why').getBoundingClientRect();
        const field = document.activeElement.getBoundingClientRect();
        return field.top >= 0 && field.bottom <= why.top && why.bottom <= innerHeight";
    until(&browser, in_sight).await;
    let value = "return document.getElementById('title').value + document.getElementById('privacy-fr').value";
    assert_eq!(
        browser.execute(value, vec![]).await.unwrap(),
        "Steppe & villehttps://example.org/vie-privee"
    );
    type_into(&browser, "#time_zone", "Asia/Almaty").await;
    click(&browser, "#needs_approval").await;
    type_into(&browser, "#postal_address", "12 rue X\n67000 Strasbourg").await;
    click(&browser, ".settings-foot button").await;
    expect(&browser, "#saved").await;
    let newsletter = stored(&world).await;
    assert!(newsletter.needs_approval);
    assert_eq!(newsletter.title, "Steppe & ville");
    assert_eq!(newsletter.time_zone.iana_name(), Some("Asia/Almaty"));
    assert_eq!(newsletter.postal_address, "12 rue X\n67000 Strasbourg");
    let privacy = newsletter
        .legal
        .links(Language::Fr, Language::Fr)
        .privacy_url;
    assert_eq!(privacy.as_deref(), Some("https://example.org/vie-privee"));
    // The form sends all of its fields; the log names those that it changed.
    let changed = "legal, needs_approval, postal_address, time_zone, title";
    let once = vec![("Anna".to_owned(), changed.to_owned())];
    assert_eq!(logged(&world).await, once);
    let again = [
        ("do", "overwrite"),
        ("title", "Steppe & ville"),
        ("needs_approval", "yes"),
        ("postal_address", "12 rue X\r\n67000 Strasbourg"),
        ("privacy-fr", "https://example.org/vie-privee"),
    ];
    assert_eq!(
        posted(&anna, &format!("{SETTINGS}/basics"), &again).await.0,
        303
    );
    assert_eq!(stored(&world).await.version, newsletter.version);
    assert_eq!(logged(&world).await, once, "nothing was changed");
    browser.forget_complaints().await;
    inspect(&browser, &world, "settings-basics").await;
    // Each field that does not fit says why.
    for (field, wrong, says) in [
        ("title", "", "write a title, on one line"),
        (
            "description",
            &"x".repeat(251),
            "the description is one line",
        ),
        ("sender_name", " ", "the sender needs a name"),
        (
            "sender_address",
            "nobody",
            "the address of the sender is no email address",
        ),
        ("reply_to", "jörg@example.org", "the address for answers"),
        (
            "postal_address",
            &"x".repeat(1_001),
            "at most 1,000 characters",
        ),
        (
            "imprint-de",
            "javascript:alert(1)",
            "a legal text needs the full address",
        ),
    ] {
        let sent = [("do", "overwrite"), (field, wrong)];
        let (status, said) = posted(&anna, &format!("{SETTINGS}/basics"), &sent).await;
        assert!(
            status == 422 && said.contains(says),
            "{field}: {status} {said}"
        );
    }

    click(&browser, ".settings-nav a[href$=signup]").await;
    until_said(&browser, "#snippet-form", "<form").await;
    type_into(&browser, "#sites", "https://magazine.example.org/path").await;
    click(&browser, "#save").await;
    until_said(&browser, "#trouble", "one line is not the address").await;
    type_into(&browser, "#sites", "https://magazine.example.org").await;
    click(&browser, "input[name=visibility][value=private]").await;
    click(&browser, "#welcome_issue").await;
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    let newsletter = stored(&world).await;
    assert!(!newsletter.is_public() && newsletter.welcome_issue);
    assert!(newsletter.trusts("https://magazine.example.org"));
    until_said(&browser, "#snippet-frame", "<iframe").await;
    click(&browser, "[data-copy=snippet-frame]").await;
    until_said(&browser, "[data-copy=snippet-frame]", "Copied").await;
    browser.forget_complaints().await;
    inspect(&browser, &world, "settings-signup").await;
}

async fn two_owners_are_told_and_nothing_typed_is_lost(db: TestDb) {
    let (world, anna, browser) = owner(&db, Viewport::DESKTOP).await;
    let ben = world.person("Ben", Role::Owner, Language::En).await;
    open(&browser, &world, &format!("{SETTINGS}/basics")).await;
    let fields = [("version", "1"), ("title", "By Ben")];
    assert_eq!(
        posted(&ben, &format!("{SETTINGS}/basics"), &fields).await.0,
        303
    );
    type_into(&browser, "#title", "By Anna").await;
    click(&browser, ".settings-foot button").await;
    until_said(&browser, "#trouble", "Ben has changed").await;
    until_said(&browser, "#trouble", "23 November 2026").await;
    assert_eq!(
        stored(&world).await.title,
        "By Ben",
        "nothing is overwritten"
    );
    let value = "return document.getElementById('title').value";
    assert_eq!(browser.execute(value, vec![]).await.unwrap(), "By Anna");
    browser.forget_complaints().await;
    inspect(&browser, &world, "settings-conflict").await;
    // Saving once more does not slip through; only the button that says so overwrites.
    click(&browser, ".settings-foot button").await;
    until_said(&browser, "#trouble", "Ben has changed").await;
    assert_eq!(stored(&world).await.title, "By Ben");
    click(&browser, "#trouble button").await;
    expect(&browser, "#saved").await;
    assert_eq!(stored(&world).await.title, "By Anna");
    // Every other form keeps the version it was made from.
    for (tab, fields) in [
        ("recipe", vec![("part", "news")]),
        (
            "fields",
            vec![("field", ""), ("kind", "text"), ("label-fr", "Nom")],
        ),
        (
            "texts",
            vec![
                ("mail", "welcome"),
                ("lang", "en"),
                ("text-welcome-title", "Salem"),
            ],
        ),
        ("signup", vec![("visibility", "private")]),
        ("safety", vec![("safety_mode", "yes")]),
    ] {
        let fields: Vec<_> = std::iter::once(("version", "1")).chain(fields).collect();
        let (status, said) = posted(&ben, &format!("{SETTINGS}/{tab}"), &fields).await;
        assert!(
            status == 409 && said.contains("Anna has changed"),
            "{tab}: {said}"
        );
        assert!(
            said.contains(r#"name="version" value="1""#),
            "{tab}: {said}"
        );
    }
    // What does not say from which version it was made overwrites nothing, and what is unknown is refused.
    let before = stored(&world).await.version;
    for (tab, fields) in [
        ("basics", vec![("title", "Mine")]),
        ("basics", vec![("version", "one"), ("title", "Mine")]),
        ("basics", vec![("do", "overwrite"), ("language", "xx")]),
        ("recipe", vec![("part", "news")]),
        (
            "recipe",
            vec![
                ("do", "overwrite"),
                ("part", "gossip"),
                ("part-title", "Mine"),
            ],
        ),
        ("fields", vec![]),
        (
            "texts",
            vec![
                ("mail", "welcome"),
                ("lang", "en"),
                ("text-welcome-title", "X"),
            ],
        ),
        ("signup", vec![("visibility", "public")]),
        (
            "signup",
            vec![("do", "overwrite"), ("visibility", "secret")],
        ),
        ("safety", vec![("safety_mode", "yes")]),
    ] {
        let (status, said) = posted(&ben, &format!("{SETTINGS}/{tab}"), &fields).await;
        assert_eq!(status, 422, "{tab} {fields:?}: {said}");
    }
    assert_eq!(stored(&world).await.version, before);
    let mine = [("version", "1"), ("title", "Once more")];
    let (status, said) = posted(&anna, &format!("{SETTINGS}/basics"), &mine).await;
    assert!(status == 409 && said.contains("you have changed"), "{said}");
    let newsletter = stored(&world).await;
    assert!(newsletter.is_public() && newsletter.fields.is_empty() && !newsletter.safety_mode);
}
