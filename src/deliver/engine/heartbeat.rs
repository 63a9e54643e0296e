//! The heartbeat that extends the leases of the engine.

use tokio::time::sleep;

use super::LOOP_LIMIT;
use super::held_leases::HeldLeases;
use crate::deliver::lease::{heartbeat_interval, lease_end};
use crate::log_limiter::failures;
use crate::service::Service;
use crate::store::{self, StoreError};

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
