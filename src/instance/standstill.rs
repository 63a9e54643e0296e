//! Why no mail goes out at all.

use crate::instance::presence;
use crate::service::Service;
use crate::store::delivery::relay_pause::RelayPause;
use crate::store::{self, Read, StoreError};

/// Why no mail of any issue goes out, however many wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standstill {
    /// Somebody, or the start on a copy of the database, holds all sending.
    Held,
    /// Every relay is paused.
    RelaysPaused,
    /// No worker process runs.
    NoWorker,
}

impl Standstill {
    /// Why nothing goes out; none if nothing keeps it. `paused` are the relays that are paused.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn now(
        service: &Service,
        db: &mut Read,
        paused: &[RelayPause],
    ) -> Result<Option<Self>, StoreError> {
        let known = store::instance::read(db).await?;
        if known.is_some_and(|known| known.held.is_some()) {
            return Ok(Some(Self::Held));
        }
        let relays = service.settings.all_relays();
        let is_paused = |name: &str| paused.iter().any(|pause| pause.relay == name);
        if relays.iter().all(|(name, _)| is_paused(name)) {
            return Ok(Some(Self::RelaysPaused));
        }
        let running = presence::running(db, service.clock.now()).await?;
        Ok((running == 0).then_some(Self::NoWorker))
    }

    /// Its name in texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::RelaysPaused => "relays-paused",
            Self::NoWorker => "no-worker",
        }
    }
}
