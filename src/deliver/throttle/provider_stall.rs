//! Limits how many lanes wait for one provider.
//!
//! A relay may check a recipient before it answers RCPT (call-outs, greylisting). It is given the
//! minutes of RFC 5321 §4.5.3.2, but only a fifth of the lanes may wait so long for one provider.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// A lane that waits longer than this for a reply to RCPT counts as stalled.
const STALLED_AFTER: Duration = Duration::from_secs(3);
/// How often a waiting lane checks whether too many others wait for the same provider.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);

/// The waits for each provider, oldest first: the number of the wait and when it began.
type Waits = HashMap<String, Vec<(u64, Instant)>>;

/// The waits of all lanes of a process. Clones share one state.
#[derive(Debug, Clone)]
pub(crate) struct ProviderStalls {
    waits: Arc<Mutex<(u64, Waits)>>,
    /// How many stalled lanes one provider may have.
    allowed: usize,
}

/// The wait of one lane for the reply to RCPT. Dropping it ends the wait.
pub(crate) struct StallWait<'a> {
    provider_stalls: &'a ProviderStalls,
    provider: String,
    number: u64,
}

impl ProviderStalls {
    /// For this number of lanes.
    pub(crate) fn new(lanes: usize) -> Self {
        Self {
            waits: Arc::default(),
            allowed: (lanes / 5).max(1),
        }
    }

    fn lock(&self) -> MutexGuard<'_, (u64, Waits)> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether as many lanes are stalled by this provider as are allowed.
    pub(crate) fn is_at_limit(&self, provider: &str) -> bool {
        let waits = self.lock();
        waits.1.get(provider).is_some_and(|waits| {
            let long = waits
                .iter()
                .filter(|(_, since)| since.elapsed() > STALLED_AFTER);
            long.count() >= self.allowed
        })
    }

    /// Registers a lane that begins to wait for this provider.
    pub(crate) fn start_wait(&self, provider: &str) -> StallWait<'_> {
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
    /// Returns once this lane is stalled and as many lanes as allowed began to wait before it.
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
    async fn a_fifth_of_the_lanes_may_stall_for_one_provider() {
        pause();
        let provider_stalls = ProviderStalls::new(10);
        let waits: Vec<_> = (0..3)
            .map(|_| provider_stalls.start_wait("slow.example"))
            .collect();
        assert!(
            !provider_stalls.is_at_limit("slow.example"),
            "no lane is stalled yet"
        );
        advance(STALLED_AFTER * 2).await;
        assert!(provider_stalls.is_at_limit("slow.example"));
        assert!(!provider_stalls.is_at_limit("quick.example"));
        let third = timeout(STALLED_AFTER, waits[2].exceeds_share()).await;
        assert!(third.is_ok(), "two others wait already");
        let first = timeout(STALLED_AFTER, waits[0].exceeds_share()).await;
        assert!(first.is_err(), "the first lanes wait for the reply");
        drop(waits);
        assert!(!provider_stalls.is_at_limit("slow.example"));
        assert!(provider_stalls.lock().1.is_empty());
    }
}
