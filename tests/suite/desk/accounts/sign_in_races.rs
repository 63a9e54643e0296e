//! Races of a sign-in with a change of its account: no session begins that the change would have ended.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use jiff::SignedDuration;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use xabar::accounts::sign_in::{self, SignIn, SignInOrigin};
use xabar::accounts::{Refused, people, second_factor, session};
use xabar::domain::{Language, Role};

use super::sign_in::code;
use super::{PASSWORD, account};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

async fn sign_in(world: &World) -> SignIn {
    let from = SignInOrigin::default();
    let tried = sign_in::with_password(&world.service, "anna@desk.example", PASSWORD, &from);
    tried.await.unwrap()
}

on_both_databases!(
    signing_out_everywhere_ends_the_first_step_of_a_sign_in,
    who_was_signed_out_sets_no_password,
    an_outdated_hash_is_renewed,
);

async fn signing_out_everywhere_ends_the_first_step_of_a_sign_in(db: TestDb) {
    let world = World::start(&db).await;
    let service = &world.service;
    let anna = account(&world, "Anna", Role::Owner).await;
    let setup = second_factor::propose(service, &anna).unwrap();
    let first = code(&world, &setup.secret);
    let on = second_factor::turn_on(service, &anna, &setup.salt, &first);
    on.await.unwrap();
    for leaves in [true, false] {
        world.clock.advance(SignedDuration::from_secs(30));
        let SignIn::NeedsCode(step) = sign_in(&world).await else {
            panic!("a code is asked for");
        };
        if leaves {
            sign_in::sign_out_everywhere(service, &anna).await.unwrap();
        }
        let code = code(&world, &setup.secret);
        let tried = sign_in::with_code(service, &step, &code, &SignInOrigin::default()).await;
        let tried = tried.unwrap();
        match leaves {
            true => assert!(matches!(tried, SignIn::Expired), "{tried:?}"),
            false => assert!(matches!(tried, SignIn::Done(..)), "{tried:?}"),
        }
    }
}

async fn who_was_signed_out_sets_no_password(db: TestDb) {
    let world = World::start(&db).await;
    let service = &world.service;
    let anna = world.person("Anna", Role::Owner, Language::En).await;
    let here = session::find(service, &anna.cookie).await.unwrap().unwrap();
    sign_in::sign_out_everywhere(service, &anna.editor)
        .await
        .unwrap();
    let changed = people::change_password(service, &here, PASSWORD, &SignInOrigin::default()).await;
    assert!(matches!(changed, Err(Refused::SignedOut)), "{changed:?}");
    assert_eq!(db.number("SELECT COUNT(*) FROM editor_session").await, 0);
}

async fn an_outdated_hash_is_renewed(db: TestDb) {
    let world = World::start(&db).await;
    account(&world, "Anna", Role::Owner).await;
    let weaker = Params::new(8192, 1, 1, None).unwrap();
    let weaker = Argon2::new(Algorithm::Argon2id, Version::V0x13, weaker);
    let hash = weaker.hash_password(PASSWORD.as_bytes()).unwrap();
    db.execute(&format!("UPDATE editor SET password_hash = '{hash}'"))
        .await
        .unwrap();
    for _ in 0..2 {
        let done = sign_in(&world).await;
        assert!(matches!(done, SignIn::Done(..)), "{done:?}");
        let old = "SELECT COUNT(*) FROM editor WHERE password_hash LIKE '%m=8192%'";
        assert_eq!(db.number(old).await, 0);
    }
}

/// What a sign-in comes to if the account changes so after its password was read, and before it was compared.
async fn while_it_changes(change: &str) -> SignIn {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    account(&world, "Anna", Role::Owner).await;
    let mut other = PgConnection::connect(&db.url).await.unwrap();
    let mut other = other.begin().await.unwrap();
    let change = sqlx::query(AssertSqlSafe(format!("UPDATE editor SET {change}")));
    change.execute(&mut *other).await.unwrap();
    let waits = db.until_a_session_is_blocked();
    let (tried, ()) = tokio::join!(sign_in(&world), async {
        waits.await;
        other.commit().await.unwrap();
    });
    tried
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_a_sign_in_with_the_old_one() {
    let tried = while_it_changes("password_hash = 'another'").await;
    assert!(matches!(tried, SignIn::Expired), "{tried:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_asks_for_the_code_that_was_switched_on_meanwhile() {
    let tried = while_it_changes("totp_salt = '\\x00'").await;
    assert!(matches!(tried, SignIn::NeedsCode(_)), "{tried:?}");
}
