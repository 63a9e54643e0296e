//! What a process does when its surroundings fail: its log, its key, its database, a second process.

mod backups;
mod changes;
mod clock;
mod copies;
mod held_mails;
mod holding;
mod locked;
mod poolers;
mod pools;
mod processes;
mod read_only;
mod standby;

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
