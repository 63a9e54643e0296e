//! Concurrent requests come to the same as one after the other. On PostgreSQL alone: SQLite has one writer.

use std::time::Duration;

use sqlx::{Connection, PgConnection};
use tokio::time::{sleep, timeout};
use xabar::accounts::Refused;
use xabar::accounts::people::{self, TokensOfPerson};
use xabar::domain::{Language, Purpose, Role};
use xabar::subscribe::privacy;

use crate::support::both::TestDb;
use crate::support::world::World;

/// Does all of this at once: `lock` is held until each of them waits for a lock.
async fn at_once<F: Future<Output: Send + 'static> + Send + 'static>(
    db: &TestDb,
    lock: &'static str,
    all: Vec<F>,
) -> Vec<F::Output> {
    let mut other = PgConnection::connect(&db.url).await.unwrap();
    let mut other = other.begin().await.unwrap();
    sqlx::query(lock).execute(&mut *other).await.unwrap();
    let many = i64::try_from(all.len()).unwrap();
    let working: Vec<_> = all.into_iter().map(tokio::spawn).collect();
    let waits = "SELECT COUNT(*) FROM pg_stat_activity \
                 WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let blocked = async {
        while db.number(waits).await < many {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(60), blocked).await.unwrap();
    other.commit().await.unwrap();
    let mut done = Vec::new();
    for one in working {
        done.push(one.await.unwrap());
    }
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_go_one_stays() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    let mut going = Vec::new();
    for name in ["Anna", "Olga"] {
        let owner = world.person(name, Role::Owner, Language::En).await.editor;
        let service = world.service.clone();
        going.push(async move {
            let (id, by) = (owner.id, owner.actor());
            match owner.name.as_str() {
                "Anna" => people::remove(&service, id, TokensOfPerson::Keep, &by).await,
                _ => {
                    people::set_role(
                        &service,
                        id,
                        (None, Some(Role::Editor)),
                        TokensOfPerson::Keep,
                        &by,
                    )
                    .await
                }
            }
        });
    }
    // After their checks, before they commit.
    let lock = "SELECT one FROM audit_head FOR UPDATE";
    let done = at_once(&db, lock, going).await;
    let refused = |result: &&Result<(), Refused>| matches!(result, Err(Refused::LastOwner));
    assert_eq!(done.iter().filter(refused).count(), 1, "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_links_to_a_readers_data_than_one_after_the_other() {
    let db = TestDb::postgres().await;
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let link = world.link("reader@example.org", Purpose::Preferences).await;
    let token = link.rsplit('/').next().unwrap().to_owned();
    let asking = (0..4).map(|_| {
        let (service, token) = (world.service.clone(), token.clone());
        async move { privacy::mail_data_link(&service, &token).await.is_ok() }
    });
    // Between the look at the mails and the next one.
    let lock = "LOCK TABLE outbox IN SHARE MODE";
    let done = at_once(&db, lock, asking.collect()).await;
    assert_eq!(done, [true; 4]);
    let mailed = "SELECT COUNT(*) FROM outbox WHERE kind = 'data_link'";
    assert_eq!(db.number(mailed).await, 2);
}
