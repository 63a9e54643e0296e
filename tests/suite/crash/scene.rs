//! An installation with readers and an issue that is being sent.

use std::str::FromStr;
use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};
use tokio::time::sleep;

use super::check::{Summary, check, rows};
use super::sink::{Sink, Taken};
use crate::cli::{csv_of, draft};
use crate::support::binary::{Installation, Serving};

/// Connections of a worker to the relay.
pub const LANES: usize = 8;
/// A test should fail rather than hang; the long run makes progress all the time.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Scene {
    pub sink: Sink,
    pub installation: Installation,
    issue: String,
    names: Vec<String>,
    url: String,
}

impl Scene {
    /// With so many readers, and an issue that waits for a worker.
    pub async fn set(url: &str, readers: usize, pace: Duration, settings: &[(&str, &str)]) -> Self {
        let mut installation = Installation::new(url)
            .with("SMTP__CONNECTIONS", &LANES.to_string())
            .with("WORKER__LEASE_SECONDS", "15")
            .with("WORKER__RETRY_SECONDS", "1,1");
        for (name, value) in settings {
            installation = installation.with(name, value);
        }
        let sink = Sink::start(&installation.path("taken"), pace).await;
        let installation = installation.with("SMTP__URL", &sink.url());
        let names: Vec<String> = (0..readers).map(|n| format!("r{n}@example.org")).collect();
        installation.write("readers.csv", csv_of(&names));
        let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
        installation.ok(&import).await;
        let issue = draft(&installation, "Sommet").await;
        installation.ok(&["issue", "send", &issue]).await;
        let url = url.to_owned();
        Self {
            sink,
            installation,
            issue,
            names,
            url,
        }
    }

    pub fn readers(&self) -> usize {
        self.names.len()
    }

    /// Waits until the relay has taken so many, or has all that it can get.
    pub async fn wait_until_taken(&self, goal: usize) {
        let begun = Instant::now();
        while self.sink.count() < goal.min(self.readers()) {
            sleep(Duration::from_millis(1)).await;
            let count = self.sink.count();
            assert!(begun.elapsed() < PATIENCE, "{count} of {goal} were taken");
        }
    }

    /// Waits until the issue has paused by itself, and resumes it.
    pub async fn resume_what_paused(&self) {
        let begun = Instant::now();
        while self.issue().await["status"] != "paused" {
            assert!(begun.elapsed() < PATIENCE, "it goes on");
            sleep(Duration::from_millis(50)).await;
        }
        self.installation
            .ok(&["issue", "resume", &self.issue])
            .await;
    }

    pub async fn wait_for_the_end(&self) {
        let begun = Instant::now();
        loop {
            let issue = self.issue().await;
            if issue["status"] == "sent" {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{issue}");
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// SIGSTOP, at a moment when the worker does not hold SQLite's lock: nobody could go on.
    pub async fn put_to_sleep(&self, worker: &Serving) {
        loop {
            worker.signal("STOP").await;
            if !self.url.starts_with("sqlite:") {
                return;
            }
            let options = SqliteConnectOptions::from_str(&self.url).unwrap();
            let options = options.busy_timeout(Duration::from_millis(200));
            let mut database = SqliteConnection::connect_with(&options).await.unwrap();
            if database.execute("BEGIN IMMEDIATE").await.is_ok() {
                database.execute("ROLLBACK").await.unwrap();
                return;
            }
            worker.signal("CONT").await;
            sleep(Duration::from_millis(5)).await;
        }
    }

    async fn issue(&self) -> Value {
        let show = ["issue", "show", &self.issue];
        self.installation.json(&show).await
    }

    /// Compares all books; `may_repeat` says whether a copy may have been followed by another.
    pub async fn check(&self, may_repeat: impl Fn(&Taken) -> bool) -> Summary {
        let rows = rows(&self.url).await;
        let (taken, issue) = (self.sink.taken(), self.issue().await);
        let result = check(&self.names, &taken, &rows, &issue, may_repeat);
        result.unwrap_or_else(|wrong| panic!("the books do not agree: {wrong}"))
    }
}
