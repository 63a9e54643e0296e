//! Accounts at the desk: invitations, roles, tokens, audit log.

mod audit_log_page;
mod offboarding;
mod reauthentication;
mod sign_in;
mod sign_in_limits;
mod sign_in_races;

use std::net::SocketAddr;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use jiff::SignedDuration;
use reqwest::Response;
use serde_json::json;
use xabar::accounts::people::{self, NewEditor, TokensOfPerson};
use xabar::accounts::token::{self, NewToken};
use xabar::accounts::{audit_log, session};
use xabar::domain::{Actor, Editor, Language, NewsletterId, Role, Roles, Slug};
use xabar::store::audit::EventFilter;
use xabar::{app, store};

use super::{click, expect, inspect, open, type_into, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::world::{World, link_in};

const PASSWORD: &str = "kumis stirrup mountain pass";

/// An account with a password.
async fn account(world: &World, name: &str, role: Role) -> Editor {
    let service = &world.service;
    let new = NewEditor {
        email: format!("{}@desk.example", name.to_lowercase())
            .parse()
            .unwrap(),
        name: name.to_owned(),
        language: Language::En,
        newsletter: None,
        role,
    };
    let by = &Actor::CommandLine;
    let editor = people::add(service, new, false, by).await.unwrap();
    people::set_password(service, editor.id, PASSWORD, None, by)
        .await
        .unwrap();
    editor
}

async fn newsletter(world: &World, slug: &str) -> NewsletterId {
    let slug = Slug::parse(slug).unwrap();
    let mut db = world.service.store.read().await.unwrap();
    let found = store::newsletter::by_slug(&mut db, &slug).await.unwrap();
    found.unwrap().id
}

async fn try_to_sign_in(world: &World, email: &str, password: &str) -> Response {
    world
        .http
        .post(world.url("/desk/sign-in"))
        .form(&[("email", email), ("password", password)])
        .send()
        .await
        .unwrap()
}

on_both_databases!(
    a_page_of_another_site_changes_nothing,
    a_role_counts_where_it_was_given,
    an_invitation_opens_the_account_once,
    the_log_keeps_who_did_what,
    a_token_keeps_to_its_newsletters,
);

async fn a_page_of_another_site_changes_nothing(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Owner, Language::En).await;
    let form = format!(
        "<form method=post action='{}/desk/account'><input name=csrf value='{}'>\
         <input name=name value=Evil><input name=language value=en><button>Win</button></form>",
        world.base, anna.csrf
    );
    let listener = app::listen(SocketAddr::from(([127, 0, 0, 1], 0)));
    let listener = listener.await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let elsewhere = Router::new().route("/", get(move || async { Html(form) }));
    tokio::spawn(async move { axum::serve(listener, elsewhere).await });

    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.signed_in(&world, &anna).await;
    open(&browser, &world, "/desk/account").await;
    expect(&browser, "#name").await;
    // Another site than 127.0.0.1, though the same machine.
    let other = format!("http://localhost:{port}/");
    browser.goto(&other).await.unwrap();
    click(&browser, "button").await;
    until_said(&browser, "h1", "did not come from a page of the desk").await;

    let ours = [("name", "Anna B."), ("language", "en")];
    let foreign = anna
        .post("/desk/account", &ours)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    // And a form of ours without its token, as a page that somebody slipped in would send it.
    let cookie = format!("xabar-desk={}", anna.cookie);
    let without = world.http.post(world.url("/desk/account"));
    let without = without.header("cookie", cookie).form(&ours);
    assert_eq!(without.send().await.unwrap().status(), 403);
    let bernd = world.person("Bernd", Role::Owner, Language::En).await;
    let cookie = format!("xabar-desk={}", bernd.cookie);
    let others = [("csrf", anna.csrf.as_str()), ours[0], ours[1]];
    let others = world.http.post(world.url("/desk/account")).form(&others);
    let others = others.header("cookie", cookie).send().await.unwrap();
    assert_eq!(others.status(), 403, "the token of somebody else");
    let name = people::by_id(&world.service, anna.editor.id).await.unwrap();
    assert_eq!(name.editor.name, "Anna");
    let saved = anna.post("/desk/account", &ours).send().await.unwrap();
    assert_eq!(saved.status(), 303);
}

async fn a_role_counts_where_it_was_given(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let issue = world.draft("Le sommet").await;
    let write = format!("/desk/issues/{issue}/write");
    let mut roles = Roles::default();
    roles.give(
        Some(newsletter(&world, "asie-centrale").await),
        Role::Viewer,
    );
    let viewer = world.person_with("Vera", roles, Language::En).await;
    let mut roles = Roles::default();
    roles.give(Some(newsletter(&world, "central-asia").await), Role::Owner);
    let stranger = world.person_with("Stan", roles, Language::En).await;

    let refused = viewer.post(&write, &[("subject", "Mine")]).send().await;
    assert_eq!(refused.unwrap().status(), 403);
    let gone = stranger.get(&write).send().await.unwrap();
    assert_eq!(gone.status(), 404);
    let page = gone.text().await.unwrap();
    assert!(!page.contains("Le sommet"), "{page}");
    // An owner of one newsletter manages nobody.
    for path in ["/desk/people", "/desk/people/tokens", "/desk/people/log"] {
        let refused = stranger.get(path).send().await.unwrap();
        assert_eq!(refused.status(), 403, "{path}");
    }
    let myself = format!("/desk/people/{}/role", viewer.editor.id);
    let refused = viewer.post(&myself, &[("role", "owner")]).send().await;
    assert_eq!(refused.unwrap().status(), 403);
    // A role that is taken is gone with the next request.
    let owner = world.person("Olga", Role::Owner, Language::En).await;
    assert_eq!(owner.get(&write).send().await.unwrap().status(), 200);
    let last = format!("/desk/people/{}/role", owner.editor.id);
    let refused = owner
        .post(&last, &[("role", "viewer")])
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 422, "the last owner");
    let by = &Actor::CommandLine;
    people::set_role(
        &world.service,
        owner.editor.id,
        (None, None),
        TokensOfPerson::Keep,
        by,
    )
    .await
    .unwrap();
    assert_eq!(owner.get(&write).send().await.unwrap().status(), 404);
}

async fn an_invitation_opens_the_account_once(db: TestDb) {
    let world = World::start(&db).await;
    let owner = world.person("Olga", Role::Owner, Language::En).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.signed_in(&world, &owner).await;
    open(&browser, &world, "/desk/people").await;
    inspect(&browser, &world, "people").await;
    type_into(&browser, "#name", "Anna").await;
    type_into(&browser, "#email", "anna@desk.example").await;
    click(&browser, ".card button[type=submit]").await;
    until_said(&browser, ".good", "on its way").await;
    world.work().await;
    let mail = &world.mails_to("anna@desk.example")[0];
    let link = link_in(&mail.text, "/desk/invitation/");

    let new = Browser::open(Viewport::PHONE).await;
    new.goto(&link).await.unwrap();
    inspect(&new, &world, "new-password").await;
    type_into(&new, "#password", "anna anna anna").await;
    click(&new, "main button[type=submit]").await;
    until_said(&new, "#password-error", "leave out your name").await;
    type_into(&new, "#password", PASSWORD).await;
    click(&new, "main button[type=submit]").await;
    expect(&new, ".desk-person button").await;
    let again = world.http.get(&link).send().await.unwrap();
    assert_eq!(again.status(), 410);

    // A forgotten password ends every session, and an old link is worth nothing.
    let cookies = new.get_all_cookies().await.unwrap();
    let session = cookies.iter().find(|cookie| cookie.name() == "xabar-desk");
    let cookie = session.unwrap().value().to_owned();
    let asked = world.http.post(world.url("/desk/forgot"));
    let asked = asked.form(&[("email", "anna@desk.example")]);
    assert_eq!(asked.send().await.unwrap().status(), 200);
    world.work().await;
    let mail = &world.mails_to("anna@desk.example")[1];
    let link = link_in(&mail.text, "/desk/reset/");
    let other = [("password", "felt yurt under the stars")];
    let set = world.http.post(&link).form(&other).send().await.unwrap();
    assert_eq!(set.status(), 303);
    let found = session::find(&world.service, &cookie).await.unwrap();
    assert!(found.is_none(), "the browser from before");
    let again = world.http.post(&link).form(&other).send().await.unwrap();
    assert_eq!(again.status(), 410);
    let old = try_to_sign_in(&world, "anna@desk.example", PASSWORD).await;
    assert_eq!(old.status(), 422);

    let asked = world.http.post(world.url("/desk/forgot"));
    let asked = asked.form(&[("email", "anna@desk.example")]);
    assert_eq!(asked.send().await.unwrap().status(), 200);
    world.work().await;
    let mails = world.mails_to("anna@desk.example");
    let mut resets = mails
        .iter()
        .filter(|mail| mail.text.contains("/desk/reset/"));
    let link = link_in(&resets.nth(1).unwrap().text, "/desk/reset/");
    world.pass(61);
    let late = world.http.get(&link).send().await.unwrap();
    assert_eq!(late.status(), 410, "after an hour");
}

async fn the_log_keeps_who_did_what(db: TestDb) {
    let world = World::start(&db).await;
    let issue = world.draft("Le sommet").await;
    world.join("reader@example.org").await;
    let (status, said) = world.act(&issue, "send").await;
    assert_eq!(status, 202, "{said}");
    let (status, said) = world.act(&issue, "pause").await;
    assert_eq!(status, 200, "{said}");
    account(&world, "Anna", Role::Owner).await;
    try_to_sign_in(&world, "anna@desk.example", "not the password").await;
    try_to_sign_in(&world, "anna@desk.example", PASSWORD).await;
    let events = audit_log::newest(&world.service, &EventFilter::default(), None, 100)
        .await
        .unwrap();
    let done: Vec<_> = events
        .iter()
        .rev()
        .map(|logged| logged.event.clone().unwrap())
        .collect();
    let words: Vec<&str> = done.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(
        words,
        [
            "token-made",
            "sent",
            "paused",
            "editor-added",
            "password-changed",
            "sign-in-failed",
            "signed-in"
        ]
    );
    assert_eq!(done[1].object, format!("issue:{issue}"));
    assert_eq!(done[1].actor_name, "test");
    assert!(done[1].actor.starts_with("token:"));
    let report = audit_log::verify(&world.service).await.unwrap();
    assert!(report.intact, "{report:?}");
    assert_eq!(report.events, 7);

    // No statement changes a line; who gets around that is seen.
    let forged = "UPDATE audit_event SET actor_name = 'somebody else' WHERE id = 2";
    let refused = db.execute(forged).await.unwrap_err().to_string();
    assert!(refused.contains("only added to"), "{refused}");
    let gone = "DELETE FROM audit_event WHERE id = 7";
    db.execute(gone).await.unwrap_err();
    let triggers: &[&str] = match db.url.starts_with("sqlite") {
        true => &[
            "DROP TRIGGER audit_event_changed",
            "DROP TRIGGER audit_event_removed",
        ],
        false => &["DROP TRIGGER audit_event_stays ON audit_event"],
    };
    for drop in triggers {
        db.execute(drop).await.unwrap();
    }
    db.execute(forged).await.unwrap();
    let breaks = audit_log::verify(&world.service).await.unwrap().breaks;
    let kinds: Vec<(i64, &str)> = breaks.iter().map(|b| (b.event, b.kind.as_str())).collect();
    assert_eq!(kinds, [(2, "changed")]);
    db.execute("UPDATE audit_event SET actor_name = 'test' WHERE id = 2")
        .await
        .unwrap();
    assert!(audit_log::verify(&world.service).await.unwrap().intact);
    db.execute(gone).await.unwrap();
    let breaks = audit_log::verify(&world.service).await.unwrap().breaks;
    assert_eq!(breaks[0].kind.as_str(), "cut-off");

    let owner = world.person("Olga", Role::Owner, Language::En).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.signed_in(&world, &owner).await;
    open(&browser, &world, "/desk/people/log").await;
    inspect(&browser, &world, "log").await;
    click(&browser, ".page-head .button").await;
    until_said(&browser, ".problem", "not what was written").await;
}

async fn a_token_keeps_to_its_newsletters(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let issue = world.draft("Le sommet").await;
    let service = &world.service;
    let new = NewToken {
        name: "site".to_owned(),
        role: Role::Owner,
        newsletters: Some(vec![newsletter(&world, "central-asia").await]),
        editor: None,
        lasts: Some(SignedDuration::from_hours(24)),
    };
    let value = token::add(service, new, &Actor::CommandLine).await.unwrap();
    let get = |path: &str| world.http.get(world.url(path)).bearer_auth(&value).send();
    for (path, status) in [
        (format!("/api/v1/issues/{issue}"), 404),
        (format!("/api/v1/issues/{issue}/preview"), 404),
        (format!("/api/v1/issues/{issue}/events"), 404),
        ("/api/v1/newsletters/asie-centrale".to_owned(), 404),
        ("/api/v1/newsletters/central-asia".to_owned(), 200),
        ("/api/v1/issues?newsletter=asie-centrale".to_owned(), 422),
    ] {
        assert_eq!(get(&path).await.unwrap().status(), status, "{path}");
    }
    let all = get("/api/v1/newsletters").await.unwrap();
    let all: serde_json::Value = all.json().await.unwrap();
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
    let issues = get("/api/v1/issues").await.unwrap();
    let issues: serde_json::Value = issues.json().await.unwrap();
    assert_eq!(issues["items"], json!([]));
    let body = json!({ "newsletter": "asie-centrale", "subject": "Mine" });
    let post = |path: &str, body: serde_json::Value| {
        let to = world.http.post(world.url(path));
        to.bearer_auth(&value).json(&body).send()
    };
    assert_eq!(post("/api/v1/issues", body).await.unwrap().status(), 422);
    let cancel = format!("/api/v1/issues/{issue}/cancel");
    assert_eq!(post(&cancel, json!({})).await.unwrap().status(), 404);
    let show = json!({ "address": "reader@example.org" });
    let show = post("/api/v1/subscribers/show", show).await.unwrap();
    assert_eq!(show.status(), 403, "readers belong to all newsletters");

    world.pass(24 * 60);
    let late = get("/api/v1/newsletters").await.unwrap();
    assert_eq!(late.status(), 401, "expired");
    let owner = world.person("Olga", Role::Owner, Language::En).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.signed_in(&world, &owner).await;
    open(&browser, &world, "/desk/people/tokens").await;
    type_into(&browser, "#name", "Website").await;
    click(&browser, ".card button[type=submit]").await;
    let made = expect(&browser, ".secret").await.text().await.unwrap();
    inspect(&browser, &world, "tokens").await;
    let use_it = || {
        let ask = world.http.get(world.url("/api/v1/newsletters"));
        ask.bearer_auth(&made).send()
    };
    assert_eq!(use_it().await.unwrap().status(), 200);
    click(&browser, "[aria-label='Revoke the token “Website”']").await;
    until_said(&browser, "main", "test").await;
    for _ in 0..50 {
        if use_it().await.unwrap().status() == 401 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the revoked token still works");
}
