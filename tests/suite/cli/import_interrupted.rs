//! `xabar import`, interrupted and run again.

use std::time::Duration;

use sqlx::{Connection, PgConnection};

use super::csv_of;
use crate::support::binary::{Installation, terminate};
use crate::support::both::{TestDb, on_both_databases};

/// Several transactions.
const ROWS: usize = 50_000;
const IMPORT: [&str; 4] = ["import", "readers.csv", "--newsletter", "asie-centrale"];

on_both_databases!(an_interrupted_import_goes_on_where_it_was,);

async fn an_interrupted_import_goes_on_where_it_was(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.ok(&["migrate"]).await;
    let addresses: Vec<String> = (0..ROWS).map(|n| format!("r{n}@example.org")).collect();
    installation.write("readers.csv", csv_of(&addresses));
    let mut importing = installation.start(&IMPORT);
    let imported = "SELECT COUNT(*) FROM subscription";
    let some = async {
        while db.number(imported).await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), some)
        .await
        .unwrap();
    let status = terminate(&mut importing).await;
    let said = importing.wait_with_output().await.unwrap().stderr;
    let said = String::from_utf8(said).unwrap();
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.contains("running the import again skips it and goes on"),
        "{said}"
    );
    let before = db.number(imported).await;
    assert!(before > 0 && before < ROWS as i64, "{before}");
    let logged = installation.json(&["audit", "list"]).await;
    let said = |n: usize| logged[n]["detail"].as_str().unwrap_or_default().to_owned();
    assert!(said(0).starts_with("interrupted after "), "{logged}");
    assert_eq!(said(1), format!("begun, {ROWS} rows"));
    for event in logged.as_array().unwrap() {
        assert_eq!(event["action"], "imported");
        assert_eq!(event["newsletter_slug"], "asie-centrale");
    }

    let report = installation.json(&IMPORT).await;
    assert_eq!(report["known"], before, "{report}");
    assert_eq!(report["imported"], ROWS as i64 - before, "{report}");
    for table in ["subscription", "consent_event", "consent_chain"] {
        assert_eq!(
            db.number(&format!("SELECT COUNT(*) FROM {table}")).await,
            ROWS as i64,
            "{table}"
        );
    }
    installation.ok(&["consent", "verify"]).await;
}

/// SQLite has no locks of rows.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_waits_for_a_lock_can_be_interrupted() {
    let db = TestDb::postgres().await;
    let installation = Installation::new(&db.url);
    installation.ok(&["migrate"]).await;
    installation.write("readers.csv", csv_of(&["locked@example.org".to_owned()]));
    let mut other = PgConnection::connect(&db.url).await.unwrap();
    let mut other = other.begin().await.unwrap();
    let lock = "INSERT INTO subscriber (address, address_key, created_at) \
                VALUES ('locked@example.org', 'locked@example.org', 0)";
    sqlx::query(lock).execute(&mut *other).await.unwrap();
    let mut importing = installation.start(&IMPORT);
    db.until_a_session_is_blocked().await;
    assert_eq!(terminate(&mut importing).await, Some(1));
}
