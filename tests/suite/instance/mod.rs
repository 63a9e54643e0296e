//! The process and its surroundings: database, key, clock, log, and a second process.

mod backups;
mod clock_jump;
mod cloned_database;
mod database_read_only;
mod failover;
mod held_mails;
mod hold_all_sending;
mod outage_log;
mod pgbouncer;
mod pool_exhaustion;
mod process_lifecycle;
mod sqlite_locked;

use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::support::smtp::SmtpServer;

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Signs up, and waits for the confirmation mail.
async fn works(base: &str, smtp: &SmtpServer, address: &str) {
    let body = serde_json::json!({ "email": address });
    let request = reqwest::Client::new().post(format!("{base}/api/v1/subscriptions"));
    let answer = request.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let came = async {
        while !smtp
            .messages()
            .iter()
            .any(|mail| mail.recipients.iter().any(|to| to == address))
        {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, came).await.expect("a confirmation mail");
}
