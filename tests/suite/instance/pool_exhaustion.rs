//! Pool exhaustion: all connections of a process to the database are in use.

use std::time::Duration;

use sqlx::{Connection, Executor, PgConnection};
use xabar::config::Settings;
use xabar::domain::{Language, Role};
use xabar::store::Store;

use crate::support::binary::{Installation, events};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    a_caller_with_a_limit_is_told_that_all_connections_are_in_use,
    the_home_of_the_desk_takes_one_connection_at_a_time,
);

async fn the_home_of_the_desk_takes_one_connection_at_a_time(db: TestDb) {
    let few = |settings: &mut Settings| settings.database.connections = 1;
    let world = World::with(&db, Options::default(), few).await;
    let vera = world.person("Vera", Role::Owner, Language::En).await;
    // SQLite has two at the least.
    let held = match db.url.starts_with("sqlite:") {
        true => Some(world.service.store.read().await.unwrap()),
        false => None,
    };
    let home = vera.get("/desk").send().await.unwrap();
    assert_eq!(home.status(), 200);
    drop(held);
}

async fn a_caller_with_a_limit_is_told_that_all_connections_are_in_use(db: TestDb) {
    let store = Store::open(&db.url, 2).await.unwrap();
    let held = (store.read().await.unwrap(), store.read().await.unwrap());
    let hasty = store.waiting_at_most(Duration::from_millis(50));
    for _ in 0..3 {
        let Err(error) = hasty.read().await else {
            panic!("a third connection of two");
        };
        assert!(error.is_transient());
        let said = error.to_string();
        assert!(said.contains("all 2 connections of this process"), "{said}");
    }
    assert_eq!(store.pool_used_up(), 3, "the clones count together");
    drop(held);
    assert!(hasty.read().await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_are_told_to_come_back_and_the_log_has_the_cause_and_their_number() {
    let db = TestDb::postgres().await;
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("metrics.sock");
    let installation = Installation::new(&db.url)
        .with("DATABASE__CONNECTIONS", "1")
        .with("SIGNUP__PER_IP_PER_HOUR", "0")
        .with("METRICS__LISTEN", &format!("unix:{}", socket.display()));
    let serving = installation.serve("web").await;
    let http = reqwest::Client::new();
    let sign_up = || {
        let request = http.post(format!("{}/api/v1/subscriptions", serving.base));
        let body = serde_json::json!({ "email": "first@example.org" });
        request.json(&body).send()
    };
    let mut admin = PgConnection::connect(&db.url).await.unwrap();
    let lock = "BEGIN; LOCK TABLE subscriber IN ACCESS EXCLUSIVE MODE";
    admin.execute(sqlx::raw_sql(lock)).await.unwrap();
    let first = tokio::spawn(sign_up());
    // It has the only connection.
    db.until_a_session_is_blocked().await;
    for _ in 0..3 {
        let url = format!("{}/confirm/forged", serving.base);
        let answer = http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["retry-after"], "5");
    }
    let operators = reqwest::Client::builder().unix_socket(socket).build();
    let asked = operators.unwrap().get("http://localhost/metrics").send();
    let metrics = asked.await.unwrap().text().await.unwrap();
    let counted = metrics
        .lines()
        .find_map(|line| line.strip_prefix("xabar_database_pool_used_up_total "));
    let counted: u64 = counted.unwrap().parse().unwrap();
    assert!(counted >= 3, "{metrics}");
    admin.execute("ROLLBACK").await.unwrap();
    assert_eq!(first.await.unwrap().unwrap().status(), 202);
    let log = serving.finish().await;
    let lines = events(&log, "answered 503");
    let times: Option<u64> = lines
        .iter()
        .map(|line| line["fields"]["times"].as_u64())
        .sum();
    assert_eq!(times, Some(3), "{log}");
    for line in &lines {
        let cause = line["fields"]["error"].as_str().unwrap();
        assert!(
            cause.contains("all 1 connections of this process"),
            "{cause}"
        );
    }
    assert!(
        events(&log, "the database is away").is_empty(),
        "it is there: {log}"
    );
}
