//! What a reader does: sign up, confirm, choose, leave.

mod confirm;
mod consent_audit;
mod decline;
mod import;
mod newsletter;
mod preferences;
pub mod privacy;
mod protection;
mod signup;
mod unsubscribe;

pub use confirm::{Confirmation, confirm, load_confirmation};
pub use consent_audit::{ChainBreak, ConsentAuditReport, NotedEnd, audit_consents};
pub use decline::{Declined, decline};
pub use import::{ImportError, ImportReport, Importer, RefusedRow};
pub use newsletter::{is_trusted, newsletter_meant};
pub use preferences::{Choices, NewsletterChoices, Pause, Preferences, choose, load_preferences};
pub use protection::attack::{LastHour, last_hour};
pub use protection::form_timing::{Waited, check_form_stamp, check_wait, form_stamp};
pub use protection::mx_check::takes_no_mail;
pub use protection::proof_of_work::{
    ProofError, challenge, check_proof, proof_wanted, proof_wanted_of,
};
pub use protection::rate_limits::{RateLimited, check_ip, trusted};
pub use signup::{each_once, sign_up};
pub use unsubscribe::{load_unsubscribe, unsubscribe};

use crate::domain::{Newsletter, Subscription, SubscriptionId, SubscriptionState, TokenError};
use crate::store::{self, Read, StoreError};

/// Why a reader's link did nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The link is not genuine, or has expired.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// What it speaks of is gone.
    #[error("what the link speaks of has been erased")]
    Gone,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A subscription with its newsletter.
#[derive(Debug, Clone)]
pub struct Membership {
    /// Who.
    pub subscription: Subscription,
    /// To what.
    pub newsletter: Newsletter,
}

/// The subscriptions of one person that a link speaks of, with their newsletters.
#[derive(Debug, Clone)]
pub struct Memberships {
    /// The one whose newsletter speaks to the reader.
    pub first: Membership,
    /// The others.
    pub others: Vec<Membership>,
}

impl Memberships {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Membership> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Those in a state, if there are any.
    #[must_use]
    pub fn in_state(&self, state: SubscriptionState) -> Option<Self> {
        let those = self.iter().filter(|one| one.subscription.state == state);
        let mut those = those.cloned();
        Some(Self {
            first: those.next()?,
            others: those.collect(),
        })
    }
}

/// Those of the subscriptions that are still there.
async fn memberships(
    db: &mut Read,
    first: SubscriptionId,
    others: &[SubscriptionId],
) -> Result<Memberships, LinkError> {
    let mut found = Vec::new();
    for id in std::iter::once(&first).chain(others) {
        match membership(db, *id).await {
            Ok(one) => found.push(one),
            Err(LinkError::Gone) => {}
            Err(error) => return Err(error),
        }
    }
    let mut found = found.into_iter();
    Ok(Memberships {
        first: found.next().ok_or(LinkError::Gone)?,
        others: found.collect(),
    })
}

async fn membership(db: &mut Read, id: SubscriptionId) -> Result<Membership, LinkError> {
    let subscription = store::subscription::by_id(db, id)
        .await?
        .ok_or(LinkError::Gone)?;
    let newsletter = store::newsletter::by_id(db, subscription.newsletter).await?;
    Ok(Membership {
        subscription,
        newsletter,
    })
}
