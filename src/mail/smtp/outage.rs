//! A relay that cannot be used: the log tells when that begins, why, and with the end how long it was.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::connect_error::RelayError;
use crate::log_limiter::LogLimiter;

/// Of one relay, as this process sees it.
#[derive(Debug, Default)]
pub(super) struct Outage {
    state: Mutex<State>,
    /// By cause.
    warnings: LogLimiter<String>,
}

#[derive(Debug, Default)]
struct State {
    /// The first failure, while there was no success after it, and how many there were.
    began: Option<(Instant, u64)>,
    over: Option<OutageOver>,
}

/// A relay can be used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutageOver {
    /// How long it could not.
    pub lasted: Duration,
    /// How many attempts to connect have failed.
    pub tries: u64,
}

impl Outage {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An attempt has failed: one line a minute and cause.
    pub(super) fn failed(&self, relay: &str, error: &RelayError) {
        self.lock().began.get_or_insert((Instant::now(), 0)).1 += 1;
        if let Some(times) = self.warnings.may_log(error.to_string()) {
            tracing::warn!(%error, relay, times, "the relay cannot be used");
        }
    }

    /// An attempt has succeeded.
    pub(super) fn succeeded(&self) {
        let mut state = self.lock();
        if let Some((since, tries)) = state.began.take() {
            let lasted = since.elapsed();
            state.over = Some(OutageOver { lasted, tries });
            // The end tells the number of all.
            self.warnings.drain();
        }
    }

    /// The outage that has just ended, once.
    pub(super) fn take_over(&self) -> Option<OutageOver> {
        self.lock().over.take()
    }

    /// Logs what is not logged yet, at the end of the process.
    pub(super) fn log_remaining(&self, relay: &str) {
        for (error, times) in self.warnings.drain() {
            tracing::warn!(error, relay, times, "the relay cannot be used");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Outage, OutageOver};
    use crate::mail::{ConnectPhase, RelayError};
    use tokio::time::advance;

    #[tokio::test(start_paused = true)]
    async fn an_outage_ends_once_with_its_length_and_the_number_of_tries() {
        let outage = Outage::default();
        outage.succeeded();
        assert_eq!(outage.take_over(), None, "there was none");
        let error = RelayError::Unusable {
            relay: "relay.example:25".to_owned(),
            why: "connection refused".to_owned(),
            phase: ConnectPhase::Network,
            said: None,
            refuses_login: false,
        };
        for _ in 0..3 {
            outage.failed("main", &error);
            advance(Duration::from_secs(40)).await;
        }
        outage.succeeded();
        outage.succeeded();
        let lasted = Duration::from_secs(120);
        assert_eq!(outage.take_over(), Some(OutageOver { lasted, tries: 3 }));
        assert_eq!(outage.take_over(), None);
    }
}
