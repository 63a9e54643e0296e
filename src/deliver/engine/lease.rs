//! How long a claim is valid, and the heartbeat that extends it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::sleep;

use super::LOOP_LIMIT;
use super::held_leases::HeldLeases;
use crate::log_limiter::failures;
use crate::service::Service;
use crate::store::{self, StoreError};

/// When a lease that is taken or extended now ends: after `worker.lease_seconds`.
pub(crate) fn lease_end(service: &Service) -> Timestamp {
    let now = service.clock.now();
    let lease = SignedDuration::from_secs(service.settings.worker.lease_seconds.into());
    now.saturating_add(lease).unwrap_or(now)
}

/// The interval between two extensions: a third of the length of a lease.
pub(crate) fn heartbeat_interval(service: &Service) -> Duration {
    Duration::from_secs(u64::from(service.settings.worker.lease_seconds) / 3)
}

/// Extends the leases of the engine for as long as it runs.
pub(super) async fn heartbeat(service: Service, held_leases: HeldLeases) {
    let pause = heartbeat_interval(&service);
    let turns = service
        .heartbeats
        .start("leases", pause.saturating_add(LOOP_LIMIT));
    loop {
        sleep(pause).await;
        turns.beat();
        match store::with_timeout(extend(&service, &held_leases)).await {
            Ok(0) => {}
            Ok(leases) => tracing::debug!(leases, "leases extended"),
            Err(error) => failures::error(
                "leases could not be extended; when they end, their deliveries are claimed again",
                &error,
            ),
        }
    }
}

/// Returns how many leases it extended.
async fn extend(service: &Service, held_leases: &HeldLeases) -> Result<usize, StoreError> {
    let until = lease_end(service);
    let held = held_leases.leases();
    for (issue, lease, open) in &held {
        let mut tx = service.store.write().await?;
        store::delivery::extend(&mut tx, *issue, *lease, open, until).await?;
        tx.commit().await?;
    }
    Ok(held.len())
}
