//! One provider that keeps the relay waiting must not keep every lane waiting.
//!
//! A relay that looks a recipient up while we wait (greylisting, call-outs) is given the
//! minutes of RFC 5321 §4.5.3.2, but only a fifth of the lanes may spend them on one provider.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// After so long a lane counts as kept waiting.
const STALLED_AFTER: Duration = Duration::from_secs(3);
/// How often a lane that waits looks around.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);

/// Since when lanes wait for each provider, by the number of the wait.
type Waits = HashMap<String, Vec<(u64, Instant)>>;

/// Shared by all lanes of a process.
#[derive(Debug, Clone)]
pub(crate) struct ProviderStalls {
    waits: Arc<Mutex<(u64, Waits)>>,
    allowed: usize,
}

/// The wait of one lane for the relay's word on a recipient; it ends with the value.
pub(crate) struct StallWait<'a> {
    provider_stalls: &'a ProviderStalls,
    provider: String,
    number: u64,
}

impl ProviderStalls {
    /// For so many lanes.
    pub(crate) fn new(lanes: usize) -> Self {
        Self {
            waits: Arc::default(),
            allowed: (lanes / 5).max(1),
        }
    }

    fn lock(&self) -> MutexGuard<'_, (u64, Waits)> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether as many lanes as may are kept waiting for this provider.
    pub(crate) fn is_full(&self, provider: &str) -> bool {
        let waits = self.lock();
        waits.1.get(provider).is_some_and(|waits| {
            let long = waits
                .iter()
                .filter(|(_, since)| since.elapsed() > STALLED_AFTER);
            long.count() >= self.allowed
        })
    }

    /// Begins to wait.
    pub(crate) fn wait(&self, provider: &str) -> StallWait<'_> {
        let mut waits = self.lock();
        waits.0 += 1;
        let number = waits.0;
        let of_provider = waits.1.entry(provider.to_owned()).or_default();
        of_provider.push((number, Instant::now()));
        StallWait {
            provider_stalls: self,
            provider: provider.to_owned(),
            number,
        }
    }
}

impl StallWait<'_> {
    /// Returns when this lane has been kept waiting and enough others wait for the same.
    pub(crate) async fn exceeds_share(&self) {
        loop {
            sleep(CHECK_INTERVAL).await;
            let mut waits = self.provider_stalls.lock();
            let of_provider = waits.1.entry(self.provider.clone()).or_default();
            let place = of_provider.iter().position(|wait| wait.0 == self.number);
            if let Some(place) = place.filter(|place| *place >= self.provider_stalls.allowed)
                && of_provider[place].1.elapsed() > STALLED_AFTER
            {
                return;
            }
        }
    }
}

impl Drop for StallWait<'_> {
    fn drop(&mut self) {
        let mut waits = self.provider_stalls.lock();
        if let Some(of_provider) = waits.1.get_mut(&self.provider) {
            of_provider.retain(|wait| wait.0 != self.number);
            if of_provider.is_empty() {
                waits.1.remove(&self.provider);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ProviderStalls, STALLED_AFTER};
    use tokio::time::{advance, pause, timeout};

    #[tokio::test]
    async fn a_fifth_of_the_lanes_may_wait_long_for_one_domain() {
        pause();
        let provider_stalls = ProviderStalls::new(10);
        let waits: Vec<_> = (0..3)
            .map(|_| provider_stalls.wait("slow.example"))
            .collect();
        assert!(
            !provider_stalls.is_full("slow.example"),
            "nobody has waited long"
        );
        advance(STALLED_AFTER * 2).await;
        assert!(provider_stalls.is_full("slow.example"));
        assert!(!provider_stalls.is_full("quick.example"));
        let third = timeout(STALLED_AFTER, waits[2].exceeds_share()).await;
        assert!(third.is_ok(), "two are enough");
        let first = timeout(STALLED_AFTER, waits[0].exceeds_share()).await;
        assert!(first.is_err(), "somebody has to wait for the answer");
        drop(waits);
        assert!(!provider_stalls.is_full("slow.example"));
        assert!(provider_stalls.lock().1.is_empty());
    }
}
