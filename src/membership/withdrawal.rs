//! Ending a subscription because the subscriber no longer wants it, or must not be mailed.

use jiff::Timestamp;

use super::consent_event::{Evidence, Subject, event};
use crate::domain::{ConsentEvent, ConsentKind, EndReason, SubscriptionId};
use crate::store::{self, StoreError, Write};

/// How a subscription ends. An erasure is more than that and has a function of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// By unsubscribing.
    Unsubscribed,
    /// By reporting a mail as spam.
    Complained,
    /// By an operator who suppresses the address.
    Suppressed,
}

impl From<Withdrawal> for EndReason {
    fn from(withdrawal: Withdrawal) -> Self {
        match withdrawal {
            Withdrawal::Unsubscribed | Withdrawal::Suppressed => Self::Unsubscribed,
            Withdrawal::Complained => Self::Complained,
        }
    }
}

/// A subscription that this transaction ended. It has to be recorded in the same one.
#[derive(Debug)]
#[must_use = "a withdrawal without its consent event has no proof"]
pub struct Withdrawn(SubscriptionId);

impl Withdrawn {
    /// The consent event: withdrawn.
    #[must_use]
    pub fn event(self, address_hash: [u8; 32], evidence: Evidence) -> ConsentEvent {
        let subject = Subject {
            subscription: self.0,
            address_hash,
        };
        event(subject, ConsentKind::Withdrawn, evidence)
    }
}

/// Ends a subscription and deletes the answers given to its newsletter. None when it had ended
/// before or is gone: then nothing is to be recorded.
///
/// # Errors
/// When the database cannot be used.
pub async fn withdraw(
    tx: &mut Write,
    subscription: SubscriptionId,
    how: Withdrawal,
    at: Timestamp,
) -> Result<Option<Withdrawn>, StoreError> {
    let ended = store::subscription::end(tx, subscription, how.into(), at).await?;
    Ok(ended.then_some(Withdrawn(subscription)))
}
