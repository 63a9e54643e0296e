//! Offboarding: API tokens of somebody who goes, and the codes of somebody who loses a phone.

use xabar::accounts::people::{self, TokensOfPerson};
use xabar::accounts::sign_in::{self, SignIn, SignInOrigin};
use xabar::accounts::{second_factor, token};
use xabar::domain::{Language, Role};

use super::sign_in::code;
use super::{PASSWORD, account};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::desk::Person;
use crate::support::world::World;

on_both_databases!(
    the_tokens_of_who_goes_are_named_and_revoked,
    the_tokens_of_an_owner_no_more_are_revoked,
    an_owner_turns_off_the_codes_of_a_lost_phone,
);

/// Makes a token of this person at the desk; returns it.
async fn make(owner: &Person, name: &str, person: &str) -> String {
    let fields = [
        ("name", name),
        ("role", "owner"),
        ("person", person),
        ("days", "0"),
    ];
    let made = owner.post("/desk/people/tokens", &fields).send().await;
    let page = made.unwrap().text().await.unwrap();
    let rest = page.split("<code class=\"secret\">").nth(1).unwrap();
    rest.split('<').next().unwrap().to_owned()
}

async fn status(world: &World, token: &str) -> u16 {
    let get = world.http.get(world.url("/api/v1/issues"));
    get.bearer_auth(token)
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

async fn the_tokens_of_who_goes_are_named_and_revoked(db: TestDb) {
    let world = World::start(&db).await;
    let olga = world.person("Olga", Role::Owner, Language::En).await;
    let otto = world.person("Otto", Role::Owner, Language::En).await;
    let own = make(&otto, "ottos-laptop", &otto.editor.id.to_string()).await;
    let website = make(&otto, "website", "").await;
    let other = make(&olga, "cron", "").await;
    let page = olga.get("/desk/people/tokens").send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(
        page.contains("made by Otto") && page.contains("a program’s"),
        "{page}"
    );
    let his = format!("/desk/people/{}", otto.editor.id);
    let page = olga.get(&his).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("website, ottos-laptop") || page.contains("ottos-laptop, website"));
    assert!(!page.contains("cron"), "{page}");
    let remove = olga.post(&format!("{his}/remove"), &[("tokens", "revoke")]);
    assert_eq!(remove.send().await.unwrap().status(), 303);
    for gone in [&own, &website] {
        assert_eq!(status(&world, gone).await, 401);
    }
    assert_eq!(status(&world, &other).await, 200);
}

async fn the_tokens_of_an_owner_no_more_are_revoked(db: TestDb) {
    let world = World::start(&db).await;
    let olga = world.person("Olga", Role::Owner, Language::En).await;
    let otto = world.person("Otto", Role::Owner, Language::En).await;
    let made = make(&otto, "website", "").await;
    let by = &olga.editor.actor();
    let set = async |id, role, tokens| {
        let set = people::set_role(&world.service, id, (None, Some(role)), tokens, by);
        set.await.unwrap();
    };
    let vera = world.person("Vera", Role::Viewer, Language::En).await;
    set(vera.editor.id, Role::Editor, TokensOfPerson::Revoke).await;
    set(otto.editor.id, Role::Editor, TokensOfPerson::Keep).await;
    set(otto.editor.id, Role::Owner, TokensOfPerson::Revoke).await;
    assert_eq!(status(&world, &made).await, 200);
    set(otto.editor.id, Role::Editor, TokensOfPerson::Revoke).await;
    assert_eq!(status(&world, &made).await, 401);
    assert_eq!(
        token::list(&world.service).await.unwrap().len(),
        1,
        "that of the test"
    );
}

async fn an_owner_turns_off_the_codes_of_a_lost_phone(db: TestDb) {
    let world = World::start(&db).await;
    let service = &world.service;
    account(&world, "Anna", Role::Editor).await;
    let email = "anna@desk.example".parse().unwrap();
    let anna = people::by_email(service, &email).await.unwrap().editor;
    let setup = second_factor::propose(service, &anna).unwrap();
    let first = code(&world, &setup.secret);
    second_factor::turn_on(service, &anna, &setup.salt, &first)
        .await
        .unwrap();
    let sign_in = async || {
        let from = SignInOrigin::default();
        let tried = sign_in::with_password(service, "anna@desk.example", PASSWORD, &from);
        tried.await.unwrap()
    };
    assert!(matches!(sign_in().await, SignIn::NeedsCode(_)));
    let olga = world.person("Olga", Role::Owner, Language::En).await;
    let vera = world.person("Vera", Role::Editor, Language::En).await;
    let off = format!("/desk/people/{}/totp-off", anna.id);
    assert_eq!(vera.post(&off, &[]).send().await.unwrap().status(), 403);
    world.pass(6);
    assert_eq!(
        olga.post(&off, &[]).send().await.unwrap().status(),
        422,
        "no fresh proof"
    );
    assert!(matches!(sign_in().await, SignIn::NeedsCode(_)));
    let fresh = world.person("Otto", Role::Owner, Language::En).await;
    assert_eq!(fresh.post(&off, &[]).send().await.unwrap().status(), 303);
    assert!(matches!(sign_in().await, SignIn::Done(..)));
    world.work().await;
    let told = world.mails_to("anna@desk.example");
    let told = told
        .iter()
        .filter(|mail| mail.text.contains("turned off the codes"));
    assert_eq!(told.count(), 1);
    let logged = "SELECT COUNT(*) FROM audit_event WHERE action = 'totp-off'";
    assert_eq!(db.number(logged).await, 1);
}
