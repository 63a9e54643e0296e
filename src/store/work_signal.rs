//! Notifies workers of new work: in this process through a channel, in other processes through
//! PostgreSQL's NOTIFY. Workers also poll, so a lost notification only delays the work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::StoreError;
use super::dialect::statements;
use crate::log_limiter::failures;

/// The name of the PostgreSQL channel.
const CHANNEL: &str = "xabar_work";
/// The shortest time between two NOTIFYs. PostgreSQL runs commits with a NOTIFY one after the other,
/// so many sign-ups must not send one each.
const NOTIFY_INTERVAL: Duration = Duration::from_millis(100);
/// The pause after a database error.
const ERROR_PAUSE: Duration = Duration::from_secs(2);

statements! {
    NOTIFY = [{ sqlite: "SELECT 1", postgres: "NOTIFY xabar_work" }];
}

/// Signals commits that made work.
#[derive(Debug, Clone)]
pub(crate) struct WorkSignal {
    /// Counts signals for the workers of this process.
    received: watch::Sender<u64>,
    /// Counts signals of this process for the other processes.
    sent: watch::Sender<u64>,
    /// Counts all commits of this process.
    commits: Arc<AtomicU64>,
}

impl WorkSignal {
    pub(crate) fn new() -> Self {
        Self {
            received: watch::Sender::new(0),
            sent: watch::Sender::new(0),
            commits: Arc::default(),
        }
    }

    pub(crate) fn send(&self) {
        self.sent.send_modify(|times| *times += 1);
        self.received.send_modify(|times| *times += 1);
    }

    /// Counts a commit, and tells workers if it made work.
    pub(crate) fn committed(&self, makes_work: bool) {
        self.commits.fetch_add(1, Ordering::AcqRel);
        if makes_work {
            self.send();
        }
    }

    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.received.subscribe()
    }

    /// Sends this process's signals to the others and receives theirs, until `stop`.
    pub(crate) async fn forward(
        &self,
        pool: &PgPool,
        listening: &PgPool,
        stop: &CancellationToken,
    ) {
        let work = async {
            tokio::join!(self.notify_others(pool), self.receive(listening));
        };
        tokio::select! {
            () = work => {}
            () = stop.cancelled() => {}
        }
    }

    async fn notify_others(&self, pool: &PgPool) {
        let mut sent = self.sent.subscribe();
        while sent.changed().await.is_ok() {
            let notified = sqlx::query(NOTIFY.postgres).execute(pool).await;
            if let Err(error) = notified {
                let error = StoreError::from(error);
                failures::warn(
                    "cannot notify other workers of new work; they find it by polling",
                    &error,
                );
                sleep(ERROR_PAUSE).await;
            }
            sleep(NOTIFY_INTERVAL).await;
        }
    }

    async fn receive(&self, pool: &PgPool) {
        loop {
            if let Err(error) = self.receive_until_error(pool).await {
                let error = StoreError::from(error);
                failures::warn(
                    "cannot receive notifications of new work; polling finds it",
                    &error,
                );
                sleep(ERROR_PAUSE).await;
            }
        }
    }

    async fn receive_until_error(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        loop {
            listener.recv().await?;
            self.received.send_modify(|times| *times += 1);
        }
    }
}
