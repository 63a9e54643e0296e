//! Which deliveries this process holds, by lease.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::{IssueId, LeaseId, SubscriptionId};

/// The subscriptions still open under each lease.
type Leases = HashMap<(IssueId, LeaseId), HashSet<SubscriptionId>>;

/// Shared by the engine, which adds, the recorder, which removes, and the heartbeat.
#[derive(Debug, Clone, Default)]
pub(crate) struct HeldLeases(Arc<Mutex<Leases>>);

impl HeldLeases {
    fn lock(&self) -> MutexGuard<'_, Leases> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(
        &self,
        issue: IssueId,
        lease: LeaseId,
        subscriptions: impl Iterator<Item = SubscriptionId>,
    ) {
        self.lock()
            .entry((issue, lease))
            .or_default()
            .extend(subscriptions);
    }

    pub(crate) fn remove(
        &self,
        issue: IssueId,
        lease: LeaseId,
        subscriptions: impl Iterator<Item = SubscriptionId>,
    ) {
        let mut leases = self.lock();
        if let Some(open) = leases.get_mut(&(issue, lease)) {
            for subscription in subscriptions {
                open.remove(&subscription);
            }
            if open.is_empty() {
                leases.remove(&(issue, lease));
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().values().map(HashSet::len).sum()
    }

    pub(crate) fn leases(&self) -> Vec<(IssueId, LeaseId, Vec<SubscriptionId>)> {
        self.lock()
            .iter()
            .map(|((issue, lease), open)| (*issue, *lease, open.iter().copied().collect()))
            .collect()
    }
}
