//! Notifies workers of new work: in this process through a channel, in other processes through
//! PostgreSQL's NOTIFY. Workers also poll, so a lost notification only delays the work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::dialect::statements;
use super::{StoreError, with_timeout};
use crate::heartbeat::{Heartbeat, Heartbeats};
use crate::log_limiter::failures;

/// The name of the PostgreSQL channel.
const CHANNEL: &str = "xabar_work";
/// The shortest time between two NOTIFYs. PostgreSQL runs commits with a NOTIFY one after the other,
/// so many sign-ups must not send one each.
const NOTIFY_INTERVAL: Duration = Duration::from_millis(100);
/// After so long without a notification, the connection is tried.
const PING_INTERVAL: Duration = Duration::from_secs(30);
/// Within this time both loops turn: they wait for the database no longer than a minute.
const LOOP_LIMIT: Duration = Duration::from_secs(300);
/// The pause after a database error.
const ERROR_PAUSE: Duration = Duration::from_secs(2);

statements! {
    NOTIFY = [{ sqlite: "SELECT 1", postgres: "NOTIFY xabar_work" }];
    PING = ["SELECT 1"];
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
        heartbeats: &Heartbeats,
        stop: &CancellationToken,
    ) {
        let notify = heartbeats.start("notify", LOOP_LIMIT);
        let listen = heartbeats.start("listen", LOOP_LIMIT);
        let work = async {
            tokio::join!(
                self.notify_others(pool, &notify),
                self.receive(listening, &listen)
            );
        };
        tokio::select! {
            () = work => {}
            () = stop.cancelled() => {}
        }
    }

    async fn notify_others(&self, pool: &PgPool, heartbeat: &Heartbeat) {
        let mut sent = self.sent.subscribe();
        while heartbeat.while_waiting(sent.changed()).await.is_ok() {
            let notify = async { Ok(sqlx::query(NOTIFY.postgres).execute(pool).await?) };
            if let Err(error) = with_timeout::<_, StoreError>(notify).await {
                failures::warn(
                    "cannot notify other workers of new work; they find it by polling",
                    &error,
                );
                sleep(ERROR_PAUSE).await;
            }
            sleep(NOTIFY_INTERVAL).await;
        }
    }

    async fn receive(&self, pool: &PgPool, heartbeat: &Heartbeat) {
        loop {
            heartbeat.beat();
            if let Err(error) = self.receive_until_error(pool, heartbeat).await {
                failures::warn(
                    "cannot receive notifications of new work; polling finds it",
                    &error,
                );
                sleep(ERROR_PAUSE).await;
            }
        }
    }

    async fn receive_until_error(
        &self,
        pool: &PgPool,
        heartbeat: &Heartbeat,
    ) -> Result<(), StoreError> {
        let connected = async {
            let mut listener = PgListener::connect_with(pool).await?;
            listener.listen(CHANNEL).await?;
            Ok::<_, StoreError>(listener)
        };
        let mut listener = with_timeout(connected).await?;
        loop {
            heartbeat.beat();
            match timeout(PING_INTERVAL, listener.recv()).await {
                Ok(received) => {
                    received?;
                    self.received.send_modify(|times| *times += 1);
                }
                Err(_) => {
                    // A host that has vanished looks like one that has nothing to tell.
                    let ping =
                        async { Ok(sqlx::query(PING.postgres).execute(&mut listener).await?) };
                    with_timeout::<_, StoreError>(ping).await?;
                }
            }
        }
    }
}
