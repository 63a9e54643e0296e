//! Signing in, people, and who may do what.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use jiff::SignedDuration;
use reqwest::Response;
use serde_json::json;
use std::net::SocketAddr;
use totp_rs::{Builder, Secret};
use xabar::accounts::people::{self, NewEditor};
use xabar::accounts::token::{self, NewToken};
use xabar::accounts::{audit_log, session};
use xabar::app;
use xabar::domain::{Actor, Editor, Language, NewsletterId, Role, Roles, Slug};
use xabar::store;

use super::{click, expect, inspect, open, type_into, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::world::{World, link_in};

on_both_databases! {
    one_signs_in_with_password_and_code,
    a_page_of_another_site_changes_nothing,
    a_role_counts_where_it_was_given,
    an_invitation_opens_the_account_once,
    tries_are_limited_and_tell_nothing,
    a_session_ends_in_its_time_and_everywhere,
    the_log_keeps_who_did_what,
    a_token_keeps_to_its_newsletters,
    what_cannot_be_undone_asks_for_a_fresh_proof,
}

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

async fn type_sign_in(browser: &Browser, password: &str) {
    type_into(browser, "#email", "anna@desk.example").await;
    type_into(browser, "#password", password).await;
    click(browser, "main button[type=submit]").await;
}

/// The code that an app with this secret shows now.
fn code(world: &World, secret: &str) -> String {
    let octets = data_encoding::BASE32.decode(secret.as_bytes()).unwrap();
    let totp = Builder::new()
        .with_secret(Secret::new(octets.into()))
        .with_account_name("anna")
        .build()
        .unwrap();
    let now = world.clock.now().as_second().try_into().unwrap();
    totp.generate(now).to_string()
}

async fn one_signs_in_with_password_and_code(db: TestDb) {
    let world = World::start(&db).await;
    account(&world, "Anna", Role::Owner).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/desk/account").await;
    expect(&browser, "#password").await;
    inspect(&browser, &world, "sign-in").await;

    type_sign_in(&browser, "kumis stirrup mountain").await;
    until_said(&browser, ".problem", "Address or password is not right").await;
    let email = expect(&browser, "#email")
        .await
        .prop("value")
        .await
        .unwrap();
    assert_eq!(email.as_deref(), Some("anna@desk.example"));
    browser.assert_quiet_but(&world.base, Some(422)).await;
    type_sign_in(&browser, PASSWORD).await;
    // Where she wanted to go.
    expect(&browser, "#totp-title").await;
    let path = browser.current_url().await.unwrap();
    assert_eq!(path.path(), "/desk/account");
    inspect(&browser, &world, "account").await;

    open(&browser, &world, "/desk/account/totp").await;
    inspect(&browser, &world, "totp").await;
    let secret = expect(&browser, ".secret").await.text().await.unwrap();
    type_into(&browser, "#code", "000000").await;
    click(&browser, ".card button[type=submit]").await;
    expect(&browser, "#code-error").await;
    let again = expect(&browser, ".secret").await.text().await.unwrap();
    assert_eq!(again, secret, "the app need not be set up anew");
    let first = code(&world, &secret);
    type_into(&browser, "#code", &first).await;
    click(&browser, ".card button[type=submit]").await;
    let recovery = expect(&browser, ".codes code").await.text().await.unwrap();
    let codes = browser.execute(
        "return document.querySelectorAll('.codes code').length",
        vec![],
    );
    assert_eq!(codes.await.unwrap(), json!(10));

    click(&browser, ".desk-person button").await;
    until_said(&browser, ".good", "You are signed out").await;
    type_sign_in(&browser, PASSWORD).await;
    // The code that turned them on has been used.
    type_into(&browser, "#code", &first).await;
    click(&browser, "main button[type=submit]").await;
    until_said(&browser, ".problem", "used already").await;
    browser.assert_quiet_but(&world.base, Some(422)).await;
    inspect(&browser, &world, "code").await;
    world.clock.advance(SignedDuration::from_secs(30));
    type_into(&browser, "#code", &code(&world, &secret)).await;
    click(&browser, "main button[type=submit]").await;
    expect(&browser, ".desk-person button").await;

    for works in [true, false] {
        click(&browser, ".desk-person button").await;
        until_said(&browser, ".good", "You are signed out").await;
        type_sign_in(&browser, PASSWORD).await;
        type_into(&browser, "#code", &recovery).await;
        click(&browser, "main button[type=submit]").await;
        if works {
            expect(&browser, ".desk-person button").await;
        } else {
            until_said(&browser, ".problem", "used already").await;
        }
    }
}

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
    people::set_role(&world.service, owner.editor.id, None, None, by)
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
    let cookie = cookies[0].value().to_owned();
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
    let mail = &world.mails_to("anna@desk.example")[2];
    let link = link_in(&mail.text, "/desk/reset/");
    world.pass(61);
    let late = world.http.get(&link).send().await.unwrap();
    assert_eq!(late.status(), 410, "after an hour");
}

async fn tries_are_limited_and_tell_nothing(db: TestDb) {
    let world = World::start(&db).await;
    account(&world, "Anna", Role::Editor).await;
    let mut said = Vec::new();
    for email in ["anna@desk.example", "nobody@desk.example"] {
        let mut statuses = Vec::new();
        for _ in 0..6 {
            let answer = try_to_sign_in(&world, email, "not the password").await;
            statuses.push(answer.status().as_u16());
            let page = answer.text().await.unwrap();
            said.push(page.replace(email, "…"));
        }
        assert_eq!(statuses, [422, 422, 422, 422, 422, 429], "{email}");
    }
    let (known, unknown) = said.split_at(6);
    assert_eq!(known, unknown);
    let right = try_to_sign_in(&world, "anna@desk.example", PASSWORD).await;
    assert_eq!(right.status(), 429, "also with the right one");
    world.pass(15);
    let right = try_to_sign_in(&world, "anna@desk.example", PASSWORD).await;
    assert_eq!(right.status(), 303);
    let cookie = right.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert_eq!(right.headers()["cache-control"], "no-store");
    // Forgotten passwords: the same answer, and a mail to the known address alone.
    let mut pages = Vec::new();
    for email in ["anna@desk.example", "nobody@desk.example"] {
        let asked = world.http.post(world.url("/desk/forgot"));
        let answer = asked.form(&[("email", email)]).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        pages.push(answer.text().await.unwrap().replace(email, "…"));
    }
    assert_eq!(pages[0], pages[1]);
    world.work().await;
    assert_eq!(world.mails_to("anna@desk.example").len(), 1);
    assert!(world.mails_to("nobody@desk.example").is_empty());
}

async fn a_session_ends_in_its_time_and_everywhere(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let page = "/desk/account?done=saved";
    let anonymous = world.http.get(world.url(page)).send().await.unwrap();
    assert_eq!(anonymous.status(), 303);
    let to = anonymous.headers()["location"].to_str().unwrap();
    assert_eq!(to, "/desk/sign-in?next=%2Fdesk%2Faccount%3Fdone%3Dsaved");
    world.pass(11 * 60);
    assert_eq!(anna.get(page).send().await.unwrap().status(), 200);
    world.pass(11 * 60);
    assert_eq!(
        anna.get(page).send().await.unwrap().status(),
        200,
        "used in between"
    );
    world.pass(12 * 60 + 1);
    assert_eq!(anna.get(page).send().await.unwrap().status(), 303, "idle");
    // What was typed stays where it is.
    let words = [("name", "Anna"), ("language", "en")];
    let typed = anna.post("/desk/account", &words).send().await.unwrap();
    assert_eq!(typed.status(), 401);
    let part = anna.get(page).header("hx-request", "true").send().await;
    assert_eq!(part.unwrap().status(), 401);

    let bernd = world.person("Bernd", Role::Editor, Language::En).await;
    for _ in 0..60 {
        world.pass(12 * 60);
        let status = bernd.get(page).send().await.unwrap().status();
        assert_eq!(status, 200);
    }
    world.pass(60);
    assert_eq!(
        bernd.get(page).send().await.unwrap().status(),
        303,
        "after 30 days"
    );

    let here = Browser::open(Viewport::DESKTOP).await;
    let olga = world.person("Olga", Role::Editor, Language::En).await;
    here.signed_in(&world, &olga).await;
    let service = &world.service;
    let mut tx = service.store.write().await.unwrap();
    let other = session::begin(service, &mut tx, olga.editor.id, "a phone").await;
    tx.commit().await.unwrap();
    open(&here, &world, "/desk/account").await;
    until_said(&here, "table", "a phone").await;
    click(&here, "form[action='/desk/sign-out-everywhere'] button").await;
    until_said(&here, ".good", "in all browsers").await;
    let found = session::find(service, &other.unwrap()).await.unwrap();
    assert!(found.is_none());
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
    let events = audit_log::newest(&world.service, None, 100).await.unwrap();
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

async fn what_cannot_be_undone_asks_for_a_fresh_proof(db: TestDb) {
    let world = World::start(&db).await;
    account(&world, "Anna", Role::Owner).await;
    let signed_in = try_to_sign_in(&world, "anna@desk.example", PASSWORD).await;
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let value = cookie.split_once('=').unwrap().1;
    let found = session::find(&world.service, value).await.unwrap().unwrap();
    let make = |proof: &'static str| {
        let csrf = found.csrf.clone();
        let fields = [
            ("csrf", csrf.as_str()),
            ("name", "site"),
            ("role", "viewer"),
            ("days", "30"),
            ("proof", proof),
        ];
        let to = world.http.post(world.url("/desk/people/tokens"));
        to.header("cookie", cookie.clone()).form(&fields).send()
    };
    assert_eq!(make("").await.unwrap().status(), 200, "just signed in");
    world.pass(6);
    assert_eq!(make("").await.unwrap().status(), 422);
    assert_eq!(make("not the password").await.unwrap().status(), 422);
    assert_eq!(token::list(&world.service).await.unwrap().len(), 2);
    assert_eq!(make(PASSWORD).await.unwrap().status(), 200);
    assert_eq!(make("").await.unwrap().status(), 200, "proven just now");
}
