//! A clean exit: no `-wal` file stays behind, and PostgreSQL logs no lost connection.

use std::time::Duration;

use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::support::binary::Installation;
use crate::support::both::TestDb;
use crate::support::postgres::Cluster;

const PATIENCE: Duration = Duration::from_secs(60);

/// Who copies the file of a database that nobody uses has everything: nothing is only in a file beside it.
#[tokio::test(flavor = "multi_thread")]
async fn an_sqlite_database_that_nobody_uses_is_one_file() {
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url);
    installation.ok(&["migrate"]).await;
    assert_eq!(rows_of_copy(&db, "subscriber").await, 0);

    let serving = installation.serve("all").await;
    let url = format!("{}/api/v1/subscriptions", serving.base);
    let signup = json!({ "email": "first@example.org" });
    let answer = reqwest::Client::new().post(url).json(&signup).send().await;
    assert_eq!(answer.unwrap().status(), 202);
    serving.finish().await;
    assert_eq!(rows_of_copy(&db, "subscriber").await, 1);

    let suppress = ["suppression", "add", "second@example.org", "--because"];
    installation
        .ok(&[&suppress[..], &["asked", "--yes"]].concat())
        .await;
    assert_eq!(rows_of_copy(&db, "suppression").await, 1);
}

/// How many rows a table has in a copy of the file alone.
async fn rows_of_copy(db: &TestDb, table: &str) -> i64 {
    let copy = TestDb::sqlite();
    let path = |db: &TestDb| db.url.trim_start_matches("sqlite://").to_owned();
    std::fs::copy(path(db), path(&copy)).unwrap();
    copy.number(&format!("SELECT COUNT(*) FROM {table}")).await
}

/// PostgreSQL logs a connection that is not closed as lost. A process that is told to stop in the middle of its start may
/// lose one that it is opening.
#[tokio::test(flavor = "multi_thread")]
async fn no_connection_to_postgresql_is_lost() {
    let cluster = Cluster::start();
    let admin = TestDb::at(cluster.url("postgres"));
    admin.execute("CREATE DATABASE xabar").await.unwrap();
    // At this level it also tells of those that were lost while they did nothing.
    let told = "ALTER DATABASE xabar SET log_min_messages = debug1";
    admin.execute(told).await.unwrap();
    let installation = Installation::new(&cluster.url("xabar"));
    installation.ok(&["migrate"]).await;
    installation.ok(&["queue"]).await;
    let unknown = "018f0000-0000-7000-8000-000000000000";
    installation.refused(&["issue", "show", unknown]).await;
    let here = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = 'xabar'";
    let all_gone = async {
        while admin.number(here).await > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, all_gone).await.expect("all are gone");
    let log = cluster.log();
    for complaint in ["EOF on client connection", "to client", "from client"] {
        assert!(!log.contains(complaint), "{log}");
    }
}
