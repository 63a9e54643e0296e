//! PostgreSQL that takes no writes any more, as managed ones do when their disk is nearly full.

use std::time::Duration;

use tokio::time::sleep;

use crate::support::binary::Installation;
use crate::support::both::TestDb;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_no_writes_is_not_ready_and_doctor_says_why() {
    let db = TestDb::postgres().await;
    let installation = Installation::new(&db.url);
    let serving = installation.serve("web").await;
    let ready = async || {
        let answer = reqwest::get(format!("{}/readyz", serving.base)).await;
        answer.unwrap().status().as_u16()
    };
    assert_eq!(ready().await, 200);
    let name = db
        .url
        .rsplit('/')
        .next()
        .unwrap()
        .split('?')
        .next()
        .unwrap();
    let refuse = format!("ALTER DATABASE \"{name}\" SET default_transaction_read_only = on");
    db.execute(&refuse).await.unwrap();
    // It counts for new sessions.
    db.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await
    .unwrap();
    let mut answers = 0;
    while ready().await != 503 {
        answers += 1;
        assert!(answers < 300, "it is ready all the same");
        sleep(Duration::from_millis(100)).await;
    }
    // It stays so: no later look finds it well.
    sleep(Duration::from_millis(300)).await;
    assert_eq!(ready().await, 503);
    let ran = installation.run(&["doctor", "--json"]).await;
    let said = ran.stdout;
    assert!(said.contains("default_transaction_read_only"), "{said}");
    serving.finish().await;
}
