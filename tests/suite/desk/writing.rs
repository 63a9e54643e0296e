//! Writing an issue at the desk.

use fantoccini::key::Key;
use serde_json::json;
use xabar::domain::{IssueContent, IssueId, IssueState, Language, Role, Roles, Slug};
use xabar::store;

use super::{click, expect, inspect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::desk::Person;
use crate::support::world::World;

/// An editor who writes in English, in a browser of this size.
pub(super) async fn writer(db: &TestDb, viewport: Viewport) -> (World, Person, Browser) {
    let world = World::start(db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let browser = Browser::open(viewport).await;
    browser.signed_in(&world, &anna).await;
    (world, anna, browser)
}

/// What the database holds of the only issue.
pub(super) async fn stored(world: &World) -> (IssueId, IssueContent) {
    let mut db = world.service.store.read().await.unwrap();
    let all = store::issue::list(&mut db, Default::default(), None, 10).await;
    let (issue, _) = all.unwrap().into_iter().next().unwrap();
    (issue.id, issue.content)
}

pub(super) async fn saved(browser: &Browser) {
    until_said(browser, "#save-state", "Saved").await;
}

/// Begins an issue with the usual parts; returns its path.
pub(super) async fn begin(browser: &Browser, world: &World) -> String {
    open(browser, world, "/desk").await;
    click(browser, ".of-newsletter .button").await;
    click(browser, "main form button[type=submit]").await;
    expect(browser, "#write").await;
    let (id, _) = stored(world).await;
    format!("/desk/issues/{id}")
}

on_both_databases!(
    an_issue_is_written_arranged_and_looked_at,
    nothing_typed_is_lost,
    two_who_write_at_once_are_told,
    it_works_without_script,
    others_may_not,
    what_was_typed_keeps_its_no_break_spaces_and_says_who_typed_it,
);

async fn an_issue_is_written_arranged_and_looked_at(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    open(&browser, &world, "/desk").await;
    inspect(&browser, &world, "home-empty").await;
    let issue = begin(&browser, &world).await;
    type_into(&browser, "#subject-text", "Le sommet").await;
    type_into(&browser, "#intro-text", "Bonjour").await;
    type_into(&browser, "#part-0-item-0-title", "First").await;
    type_into(&browser, "#part-0-item-0-url", "magazine.example.net/first").await;
    saved(&browser).await;
    // The preview follows, and the mailbox line too.
    until(
        &browser,
        "return document.getElementById('preview').contentDocument.body.textContent.includes('First')",
    )
    .await;
    until_said(&browser, "#inbox", "Le sommet").await;
    // Cards by keyboard: add, move, remove, undo.
    click(&browser, "#part-0 > button").await;
    until(
        &browser,
        "return document.activeElement.id === 'part-0-item-1-title'",
    )
    .await;
    let field = expect(&browser, "#part-0-item-1-title").await;
    field.send_keys("Second").await.unwrap();
    let up = expect(&browser, "#part-0-item-1-up").await;
    up.send_keys(&Key::Enter.to_string()).await.unwrap();
    until(
        &browser,
        "return document.activeElement.id === 'part-0-item-0-up'",
    )
    .await;
    let titles = |content: &IssueContent| -> Vec<String> {
        let items = content.parts[0].items.iter();
        items.map(|item| item.title.clone()).collect()
    };
    let (_, content) = stored(&world).await;
    assert_eq!(titles(&content), ["Second", "First"]);
    assert_eq!(
        content.parts[0].items[1].url.as_deref(),
        Some("https://magazine.example.net/first")
    );
    click(&browser, "#part-0-item-1-remove").await;
    until_said(&browser, ".undo", "Removed").await;
    assert_eq!(titles(&stored(&world).await.1), ["Second"]);
    click(&browser, "#undo").await;
    expect(&browser, "#part-0-item-1-title").await;
    assert_eq!(titles(&stored(&world).await.1), ["Second", "First"]);
    // By drag: the second card above the first.
    let drag = "
        const [first, second] = document.querySelectorAll('#part-0 .item-card');
        first.before(second);
        document.querySelector('#part-0 .items').dispatchEvent(new CustomEvent('moved', { bubbles: true }));
        return true";
    browser.execute(drag, vec![]).await.unwrap();
    // What the fields say in their new order is what is saved.
    type_into(&browser, "#preheader-text", "Two lines").await;
    saved(&browser).await;
    until(
        &browser,
        "return document.getElementById('inbox').textContent.includes('Two lines')",
    )
    .await;
    assert_eq!(titles(&stored(&world).await.1), ["First", "Second"]);
    // Each way of looking.
    for (view, shows) in [("phone", "First"), ("dark", "First"), ("text", "First")] {
        let script = format!("document.querySelector('input[value={view}]').click()");
        browser.execute(&script, vec![]).await.unwrap();
        let script = format!(
            "const d = document.getElementById('preview').contentDocument;
             return d.location.search.includes('{view}') && !!d.body && d.body.textContent.includes('{shows}')"
        );
        until(&browser, &script).await;
    }
    inspect(&browser, &world, "write").await;
    // A test copy, as somebody gets it who follows Kazakhstan.
    type_into(&browser, "#test-to", "anna@desk.example, ben@desk.example").await;
    click(&browser, ".test-copy button").await;
    until_said(&browser, "#test-answer", "2 test copies").await;
    world.work().await;
    assert_eq!(world.smtp.messages().len(), 2);
    // The history has every step, and goes back.
    open(&browser, &world, &format!("{issue}/history")).await;
    inspect(&browser, &world, "history").await;
    let steps = browser
        .execute(
            "return document.querySelectorAll('.history li').length",
            vec![],
        )
        .await
        .unwrap();
    assert!(steps.as_u64() >= Some(5), "{steps}");
    click(&browser, ".history li:last-child button").await;
    expect(&browser, "#write").await;
    let (id, content) = stored(&world).await;
    assert_eq!(
        (content.subject.as_str(), titles(&content)),
        ("", vec![String::new()])
    );
    // The name in the archive follows the subject while it is a draft.
    type_into(&browser, "#subject-text", "Autre sommet").await;
    saved(&browser).await;
    let mut db = world.service.store.read().await.unwrap();
    let slug = store::issue::by_id(&mut db, id)
        .await
        .unwrap()
        .unwrap()
        .slug;
    assert_eq!(slug, Slug::parse("2026-11-23-autre-sommet").unwrap());
}

async fn nothing_typed_is_lost(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::PHONE).await;
    let issue = begin(&browser, &world).await;
    // The network goes away and comes back.
    let network = |offline: bool| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    browser.devtools("Network.enable", json!({})).await;
    browser
        .devtools("Network.emulateNetworkConditions", network(true))
        .await;
    type_into(&browser, "#subject-text", "Typed offline").await;
    until_said(&browser, "#save-state", "no connection").await;
    browser
        .devtools("Network.emulateNetworkConditions", network(false))
        .await;
    saved(&browser).await;
    assert_eq!(stored(&world).await.1.subject, "Typed offline");
    // The session ends while somebody writes; signing in again saves what was typed.
    let mut tx = world.service.store.write().await.unwrap();
    xabar::accounts::session::end_all(&mut tx, anna.editor.id, None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    type_into(&browser, "#subject-text", "Typed signed out").await;
    until_said(&browser, "#save-state", "signed out").await;
    assert_eq!(stored(&world).await.1.subject, "Typed offline");
    let mut tx = world.service.store.write().await.unwrap();
    let again = xabar::accounts::session::begin(&world.service, &mut tx, anna.editor.id, "test");
    let cookie = again.await.unwrap();
    tx.commit().await.unwrap();
    let mut anna = anna;
    anna.cookie = cookie;
    browser.signed_in(&world, &anna).await;
    saved(&browser).await;
    assert_eq!(stored(&world).await.1.subject, "Typed signed out");
    // A browser that was closed without a connection offers what it kept.
    browser
        .devtools("Network.emulateNetworkConditions", network(true))
        .await;
    type_into(&browser, "#subject-text", "Typed before a crash").await;
    until_said(&browser, "#save-state", "no connection").await;
    let leave = "window.onbeforeunload = null; window.addEventListener('beforeunload', e => e.stopImmediatePropagation(), true)";
    browser.execute(leave, vec![]).await.unwrap();
    // Before the network is back: then it is saved at once, and forgotten here.
    let kept = "return Object.keys(localStorage).length";
    assert_eq!(browser.execute(kept, vec![]).await.unwrap(), 1);
    browser
        .devtools("Network.emulateNetworkConditions", network(false))
        .await;
    saved(&browser).await;
    let version = expect(&browser, "#version").await;
    let version = version.prop("value").await.unwrap();
    let crash = json!({ "at": 1_700_000_000_000_i64, "version": version, "fields": [["subject", "From a crash"], ["intro", "Still here"]] });
    let id = issue.rsplit('/').next().unwrap();
    let script =
        format!("localStorage.setItem('xabar-write-{id}', JSON.stringify({crash})); return true");
    // On another page: the one for writing forgets what it kept when a save arrives.
    open(&browser, &world, "/desk").await;
    browser.execute(&script, vec![]).await.unwrap();
    open(&browser, &world, &format!("{issue}/write")).await;
    until_said(&browser, "#rescue", "never saved").await;
    click(&browser, "#rescue button").await;
    until(
        &browser,
        "return document.getElementById('subject-text').value === 'From a crash'",
    )
    .await;
    assert_eq!(stored(&world).await.1.intro, "Still here");
    // From Word.
    let paste = "
        const field = document.getElementById('intro-text');
        field.focus(); field.select();
        const data = new DataTransfer();
        data.setData('text/html', `<html><head><style>p{color:red}</style></head><body><!--[if gte mso 9]><xml>x</xml><![endif]-->
            <b style=\"font-weight:normal\"><p class=MsoNormal>Hello <span style=\"font-weight:700\">bold</span> and <a href=\"https://a.example.net/\">a link</a><o:p></o:p>. «&nbsp;Ah&nbsp;!&nbsp;»&nbsp;Oui</p></b></body></html>`);
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        return field.value";
    let pasted = browser.execute(paste, vec![]).await.unwrap();
    assert_eq!(
        pasted,
        "Hello **bold** and [a link](https://a.example.net/). «\u{a0}Ah\u{a0}!\u{a0}» Oui"
    );
    saved(&browser).await;
    // A wrong paste is taken back as whatever was typed is.
    let intro = expect(&browser, "#intro-text").await;
    intro.send_keys(&(Key::Control + "z")).await.unwrap();
    until(
        &browser,
        "return document.getElementById('intro-text').value === 'Still here'",
    )
    .await;
    saved(&browser).await;
    assert_eq!(stored(&world).await.1.intro, "Still here");
}

async fn two_who_write_at_once_are_told(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    let ben = world.person("Ben", Role::Editor, Language::En).await;
    let issue = begin(&browser, &world).await;
    type_into(&browser, "#subject-text", "By Anna").await;
    saved(&browser).await;
    let (id, _) = stored(&world).await;
    let version = {
        let mut db = world.service.store.read().await.unwrap();
        store::issue::by_id(&mut db, id)
            .await
            .unwrap()
            .unwrap()
            .version
    };
    let fields = [("version", &*version.to_string()), ("subject", "By Ben")];
    let answer = ben
        .post(&format!("{issue}/write"), &fields)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303);
    type_into(&browser, "#subject-text", "By Anna again").await;
    until_said(&browser, "#conflict", "Ben has changed this issue").await;
    assert_eq!(
        stored(&world).await.1.subject,
        "By Ben",
        "nothing is overwritten"
    );
    browser.forget_complaints().await;
    inspect(&browser, &world, "write-conflict").await;
    click(&browser, "#conflict button").await;
    until(
        &browser,
        "return !document.querySelector('#conflict .notice')",
    )
    .await;
    assert_eq!(stored(&world).await.1.subject, "By Anna again");
    // Ben's text and what Anna could not save are both in the history.
    let page = ben.get(&format!("{issue}/history")).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(
        page.contains("Ben") && page.contains("not in the issue"),
        "{page}"
    );
    // Who opens the page sees that somebody else is writing.
    let page = ben.get(&format!("{issue}/write")).send().await.unwrap();
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("Anna is writing here too")
    );
}

async fn it_works_without_script(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::PHONE.without_javascript()).await;
    let issue = begin(&browser, &world).await;
    let field = expect(&browser, "#subject-text").await;
    field.send_keys("Without script").await.unwrap();
    click(&browser, "#part-0 > button").await;
    expect(&browser, "#part-0-item-1-title").await;
    let (_, content) = stored(&world).await;
    assert_eq!(
        (content.subject.as_str(), content.parts[0].items.len()),
        ("Without script", 2)
    );
    let field = expect(&browser, "#part-0-item-1-title").await;
    field.send_keys("A headline").await.unwrap();
    click(&browser, "#part-0-item-1-remove").await;
    click(&browser, "#undo").await;
    let field = expect(&browser, "#part-0-item-1-title").await;
    assert_eq!(
        field.prop("value").await.unwrap().as_deref(),
        Some("A headline")
    );
    // Enter in a field saves, and does nothing else.
    let field = expect(&browser, "#preheader-text").await;
    field
        .send_keys(&format!("By Enter{}", Key::Enter))
        .await
        .unwrap();
    expect(&browser, "#write").await;
    let (_, content) = stored(&world).await;
    assert_eq!(
        (content.preheader.as_str(), content.parts.len()),
        ("By Enter", 7)
    );
    open(&browser, &world, &format!("{issue}/preview?view=text")).await;
    assert!(browser.source().await.unwrap().contains("A headline"));
}

async fn others_may_not(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let anna = world.person("Anna", Role::Editor, Language::De).await;
    let viewer = world.person("Vera", Role::Viewer, Language::Fr).await;
    let mut elsewhere = Roles::default();
    let newsletters = store::newsletter::list(&mut world.service.store.read().await.unwrap()).await;
    let newsletters = newsletters.unwrap();
    elsewhere.give(Some(newsletters[1].id), Role::Owner);
    let stranger = world.person_with("Sven", elsewhere, Language::En).await;
    let slug = newsletters[0].slug.as_str();
    let begun = anna.post(
        "/desk/issues/new",
        &[("newsletter", slug), ("start", "blank")],
    );
    let begun = begun.send().await.unwrap();
    assert_eq!(begun.status(), 303);
    let to = begun.headers()["location"].to_str().unwrap().to_owned();
    let fields = [("subject", "Mine")];
    for (who, path, status) in [
        (&viewer, to.clone(), 403),
        (&stranger, to.clone(), 404),
        (&stranger, to.replace("/write", "/test"), 404),
        (&viewer, to.replace("/write", "/test"), 403),
        (&stranger, to.replace("/write", "/history/1"), 404),
        (&viewer, to.replace("/write", "/history/1"), 403),
        (&anna, "/desk/issues/not-an-id/write".to_owned(), 404),
        (
            &anna,
            "/desk/issues/01890000-0000-7000-8000-000000000000/write".to_owned(),
            404,
        ),
    ] {
        let answer = who.post(&path, &fields).send().await.unwrap();
        assert_eq!(answer.status(), status, "{} {path}", who.editor.name);
    }
    let list = stranger.get("/desk/issues").send().await.unwrap();
    assert!(!list.text().await.unwrap().contains(&to));
    let look = viewer
        .get(&to.replace("/write", "/preview"))
        .send()
        .await
        .unwrap();
    assert_eq!(look.status(), 200, "a viewer looks");
    // Without the token of the form, and without a session.
    let cookie = format!("xabar-desk={}", anna.cookie);
    let post = world.http.post(world.url(&to)).form(&fields);
    let forged = post.try_clone().unwrap().header("cookie", &cookie);
    assert_eq!(forged.send().await.unwrap().status(), 403);
    assert_eq!(post.send().await.unwrap().status(), 401);
    let page = world.http.get(world.url(&to)).send().await.unwrap();
    assert_eq!(page.status(), 303);
    assert!(
        page.headers()["location"]
            .to_str()
            .unwrap()
            .starts_with("/desk/sign-in?next=")
    );
    // What has gone out is not written any more.
    let (id, _) = stored(&world).await;
    let mut tx = world.service.store.write().await.unwrap();
    store::issue::set_state(&mut tx, id, IssueState::Sent)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let late = anna.post(&to, &fields).send().await.unwrap();
    assert_eq!(late.status(), 409);
}

async fn what_was_typed_keeps_its_no_break_spaces_and_says_who_typed_it(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let begun = [("newsletter", "asie-centrale"), ("start", "blank")];
    let begun = anna.post("/desk/issues/new", &begun).send().await.unwrap();
    let to = begun.headers()["location"].to_str().unwrap().to_owned();
    let typed = [
        ("version", "1"),
        ("subject", "Sommet\u{a0}: quelles  priorités\u{202f}?"),
    ];
    let saved = anna.post(&to, &typed).send().await.unwrap();
    assert_eq!(saved.status(), 303);
    let (_, content) = stored(&world).await;
    assert_eq!(content.subject, "Sommet\u{a0}: quelles priorités\u{202f}?");
    let history = anna.get(&to.replace("/write", "/history"));
    let history = history.send().await.unwrap().text().await.unwrap();
    assert!(history.contains("/history/2\""), "{history}");
    let old = anna.get(&to.replace("/write", "/history/2"));
    let old = old.send().await.unwrap().text().await.unwrap();
    assert!(
        old.contains("as Anna saved it on Monday, 23 November 2026"),
        "{old}"
    );
}
