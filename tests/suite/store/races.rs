//! Races between transactions of a reader and of an operator on PostgreSQL. SQLite has one writer.

use sqlx::{Connection, PgConnection, PgTransaction};
use xabar::domain::{Actor, EmailAddress, Purpose};
use xabar::subscribe::suppression::{Execution, suppress};

use crate::privacy::my_data;
use crate::support::both::TestDb;
use crate::support::world::{World, link_in};

async fn connect(db: &TestDb) -> PgConnection {
    PgConnection::connect(&db.url).await.unwrap()
}

/// Runs these statements in the other transaction once a session of the service waits for it, and commits.
async fn then(db: &TestDb, mut other: PgTransaction<'_>, statements: &[&'static str]) {
    db.until_a_session_is_blocked().await;
    for statement in statements {
        sqlx::query(*statement).execute(&mut *other).await.unwrap();
    }
    other.commit().await.unwrap();
}

async fn suppressed(world: &World, address: &str) {
    let addresses = [EmailAddress::parse(address).unwrap()];
    let (because, by) = ("a complaint", Actor::CommandLine);
    suppress(&world.service, &addresses, because, &by, Execution::Real)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suppressed_while_an_import_adds_them_is_no_reader() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    let mut connection = connect(&db).await;
    let mut importing = connection.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO subscriber (address, address_key, created_at)
         VALUES ('a@example.org', 'a@example.org', 0)",
    )
    .execute(&mut *importing)
    .await
    .unwrap();
    let subscribe = ["INSERT INTO subscription
            (subscriber_id, newsletter_id, state, language, countries, frequency, created_at, confirmed_at)
        SELECT s.id, (SELECT id FROM newsletter LIMIT 1), 'active', 'fr', '', 'each', 0, 0 FROM subscriber s"];
    let suppressing = suppressed(&world, "a@example.org");
    tokio::join!(suppressing, then(&db, importing, &subscribe));
    assert_eq!(world.state("a@example.org").await, "ended");
    // Of an address that nobody has, nothing but the hash is kept.
    suppressed(&world, "b@example.org").await;
    assert_eq!(db.number("SELECT COUNT(*) FROM subscriber").await, 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM suppression").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suppressed_comes_not_back_by_an_undo() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    world.join("a@example.org").await;
    let leave = world.link("a@example.org", Purpose::Unsubscribe).await;
    let left = world.submit(&leave, &[]).await.text().await.unwrap();
    let undo = left.split('"').find(|part| part.starts_with("/undo/"));
    let undo = world.url(undo.expect("a way back"));
    let hash = world
        .service
        .links
        .address_hash(&EmailAddress::parse("a@example.org").unwrap());
    let mut connection = connect(&db).await;
    let mut other = connection.begin().await.unwrap();
    for statement in [
        "SELECT id FROM subscriber FOR UPDATE",
        "SELECT id FROM subscription FOR UPDATE",
    ] {
        sqlx::query(statement).execute(&mut *other).await.unwrap();
    }
    sqlx::query(
        "INSERT INTO suppression (address_hash, reason, created_at) VALUES ($1, 'operator', 0)",
    )
    .bind(&hash[..])
    .execute(&mut *other)
    .await
    .unwrap();
    let undone = world.submit(&undo, &[]);
    let (undone, ()) = tokio::join!(undone, then(&db, other, &[]));
    assert_eq!(undone.status(), 410);
    assert_eq!(world.state("a@example.org").await, "ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_just_confirmed_stays_a_reader_when_somebody_signs_up_again() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    assert_eq!(world.sign_up("a@example.org").await.status(), 202);
    world.work().await;
    let mut connection = connect(&db).await;
    let mut confirming = connection.begin().await.unwrap();
    sqlx::query("UPDATE subscription SET state = 'active', confirmed_at = 0")
        .execute(&mut *confirming)
        .await
        .unwrap();
    let again = world.sign_up("a@example.org");
    let (again, ()) = tokio::join!(again, then(&db, confirming, &[]));
    assert_eq!(again.status(), 202);
    assert_eq!(world.state("a@example.org").await, "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_not_added_to_a_mail_that_a_worker_has_taken() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    world.add_newsletters().await;
    assert_eq!(world.sign_up("a@example.org").await.status(), 202);
    let mut connection = connect(&db).await;
    let mut claiming = connection.begin().await.unwrap();
    sqlx::query("UPDATE outbox SET lease_id = gen_random_uuid(), due_at = due_at + 60000000")
        .execute(&mut *claiming)
        .await
        .unwrap();
    let body = serde_json::json!({ "email": "a@example.org", "newsletters": ["zentralasien"] });
    let other = world.post("/api/v1/subscriptions").json(&body).send();
    let (other, ()) = tokio::join!(other, then(&db, claiming, &[]));
    assert_eq!(other.unwrap().status(), 202);
    assert_eq!(db.number("SELECT COUNT(*) FROM outbox").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_while_a_new_address_is_confirmed_stays_erased() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    world.join("old@example.org").await;
    let link = my_data(&world, "old@example.org").await;
    let new = [("email", "new@example.org")];
    world.submit(&format!("{link}/address"), &new).await;
    world.work().await;
    let confirm = link_in(&world.mails_to("new@example.org")[0].text, "/new-address/");
    for (what, url, fields) in [
        ("address", &confirm, &[][..]),
        ("name", &format!("{link}/name"), &[("name", "Aigerim")][..]),
    ] {
        let mut connection = connect(&db).await;
        let mut erasing = connection.begin().await.unwrap();
        sqlx::query("SELECT id FROM subscriber FOR UPDATE")
            .execute(&mut *erasing)
            .await
            .unwrap();
        let erase = [
            "DELETE FROM address_change",
            "UPDATE subscription SET state = 'ended', end_reason = 'erased', ended_at = 1",
            "UPDATE subscriber SET address = 'x@erased.invalid', address_key = 'x@erased.invalid', \
             name = NULL, address_changed_at = 1",
        ];
        let confirmed = world.submit(url, fields);
        let (confirmed, ()) = tokio::join!(confirmed, then(&db, erasing, &erase));
        assert_eq!(confirmed.status(), 410, "{what}");
        let traces = "SELECT COUNT(*) FROM subscriber WHERE address NOT LIKE '%erased.invalid' OR name <> ''";
        assert_eq!(db.number(traces).await, 0, "{what}");
        let back = "UPDATE subscription SET state = 'active', end_reason = NULL, ended_at = NULL";
        db.execute(back).await.unwrap();
        let address =
            "UPDATE subscriber SET address = 'old@example.org', address_changed_at = NULL";
        db.execute(address).await.unwrap();
    }
}
