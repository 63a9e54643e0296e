//! One provider that keeps the relay waiting must not keep every lane waiting.
//!
//! A relay that looks a recipient up while we wait (greylisting, call-outs) is given the
//! minutes of RFC 5321 §4.5.3.2, but only a fifth of the lanes may spend them on one provider.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// After so long a lane counts as kept waiting.
const LONG: Duration = Duration::from_secs(3);
/// How often a lane that waits looks around.
const LOOK: Duration = Duration::from_millis(500);

/// Since when lanes wait for each provider, by the number of the wait.
type Waits = HashMap<String, Vec<(u64, Instant)>>;

/// Shared by all lanes of a process.
#[derive(Debug, Clone)]
pub(crate) struct Crowd {
    waits: Arc<Mutex<(u64, Waits)>>,
    allowed: usize,
}

/// The wait of one lane for the relay's word on a recipient; it ends with the value.
pub(crate) struct Wait<'a> {
    crowd: &'a Crowd,
    provider: String,
    number: u64,
}

impl Crowd {
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
            let long = waits.iter().filter(|(_, since)| since.elapsed() > LONG);
            long.count() >= self.allowed
        })
    }

    /// Begins to wait.
    pub(crate) fn wait(&self, provider: &str) -> Wait<'_> {
        let mut waits = self.lock();
        waits.0 += 1;
        let number = waits.0;
        let of_provider = waits.1.entry(provider.to_owned()).or_default();
        of_provider.push((number, Instant::now()));
        Wait {
            crowd: self,
            provider: provider.to_owned(),
            number,
        }
    }
}

impl Wait<'_> {
    /// Returns when this lane has been kept waiting and enough others wait for the same.
    pub(crate) async fn is_one_too_many(&self) {
        loop {
            sleep(LOOK).await;
            let mut waits = self.crowd.lock();
            let of_provider = waits.1.entry(self.provider.clone()).or_default();
            let place = of_provider.iter().position(|wait| wait.0 == self.number);
            if let Some(place) = place.filter(|place| *place >= self.crowd.allowed)
                && of_provider[place].1.elapsed() > LONG
            {
                return;
            }
        }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let mut waits = self.crowd.lock();
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
    use super::{Crowd, LONG};
    use tokio::time::{advance, pause, timeout};

    #[tokio::test]
    async fn a_fifth_of_the_lanes_may_wait_long_for_one_domain() {
        pause();
        let crowd = Crowd::new(10);
        let waits: Vec<_> = (0..3).map(|_| crowd.wait("slow.example")).collect();
        assert!(!crowd.is_full("slow.example"), "nobody has waited long");
        advance(LONG * 2).await;
        assert!(crowd.is_full("slow.example"));
        assert!(!crowd.is_full("quick.example"));
        let third = timeout(LONG, waits[2].is_one_too_many()).await;
        assert!(third.is_ok(), "two are enough");
        let first = timeout(LONG, waits[0].is_one_too_many()).await;
        assert!(first.is_err(), "somebody has to wait for the answer");
        drop(waits);
        assert!(!crowd.is_full("slow.example"));
        assert!(crowd.lock().1.is_empty());
    }
}
