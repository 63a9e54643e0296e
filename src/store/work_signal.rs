//! Tells the workers that there is work, in this process at once and in others through
//! PostgreSQL's NOTIFY. Who does not receive it finds the work by looking, a little later.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::StoreError;
use super::dialect::statements;

/// The channel's name.
const CHANNEL: &str = "xabar_work";
/// At most so often the other processes are told: a commit with a NOTIFY in it waits for
/// every other such commit, so that a flood of sign-ups must not each send one.
const NOTIFY_INTERVAL: Duration = Duration::from_millis(100);
/// How long to wait before the database is asked again.
const ERROR_PAUSE: Duration = Duration::from_secs(2);

statements! {
    NOTIFY = [{ sqlite: "SELECT 1", postgres: "NOTIFY xabar_work" }];
}

/// Rung after each commit that made work.
#[derive(Debug, Clone)]
pub(crate) struct WorkSignal {
    /// For the workers of this process.
    received: watch::Sender<u64>,
    /// Not yet told to the other processes.
    sent: watch::Sender<u64>,
}

impl WorkSignal {
    pub(crate) fn new() -> Self {
        Self {
            received: watch::Sender::new(0),
            sent: watch::Sender::new(0),
        }
    }

    pub(crate) fn send(&self) {
        self.sent.send_modify(|times| *times += 1);
        self.received.send_modify(|times| *times += 1);
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.received.subscribe()
    }

    /// Carries the sound between the processes until `stop`.
    pub(crate) async fn forward(&self, pool: &PgPool, stop: &CancellationToken) {
        let work = async {
            tokio::join!(self.notify_others(pool), self.receive(pool));
        };
        tokio::select! {
            () = work => {}
            () = stop.cancelled() => {}
        }
    }

    async fn notify_others(&self, pool: &PgPool) {
        let mut sent = self.sent.subscribe();
        while sent.changed().await.is_ok() {
            let told = sqlx::query(NOTIFY.postgres).execute(pool).await;
            if let Err(error) = told {
                let error = StoreError::from(error);
                tracing::warn!(%error, "other workers are not told about new work; they find it by looking");
                sleep(ERROR_PAUSE).await;
            }
            sleep(NOTIFY_INTERVAL).await;
        }
    }

    async fn receive(&self, pool: &PgPool) {
        loop {
            if let Err(error) = self.receive_until_error(pool).await {
                let error = StoreError::from(error);
                tracing::warn!(%error, "nothing is received of new work; it is found by looking");
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
