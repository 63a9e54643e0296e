//! Several relays: who can be used, and who takes over.

use std::sync::Arc;

use super::connect_error::RelayError;
use super::connection::Connection;
use super::relay::Relay;
use crate::config::Settings;
use crate::log_limiter::failures;

/// The relays of an installation, at least one.
pub struct Relays {
    first: Arc<Relay>,
    further: Vec<Arc<Relay>>,
}

impl Relays {
    /// Reads the settings.
    ///
    /// # Errors
    /// When an address makes no sense, or certificates cannot be read.
    pub fn from_settings(settings: &Settings) -> Result<Self, RelayError> {
        let alone = settings.relays.is_empty();
        let open = |(name, smtp): (String, _)| Relay::new(&name, &smtp, alone).map(Arc::new);
        let mut all = settings.all_relays().into_iter().map(open);
        // [smtp] is always there.
        let first = all
            .next()
            .unwrap_or_else(|| Relay::new("main", &settings.smtp, alone).map(Arc::new))?;
        let further = all.collect::<Result<_, _>>()?;
        let relays = Self { first, further };
        relays.warn_of_short_names();
        Ok(relays)
    }

    /// Many servers refuse a name without a dot (Postfix: `reject_non_fqdn_helo_hostname`).
    fn warn_of_short_names(&self) {
        let mut names: Vec<&str> = self.all().map(|relay| relay.hello()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names.into_iter().filter(|name| !name.contains(['.', ':'])) {
            tracing::warn!(
                name,
                "the name by which relays are greeted has no dot, and many refuse such a name; set \
                 smtp.hello_name to this machine's full host name"
            );
        }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Relay>> {
        std::iter::once(&self.first).chain(&self.further)
    }

    /// Whether the work of this relay can be left to another.
    #[must_use]
    pub fn has_another_than(&self, relay: &Relay) -> bool {
        self.all()
            .any(|other| other.name() != relay.name() && other.may_be_tried() && !other.is_paused())
    }

    /// Whether an operator has paused every one.
    #[must_use]
    pub fn all_paused(&self) -> bool {
        self.all().all(|relay| relay.is_paused())
    }

    /// Connects to the first that can be used and is not paused.
    ///
    /// # Errors
    /// That of the last one tried, when none can.
    pub async fn connect(&self) -> Result<(Arc<Relay>, Connection), RelayError> {
        let mut order: Vec<_> = self.all().filter(|relay| !relay.is_paused()).collect();
        order.sort_by_key(|relay| !relay.may_be_tried());
        let (last, others) = order.split_last().ok_or(RelayError::Paused)?;
        for relay in others {
            match relay.connect().await {
                Ok(connection) => return Ok((Arc::clone(relay), connection)),
                Err(error) => note_failure(relay, &error),
            }
        }
        match last.connect().await {
            Ok(connection) => Ok((Arc::clone(last), connection)),
            Err(error) => {
                note_failure(last, &error);
                Err(error)
            }
        }
    }

    /// Logs what is counted and not logged yet. To be called at the end of a worker.
    pub fn log_remaining(&self) {
        for relay in self.all() {
            relay.log_remaining();
        }
    }
}

/// Logs why a relay gave no connection; others may be open.
fn note_failure(relay: &Relay, error: &RelayError) {
    if error.is_busy() {
        failures::warn("a relay takes no further connection", error);
    } else {
        relay.could_not_be_used(error);
    }
}
