//! Transactions that lock the same addresses do so in one order, however PostgreSQL sorts texts: two orders
//! deadlock. SQLite has one writer.

use sqlx::{Connection, PgConnection};
use xabar::domain::EmailAddress;
use xabar::service::Service;
use xabar::store;
use xabar::store::subscription::import::ImportRow;
use xabar::store::subscription::signup::NewSubscriber;

use crate::support::both::TestDb;
use crate::support::world::World;

/// In the order of their octets, which is not that of a language.
const ADDRESSES: [&str; 2] = ["a1@example.org", "a@example.org"];

#[tokio::test(flavor = "multi_thread")]
async fn of_an_import() {
    assert_order(|service| async move {
        let row = |address: &str| ImportRow {
            line: 2,
            address: None,
            key: address.to_owned(),
            hash: service
                .links
                .address_hash(&EmailAddress::parse(address).unwrap()),
            name: None,
            language: "fr",
            countries: String::new(),
            frequency: "each",
            consent_at: 0,
        };
        let rows = ADDRESSES.map(row);
        let mut tx = service.store.write().await.unwrap();
        let newsletter = store::newsletter::list(&mut tx).await.unwrap().remove(0);
        let now = service.clock.now();
        let inserted = store::subscription::import::insert(&mut tx, &rows, newsletter.id, now);
        inserted.await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_sign_up() {
    assert_order(|service| async move {
        let people = ADDRESSES.map(|address| NewSubscriber {
            address: address.to_owned(),
            key: address.to_owned(),
            hash: String::new(),
            mailbox: String::new(),
            plain: String::new(),
            name: None,
        });
        let mut tx = service.store.write().await.unwrap();
        let now = service.clock.now();
        let inserted = store::subscription::signup::insert_new(&mut tx, &people, now, now);
        inserted.await.unwrap();
    })
    .await;
}

/// Asserts that `insert` waits for the first address before it locks the second.
async fn assert_order<F>(insert: impl FnOnce(Service) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let db = TestDb::postgres().await;
    let differs = format!(
        "SELECT COUNT(*) WHERE '{}' > '{}'",
        ADDRESSES[0], ADDRESSES[1]
    );
    assert_eq!(db.number(&differs).await, 1, "the database sorts by octets");
    let world = World::start(&db).await;

    let mut other = PgConnection::connect(&db.url).await.unwrap();
    let mut other = other.begin().await.unwrap();
    let lock = "INSERT INTO subscriber (address, address_key, created_at) VALUES ($1, $1, 0)";
    let first = sqlx::query(lock).bind(ADDRESSES[0]);
    first.execute(&mut *other).await.unwrap();
    let inserting = tokio::spawn(insert(world.service.clone()));
    db.until_a_session_is_blocked().await;
    let second = sqlx::query(lock).bind(ADDRESSES[1]);
    second.execute(&mut *other).await.expect("no deadlock");
    other.commit().await.unwrap();
    inserting.await.expect("no deadlock");
}
