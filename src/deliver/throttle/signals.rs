//! Tells a provider that throttles us from one that puts a single reader off.
//!
//! A 4xx with 4.7.x may be greylisting, which is about one recipient. Only where it comes for a good
//! share of the mails to a provider within seconds is the provider slowed down, as congestion control
//! does it: from the rate that it really took, not from a guess.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::Scope;

/// The length of a window; the last one and the current one count.
const WINDOW: Duration = Duration::from_secs(10);
/// Fewer throttling replies than this are about single readers.
const MIN_REPLIES: u32 = 5;
/// In percent of the mails to a provider: at least so many throttling replies mean the provider.
const SHARE_PERCENT: u32 = 20;
/// Of so many providers at most the accepted mails are counted; the others need no share to be slowed.
const MAX_PROVIDERS: usize = 10_000;
/// When so many providers throttle us over one relay within two windows, the relay is the cause.
const PROVIDERS_THAT_IMPLY_RELAY: usize = 3;

/// The replies of the last seconds, by provider.
#[derive(Debug)]
pub(crate) struct ThrottleSignals {
    began: Instant,
    current: HashMap<String, Count>,
    last: HashMap<String, Count>,
    /// The providers that were slowed down, by the relay over which, and when.
    slowed: BTreeMap<(String, String), Instant>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    accepted: u32,
    throttled: u32,
}

/// A relay or provider that has to be slowed down.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slow {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    /// Messages a second that it took within the window; `None` if that is not known.
    pub(crate) rate: Option<f64>,
}

impl Default for ThrottleSignals {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            current: HashMap::new(),
            last: HashMap::new(),
            slowed: BTreeMap::new(),
        }
    }
}

impl ThrottleSignals {
    /// A mail to this provider was accepted.
    pub(crate) fn accepted(&mut self, provider: &str) {
        self.turn();
        if let Some(count) = self.current.get_mut(provider) {
            count.accepted = count.accepted.saturating_add(1);
        } else if self.current.len() < MAX_PROVIDERS {
            let one = Count {
                accepted: 1,
                throttled: 0,
            };
            self.current.insert(provider.to_owned(), one);
        }
    }

    /// A throttling reply; returns who has to be slowed down because of it.
    pub(crate) fn throttled(&mut self, scope: Scope, relay: &str, provider: &str) -> Vec<Slow> {
        self.turn();
        let the_relay = |rate| Slow {
            scope: Scope::Relay,
            name: relay.to_owned(),
            rate,
        };
        if scope == Scope::Relay {
            return vec![the_relay(None)];
        }
        let count = self.current.entry(provider.to_owned()).or_default();
        count.throttled = count.throttled.saturating_add(1);
        if !self.is_throttling(provider) {
            return Vec::new();
        }
        let rate = self.rate(provider);
        let now = Instant::now();
        self.slowed.retain(|_, at| at.elapsed() < 2 * WINDOW);
        self.slowed
            .insert((relay.to_owned(), provider.to_owned()), now);
        let mut slow = vec![Slow {
            scope: Scope::Provider,
            name: provider.to_owned(),
            rate,
        }];
        let over_it = self.slowed.keys().filter(|(over, _)| over == relay);
        let providers: BTreeSet<&String> = over_it.map(|(_, provider)| provider).collect();
        if providers.len() >= PROVIDERS_THAT_IMPLY_RELAY {
            slow.push(the_relay(None));
        }
        slow
    }

    /// Whether a provider throttles a good share of the mails to it.
    fn is_throttling(&self, provider: &str) -> bool {
        let (current, last) = self.counts(provider);
        let throttled = current.throttled + last.throttled;
        let all = throttled + current.accepted + last.accepted;
        throttled >= MIN_REPLIES
            && u64::from(throttled) * 100 >= u64::from(SHARE_PERCENT) * u64::from(all)
    }

    /// Messages a second that a provider accepted; `None` if it accepted none.
    fn rate(&self, provider: &str) -> Option<f64> {
        let (current, last) = self.counts(provider);
        let accepted = current.accepted + last.accepted;
        let before = if last.accepted > 0 {
            WINDOW
        } else {
            Duration::ZERO
        };
        let seconds = (self.began.elapsed() + before).as_secs_f64().max(1.0);
        (accepted > 0).then(|| f64::from(accepted) / seconds)
    }

    /// Of the current and of the last window.
    fn counts(&self, provider: &str) -> (Count, Count) {
        let of = |counts: &HashMap<String, Count>| counts.get(provider).copied();
        let count = |counts| of(counts).unwrap_or_default();
        (count(&self.current), count(&self.last))
    }

    /// Begins a new window if the current one is over.
    fn turn(&mut self) {
        let elapsed = self.began.elapsed();
        if elapsed >= WINDOW {
            self.last = std::mem::take(&mut self.current);
            if elapsed >= 2 * WINDOW {
                self.last.clear();
            }
            self.began = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MIN_REPLIES, Slow, ThrottleSignals, WINDOW};
    use crate::domain::Scope;
    use tokio::time::{advance, pause};

    /// What the last of so many throttling replies leads to.
    fn throttle(
        signals: &mut ThrottleSignals,
        times: u32,
        relay: &str,
        provider: &str,
    ) -> Vec<Slow> {
        let mut slow = Vec::new();
        for _ in 0..times {
            slow = signals.throttled(Scope::Provider, relay, provider);
        }
        slow
    }

    #[tokio::test]
    async fn a_few_greylisted_readers_slow_nobody_down() {
        pause();
        let mut signals = ThrottleSignals::default();
        for _ in 0..20 {
            (0..19).for_each(|_| signals.accepted("gmx"));
            assert_eq!(throttle(&mut signals, 1, "main", "gmx"), []);
        }
        assert_eq!(
            throttle(&mut signals, MIN_REPLIES - 1, "main", "small.example"),
            []
        );
    }

    #[tokio::test]
    async fn a_good_share_slows_the_provider_from_the_rate_it_took() {
        pause();
        let mut signals = ThrottleSignals::default();
        (0..400).for_each(|_| signals.accepted("gmx"));
        advance(WINDOW / 2).await;
        assert_eq!(throttle(&mut signals, 99, "main", "gmx"), []);
        let slow = throttle(&mut signals, 1, "main", "gmx");
        assert_eq!(slow.len(), 1);
        assert_eq!(
            (slow[0].scope, slow[0].name.as_str()),
            (Scope::Provider, "gmx")
        );
        let rate = slow[0].rate.unwrap_or_default();
        assert!((79.0..=81.0).contains(&rate), "400 in five seconds: {rate}");
        // What is long past does not count.
        advance(3 * WINDOW).await;
        assert_eq!(throttle(&mut signals, MIN_REPLIES - 1, "main", "gmx"), []);
    }

    #[tokio::test]
    async fn three_throttling_providers_imply_the_relay() {
        pause();
        let mut signals = ThrottleSignals::default();
        assert_eq!(throttle(&mut signals, MIN_REPLIES, "main", "gmx").len(), 1);
        assert_eq!(
            throttle(&mut signals, MIN_REPLIES, "second", "free").len(),
            1
        );
        assert_eq!(throttle(&mut signals, MIN_REPLIES, "main", "free").len(), 1);
        let slow = throttle(&mut signals, MIN_REPLIES, "main", "orange");
        let scopes: Vec<Scope> = slow.iter().map(|slow| slow.scope).collect();
        assert_eq!(scopes, [Scope::Provider, Scope::Relay]);
        let relay = signals.throttled(Scope::Relay, "main", "gmx");
        assert_eq!(relay[0].scope, Scope::Relay);
    }
}
