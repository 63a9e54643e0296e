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
}

/// The leases of this process. The engine adds to them, the recorder removes from them, the heartbeat
/// reads them. Clones share one set.
#[derive(Debug, Clone, Default)]
pub(crate) struct HeldLeases {
    leases: Arc<Mutex<Leases>>,
    became_empty: Arc<Notify>,
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

    /// Removes a delivery whose outcome is recorded; wakes [`Self::emptied`] if it was the last.
    pub(crate) fn remove(&self, issue: IssueId, lease: LeaseId, subscription: SubscriptionId) {
        let mut leases = self.lock();
        if let Some(open) = leases.open.get_mut(&(issue, lease)) {
            open.remove(&subscription);
            if open.is_empty() {
                leases.open.remove(&(issue, lease));
                leases.ended.push((issue, lease));
                if leases.open.is_empty() {
                    self.became_empty.notify_one();
                }
            }
        }
    }

    /// Returns once no delivery is held any more. If that happened since the last call, it returns at
    /// once, even when deliveries were added after it: the caller has to check again. For one waiter.
    pub(crate) async fn emptied(&self) {
        self.became_empty.notified().await;
    }

    /// Whether no delivery is held.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().open.is_empty()
    }

    /// How many deliveries are held.
    pub(crate) fn len(&self) -> usize {
        self.lock().open.values().map(HashSet::len).sum()
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
    fn the_last_recorded_delivery_wakes_the_waiter() {
        let (issue, lease) = (IssueId(Uuid::from_u128(1)), LeaseId(Uuid::from_u128(2)));
        let (first, second) = (SubscriptionId(1), SubscriptionId(2));
        let held = HeldLeases::default();
        held.add(issue, lease, [first, second].into_iter());
        held.remove(issue, lease, first);
        assert!(held.emptied().now_or_never().is_none(), "one is still held");
        held.remove(issue, lease, second);
        assert!(held.is_empty());
        assert!(held.emptied().now_or_never().is_some());
        assert!(held.emptied().now_or_never().is_none(), "woken once");
    }
}
