//! Tells the database how many connections the relays take, so that editors can see it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep};

use super::LOOP_LIMIT;
use crate::deliver::lane::connection_limit::{ConnectionLimit, Refusal};
use crate::domain::RelayLimit;
use crate::service::Service;
use crate::store::{self, StoreError};

/// How often to look for a change.
const INTERVAL: Duration = Duration::from_secs(1);
/// How often to write what has not changed, so that it goes on counting as true.
const REPEAT: Duration = Duration::from_secs(RelayLimit::TRUE_FOR.as_secs().unsigned_abs() / 3);

/// One relay of this process.
pub(super) struct ReportedRelay {
    name: String,
    limit: ConnectionLimit,
    /// What was last written, and when.
    written: Option<(Refusal, Instant)>,
}

impl ReportedRelay {
    /// Nothing is written of it yet.
    pub(super) fn new(name: &str, limit: ConnectionLimit) -> Self {
        Self {
            name: name.to_owned(),
            limit,
            written: None,
        }
    }

    async fn report(&mut self, service: &Service) -> Result<(), StoreError> {
        let refusal = self.limit.refusal();
        let is_written = match (&refusal, &self.written) {
            (None, None) => true,
            (Some(now), Some((then, at))) => now == then && at.elapsed() < REPEAT,
            _ => false,
        };
        if is_written {
            return Ok(());
        }
        let (worker, now) = (service.worker, service.clock.now());
        let mut tx = service.store.write().await?;
        match &refusal {
            Some(refusal) => {
                let limit = self.relay_limit(refusal, now);
                store::delivery::relay_limit::save(&mut tx, worker, &limit, now).await?;
            }
            None => store::delivery::relay_limit::remove(&mut tx, worker, &self.name).await?,
        }
        tx.commit().await?;
        self.written = refusal.map(|refusal| (refusal, Instant::now()));
        Ok(())
    }

    fn relay_limit(&self, refusal: &Refusal, now: Timestamp) -> RelayLimit {
        let wait = refusal.probe_at.saturating_duration_since(Instant::now());
        let wait = SignedDuration::try_from(wait).unwrap_or_default();
        let count = |connections| i64::try_from(connections).unwrap_or(i64::MAX);
        RelayLimit {
            relay: self.name.clone(),
            connections: count(refusal.allowed),
            configured: count(self.limit.configured()),
            next_try_at: now.saturating_add(wait).unwrap_or(now),
            reply: refusal.reply.clone(),
        }
    }
}

/// Reports changes for as long as the engine runs. What it wrote last is true for [`RelayLimit::TRUE_FOR`].
pub(super) async fn report_relays(service: Service, mut relays: Vec<ReportedRelay>) {
    let heartbeat = service.heartbeats.start("relay reports", LOOP_LIMIT);
    loop {
        sleep(INTERVAL).await;
        for relay in &mut relays {
            heartbeat.beat();
            if let Err(error) = store::with_timeout(relay.report(&service)).await {
                tracing::warn!(
                    %error, relay = relay.name,
                    "how many connections the relay takes could not be written; trying again"
                );
            }
        }
    }
}
