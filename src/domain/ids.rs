//! Identifiers. Each noun has its own type, so that one cannot be passed for another.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident($inner:ty)) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A newsletter.
    NewsletterId(Uuid)
);
id!(
    /// An issue of a newsletter.
    IssueId(Uuid)
);
id!(
    /// A mail in the outbox.
    OutboxId(Uuid)
);
id!(
    /// An editor: somebody with an account at the desk.
    EditorId(Uuid)
);
id!(
    /// A session of an editor in one browser.
    SessionId(Uuid)
);
id!(
    /// A subscriber. A number given by the database: there may be millions, and
    /// it never leaves the service except inside a signed token.
    SubscriberId(i64)
);
id!(
    /// A subscription; a number for the same reason as [`SubscriberId`].
    SubscriptionId(i64)
);
id!(
    /// A lease: the right of one worker to a batch of deliveries, or of mails of the outbox, until
    /// the lease ends.
    LeaseId(Uuid)
);
id!(
    /// A worker process, while it runs: a random number of 48 bits.
    WorkerId(i64)
);

impl SubscriptionId {
    /// No subscription: the database never gives this number. For links in copies of mails, which open nothing.
    pub const NOBODY: Self = Self(0);
}

/// The octets of a lease's identifier that are its worker's.
const WORKER_OCTETS: usize = 6;

impl WorkerId {
    /// One from the last octets of a new UUID, which are random.
    #[must_use]
    pub fn new(random: Uuid) -> Self {
        let (_, low) = random.as_u64_pair();
        Self((low & ((1 << (8 * WORKER_OCTETS)) - 1)).cast_signed())
    }
}

impl LeaseId {
    /// A lease of this worker; `random` tells it from its others. It is a UUID of version 8
    /// (RFC 9562, section 5.8) that begins with the number of the worker.
    #[must_use]
    pub fn of(worker: WorkerId, random: Uuid) -> Self {
        let mut octets = *random.as_bytes();
        let number = worker.0.to_be_bytes();
        octets[..WORKER_OCTETS].copy_from_slice(&number[number.len() - WORKER_OCTETS..]);
        Self(uuid::Builder::from_custom_bytes(octets).into_uuid())
    }

    /// The worker that took it; none if a program took it that did not note that.
    #[must_use]
    pub fn worker(self) -> Option<WorkerId> {
        let mut number = [0; 8];
        let place = number.len() - WORKER_OCTETS;
        number[place..].copy_from_slice(&self.0.as_bytes()[..WORKER_OCTETS]);
        (self.0.get_version_num() == 8).then(|| WorkerId(i64::from_be_bytes(number)))
    }
}

#[cfg(test)]
mod tests {
    use super::{LeaseId, WorkerId};
    use uuid::Uuid;

    #[test]
    fn a_lease_names_its_worker() {
        let random = Uuid::from_u128(0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001);
        for worker in [WorkerId(0), WorkerId((1 << 48) - 1), WorkerId::new(random)] {
            let lease = LeaseId::of(worker, random);
            assert_eq!(lease.worker(), Some(worker));
            assert_eq!(lease.0.as_bytes()[9..], random.as_bytes()[9..]);
        }
        assert_eq!(LeaseId(random).worker(), None);
    }
}
