//! Tells the workers that there is work, in this process at once and in others through
//! PostgreSQL's NOTIFY. Who does not hear it finds the work by looking, a little later.

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
const PAUSE: Duration = Duration::from_millis(100);
/// How long to wait before the database is asked again.
const TROUBLE: Duration = Duration::from_secs(2);

statements! {
    NOTIFY = [{ sqlite: "SELECT 1", postgres: "NOTIFY xabar_work" }];
}

/// Rung after each commit that made work.
#[derive(Debug, Clone)]
pub(crate) struct Bell {
    /// For the workers of this process.
    heard: watch::Sender<u64>,
    /// Not yet told to the other processes.
    rung: watch::Sender<u64>,
}

impl Bell {
    pub(crate) fn new() -> Self {
        Self {
            heard: watch::Sender::new(0),
            rung: watch::Sender::new(0),
        }
    }

    pub(crate) fn ring(&self) {
        self.rung.send_modify(|times| *times += 1);
        self.heard.send_modify(|times| *times += 1);
    }

    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.heard.subscribe()
    }

    /// Carries the sound between the processes until `stop`.
    pub(crate) async fn carry(&self, pool: &PgPool, stop: &CancellationToken) {
        let work = async {
            tokio::join!(self.tell(pool), self.hear(pool));
        };
        tokio::select! {
            () = work => {}
            () = stop.cancelled() => {}
        }
    }

    async fn tell(&self, pool: &PgPool) {
        let mut rung = self.rung.subscribe();
        while rung.changed().await.is_ok() {
            let told = sqlx::query(NOTIFY.postgres).execute(pool).await;
            if let Err(error) = told {
                let error = StoreError::from(error);
                tracing::warn!(%error, "other workers are not told about new work; they find it by looking");
                sleep(TROUBLE).await;
            }
            sleep(PAUSE).await;
        }
    }

    async fn hear(&self, pool: &PgPool) {
        loop {
            if let Err(error) = self.hear_until_trouble(pool).await {
                let error = StoreError::from(error);
                tracing::warn!(%error, "nothing is heard of new work; it is found by looking");
                sleep(TROUBLE).await;
            }
        }
    }

    async fn hear_until_trouble(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        loop {
            listener.recv().await?;
            self.heard.send_modify(|times| *times += 1);
        }
    }
}
