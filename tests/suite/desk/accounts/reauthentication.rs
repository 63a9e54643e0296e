//! Reauthentication: the password that is asked again, in the forms of the account, of people and of tokens.

use xabar::accounts::{people, token};
use xabar::domain::{Language, Role};

use crate::desk::approval::{PASSWORD, late, prop};
use crate::desk::{click, expect, inspect, open, type_into, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::world::World;

on_both_databases!(
    a_wrong_password_keeps_the_invitation_and_the_token,
    a_wrong_password_keeps_the_forms_of_a_person_and_of_the_account,
    a_wrong_password_is_said_in_each_language,
);

/// Waits until the form is there again: the field has the focus, and says what was wrong.
async fn refused(browser: &Browser, field: &str) {
    until_said(browser, &format!("#{field}-error"), "is not right").await;
    let focus = format!("return document.activeElement.id === '{field}'");
    until(browser, &focus).await;
    let css = format!("#{field}");
    assert_eq!(prop(browser, &css, "ariaInvalid").await, "true");
    let described = expect(browser, &css).await.attr("aria-describedby").await;
    let described = described.unwrap().unwrap_or_default();
    assert!(described.contains(&format!("{field}-error")), "{described}");
}

async fn choose(browser: &Browser, css: &str, value: &str) {
    let field = expect(browser, css).await;
    field.select_by_value(value).await.unwrap();
}

async fn a_wrong_password_keeps_the_invitation_and_the_token(db: TestDb) {
    let world = World::start(&db).await;
    let (_, browser) = late(&world, "Olga", Role::Owner, Viewport::DESKTOP).await;
    world.pass(6);
    open(&browser, &world, "/desk/people").await;
    type_into(&browser, "#name", "Anna").await;
    type_into(&browser, "#email", "anna@desk.example").await;
    choose(&browser, "#role", "viewer").await;
    choose(&browser, "#newsletter", "").await;
    choose(&browser, "#language", "ru").await;
    type_into(&browser, "#proof", "kumis").await;
    click(&browser, ".card button[type=submit]").await;
    refused(&browser, "proof").await;
    for (css, value) in [
        ("#name", "Anna"),
        ("#email", "anna@desk.example"),
        ("#role", "viewer"),
        ("#newsletter", ""),
        ("#language", "ru"),
    ] {
        assert_eq!(prop(&browser, css, "value").await, value, "{css}");
    }
    inspect(&browser, &world, "people-wrong-password").await;
    assert_eq!(people::list(&world.service).await.unwrap().len(), 1);
    type_into(&browser, "#proof", PASSWORD).await;
    click(&browser, ".card button[type=submit]").await;
    until_said(&browser, ".good", "on its way").await;
    // An address that has an account keeps the form too.
    type_into(&browser, "#name", "Anna again").await;
    type_into(&browser, "#email", "anna@desk.example").await;
    click(&browser, ".card button[type=submit]").await;
    until_said(&browser, "#email-error", "has an account already").await;
    assert_eq!(prop(&browser, "#name", "value").await, "Anna again");

    world.pass(6);
    open(&browser, &world, "/desk/people/tokens").await;
    type_into(&browser, "#name", "Website").await;
    choose(&browser, "#role", "editor").await;
    choose(&browser, "#days", "365").await;
    type_into(&browser, "#proof", "kumis").await;
    click(&browser, ".card button[type=submit]").await;
    refused(&browser, "proof").await;
    for (css, value) in [("#name", "Website"), ("#role", "editor"), ("#days", "365")] {
        assert_eq!(prop(&browser, css, "value").await, value, "{css}");
    }
    inspect(&browser, &world, "tokens-wrong-password").await;
    let before = token::list(&world.service).await.unwrap().len();
    type_into(&browser, "#proof", PASSWORD).await;
    click(&browser, ".card button[type=submit]").await;
    expect(&browser, ".secret").await;
    let after = token::list(&world.service).await.unwrap().len();
    assert_eq!(after, before + 1);
}

async fn a_wrong_password_keeps_the_forms_of_a_person_and_of_the_account(db: TestDb) {
    let world = World::start(&db).await;
    let (_, browser) = late(&world, "Olga", Role::Owner, Viewport::DESKTOP).await;
    let anna = world.person("Anna", Role::Viewer, Language::En).await;
    world.pass(6);
    open(
        &browser,
        &world,
        &format!("/desk/people/{}", anna.editor.id),
    )
    .await;
    choose(&browser, "#role", "editor").await;
    type_into(&browser, "#proof-role", "kumis").await;
    click(&browser, "form[action$='/role'] button").await;
    refused(&browser, "proof-role").await;
    assert_eq!(prop(&browser, "#role", "value").await, "editor");
    let other = "return !document.querySelector('#proof-remove-error')";
    until(&browser, other).await;
    inspect(&browser, &world, "person-wrong-password").await;
    type_into(&browser, "#proof-remove", "kumis").await;
    click(&browser, "form[action$='/remove'] button").await;
    refused(&browser, "proof-remove").await;
    assert_eq!(people::list(&world.service).await.unwrap().len(), 2);

    open(&browser, &world, "/desk/account").await;
    type_into(&browser, "#proof-password", "kumis").await;
    type_into(&browser, "#password", "a new one that is long").await;
    click(&browser, "form[action$='/password'] button").await;
    refused(&browser, "proof-password").await;
    inspect(&browser, &world, "account-wrong-password").await;
    open(&browser, &world, "/desk/account/totp").await;
    let secret = expect(&browser, ".secret").await.text().await.unwrap();
    type_into(&browser, "#code", "123456").await;
    type_into(&browser, "#proof", "kumis").await;
    click(&browser, ".card button[type=submit]").await;
    refused(&browser, "proof").await;
    // The app has this secret already.
    let again = expect(&browser, ".secret").await.text().await.unwrap();
    assert_eq!(again, secret);
    assert_eq!(prop(&browser, "#code", "value").await, "123456");
    inspect(&browser, &world, "totp-wrong-password").await;
}

async fn a_wrong_password_is_said_in_each_language(db: TestDb) {
    let world = World::start(&db).await;
    let mut all = Vec::new();
    for (language, words) in [
        (Language::En, "This password or code is not right"),
        (
            Language::De,
            "Dieses Passwort oder dieser Code stimmt nicht",
        ),
        (Language::Fr, "Ce mot de passe ou ce code est incorrect"),
        (Language::Ru, "Неверный пароль или код"),
    ] {
        let name = format!("Owner-{language}");
        all.push((world.person(&name, Role::Owner, language).await, words));
    }
    world.pass(6);
    let (invitation, role, token) = (
        [
            ("name", "Vera"),
            ("email", "vera@desk.example"),
            ("role", "editor"),
            ("language", "en"),
        ],
        [("role", "viewer"), ("newsletter", "")],
        [
            ("name", "Website"),
            ("role", "viewer"),
            ("person", ""),
            ("days", "30"),
        ],
    );
    for (person, words) in &all {
        let itself = format!("/desk/people/{}/role", person.editor.id);
        let forms: [(&str, &[(&str, &str)]); 6] = [
            (
                "/desk/account/password",
                &[("password", "a new one that is long")],
            ),
            ("/desk/account/totp/off", &[]),
            ("/desk/account/recovery-codes", &[]),
            ("/desk/people", &invitation),
            (&itself, &role),
            ("/desk/people/tokens", &token),
        ];
        for (path, fields) in forms {
            let fields: Vec<_> = fields.iter().copied().chain([("proof", "kumis")]).collect();
            let answer = person.post(path, &fields).send().await.unwrap();
            // Whoever is wrong six times in a quarter of an hour waits, and reads that.
            let status = answer.status();
            assert_eq!(status, 422, "{path}");
            let page = answer.text().await.unwrap();
            assert!(page.contains("<form class=\"card\""), "{path}: {page}");
            let is_first = path == "/desk/account/password";
            assert!(!is_first || page.contains(words), "{path}: {page}");
        }
    }
}
