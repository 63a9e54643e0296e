//! What a subscriber does: sign up, confirm, change preferences, unsubscribe, use privacy rights.

mod confirm;
mod consent_audit;
mod decline;
mod import;
mod newsletter;
mod preferences;
pub mod privacy;
mod protection;
mod signup;
pub mod suppression;
mod undo_unsubscribe;
mod unsubscribe;
mod unsubscribe_by_owner;

pub use confirm::{Confirmation, confirm, load_confirmation};
pub use consent_audit::{ChainBreak, ConsentAuditReport, NotedEnd, audit_consents};
pub use decline::{DeclineUndo, Declined, decline, undo_decline};
pub use import::{
    AcceptedCell, AcceptedCellError, AddressList, AddressListError, ColumnName, ColumnNameError,
    DateOrder, DateOrderError, FoundImport, IMPORT_GOES_ON, IgnoredColumn, ImportError,
    ImportReport, Importer, KeptRows, LoggedImport, ProofOfFile, RefusedRow, UndoError, UndoReport,
    UndoneImport, find_import, log_import, read_addresses, undo_import,
};
pub use newsletter::{is_trusted_origin, resolve_newsletter};
pub use preferences::{
    Choices, NewsletterPreference, Pause, Preferences, load_preferences, save_preferences,
};
pub use protection::attack::{LastHour, last_hour};
pub use protection::form_timing::{WaitCheck, check_form_stamp, check_wait, form_stamp};
pub use protection::honeypot::count_honeypot;
pub use protection::mx_check::domain_is_undeliverable;
pub use protection::proof_of_work::{
    ProofError, challenge, check_proof, known_proof_required, proof_required, proof_required_for,
};
pub use protection::rate_limits::{check_network, network_trust};
pub use signup::{confirmation_bounced, sign_up, unique_newsletters};
pub use undo_unsubscribe::{TakenBack, undo_unsubscribe};
pub use unsubscribe::{LeaveScope, Leaving, load_unsubscribe, unsubscribe};
pub use unsubscribe_by_owner::{running_subscription, unsubscribe_by_owner};

use crate::domain::{
    LinkToken, Newsletter, Subscription, SubscriptionId, SubscriptionState, TokenError,
};
use crate::store::{self, Read, StoreError};

/// Why the link of a mail did nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The link is not genuine, or has expired.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The subscription or request that the link is for no longer exists.
    #[error("the link is for something that has been erased")]
    Gone,
    /// The link is in a copy of a mail for editors.
    #[error("the link is in a copy for editors and belongs to nobody")]
    Copy,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A subscription that a link is for, with its newsletter.
#[derive(Debug, Clone)]
pub struct LinkedSubscription {
    /// The subscription.
    pub subscription: Subscription,
    /// Its newsletter.
    pub newsletter: Newsletter,
}

/// The subscriptions of one person that a link is for.
#[derive(Debug, Clone)]
pub struct LinkedSubscriptions {
    /// The one whose newsletter the page shows.
    pub first: LinkedSubscription,
    /// The others.
    pub others: Vec<LinkedSubscription>,
}

impl LinkedSubscriptions {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &LinkedSubscription> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Those in a state, if there are any.
    #[must_use]
    pub fn in_state(&self, state: SubscriptionState) -> Option<Self> {
        self.with(|subscription| subscription.state == state)
    }

    /// Those that are so, if there are any.
    fn with(&self, is_so: impl Fn(&Subscription) -> bool) -> Option<Self> {
        let matching = self.iter().filter(|one| is_so(&one.subscription));
        let mut matching = matching.cloned();
        Some(Self {
            first: matching.next()?,
            others: matching.collect(),
        })
    }
}

/// Those of the subscriptions that still exist.
async fn linked_subscriptions(
    db: &mut Read,
    first: SubscriptionId,
    others: &[SubscriptionId],
) -> Result<LinkedSubscriptions, LinkError> {
    let mut found = Vec::new();
    for id in std::iter::once(&first).chain(others) {
        match linked_subscription(db, *id).await {
            Ok(one) => found.push(one),
            Err(LinkError::Gone) => {}
            Err(error) => return Err(error),
        }
    }
    let mut found = found.into_iter();
    Ok(LinkedSubscriptions {
        first: found.next().ok_or(LinkError::Gone)?,
        others: found.collect(),
    })
}

/// Whether a page may show the reader's address. A link that was mailed to an earlier one goes on working, but
/// whoever reads that mailbox need not learn the new one.
async fn shows_address(
    db: &mut Read,
    of: &Subscription,
    token: LinkToken,
) -> Result<bool, StoreError> {
    let person = store::subscriber::by_id(db, of.subscriber).await?;
    let changed_at = person.and_then(|person| person.address_changed_at);
    Ok(changed_at.is_none_or(|at| at < token.issued_at))
}

async fn linked_subscription(
    db: &mut Read,
    id: SubscriptionId,
) -> Result<LinkedSubscription, LinkError> {
    if id == SubscriptionId::NOBODY {
        return Err(LinkError::Copy);
    }
    let subscription = store::subscription::by_id(db, id)
        .await?
        .ok_or(LinkError::Gone)?;
    let newsletter = store::newsletter::by_id(db, subscription.newsletter).await?;
    Ok(LinkedSubscription {
        subscription,
        newsletter,
    })
}
