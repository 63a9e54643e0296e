//! Which deliveries this process holds, by lease.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::domain::{IssueId, LeaseId, SubscriptionId};

#[derive(Debug, Default)]
struct Leases {
    /// The subscriptions under each lease whose outcome is not recorded yet.
    open: HashMap<(IssueId, LeaseId), HashSet<SubscriptionId>>,
    /// Leases all of whose deliveries are recorded.
    ended: Vec<(IssueId, LeaseId)>,
    /// The most deliveries that somebody waits for.
    awaited: Option<usize>,
}

impl Leases {
    fn len(&self) -> usize {
        self.open.values().map(HashSet::len).sum()
    }
}

/// The leases of this process. The engine adds to them, the recorder removes from them, the heartbeat
/// reads them. Clones share one set.
#[derive(Debug, Clone, Default)]
pub(crate) struct HeldLeases {
    leases: Arc<Mutex<Leases>>,
    as_awaited: Arc<Notify>,
}

impl HeldLeases {
    fn lock(&self) -> MutexGuard<'_, Leases> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The leases that have ended since the last call, as all their deliveries are recorded.
    pub(crate) fn take_ended(&self) -> Vec<(IssueId, LeaseId)> {
        std::mem::take(&mut self.lock().ended)
    }

    /// Adds deliveries that were claimed under a lease; a claim that found none adds nothing.
    pub(crate) fn add(
        &self,
        issue: IssueId,
        lease: LeaseId,
        subscriptions: impl Iterator<Item = SubscriptionId>,
    ) {
        let subscriptions: HashSet<SubscriptionId> = subscriptions.collect();
        if !subscriptions.is_empty() {
            let mut leases = self.lock();
            let open = leases.open.entry((issue, lease)).or_default();
            open.extend(subscriptions);
        }
    }

    /// Removes a delivery whose outcome is recorded; wakes [`Self::at_most`] if few enough are left.
    pub(crate) fn remove(&self, issue: IssueId, lease: LeaseId, subscription: SubscriptionId) {
        let mut leases = self.lock();
        if let Some(open) = leases.open.get_mut(&(issue, lease)) {
            open.remove(&subscription);
            if open.is_empty() {
                leases.open.remove(&(issue, lease));
                leases.ended.push((issue, lease));
            }
            if leases.awaited.is_some_and(|most| leases.len() <= most) {
                leases.awaited = None;
                self.as_awaited.notify_one();
            }
        }
    }

    /// Returns once at most so many deliveries are held. For one waiter, which is woken once and not for each
    /// delivery.
    pub(crate) async fn at_most(&self, most: usize) {
        loop {
            {
                let mut leases = self.lock();
                if leases.len() <= most {
                    return;
                }
                leases.awaited = Some(most);
            }
            self.as_awaited.notified().await;
        }
    }

    /// Whether no delivery is held.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().open.is_empty()
    }

    /// How many deliveries are held.
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    /// Each lease with the subscriptions held under it.
    pub(crate) fn leases(&self) -> Vec<(IssueId, LeaseId, Vec<SubscriptionId>)> {
        self.lock()
            .open
            .iter()
            .map(|((issue, lease), open)| (*issue, *lease, open.iter().copied().collect()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use uuid::Uuid;

    use super::HeldLeases;
    use crate::domain::{IssueId, LeaseId, SubscriptionId};

    #[test]
    fn an_empty_claim_is_not_held() {
        let held = HeldLeases::default();
        held.add(
            IssueId(Uuid::nil()),
            LeaseId(Uuid::nil()),
            std::iter::empty(),
        );
        assert!(held.is_empty());
    }

    #[test]
    fn a_waiter_is_woken_when_few_enough_are_held() {
        let (issue, lease) = (IssueId(Uuid::from_u128(1)), LeaseId(Uuid::from_u128(2)));
        let held = HeldLeases::default();
        held.add(issue, lease, (1..=3).map(SubscriptionId));
        let mut one_left = Box::pin(held.at_most(1));
        assert!(one_left.as_mut().now_or_never().is_none());
        held.remove(issue, lease, SubscriptionId(1));
        assert!(one_left.as_mut().now_or_never().is_none(), "two are held");
        held.remove(issue, lease, SubscriptionId(2));
        assert!(one_left.now_or_never().is_some());
        assert!(held.at_most(0).now_or_never().is_none(), "one is held");
        held.remove(issue, lease, SubscriptionId(3));
        assert!(held.is_empty());
        assert!(held.at_most(0).now_or_never().is_some());
        let other = LeaseId(Uuid::from_u128(3));
        held.add(issue, other, std::iter::once(SubscriptionId(4)));
        assert!(held.at_most(0).now_or_never().is_none(), "held anew");
    }
}
