//! The version of what public pages show, without a question to the database for each request.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::service::Service;
use crate::store::StoreError;
use crate::store::issue::archive::{self, ArchiveVersion};

/// How long nothing is believed to have changed when this process has changed nothing.
const BELIEVED_FOR: Duration = Duration::from_millis(250);

/// The versions that one process has seen. Clones share them.
#[derive(Clone)]
pub(in crate::web) struct Versions {
    service: Service,
    seen: Arc<RwLock<Option<Seen>>>,
    /// Held by the one who asks the database.
    asking: Arc<Mutex<()>>,
}

/// The version that the database had, and when it was asked.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) version: ArchiveVersion,
    /// When this process first saw it, in whole seconds.
    pub(super) since: SystemTime,
    commits: u64,
    asked: Instant,
}

impl Versions {
    /// Nothing has been seen yet.
    pub(in crate::web) fn new(service: Service) -> Self {
        Self {
            service,
            seen: Arc::default(),
            asking: Arc::default(),
        }
    }

    /// The present version, if the database need not be asked for it.
    pub(super) fn believed(&self) -> Option<Seen> {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let seen = seen.as_ref()?;
        let is_believed =
            seen.commits == self.service.store.commits() && seen.asked.elapsed() < BELIEVED_FOR;
        is_believed.then_some(*seen)
    }

    /// The present version.
    pub(super) async fn present(&self) -> Result<Seen, StoreError> {
        if let Some(seen) = self.believed() {
            return Ok(seen);
        }
        let _asking = self.asking.lock().await;
        // Another request may have asked meanwhile.
        if let Some(seen) = self.believed() {
            return Ok(seen);
        }
        let commits = self.service.store.commits();
        let asked = Instant::now();
        let version = archive::version(&mut self.service.store.read().await?).await?;
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        let since = match *seen {
            Some(before) if before.version == version => before.since,
            before => {
                let now = whole_seconds(self.service.clock.now());
                // Two versions never share the time that tells them apart.
                let after = before.map(|before| before.since + Duration::from_secs(1));
                after.map_or(now, |after| after.max(now))
            }
        };
        let now_seen = Seen {
            version,
            since,
            commits,
            asked,
        };
        *seen = Some(now_seen);
        Ok(now_seen)
    }
}

/// The whole second in which this is; the Unix epoch for what is before it.
pub(super) fn whole_seconds(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(at.as_second().try_into().unwrap_or(0))
}
