//! Who was asked to slow down just now: what was claimed before goes back.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::Scope;

/// Until the rate has been lowered everywhere, further requests are echoes.
const ECHO: Duration = Duration::from_secs(30);
/// Requests of so many providers within that time speak of the relay between.
const RELAYS_FAULT: usize = 3;

/// Shared by the recorder, which pulls it, and the lanes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Brake(Arc<Mutex<HashMap<(Scope, String), Instant>>>);

impl Brake {
    fn lock(&self) -> MutexGuard<'_, HashMap<(Scope, String), Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was claimed for it up to now has to wait.
    pub(crate) fn pull(&self, scope: Scope, name: &str) {
        let mut pulled = self.lock();
        pulled.retain(|_, at| at.elapsed() < ECHO);
        pulled
            .entry((scope, name.to_owned()))
            .or_insert_with(Instant::now);
    }

    /// Whether a delivery that was claimed at that moment has to wait.
    pub(crate) fn stops(&self, claimed_at: Instant, relay: &str, provider: &str) -> bool {
        let pulled = self.lock();
        let since = |scope, name: &str| {
            let at = pulled.get(&(scope, name.to_owned()));
            at.is_some_and(|at| *at >= claimed_at)
        };
        !pulled.is_empty() && (since(Scope::Relay, relay) || since(Scope::Provider, provider))
    }
}

/// Who asked for less lately, and over which relay.
#[derive(Debug, Default)]
pub(crate) struct Requests(VecDeque<(Instant, String, String)>);

impl Requests {
    /// Takes a request in; returns who has to be slowed down.
    pub(crate) fn add(
        &mut self,
        scope: Scope,
        relay: &str,
        provider: &str,
    ) -> Vec<(Scope, String)> {
        let to_relay = (Scope::Relay, relay.to_owned());
        if scope == Scope::Relay {
            return vec![to_relay];
        }
        self.0.retain(|(at, ..)| at.elapsed() < ECHO);
        let entry = (Instant::now(), relay.to_owned(), provider.to_owned());
        self.0.push_back(entry);
        let over_it = self.0.iter().filter(|(_, over, _)| over == relay);
        let providers: BTreeSet<_> = over_it.map(|(.., provider)| provider).collect();
        let mut slow = vec![(Scope::Provider, provider.to_owned())];
        if providers.len() >= RELAYS_FAULT {
            slow.push(to_relay);
        }
        slow
    }
}

#[cfg(test)]
mod tests {
    use super::{Brake, ECHO, Requests};
    use crate::domain::Scope;
    use tokio::time::{Instant, advance, pause};

    #[tokio::test]
    async fn only_what_was_claimed_before_has_to_wait() {
        pause();
        let brake = Brake::default();
        let before = Instant::now();
        advance(ECHO / 10).await;
        assert!(!brake.stops(before, "main", "gmx"));
        brake.pull(Scope::Provider, "gmx");
        assert!(brake.stops(before, "main", "gmx"));
        assert!(!brake.stops(before, "main", "gmail"));
        advance(ECHO / 10).await;
        let after = Instant::now();
        brake.pull(Scope::Provider, "gmx");
        assert!(!brake.stops(after, "main", "gmx"), "an echo");
        brake.pull(Scope::Relay, "main");
        assert!(brake.stops(after, "main", "gmail"));
        assert!(!brake.stops(after, "second", "gmail"));
    }

    #[tokio::test]
    async fn three_providers_at_once_speak_of_the_relay() {
        pause();
        let mut requests = Requests::default();
        let gmx = [(Scope::Provider, "gmx".to_owned())];
        assert_eq!(requests.add(Scope::Provider, "main", "gmx"), gmx);
        assert_eq!(requests.add(Scope::Provider, "main", "gmx"), gmx);
        assert_eq!(requests.add(Scope::Provider, "second", "free").len(), 1);
        advance(ECHO / 2).await;
        assert_eq!(requests.add(Scope::Provider, "main", "free").len(), 1);
        let relay = (Scope::Relay, "main".to_owned());
        assert!(
            requests
                .add(Scope::Provider, "main", "orange")
                .contains(&relay)
        );
        advance(ECHO).await;
        assert_eq!(requests.add(Scope::Provider, "main", "gmx"), gmx);
        assert_eq!(requests.add(Scope::Relay, "main", "gmx"), [relay]);
    }
}
