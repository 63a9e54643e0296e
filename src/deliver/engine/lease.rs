//! How long a worker may hold what it has claimed without a sign of life.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::service::Service;

/// When a lease that is taken or extended now ends.
pub(crate) fn lease_end(service: &Service) -> Timestamp {
    let now = service.clock.now();
    let lease = SignedDuration::from_secs(service.settings.worker.lease_seconds.into());
    now.saturating_add(lease).unwrap_or(now)
}

/// How often to extend one: three times in its length.
pub(crate) fn lease_beat(service: &Service) -> Duration {
    Duration::from_secs(u64::from(service.settings.worker.lease_seconds) / 3)
}
