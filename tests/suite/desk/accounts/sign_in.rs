//! Signing in, sessions, codes of an app, and reauthentication.

use jiff::SignedDuration;
use serde_json::json;
use totp_rs::{Builder, Secret};
use xabar::accounts::{audit_log, people, session, token};
use xabar::domain::{AuditAction, Language, Role};
use xabar::store::audit::EventFilter;

use super::{PASSWORD, account, try_to_sign_in};
use crate::desk::{click, expect, inspect, open, type_into, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::mail::ParsedMail;
use crate::support::world::World;

async fn type_sign_in(browser: &Browser, password: &str) {
    type_into(browser, "#email", "anna@desk.example").await;
    type_into(browser, "#password", password).await;
    click(browser, "main button[type=submit]").await;
}

/// The code that an app with this secret shows now.
pub(super) fn code(world: &World, secret: &str) -> String {
    let octets = data_encoding::BASE32.decode(secret.as_bytes()).unwrap();
    let totp = Builder::new()
        .with_secret(Secret::new(octets.into()))
        .with_account_name("anna")
        .build()
        .unwrap();
    let now = world.clock.now().as_second().try_into().unwrap();
    totp.generate(now).to_string()
}

on_both_databases!(
    one_signs_in_with_password_and_code,
    tries_are_limited_and_tell_nothing,
    a_session_ends_in_its_time_and_everywhere,
    what_cannot_be_undone_asks_for_a_fresh_proof,
    a_new_browser_is_told_of_by_mail,
    many_new_browsers_fill_no_mailbox,
);

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
            ("person", ""),
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

/// The notices of new browsers that were mailed to Anna.
async fn notices(world: &World) -> Vec<ParsedMail> {
    world.work().await;
    let mut mails = world.mails_to("anna@desk.example");
    mails.retain(|mail| mail.text.contains("/desk/forgot"));
    mails
}

async fn a_new_browser_is_told_of_by_mail(db: TestDb) {
    let world = World::start(&db).await;
    let anna = account(&world, "Anna", Role::Editor).await;
    let first = Browser::open(Viewport::DESKTOP).await;
    open(&first, &world, "/desk/sign-in").await;
    type_sign_in(&first, PASSWORD).await;
    click(&first, ".desk-person button").await;
    until_said(&first, ".good", "You are signed out").await;
    type_sign_in(&first, PASSWORD).await;
    expect(&first, ".desk-person button").await;
    let none = notices(&world).await;
    assert!(none.is_empty(), "neither the first sign-in nor a known one");

    let other = Browser::open(Viewport::PHONE).await;
    open(&other, &world, "/desk/account").await;
    type_sign_in(&other, PASSWORD).await;
    until_said(&other, "table", "Chrome, ").await;
    let told = notices(&world).await;
    assert_eq!(told.len(), 1);
    let mail = &told[0];
    assert_eq!(
        mail.header("subject").unwrap(),
        "New sign-in at the desk of “Asie centrale”"
    );
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("Browser: Chrome, "), "{part}");
        assert!(part.contains("23 November 2026, 08:00"), "{part}");
        assert!(part.contains("Europe/Paris"), "{part}");
        assert!(part.contains("/desk/account"), "{part}");
    }
    let cookies = other.get_all_cookies().await.unwrap();
    let known = cookies
        .iter()
        .find(|cookie| cookie.name() == "xabar-browser");
    let known = known.expect("a cookie of the browser").clone();
    assert_eq!(known.http_only(), Some(true));
    let rows = "SELECT COUNT(*) FROM editor_browser";
    assert_eq!(db.number(rows).await, 2);

    // A value that somebody made up is as good as none.
    let made_up = world.http.post(world.url("/desk/sign-in"));
    let made_up = made_up.header("cookie", format!("xabar-browser={}", "A".repeat(43)));
    let form = [("email", "anna@desk.example"), ("password", PASSWORD)];
    assert_eq!(made_up.form(&form).send().await.unwrap().status(), 303);
    assert_eq!(notices(&world).await.len(), 2);

    // Signing out everywhere forgets them all, and the mail is in the person's language.
    people::change(&world.service, anna.id, "Anna", Language::De)
        .await
        .unwrap();
    click(&other, "form[action='/desk/sign-out-everywhere'] button").await;
    expect(&other, "#email").await;
    assert_eq!(db.number(rows).await, 0);
    type_sign_in(&other, PASSWORD).await;
    expect(&other, ".desk-person button").await;
    let told = notices(&world).await;
    assert_eq!(told.len(), 3);
    let german = told
        .iter()
        .find(|mail| mail.text.contains("Waren das Sie?"));
    let subject = german.unwrap().header("subject").unwrap();
    assert!(subject.starts_with("Neue Anmeldung"), "{subject}");
}

async fn many_new_browsers_fill_no_mailbox(db: TestDb) {
    let world = World::start(&db).await;
    account(&world, "Anna", Role::Editor).await;
    let sign_in = async || {
        let answer = try_to_sign_in(&world, "anna@desk.example", PASSWORD).await;
        assert_eq!(answer.status(), 303);
    };
    // The first one is told of to nobody; each of the others has no cookie.
    for _ in 0..9 {
        sign_in().await;
    }
    let told = notices(&world).await;
    assert_eq!(told.len(), 3);
    let ends = |mail: &ParsedMail| {
        let text = mail.text.replace("\r\n", " ");
        text.contains("no further notice")
            && text.contains("23 November 2026, 09:00")
            && text.contains("Europe/Paris")
    };
    let last: Vec<&ParsedMail> = told.iter().filter(|mail| ends(mail)).collect();
    assert_eq!(last.len(), 1, "{told:?}");
    assert!(
        last[0].html.contains("no further notice"),
        "{}",
        last[0].html
    );
    // The log has them all.
    let all = EventFilter {
        action: Some(AuditAction::SignedIn),
        ..EventFilter::default()
    };
    let events = audit_log::newest(&world.service, &all, None, 100).await;
    assert_eq!(events.unwrap().len(), 9);
    world.pass(60);
    sign_in().await;
    assert_eq!(notices(&world).await.len(), 4, "another hour");
}
