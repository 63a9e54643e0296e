//! An issue that was sent, at the desk: correcting its page, and taking it off the web.

use jiff::SignedDuration;
use xabar::domain::{IssueId, Language, Role};
use xabar::{store, worker};

use super::unsaved_text::{is_there, value};
use super::writing::writer;
use super::{ask_for_approval, click, expect, inspect, open, type_into, until, until_said};
use crate::issues::corrections::correct_as_read;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::desk::Person;
use crate::support::world::World;

on_both_databases!(
    a_sent_issue_is_corrected_and_an_erratum_follows,
    a_page_is_taken_off_the_web_and_put_back,
    who_was_still_writing_goes_on_with_the_page,
    colleagues_correct_one_page,
    a_corrected_text_is_approved_on_the_report,
    nobody_is_offered_an_erratum_to_readers_who_are_not_known,
);

/// An issue that two readers have got.
async fn sent(db: &TestDb) -> (World, Person, Browser, String) {
    let (world, anna, browser) = writer(db, Viewport::DESKTOP).await;
    world.readers(&["ok@example.org", "ok2@example.org"]).await;
    let id = world.draft("Sommet").await;
    send(&world, &id).await;
    (world, anna, browser, id)
}

async fn send(world: &World, id: &str) {
    assert_eq!(world.act(id, "send").await.0, 202);
    world.work().await;
    assert_eq!(world.issue(id).await["status"], "sent");
}

async fn intro(world: &World, id: &str) -> String {
    let mut db = world.service.store.read().await.unwrap();
    let found = store::issue::by_id(&mut db, IssueId(id.parse().unwrap())).await;
    found.unwrap().unwrap().content.intro
}

async fn status_of(world: &World, id: &str) -> u16 {
    let slug = world.issue(id).await["slug"].as_str().unwrap().to_owned();
    let page = world.url(&format!("/archive/asie-centrale/{slug}"));
    world.http.get(page).send().await.unwrap().status().as_u16()
}

async fn a_sent_issue_is_corrected_and_an_erratum_follows(db: TestDb) {
    let (world, anna, browser, id) = sent(&db).await;
    open(&browser, &world, &format!("/desk/issues/{id}/report")).await;
    click(&browser, "a[href$='/write']").await;
    until_said(&browser, ".notice", "corrects its page on the web alone").await;
    inspect(&browser, &world, "write-sent").await;
    type_into(&browser, "#intro-text", "Corrected").await;
    until_said(&browser, "#save-state", "Kept in the history").await;
    assert_ne!(
        intro(&world, &id).await,
        "Corrected",
        "nobody has looked at it"
    );
    click(&browser, "button[value=compare]").await;
    until_said(&browser, "main", "No mail goes out again").await;
    until_said(&browser, "main", "2 readers had the old text").await;
    inspect(&browser, &world, "correction-sent").await;
    let field = |name: &str| format!("return document.querySelector('main [name={name}]').value");
    let aside = until(&browser, &field("aside")).await;
    let version = until(&browser, &field("version")).await;
    click(&browser, "button[value=correct]").await;
    until_said(&browser, "[role=status]", "The page has the corrected text").await;
    assert_eq!(intro(&world, &id).await, "Corrected");
    // Who goes back and presses the button once more has done it already.
    let once_more = [
        ("do", "correct"),
        ("aside", aside.as_str().unwrap()),
        ("version", version.as_str().unwrap()),
    ];
    let write = format!("/desk/issues/{id}/write");
    let again = anna.post(&write, &once_more).send().await.unwrap();
    assert_eq!(again.status(), 303);
    assert_eq!(world.issue(&id).await["revision"], 2);
    open(&browser, &world, &write).await;
    assert_eq!(value(&browser, "intro-text").await, "Corrected");
    assert!(!is_there(&browser, "#unapplied").await);
    world.work().await;
    assert_eq!(world.mails_to("ok@example.org").len(), 1);
    // The two are told, and nobody else.
    world.readers(&["new@example.org"]).await;
    open(&browser, &world, &format!("/desk/issues/{id}/report")).await;
    click(&browser, "form[action$='/erratum'] button").await;
    type_into(&browser, "#intro-text", "The summit is on Tuesday.").await;
    until_said(&browser, "#save-state", "Saved").await;
    click(&browser, "button[value=send]").await;
    until_said(&browser, ".lead", "2 readers get it").await;
    let at = browser.current_url().await.unwrap();
    let erratum = at.path().split('/').nth(3).unwrap().to_owned();
    send(&world, &erratum).await;
    assert_eq!(world.mails_to("ok2@example.org").len(), 2);
    assert!(world.mails_to("new@example.org").is_empty());
}

async fn a_page_is_taken_off_the_web_and_put_back(db: TestDb) {
    let (world, _, browser, id) = sent(&db).await;
    open(&browser, &world, &format!("/desk/issues/{id}/report")).await;
    click(&browser, "form[action$='/hide'] button").await;
    until_said(&browser, ".kicker", "Page off the web").await;
    until_said(&browser, "main", "has been off the web since").await;
    assert_eq!(status_of(&world, &id).await, 410);
    inspect(&browser, &world, "report-hidden").await;
    for list in ["/desk/issues", "/desk"] {
        open(&browser, &world, list).await;
        until_said(&browser, ".issue-list", "Page off the web").await;
    }
    browser.back().await.unwrap();
    until_said(&browser, ".issue-list", "Page off the web").await;
    click(&browser, ".issue-list a").await;
    click(&browser, "form[action$='/unhide'] button").await;
    expect(&browser, "form[action$='/hide']").await;
    assert!(!is_there(&browser, ".state-hidden").await);
    assert_eq!(status_of(&world, &id).await, 200);
    // While it goes out, on the page of that.
    let id = world.draft("Deuxième").await;
    assert_eq!(world.act(&id, "send").await.0, 202);
    assert_eq!(world.act(&id, "pause").await.0, 200);
    open(&browser, &world, &format!("/desk/issues/{id}/watch")).await;
    click(&browser, "form[action$='/hide'] button").await;
    until_said(&browser, ".kicker", "Page off the web").await;
    assert_eq!(status_of(&world, &id).await, 410);
    assert_eq!(world.issue(&id).await["status"], "paused");
}

async fn who_was_still_writing_goes_on_with_the_page(db: TestDb) {
    let (world, anna, browser) = writer(&db, Viewport::DESKTOP).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    let write = format!("/desk/issues/{id}/write");
    open(&browser, &world, &write).await;
    send(&world, &id).await;
    type_into(&browser, "#intro-text", "Too late").await;
    until_said(&browser, "#conflict", "This issue has gone out").await;
    // No button of the old page changes what is public.
    for act in ["apply", "overwrite-apply", "send"] {
        let late = [
            ("subject", "Sommet"),
            ("intro", "Slip"),
            ("mode", "scheduled"),
            ("do", act),
        ];
        let late = anna.post(&write, &late).send().await.unwrap();
        assert_eq!(late.status(), 409, "{act}");
    }
    assert_eq!(world.issue(&id).await["revision"], 1);
    click(&browser, "#conflict a[href$='/write']").await;
    until_said(&browser, "#unapplied", "not in the issue yet").await;
    type_into(&browser, "#intro-text", "In time").await;
    until_said(&browser, "#save-state", "Kept in the history").await;
    click(&browser, "button[value=compare]").await;
    click(&browser, "button[value=correct]").await;
    until_said(&browser, "[role=status]", "The page has the corrected text").await;
    assert_eq!(intro(&world, &id).await, "In time");
}

async fn colleagues_correct_one_page(db: TestDb) {
    let (world, _, browser, id) = sent(&db).await;
    let ben = world.person("Ben", Role::Editor, Language::En).await;
    let write = format!("/desk/issues/{id}/write");
    open(&browser, &world, &write).await;
    let version = value(&browser, "version").await;
    // Taking the page down is no change of the text.
    let hide = ben.post(&format!("/desk/issues/{id}/hide"), &[]);
    assert_eq!(hide.send().await.unwrap().status(), 303);
    type_into(&browser, "#intro-text", "By Anna").await;
    until_said(&browser, "#save-state", "Kept in the history").await;
    assert!(!is_there(&browser, "#conflict .notice").await);
    let fields = [
        ("version", version.as_str().unwrap()),
        ("mode", "page"),
        ("subject", "Sommet"),
        ("intro", "By Ben"),
        ("do", "compare"),
    ];
    let page = ben.post(&write, &fields).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    let field = |name: &str| {
        let (_, rest) = page
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (aside, version) = (field("aside"), field("version"));
    let correct = [
        ("do", "correct"),
        ("aside", &*aside),
        ("version", &*version),
    ];
    let corrected = ben.post(&write, &correct).send().await.unwrap();
    assert_eq!(corrected.status(), 303);
    assert_eq!(intro(&world, &id).await, "By Ben");
    type_into(&browser, "#intro-text", "Still by Anna").await;
    until_said(&browser, "#conflict", "Ben").await;
    assert_eq!(intro(&world, &id).await, "By Ben");
    click(&browser, "#conflict button").await;
    click(&browser, "button[value=correct]").await;
    until_said(&browser, "[role=status]", "The page has the corrected text").await;
    assert_eq!(intro(&world, &id).await, "Still by Anna");
}

/// The page in words of people, without spaces that do not break.
async fn page(person: &Person, path: &str) -> String {
    let answer = person.get(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap().replace('\u{a0}', " ")
}

async fn a_corrected_text_is_approved_on_the_report(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok@example.org", "spam@example.org"]).await;
    let id = world.draft("Sommet").await;
    send(&world, &id).await;
    ask_for_approval(&world).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let ben = world.person("Ben", Role::Editor, Language::En).await;
    let desk = format!("/desk/issues/{id}");
    let report = format!("{desk}/report");
    assert!(
        page(&anna, &report).await.contains("/retry\""),
        "it is the text that went out"
    );
    assert_eq!(correct_as_read(&world, &id, "Corrigé").await.0, 200);
    let shown = page(&anna, &report).await;
    assert!(
        shown.contains("needs two people") && !shown.contains("/retry\""),
        "{shown}"
    );
    let version = world.issue(&id).await["version"].to_string();
    let seen = [("version", version.as_str())];
    let approved = anna.post(&format!("{desk}/approve"), &seen);
    assert_eq!(approved.send().await.unwrap().status(), 303);
    let shown = page(&anna, &report).await;
    assert!(shown.contains("Now another person must send it"), "{shown}");
    assert!(page(&ben, &report).await.contains("/retry\""));
    let again = ben.post(&format!("{desk}/retry"), &[]).send().await;
    assert_eq!(again.unwrap().status(), 303);
    assert_eq!(world.counts(&id).await, "queued=1 sent=1");
}

async fn nobody_is_offered_an_erratum_to_readers_who_are_not_known(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    send(&world, &id).await;
    world.clock.advance(SignedDuration::from_hours(24 * 366));
    worker::retention::run(&world.service).await.unwrap();
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let fields = [
        ("mode", "page"),
        ("subject", "Corrigé"),
        ("intro", "Bonjour"),
        ("do", "compare"),
    ];
    let write = anna.post(&format!("/desk/issues/{id}/write"), &fields);
    let compared = write.send().await.unwrap().text().await.unwrap();
    let unknown = "Who had the old text is not known any more";
    assert!(
        compared.contains(unknown) && !compared.contains("you can write an erratum"),
        "{compared}"
    );
    assert_eq!(correct_as_read(&world, &id, "Corrigé").await.0, 200);
    let shown = page(&anna, &format!("/desk/issues/{id}/report")).await;
    assert!(
        shown.contains(unknown) && !shown.contains("/erratum\""),
        "{shown}"
    );
}
