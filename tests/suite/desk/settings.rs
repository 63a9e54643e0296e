//! The settings of a newsletter at the desk.

use std::io::Write as _;

use fantoccini::key::Key;
use serde_json::{Value, json};
use xabar::domain::{Language, Newsletter, PartKind, Role, Roles, Slug};
use xabar::publish;
use xabar::store;

use super::{click, expect, inspect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::desk::Person;
use crate::support::world::World;

const SETTINGS: &str = "/desk/settings/asie-centrale";
const LOGO: &[u8] = include_bytes!("../../../src/web/static/karakoul.png");

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

async fn press(browser: &Browser, css: &str, key: Key) {
    let button = expect(browser, css).await;
    button.send_keys(&key.to_string()).await.unwrap();
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
    let mut events = store::audit::newest(&mut db, i64::MAX, 100).await.unwrap();
    events.reverse();
    let events = events.into_iter().filter_map(|event| event.event);
    let events = events.filter(|event| event.action.as_str() == "newsletter-edited");
    events
        .map(|event| (event.actor_name, event.detail))
        .collect()
}

on_both_databases!(
    an_owner_changes_the_look_and_sees_it_before,
    recipe_and_questions_are_arranged_by_keyboard,
    mails_are_worded_looked_at_and_worded_back,
    basics_and_sign_up_are_saved_or_refused_with_their_reason,
    two_owners_are_told_and_nothing_typed_is_lost,
    others_look_or_see_nothing,
    it_works_without_script,
    a_mail_in_safety_mode_loads_and_tells_nothing,
);

async fn an_owner_changes_the_look_and_sees_it_before(db: TestDb) {
    let (world, _anna, browser) = owner(&db, Viewport::DESKTOP).await;
    // One newsletter: straight to it.
    open(&browser, &world, "/desk/settings").await;
    until_said(&browser, "h1", "Basics").await;
    click(&browser, ".settings-nav a[href$=look]").await;
    until_previewed(&browser, "#0b5c68").await;
    type_into(&browser, "#accent", "#7a1f3d").await;
    until_previewed(&browser, "#7a1f3d").await;
    until_said(&browser, "#contrast", "very easy to read").await;
    assert!(
        stored(&world).await.accent.is_none(),
        "a preview saves nothing"
    );
    let picker = "return document.getElementById('accent-picker').value";
    assert_eq!(browser.execute(picker, vec![]).await.unwrap(), "#7a1f3d");
    // What cannot be read is said while one chooses, and refused.
    type_into(&browser, "#accent", "#f5b642").await;
    until_said(&browser, "#contrast", "Too light: a contrast of 1.5").await;
    click(&browser, "#save").await;
    until_said(&browser, "#trouble", "Too light").await;
    assert!(stored(&world).await.accent.is_none());
    type_into(&browser, "#accent", "#7a1f3d").await;
    // The picture that was chosen is in the preview before it is saved.
    let mut file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
    file.write_all(LOGO).unwrap();
    let path = file.path().to_str().unwrap();
    expect(&browser, "#logo")
        .await
        .send_keys(path)
        .await
        .unwrap();
    until_previewed(&browser, "data:image/png;base64").await;
    browser
        .execute(
            "document.querySelector('input[name=view][value=page]').click()",
            vec![],
        )
        .await
        .unwrap();
    until_previewed(&browser, "/theme/7a1f3d").await;
    until_previewed(&browser, "data:image/png;base64").await;
    // The browser's history does not fill with previews.
    let length = browser
        .execute("return history.length", vec![])
        .await
        .unwrap();
    assert!(length.as_u64() <= Some(4), "{length}");
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    let newsletter = stored(&world).await;
    assert_eq!(
        newsletter
            .accent
            .map(|accent| accent.to_string())
            .as_deref(),
        Some("#7a1f3d")
    );
    let logo = newsletter.logo.unwrap().name;
    inspect(&browser, &world, "settings-look").await;
    let signup = world
        .http
        .get(world.url("/subscribe?newsletter=asie-centrale"));
    let signup = signup.send().await.unwrap().text().await.unwrap();
    assert!(signup.contains(&logo) && signup.contains("/theme/7a1f3d"));
    // And back.
    click(&browser, "#remove-logo").await;
    expect(&browser, "#saved").await;
    click(&browser, "#shipped").await;
    until(&browser, "return !document.getElementById('shipped')").await;
    let newsletter = stored(&world).await;
    assert!(newsletter.logo.is_none() && newsletter.accent.is_none());
    let expected =
        ["accent, logo", "accent, logo", "accent"].map(|what| ("Anna".to_owned(), what.to_owned()));
    assert_eq!(logged(&world).await, expected);
}

async fn recipe_and_questions_are_arranged_by_keyboard(db: TestDb) {
    use PartKind::{Agenda, Analysis, Articles, News, Photo, Press, Support, Text};
    let (world, anna, browser) = owner(&db, Viewport::DESKTOP).await;
    open(&browser, &world, &format!("{SETTINGS}/recipe")).await;
    press(&browser, "#row-0-down", Key::Enter).await;
    focused(&browser, "row-1-down").await;
    press(&browser, "#row-1-down", Key::Enter).await;
    focused(&browser, "row-2-down").await;
    press(&browser, "#row-6-remove", Key::Enter).await;
    focused(&browser, "row-5-remove").await;
    until_said(&browser, "#arranged [role=status]", "Not saved yet").await;
    browser
        .execute("document.getElementById('new-kind').value = 'text'", vec![])
        .await
        .unwrap();
    press(&browser, "#add", Key::Enter).await;
    focused(&browser, "row-6-title").await;
    let title = expect(&browser, "#row-6-title").await;
    title.send_keys("Merci").await.unwrap();
    inspect(&browser, &world, "settings-recipe").await;
    // By drag, the last one first.
    let drag = "
        const rows = document.getElementById('rows');
        rows.prepend(rows.lastElementChild);
        Sortable.get(rows).options.onEnd();
        return true";
    browser.execute(drag, vec![]).await.unwrap();
    until(
        &browser,
        "return document.getElementById('row-0-title').value === 'Merci'",
    )
    .await;
    assert_eq!(recipe(&world).await[0], News, "nothing is saved by itself");
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    assert_eq!(
        recipe(&world).await,
        [Text, Analysis, Articles, News, Photo, Agenda, Press]
    );
    let start = [("newsletter", "asie-centrale"), ("start", "recipe")];
    assert_eq!(posted(&anna, "/desk/issues/new", &start).await.0, 303);
    let mut read = world.service.store.read().await.unwrap();
    let issues = store::issue::list(&mut read, Default::default(), None, 1).await;
    let (issue, _) = issues.unwrap().remove(0);
    assert_eq!(issue.content.parts[0].title.as_deref(), Some("Merci"));
    drop(read);
    click(&browser, "#shipped").await;
    until(&browser, "return !document.getElementById('shipped')").await;
    assert_eq!(
        recipe(&world).await,
        [News, Analysis, Articles, Photo, Agenda, Press, Support]
    );

    // Questions: one of each of two kinds, seen on the form before it is saved.
    click(&browser, ".settings-nav a[href$=fields]").await;
    press(&browser, "#add", Key::Enter).await;
    focused(&browser, "row-0-label").await;
    let label = expect(&browser, "#row-0-label").await;
    label.send_keys("Prénom").await.unwrap();
    until_previewed(&browser, "Prénom").await;
    browser
        .execute(
            "document.getElementById('new-kind').value = 'choice'",
            vec![],
        )
        .await
        .unwrap();
    press(&browser, "#add", Key::Enter).await;
    focused(&browser, "row-1-label").await;
    let label = expect(&browser, "#row-1-label").await;
    label.send_keys("Métier").await.unwrap();
    // A question without its answers is refused, and stays.
    click(&browser, "#save").await;
    until_said(
        &browser,
        "#trouble",
        "Question 2 has an answer without words",
    )
    .await;
    type_into(&browser, "#row-1-choice-0", "Presse").await;
    type_into(&browser, "#row-1-choice-1", "Recherche").await;
    until_previewed(&browser, ">Recherche<").await;
    press(&browser, "#row-1-up", Key::Enter).await;
    focused(&browser, "row-0-up").await;
    inspect(&browser, &world, "settings-questions").await;
    assert!(stored(&world).await.fields.is_empty());
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    let newsletter = stored(&world).await;
    let keys: Vec<&str> = newsletter.fields.iter().map(|f| f.key.as_str()).collect();
    assert_eq!(keys, ["metier", "prenom"]);
    let signup = world
        .http
        .get(world.url("/subscribe?newsletter=asie-centrale&lang=fr"));
    let signup = signup.send().await.unwrap().text().await.unwrap();
    assert!(signup.contains("Métier") && signup.contains("Recherche"));
    // A new label keeps the name under which answers are kept.
    type_into(&browser, "#row-1-label", "Votre prénom").await;
    click(&browser, "#row-0-remove").await;
    until(&browser, "return !document.getElementById('row-1')").await;
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    let newsletter = stored(&world).await;
    let fields: Vec<_> = newsletter.fields.iter().collect();
    assert_eq!(fields.len(), 1);
    assert_eq!(
        (
            fields[0].key.as_str(),
            fields[0].labels[&Language::Fr].as_str()
        ),
        ("prenom", "Votre prénom")
    );
}

async fn mails_are_worded_looked_at_and_worded_back(db: TestDb) {
    let (world, anna, browser) = owner(&db, Viewport::DESKTOP).await;
    open(
        &browser,
        &world,
        &format!("{SETTINGS}/texts?mail=welcome&lang=en"),
    )
    .await;
    until_previewed(&browser, "Welcome!").await;
    type_into(&browser, "#text-welcome-title", "Salem, and welcome").await;
    until_previewed(&browser, "Salem, and welcome").await;
    type_into(
        &browser,
        "#text-welcome-subject",
        "You are in: { $newsletter }",
    )
    .await;
    until_previewed(&browser, "You are in: Asie centrale").await;
    // A value that readers need is missing: said in the preview, and refused.
    type_into(&browser, "#text-welcome-what", "It works.").await;
    until_previewed(&browser, "This text must say { $newsletter }").await;
    click(&browser, "#save").await;
    until_said(
        &browser,
        "#field-welcome-what .error",
        "must say { $newsletter }",
    )
    .await;
    let value = "return document.getElementById('text-welcome-title').value";
    assert_eq!(
        browser.execute(value, vec![]).await.unwrap(),
        "Salem, and welcome"
    );
    let texts = || async {
        let mut db = world.service.store.read().await.unwrap();
        let id = store::newsletter::list(&mut db).await.unwrap()[0].id;
        let texts = store::newsletter::text_override::of(&mut db, id, Language::En);
        let texts = texts.await.unwrap().into_iter();
        texts.map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert!(texts().await.is_empty(), "all or nothing");
    type_into(
        &browser,
        "#text-welcome-what",
        "“{ $newsletter }” is yours.",
    )
    .await;
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    assert_eq!(
        texts().await,
        ["welcome-subject", "welcome-title", "welcome-what"]
    );
    until_said(&browser, "#field-welcome-title .shipped", "Welcome!").await;
    inspect(&browser, &world, "settings-texts").await;
    click(&browser, "#reset-welcome-title").await;
    until(
        &browser,
        "return !document.getElementById('reset-welcome-title')",
    )
    .await;
    assert_eq!(texts().await, ["welcome-subject", "welcome-what"]);
    until_previewed(&browser, "Welcome!").await;
    let details: Vec<String> = logged(&world).await.into_iter().map(|(_, d)| d).collect();
    assert_eq!(
        details,
        [
            "texts (en): welcome-subject, welcome-title, welcome-what",
            "texts (en): welcome-title"
        ]
    );
    // In the colours of Russian, and the greeting that all mails share.
    let (status, said) = page(&anna, &format!("{SETTINGS}/texts?mail=greeting&lang=ru")).await;
    assert!(status == 200 && said.contains("Здравствуйте"), "{said}");
}

async fn basics_and_sign_up_are_saved_or_refused_with_their_reason(db: TestDb) {
    let (world, anna, browser) = owner(&db, Viewport::PHONE).await;
    open(&browser, &world, &format!("{SETTINGS}/basics")).await;
    type_into(&browser, "#title", "Steppe & ville").await;
    type_into(&browser, "#time_zone", "Asia/Nowhere").await;
    type_into(&browser, "#privacy-fr", "https://example.org/vie-privee").await;
    click(&browser, ".settings-foot button").await;
    until_said(&browser, "#trouble", "this time zone does not exist").await;
    focused(&browser, "time_zone").await;
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
    browser.forget_complaints().await;
    inspect(&browser, &world, "settings-basics").await;
    // Each field that does not fit says why.
    for (field, wrong, says) in [
        ("title", "", "a title is one line"),
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
        let (status, said) = posted(&anna, &format!("{SETTINGS}/basics"), &[(field, wrong)]).await;
        assert!(
            status == 422 && said.contains(says),
            "{field}: {status} {said}"
        );
    }

    click(&browser, ".settings-nav a[href$=signup]").await;
    until_said(&browser, "#snippet-form", "<form").await;
    type_into(&browser, "#sites", "https://magazine.example.org/path").await;
    click(&browser, "#save").await;
    until_said(&browser, "#trouble", "one of the sites is none").await;
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
    let (world, _anna, browser) = owner(&db, Viewport::DESKTOP).await;
    let ben = world.person("Ben", Role::Owner, Language::En).await;
    open(&browser, &world, &format!("{SETTINGS}/basics")).await;
    let fields = [("version", "1"), ("title", "By Ben")];
    assert_eq!(
        posted(&ben, &format!("{SETTINGS}/basics"), &fields).await.0,
        303
    );
    type_into(&browser, "#title", "By Anna").await;
    click(&browser, ".settings-foot button").await;
    until_said(&browser, "#trouble", "somebody else has changed").await;
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
    until_said(&browser, "#trouble", "somebody else has changed").await;
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
            status == 409 && said.contains("somebody else"),
            "{tab}: {said}"
        );
        assert!(
            said.contains(r#"name="version" value="1""#),
            "{tab}: {said}"
        );
    }
    let newsletter = stored(&world).await;
    assert!(newsletter.is_public() && newsletter.fields.is_empty() && !newsletter.safety_mode);
}

/// A form with a file, as a browser sends it.
async fn uploaded(person: &Person, path: &str, csrf: &str, octets: Vec<u8>) -> (u16, String) {
    let field = |name: &str, value: &str| {
        format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body = field("csrf", csrf) + &field("accent", "#0b5c68");
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

async fn others_look_or_see_nothing(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let newsletters = {
        let mut db = world.service.store.read().await.unwrap();
        store::newsletter::list(&mut db).await.unwrap()
    };
    let (own, other) = (&newsletters[0], &newsletters[1]);
    let here = |role| {
        let mut roles = Roles::default();
        roles.give(Some(own.id), role);
        roles
    };
    let vera = world
        .person_with("Vera", here(Role::Viewer), Language::En)
        .await;
    let emil = world
        .person_with("Emil", here(Role::Editor), Language::En)
        .await;
    let olga = world
        .person_with("Olga", here(Role::Owner), Language::En)
        .await;
    let own_path = format!("/desk/settings/{}", own.slug);
    for tab in [
        "basics", "look", "recipe", "fields", "texts", "signup", "safety",
    ] {
        let path = format!("{own_path}/{tab}");
        let (status, said) = page(&vera, &path).await;
        assert!(
            status == 200 && said.contains("You can look at"),
            "{tab}: {said}"
        );
        assert!(
            said.contains("disabled") && !said.contains(r#"id="save""#),
            "{tab}"
        );
        let (status, _) = match tab {
            "look" => uploaded(&vera, &path, &vera.csrf, LOGO.to_vec()).await,
            _ => posted(&vera, &path, &[("title", "Mine")]).await,
        };
        assert_eq!(status, 403, "{tab}");
        // Those who write keep the recipe.
        let (status, _) = match tab {
            "look" => uploaded(&emil, &path, &emil.csrf, LOGO.to_vec()).await,
            _ => posted(&emil, &path, &[("part", "news")]).await,
        };
        assert_eq!(status, if tab == "recipe" { 303 } else { 403 }, "{tab}");
        // Another newsletter is as one that does not exist.
        for slug in [other.slug.as_str(), "nowhere", "No%20slug"] {
            let path = format!("/desk/settings/{slug}/{tab}");
            assert_eq!(page(&olga, &path).await.0, 404, "{path}");
            let (status, _) = match tab {
                "look" => uploaded(&olga, &path, &olga.csrf, LOGO.to_vec()).await,
                _ => posted(&olga, &path, &[("title", "Mine")]).await,
            };
            assert_eq!(status, 404, "{path}");
        }
        // A form of nobody, and of another site.
        let forged = [("csrf", "1.x"), ("title", "Mine")];
        let (status, _) = match tab {
            "look" => uploaded(&olga, &path, "1.x", LOGO.to_vec()).await,
            _ => {
                let request = world.http.post(world.url(&path)).form(&forged);
                let cookie = format!("xabar-desk={}", olga.cookie);
                let answer = request.header("cookie", cookie).send().await.unwrap();
                (answer.status().as_u16(), String::new())
            }
        };
        assert_eq!(status, 403, "{tab}");
        let elsewhere = olga.post(&path, &[]).header("sec-fetch-site", "cross-site");
        assert_eq!(elsewhere.send().await.unwrap().status(), 403, "{tab}");
        let signed_out = world.http.get(world.url(&path)).send().await.unwrap();
        assert!(signed_out.url().path().contains("sign-in") || signed_out.status() == 303);
    }
    for preview in [
        "look/preview",
        "fields/preview",
        "texts/preview",
        "safety/preview",
    ] {
        let path = format!("/desk/settings/{}/{preview}", other.slug);
        assert_eq!(page(&olga, &path).await.0, 404, "{path}");
        assert_eq!(page(&vera, &format!("{own_path}/{preview}")).await.0, 200);
    }
    // Files that are none, or too large.
    let look = format!("{own_path}/look");
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    let (status, said) = uploaded(&olga, &look, &olga.csrf, svg).await;
    assert!(
        status == 422 && said.contains("no PNG, JPEG or GIF"),
        "{said}"
    );
    let long = [LOGO, &vec![0; 150_000]].concat();
    let (status, said) = uploaded(&olga, &look, &olga.csrf, long).await;
    assert!(status == 422 && said.contains("at most 100 KB"), "{said}");
    let (status, _) = uploaded(&olga, &look, &olga.csrf, vec![0; 2_000_000]).await;
    assert_eq!(status, 413);
    let after = stored(&world).await;
    assert_eq!(
        (after.version, after.title.as_str()),
        (2, own.title.as_str())
    );
    assert!(after.logo.is_none());
    let (status, said) = page(&olga, "/desk/settings").await;
    assert_eq!(status, 303, "straight on: {said}");
    let all = world.person("Uma", Role::Viewer, Language::En).await;
    let (_, said) = page(&all, "/desk/settings").await;
    for newsletter in &newsletters {
        assert!(said.contains(newsletter.slug.as_str()), "{said}");
    }
}

async fn it_works_without_script(db: TestDb) {
    let (world, _anna, browser) = owner(&db, Viewport::PHONE.without_javascript()).await;
    open(&browser, &world, &format!("{SETTINGS}/recipe")).await;
    click(&browser, "#row-0-down").await;
    until_said_without_script(&browser, "Not saved yet").await;
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    assert_eq!(recipe(&world).await[0], PartKind::Analysis);
    open(&browser, &world, &format!("{SETTINGS}/look")).await;
    let field = expect(&browser, "#accent").await;
    field.clear().await.unwrap();
    field.send_keys("#7a1f3d").await.unwrap();
    click(&browser, "#look").await;
    let frame = expect(&browser, "iframe[name=settings-preview]").await;
    frame.enter_frame().await.unwrap();
    let mut shown = String::new();
    for _ in 0..50 {
        shown = browser.source().await.unwrap();
        if shown.contains("#7a1f3d") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(shown.contains("#7a1f3d"), "{shown}");
    browser.enter_parent_frame().await.unwrap();
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    assert!(stored(&world).await.accent.is_some());
    open(&browser, &world, &format!("{SETTINGS}/fields")).await;
    click(&browser, "#add").await;
    let field = expect(&browser, "#row-0-label").await;
    // Enter in a field saves, and presses no other button.
    field
        .send_keys(&format!("Nom{}", Key::Enter))
        .await
        .unwrap();
    expect(&browser, "#saved").await;
    assert_eq!(stored(&world).await.fields.iter().count(), 1);
}

async fn until_said_without_script(browser: &Browser, words: &str) {
    for _ in 0..50 {
        if browser.source().await.unwrap().contains(words) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("never said {words}");
}

async fn a_mail_in_safety_mode_loads_and_tells_nothing(db: TestDb) {
    let (world, anna, browser) = owner(&db, Viewport::DESKTOP).await;
    let logo = uploaded(
        &anna,
        &format!("{SETTINGS}/look"),
        &anna.csrf,
        LOGO.to_vec(),
    )
    .await;
    assert_eq!(logo.0, 303);
    open(&browser, &world, &format!("{SETTINGS}/safety")).await;
    click(&browser, "#safety_mode").await;
    until_previewed(&browser, "Nouvelles de la semaine").await;
    type_into(&browser, "#neutral_subject", "Le bulletin").await;
    until_previewed(&browser, "Le bulletin").await;
    click(&browser, "#save").await;
    expect(&browser, "#saved").await;
    inspect(&browser, &world, "settings-safety").await;
    assert_eq!(logged(&world).await[1].1, "neutral_subject, safety_mode");

    world.join("reader@example.org").await;
    let issue = world
        .publish(&json!({
            "newsletter": "asie-centrale",
            "subject": "Arrests in Almaty",
            "preheader": "Who was taken",
            "intro": "Bonjour",
            "parts": [{ "kind": "articles", "items": [
                { "title": "In Almaty", "url": "https://example.org/a", "summary": "All of the first text.", "countries": ["kz"],
                  "image": { "url": "https://pictures.example.org/a.jpg", "alt": "A square", "credit": "Somebody" } },
                { "title": "In Tashkent", "url": "https://example.org/b", "summary": "All of the second text.", "countries": ["uz"] },
            ] }],
        }))
        .await;
    assert_ne!(issue["status"], Value::Null, "{issue}");
    world.work().await;
    let mails = world.mails_to("reader@example.org");
    let digest = mails.last().unwrap();
    assert_eq!(digest.header("Subject"), Some("Le bulletin"));
    assert!(digest.header("List-Unsubscribe").is_some());
    assert_eq!(
        digest.header("List-Unsubscribe-Post"),
        Some("List-Unsubscribe=One-Click")
    );
    for part in [&digest.text, &digest.html] {
        for told in [
            "All of the first text.",
            "All of the second text.",
            "Arrests in Almaty",
        ] {
            assert!(part.contains(told), "{told} in {part}");
        }
        assert!(!part.contains("Who was taken"), "{part}");
        assert!(!part.contains("pictures.example.org"), "{part}");
    }
    // Nothing of it is loaded: of all mails of this newsletter.
    for mail in &mails {
        let html = mail.html.to_lowercase();
        for loads in [
            "<img",
            "<link",
            "<script",
            "<iframe",
            "background=",
            "url(",
            "srcset",
            "@import",
            "<video",
            "<object",
        ] {
            assert!(!html.contains(loads), "{loads} in {html}");
        }
        assert!(!html.contains("src="), "{html}");
    }
    let title = digest.html.split("<title>").nth(1).unwrap();
    assert!(
        title.starts_with("Le bulletin"),
        "a mail program may show the title: {title}"
    );
    // One click still unsubscribes.
    let header = digest.header("List-Unsubscribe").unwrap();
    let link = header
        .split(['<', '>'])
        .find(|part| part.starts_with("http"))
        .unwrap();
    let request = world
        .http
        .post(link)
        .form(&[("List-Unsubscribe", "One-Click")]);
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert_eq!(world.state("reader@example.org").await, "ended");
    // A week later nobody sees any more who got it; the totals stay.
    let count = "SELECT (SELECT COUNT(*) FROM delivery) + (SELECT COUNT(*) FROM consent_event WHERE ip IS NOT NULL)";
    assert!(db.number(count).await > 1);
    world.pass(8 * 24 * 60);
    xabar::worker::retention::run(&world.service).await.unwrap();
    assert_eq!(db.number(count).await, 0);
    assert_eq!(db.number("SELECT sent FROM issue").await, 1);
}
