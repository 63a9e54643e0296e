//! Approval at the desk: the password that is asked again, and what is said of a text that a second person approves.

use xabar::accounts::{people, session};
use xabar::domain::{Actor, Language, Role};

use super::{ask_for_approval, click, expect, inspect, open, type_into, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::desk::Person;
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    a_wrong_password_keeps_the_form_of_approval_and_sending,
    a_wrong_password_keeps_the_form_of_sending_again,
    who_approved_an_earlier_text_is_told_what_is_needed_next,
    why_an_issue_stopped_is_said_in_each_language,
    a_colleague_is_asked_for_the_approval,
);

pub(super) const PASSWORD: &str = "kumis stirrup mountain pass";

/// Somebody with a password who signed in six minutes ago, in a browser.
pub(super) async fn late(
    world: &World,
    name: &str,
    role: Role,
    viewport: Viewport,
) -> (Person, Browser) {
    let person = world.person(name, role, Language::En).await;
    let service = &world.service;
    let session = session::find(service, &person.cookie).await.unwrap();
    let (id, but) = (person.editor.id, session.map(|session| session.id));
    people::set_password(service, id, PASSWORD, but, &Actor::CommandLine)
        .await
        .unwrap();
    let browser = Browser::open(viewport).await;
    browser.signed_in(world, &person).await;
    (person, browser)
}

pub(super) async fn prop(browser: &Browser, css: &str, name: &str) -> String {
    let element = expect(browser, css).await;
    element.prop(name).await.unwrap().unwrap_or_default()
}

async fn a_wrong_password_keeps_the_form_of_approval_and_sending(db: TestDb) {
    let world = World::start(&db).await;
    let (_, hers) = late(&world, "Anna", Role::Editor, Viewport::DESKTOP).await;
    let (_, his) = late(&world, "Bruno", Role::Editor, Viewport::PHONE).await;
    world.readers(&["ok@example.org"]).await;
    ask_for_approval(&world).await;
    let id = world.draft("Sommet").await;
    let send = format!("/desk/issues/{id}/send");
    world.pass(6);
    open(&his, &world, &send).await;
    type_into(&his, "#proof-approve", "kumis").await;
    click(&his, "form[action$='/approve'] button").await;
    until_said(&his, "#proof-approve-error", "is not right").await;
    until_said(&his, ".lead", "One reader gets it").await;
    assert_eq!(prop(&his, "#proof-approve", "ariaInvalid").await, "true");
    inspect(&his, &world, "approve-wrong-password").await;
    his.look_through(Viewport::PHONE).await;
    type_into(&his, "#proof-approve", PASSWORD).await;
    click(&his, "form[action$='/approve'] button").await;
    until_said(&his, "main", "another person must send it").await;
    // The time that was chosen stays.
    open(&hers, &world, &send).await;
    click(&hers, "input[value=at]").await;
    let at = "document.querySelector('input[name=at]').value = '2026-12-24T08:00'";
    hers.execute(at, vec![]).await.unwrap();
    type_into(&hers, "#proof-send", "stirrup").await;
    click(&hers, ".send-form button").await;
    until_said(&hers, "#proof-send-error", "is not right").await;
    assert_eq!(prop(&hers, "input[value=at]", "checked").await, "true");
    let typed = prop(&hers, "input[name=at]", "value").await;
    assert_eq!(typed, "2026-12-24T08:00");
    inspect(&hers, &world, "send-wrong-password").await;
    type_into(&hers, "#proof-send", PASSWORD).await;
    click(&hers, ".send-form button").await;
    until_said(&hers, ".kicker", "Scheduled").await;
    assert_eq!(world.issue(&id).await["status"], "scheduled");
}

async fn a_wrong_password_keeps_the_form_of_sending_again(db: TestDb) {
    let world = World::start(&db).await;
    let (_, browser) = late(&world, "Anna", Role::Editor, Viewport::DESKTOP).await;
    world
        .readers(&["ok@example.org", "spam@mail.example"])
        .await;
    let id = world.triggered().await;
    world.work().await;
    world.counts_become(&id, "sent=1 failed=1").await;
    world.pass(6);
    open(&browser, &world, &format!("/desk/issues/{id}/report")).await;
    click(&browser, "details.ask summary").await;
    type_into(&browser, "#proof-retry", "kumis").await;
    click(&browser, "form[action$='/retry'] button").await;
    until_said(&browser, "#proof-retry-error", "is not right").await;
    until_said(&browser, "h1", "Sommet").await;
    let field = expect(&browser, "#proof-retry").await;
    assert!(field.is_displayed().await.unwrap(), "the form is open");
    inspect(&browser, &world, "retry-wrong-password").await;
    assert_eq!(world.counts(&id).await, "sent=1 failed=1");
    type_into(&browser, "#proof-retry", PASSWORD).await;
    click(&browser, "form[action$='/retry'] button").await;
    until_said(&browser, ".kicker", "Being sent").await;
}

async fn who_approved_an_earlier_text_is_told_what_is_needed_next(db: TestDb) {
    let world = World::start(&db).await;
    let (anna, hers) = late(&world, "Anna", Role::Editor, Viewport::DESKTOP).await;
    let (bruno, his) = late(&world, "Bruno", Role::Editor, Viewport::PHONE).await;
    world
        .readers(&["ok@example.org", "defer2@example.org"])
        .await;
    ask_for_approval(&world).await;
    let id = world.draft("Sommet").await;
    let desk = format!("/desk/issues/{id}");
    let version = world.issue(&id).await["version"].to_string();
    let seen = [("version", version.as_str())];
    let approved = bruno.post(&format!("{desk}/approve"), &seen).send().await;
    assert_eq!(approved.unwrap().status(), 303);
    let soon = [("version", version.as_str()), ("when", "soon")];
    let sent = anna.post(&format!("{desk}/send"), &soon).send().await;
    assert_eq!(sent.unwrap().status(), 303);
    world.pass(1);
    world.work().await;
    world.counts_become(&id, "sent=1 deferred=1").await;
    let paused = anna.post(&format!("{desk}/pause"), &[]).send().await;
    assert_eq!(paused.unwrap().status(), 303);
    let correction = world.patch(&format!("/api/v1/issues/{id}"));
    let correction = correction.json(&serde_json::json!({ "subject": "Autre" }));
    assert_eq!(correction.send().await.unwrap().status(), 200);

    let watch = format!("{desk}/watch");
    open(&his, &world, &watch).await;
    until_said(&his, ".watch-actions", "changed after you approved it").await;
    inspect(&his, &world, "changed-after-own-approval").await;
    open(&hers, &world, &watch).await;
    until_said(&hers, ".watch-actions", "changed after Bruno approved it").await;
    click(&hers, "form[action$='/approve'] button").await;
    until_said(&hers, ".watch-actions", "another person must let it go on").await;
    inspect(&hers, &world, "approved-to-go-on").await;
    open(&his, &world, &watch).await;
    click(&his, "form[action$='/resume'] button").await;
    until_said(&his, ".kicker", "Being sent").await;
}

async fn why_an_issue_stopped_is_said_in_each_language(db: TestDb) {
    let world = World::with(&db, Options::default(), |settings| {
        settings.smtp.connections = 1;
    })
    .await;
    let names: Vec<String> = (0..9).map(|n| format!("spam{n}@example.org")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    world.readers(&names).await;
    let stopped = world.triggered().await;
    world.work().await;
    let issue = world.issue(&stopped).await;
    assert_eq!(issue["paused_code"], "refused", "{issue}");
    let said = issue["paused_because"].as_str().unwrap();
    assert!(said.starts_with("the relay refused this issue"), "{said}");
    let watch = format!("/desk/issues/{stopped}/watch");
    for (language, words) in [
        (Language::En, "It paused itself: the mail server refused"),
        (Language::De, "Der Mailserver hat diese Ausgabe"),
        (Language::Fr, "le serveur de messagerie a refusé"),
        (Language::Ru, "почтовый сервер отклонил этот выпуск"),
    ] {
        let name = format!("Editor-{language}");
        let person = world.person(&name, Role::Editor, language).await;
        let page = person.get(&watch).send().await.unwrap();
        let page = page.text().await.unwrap();
        assert!(page.contains(words), "{language}: {page}");
        assert!(page.contains("554 5.7.1"), "{language}: {page}");
        assert!(!page.contains("the relay refused"), "{language}: {page}");
        if language == Language::Fr {
            let browser = Browser::open(Viewport::PHONE).await;
            browser.signed_in(&world, &person).await;
            open(&browser, &world, &watch).await;
            until_said(&browser, ".problem", words).await;
            inspect(&browser, &world, "paused-itself-fr").await;
        }
    }
    // The words of a version that knew no codes are still shown.
    db.execute("UPDATE issue SET paused_code = NULL, paused_because = 'in other words'")
        .await
        .unwrap();
    assert_eq!(world.issue(&stopped).await["paused_code"], "other");
    assert_eq!(
        world.issue(&stopped).await["paused_because"],
        "in other words"
    );
}

async fn a_colleague_is_asked_for_the_approval(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let ben = world.person("Ben", Role::Editor, Language::En).await;
    let vera = world.person("Vera", Role::Viewer, Language::En).await;
    world.readers(&["ok@example.org"]).await;
    ask_for_approval(&world).await;
    let id = world.draft("Sommet").await;
    let asks = async |person: &Person| {
        let home = person.get("/desk").send().await.unwrap();
        home.text()
            .await
            .unwrap()
            .contains("needs the approval of a second person")
    };
    assert!(!asks(&ben).await, "nobody wants it to go out yet");
    // Whoever took one back does not ask for it either, though it was scheduled and is another text now.
    let actor = ben.editor.actor();
    let issue = xabar::domain::IssueId(id.parse().unwrap());
    xabar::publish::approve(&world.service, issue, None, &anna.editor.actor())
        .await
        .unwrap();
    let soon = xabar::publish::Trigger::InAMinute;
    xabar::publish::send(&world.service, issue, &soon, None, &actor)
        .await
        .unwrap();
    xabar::publish::unschedule(&world.service, issue, None, &actor)
        .await
        .unwrap();
    let not_approved = "UPDATE issue SET approved_by = NULL, approved_hash = NULL";
    db.execute(not_approved).await.unwrap();
    assert!(!asks(&anna).await, "nobody asks");
    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.signed_in(&world, &anna).await;
    open(&browser, &world, &format!("/desk/issues/{id}/send")).await;
    click(&browser, "form[action$='/ask-approval'] button").await;
    until_said(&browser, "#asked", "You have asked for the approval").await;
    assert!(
        !asks(&anna).await && !asks(&vera).await,
        "they cannot approve it"
    );
    browser.signed_in(&world, &ben).await;
    open(&browser, &world, "/desk").await;
    click(&browser, ".tasks a").await;
    click(&browser, "form[action$='/approve'] button").await;
    until_said(&browser, ".notice.good", "Ben approved this text").await;
    assert!(!asks(&ben).await);
}
