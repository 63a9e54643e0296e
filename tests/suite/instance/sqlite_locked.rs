//! An SQLite file that another process has locked.

use std::time::Duration;

use sqlx::{Connection, Executor, SqliteConnection};
use tokio::time::{sleep, timeout};

use crate::support::both::TestDb;
use crate::support::world::World;

/// Returns when `/readyz` says so.
async fn until_ready_is(world: &World, status: u16) {
    let said = async {
        while world.page("/readyz").await.0 != status {
            sleep(Duration::from_millis(200)).await;
        }
    };
    let said = timeout(Duration::from_secs(120), said).await;
    said.unwrap_or_else(|_| panic!("/readyz never said {status}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_do_not_wait_for_another_process_and_nothing_is_ready() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    let mut other = SqliteConnection::connect(&db.url).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let visitors = world
        .service
        .store
        .waiting_at_most(Duration::from_millis(50));
    let (first, second) = tokio::join!(visitors.write(), visitors.write());
    for waited in [first, second] {
        let error = waited.err().unwrap();
        assert!(error.is_transient());
        assert!(error.to_string().contains("another process has"), "{error}");
    }
    assert_eq!(world.sign_up("reader@example.org").await.status(), 503);
    until_ready_is(&world, 503).await;
    other.execute("ROLLBACK").await.unwrap();
    // SQLite may still give the lock to who has given up, and nobody would write and so let it go.
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    other.execute("ROLLBACK").await.unwrap();
    until_ready_is(&world, 200).await;
    assert_eq!(world.sign_up("reader@example.org").await.status(), 202);
}
