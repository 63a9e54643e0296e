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
