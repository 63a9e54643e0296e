//! What a start upgrades, for the log, for systemd and for whoever asks meanwhile.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, interval};

use crate::service_manager;
use crate::store::MigrationStep;

/// How often a long upgrade says how far it is.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// What an upgrade does now.
#[derive(Debug, Clone, Default)]
pub struct Upgrade(Arc<watch::Sender<String>>);

impl Upgrade {
    /// Says what it does from now on.
    pub(super) fn does(&self, what: String) {
        self.0.send_replace(what);
    }

    /// The same for a migration, which the log names too.
    pub(super) fn migrates(&self, step: &MigrationStep) {
        let MigrationStep {
            version,
            name,
            number,
            of,
        } = step;
        tracing::info!(version, name, number, of, "upgrading the schema");
        self.does(format!("migration {version:04} ({number} of {of}): {name}"));
    }

    /// What it does now; empty while nothing is known.
    #[must_use]
    pub fn now(&self) -> String {
        self.0.borrow().clone()
    }

    /// Tells the log and systemd every ten seconds what it does, as long as this is polled.
    pub async fn tell(&self) -> Infallible {
        let begun = Instant::now();
        let mut ticks = interval(TOLD_EVERY);
        ticks.tick().await;
        loop {
            ticks.tick().await;
            let seconds = begun.elapsed().as_secs();
            let now = self.now();
            if now.is_empty() {
                continue;
            }
            service_manager::status(&format!("upgrading: {now}"));
            tracing::info!(seconds, now, "still upgrading");
        }
    }
}
