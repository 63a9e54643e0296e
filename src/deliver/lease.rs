//! How long a claim is valid, of deliveries and of transactional mails.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::service::Service;

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
