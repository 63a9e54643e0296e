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
    // A write that succeeded counts for some seconds, and an ended session is away for a moment.
    let (mut answers, mut refusals) = (0, 0);
    while refusals < 10 {
        refusals = match ready().await {
            503 => refusals + 1,
            _ => 0,
        };
        answers += 1;
        assert!(answers < 300, "it is ready all the same");
        sleep(Duration::from_millis(200)).await;
    }
    let ran = installation.run(&["doctor", "--json"]).await;
    let said = ran.stdout;
    assert!(said.contains("default_transaction_read_only"), "{said}");
    serving.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_ours_is_refused_with_what_to_do() {
    let db = TestDb::postgres().await;
    let mut url = url::Url::parse(&db.url).unwrap();
    let name = url.path().trim_start_matches('/').to_owned();
    for prepare in [
        format!(
            "CREATE DATABASE {name}_latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        ),
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_owned(),
        format!("CREATE ROLE {name}_poor LOGIN PASSWORD 'poor'"),
    ] {
        db.execute(&prepare).await.unwrap();
    }
    let refused =
        async |url: &url::Url| Installation::new(url.as_str()).refused(&["migrate"]).await;
    url.set_path(&format!("/{name}_latin"));
    let said = refused(&url).await;
    assert!(
        said.contains("LATIN1") && said.contains("createdb -E UTF8"),
        "{said}"
    );
    url.set_path(&format!("/{name}"));
    url.set_username(&format!("{name}_poor")).unwrap();
    url.set_password(Some("poor")).unwrap();
    let said = refused(&url).await;
    assert!(said.contains("OWNER TO"), "{said}");
}
