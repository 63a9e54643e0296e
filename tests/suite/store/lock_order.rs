//! Transactions that lock the same addresses do so in one order, however PostgreSQL sorts texts: two orders
//! deadlock. SQLite has one writer.

use sqlx::{Connection, PgConnection};
use xabar::domain::{EmailAddress, SuppressionReason};
use xabar::service::Service;
use xabar::store;
use xabar::store::subscription::import::{Batch, ImportRow, RowOutcome};
use xabar::store::subscription::signup::NewSubscriber;

use crate::support::both::TestDb;
use crate::support::world::World;

/// In the order of their octets, which is not that of a language.
const ADDRESSES: [&str; 2] = ["a1@example.org", "a@example.org"];
/// What another transaction does with an address that is nobody's yet.
const TAKE: &str = "INSERT INTO subscriber (address, address_key, created_at) VALUES ($1, $1, 0)";
/// The same with one that is somebody's.
const LOCK: &str = "SELECT id FROM subscriber WHERE address_key = $1 FOR NO KEY UPDATE";

#[tokio::test(flavor = "multi_thread")]
async fn of_an_import() {
    assert_order(TAKE, import).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_import_of_known_addresses() {
    assert_order(LOCK, import).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_sign_up() {
    assert_order(TAKE, |service| async move {
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

/// An import that waits for an erasure does not bring the erased reader back.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_sees_who_was_erased_while_it_waited() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    let mut connection = PgConnection::connect(&db.url).await.unwrap();
    take_all(&mut connection).await;
    let mut other = connection.begin().await.unwrap();
    let lock = sqlx::query(LOCK).bind(ADDRESSES[0]);
    lock.execute(&mut *other).await.unwrap();
    let importing = tokio::spawn(import(world.service.clone()));
    db.until_a_session_is_blocked().await;
    let erase = "UPDATE subscriber SET address = 'nobody@erased.invalid', \
                 address_key = 'nobody@erased.invalid' WHERE address_key = $1";
    let erase = sqlx::query(erase).bind(ADDRESSES[0]);
    erase.execute(&mut *other).await.unwrap();
    let hash = address_hash(&world.service, ADDRESSES[0]);
    let suppress =
        "INSERT INTO suppression (address_hash, reason, created_at) VALUES ($1, 'erased', 0)";
    let suppress = sqlx::query(suppress).bind(&hash[..]);
    suppress.execute(&mut *other).await.unwrap();
    other.commit().await.unwrap();
    let outcomes = importing.await.unwrap();
    let erased = RowOutcome::Suppressed(SuppressionReason::Erased);
    assert_eq!(outcomes[0], erased);
    assert!(matches!(outcomes[1], RowOutcome::Added(_)), "{outcomes:?}");
}

fn address_hash(service: &Service, address: &str) -> [u8; 32] {
    let address = EmailAddress::parse(address).unwrap();
    service.links.address_hash(&address)
}

/// Imports the addresses, and undoes that.
async fn import(service: Service) -> Vec<RowOutcome> {
    let row = |address: &str| ImportRow {
        line: 2,
        address: None,
        key: address.to_owned(),
        hash: address_hash(&service, address),
        name: None,
        language: "fr",
        countries: String::new(),
        frequency: "each",
        consent_at: 0,
    };
    let rows = ADDRESSES.map(row);
    let mut tx = service.store.write().await.unwrap();
    let newsletter = store::newsletter::list(&mut tx).await.unwrap().remove(0);
    let batch = Batch {
        newsletter: newsletter.id,
        number: None,
        at: service.clock.now(),
    };
    let inserted = store::subscription::import::insert(&mut tx, &rows, batch);
    inserted.await.unwrap()
}

/// Makes all addresses somebody's.
async fn take_all(connection: &mut PgConnection) {
    for address in ADDRESSES {
        let take = sqlx::query(TAKE).bind(address);
        take.execute(&mut *connection).await.unwrap();
    }
}

/// Asserts that `work` waits for the first address, which another transaction has locked by the statement
/// `lock`, before it locks the second.
async fn assert_order<F>(lock: &'static str, work: impl FnOnce(Service) -> F)
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let db = TestDb::postgres().await;
    let differs = format!(
        "SELECT COUNT(*) WHERE '{}' > '{}'",
        ADDRESSES[0], ADDRESSES[1]
    );
    assert_eq!(db.number(&differs).await, 1, "the database sorts by octets");
    let world = World::start(&db).await;

    let mut other = PgConnection::connect(&db.url).await.unwrap();
    if lock == LOCK {
        take_all(&mut other).await;
    }
    let mut other = other.begin().await.unwrap();
    let first = sqlx::query(lock).bind(ADDRESSES[0]);
    first.execute(&mut *other).await.unwrap();
    let working = tokio::spawn(work(world.service.clone()));
    db.until_a_session_is_blocked().await;
    let second = sqlx::query(lock).bind(ADDRESSES[1]);
    second.execute(&mut *other).await.expect("no deadlock");
    other.commit().await.unwrap();
    working.await.expect("no deadlock");
}
