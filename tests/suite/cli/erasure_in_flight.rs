//! A reader who is erased while a transactional mail to them is under way.

use std::time::Duration;

use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::smtp::{Options, SmtpServer};

on_both_databases!(a_mail_that_was_removed_while_it_was_sent_is_no_error);

async fn a_mail_that_was_removed_while_it_was_sent_is_no_error(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = Installation::new(&db.url).with("SMTP__URL", &smtp.url());
    let serving = installation.serve("all").await;
    let request = reqwest::Client::new().post(format!("{}/api/v1/subscriptions", serving.base));
    let request = request.json(&json!({ "email": "slow@example.org" }));
    assert_eq!(request.send().await.unwrap().status(), 202);
    let claimed = async {
        let leased = "SELECT COUNT(*) FROM outbox WHERE lease_id IS NOT NULL";
        while db.number(leased).await == 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let claimed = timeout(Duration::from_secs(60), claimed).await;
    claimed.expect("the mail is claimed");
    // As an erasure does it.
    db.execute("DELETE FROM outbox").await.unwrap();
    let told = async {
        while !serving.log().contains("its outcome is not kept") {
            smtp.accept().await;
            sleep(Duration::from_millis(20)).await;
        }
    };
    let told = timeout(Duration::from_secs(60), told).await;
    told.expect("the log says that it was removed");
    let log = serving.finish().await;
    assert!(!log.contains("may be sent twice"), "{log}");
}
