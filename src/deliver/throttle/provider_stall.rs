//! Limits how many lanes wait for one provider.
//!
//! A relay may check a recipient before it answers RCPT (call-outs, greylisting). It is given the
//! minutes of RFC 5321 §4.5.3.2, but only a fifth of the lanes may wait so long for one provider. Once they do, no
//! more than these begin with it for a while, and its other deliveries are parked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// A lane that waits longer than this for a reply to RCPT counts as stalled.
const STALLED_AFTER: Duration = Duration::from_secs(3);
/// How often a waiting lane checks whether too many others wait for the same provider.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);
/// A provider whose lanes were stalled gets no more than its share of them for so long.
const REMEMBERED: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
struct State {
    /// The number of the last wait.
    last: u64,
    /// The waits for each provider, oldest first: the number of the wait and when it began.
    waits: HashMap<String, Vec<(u64, Instant)>>,
    /// When as many lanes as allowed were last seen stalled, by provider.
    stalled: HashMap<String, Instant>,
}

/// The waits of all lanes of a process. Clones share one state.
#[derive(Debug, Clone)]
pub(crate) struct ProviderStalls {
    state: Arc<Mutex<State>>,
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
            state: Arc::default(),
            allowed: (lanes / 5).max(1),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many more lanes may begin with this provider; `None` if that is not limited.
    pub(crate) fn room(&self, provider: &str) -> Option<usize> {
        let mut state = self.lock();
        state.notice(provider, self.allowed);
        let stalled = state.stalled.get(provider);
        if stalled.is_none_or(|at| at.elapsed() > REMEMBERED) {
            return None;
        }
        let waiting = state.waits.get(provider).map_or(0, Vec::len);
        Some(self.allowed.saturating_sub(waiting))
    }

    /// Registers a lane that begins to wait for this provider.
    pub(crate) fn start_wait(&self, provider: &str) -> StallWait<'_> {
        let mut state = self.lock();
        state.last += 1;
        let number = state.last;
        let of_provider = state.waits.entry(provider.to_owned()).or_default();
        of_provider.push((number, Instant::now()));
        StallWait {
            provider_stalls: self,
            provider: provider.to_owned(),
            number,
        }
    }
}

impl State {
    /// Remembers whether as many lanes as allowed are stalled by this provider.
    fn notice(&mut self, provider: &str, allowed: usize) {
        let is_stalled = |(_, since): &&(u64, Instant)| since.elapsed() > STALLED_AFTER;
        let waits = self.waits.get(provider).into_iter().flatten();
        if waits.filter(is_stalled).count() >= allowed {
            self.stalled.retain(|_, at| at.elapsed() <= REMEMBERED);
            self.stalled.insert(provider.to_owned(), Instant::now());
        }
    }
}

impl StallWait<'_> {
    /// Returns once this lane is stalled and as many lanes as allowed began to wait before it.
    pub(crate) async fn exceeds_share(&self) {
        loop {
            sleep(CHECK_INTERVAL).await;
            let state = self.provider_stalls.lock();
            let of_provider = state.waits.get(&self.provider).into_iter().flatten();
            let mut later = of_provider.skip(self.provider_stalls.allowed);
            if later
                .any(|(number, since)| *number == self.number && since.elapsed() > STALLED_AFTER)
            {
                return;
            }
        }
    }
}

impl Drop for StallWait<'_> {
    fn drop(&mut self) {
        let mut state = self.provider_stalls.lock();
        state.notice(&self.provider, self.provider_stalls.allowed);
        if let Some(of_provider) = state.waits.get_mut(&self.provider) {
            of_provider.retain(|wait| wait.0 != self.number);
            if of_provider.is_empty() {
                state.waits.remove(&self.provider);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ProviderStalls, REMEMBERED, STALLED_AFTER};
    use std::time::Duration;
    use tokio::time::{advance, pause, timeout};

    #[tokio::test]
    async fn a_fifth_of_the_lanes_may_stall_for_one_provider() {
        pause();
        let provider_stalls = ProviderStalls::new(10);
        let mut waits: Vec<_> = (0..3)
            .map(|_| provider_stalls.start_wait("slow.example"))
            .collect();
        let room = |provider| provider_stalls.room(provider);
        assert_eq!(room("slow.example"), None, "no lane is stalled yet");
        advance(STALLED_AFTER * 2).await;
        assert_eq!(room("slow.example"), Some(0));
        assert_eq!(room("quick.example"), None);
        let third = timeout(STALLED_AFTER, waits[2].exceeds_share()).await;
        assert!(third.is_ok(), "two others wait already");
        let first = timeout(STALLED_AFTER, waits[0].exceeds_share()).await;
        assert!(first.is_err(), "the first lanes wait for the reply");
        waits.truncate(1);
        assert_eq!(room("slow.example"), Some(1), "of its share");
        drop(waits);
        assert_eq!(room("slow.example"), Some(2), "it is remembered");
        advance(REMEMBERED + Duration::from_secs(1)).await;
        assert_eq!(room("slow.example"), None);
        assert!(provider_stalls.lock().waits.is_empty());
    }
}
