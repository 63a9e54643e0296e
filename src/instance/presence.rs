//! Which worker processes run.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::service::Service;
use crate::store::worker::{self, Worker};
use crate::store::{self, Read, StoreError};

/// How often a worker says that it runs.
pub const INTERVAL: Duration = Duration::from_secs(15);
/// A worker that was not seen for so long is stuck, was killed, or cannot use the database.
const SILENT_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// How long a worker is remembered that did not say that it ended.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

impl Worker {
    /// This process; `started_at` is when it started.
    fn this(service: &Service, started_at: Timestamp) -> Self {
        Self {
            id: service.worker,
            host: host(),
            pid: std::process::id().into(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at,
            seen_at: service.clock.now(),
        }
    }

    /// Whether it has not been seen for a minute.
    #[must_use]
    pub fn is_silent(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen_at) > SILENT_AFTER
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} (process {})", self.host, self.pid)
    }
}

#[cfg(unix)]
fn host() -> String {
    let system = rustix::system::uname();
    system.nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

/// Says that this worker runs, since `started_at`. To be called every [`INTERVAL`]. A clock that is trusted also tells
/// the database until when it was used.
///
/// # Errors
/// When the database cannot be written.
pub async fn tell(
    service: &Service,
    started_at: Timestamp,
    clock_is_trusted: bool,
) -> Result<(), StoreError> {
    let this = Worker::this(service, started_at);
    let mut tx = service.store.write().await?;
    worker::forget(&mut tx, this.seen_at - REMEMBERED).await?;
    worker::seen(&mut tx, &this).await?;
    if clock_is_trusted {
        store::instance::used(&mut tx, this.seen_at).await?;
    }
    tx.commit().await
}

/// Says that this worker has ended. One that cannot is seen as silent.
///
/// # Errors
/// When the database cannot be written.
pub async fn end(service: &Service) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    worker::ended(&mut tx, service.worker).await?;
    tx.commit().await
}

/// How many workers run.
///
/// # Errors
/// When the database cannot be used.
pub async fn running(db: &mut Read, now: Timestamp) -> Result<i64, StoreError> {
    let all = worker::all(db).await?;
    let running = all.iter().filter(|worker| !worker.is_silent(now));
    Ok(running.map(|_| 1).sum())
}
