//! Becoming a subscriber: a request, its confirmation, and an import with proof of consent.

use jiff::Timestamp;

use super::consent_event::{Evidence, Subject, event};
use crate::domain::{
    Chosen, ConsentEvent, ConsentKind, NewsletterId, SubscriberId, Subscription, SubscriptionId,
};
use crate::store::subscription::import::{Batch, ImportRow, RowOutcome};
use crate::store::{self, StoreError, Write};

/// The result of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requested {
    /// The subscription is pending.
    Pending(SubscriptionId),
    /// It is active, perhaps since a moment ago, and stays as it is.
    Active(SubscriptionId),
}

/// Makes a subscription pending: a new one, or the `existing` one with the new choices.
///
/// # Errors
/// When the database cannot be used.
pub async fn request(
    tx: &mut Write,
    existing: Option<&Subscription>,
    (subscriber, newsletter): (SubscriberId, NewsletterId),
    chosen: Chosen,
    at: Timestamp,
) -> Result<Requested, StoreError> {
    let Some(id) = existing.map(|one| one.id) else {
        let new = store::subscription::insert_pending(tx, subscriber, newsletter, chosen, at);
        return Ok(Requested::Pending(new.await?));
    };
    Ok(match store::subscription::restart(tx, id, chosen).await? {
        true => Requested::Pending(id),
        false => Requested::Active(id),
    })
}

/// A subscription that this transaction made active. It has to be recorded in the same one.
#[derive(Debug)]
#[must_use = "an activation without its consent event has no proof"]
pub struct Activated(SubscriptionId);

impl Activated {
    /// Which subscription.
    #[must_use]
    pub const fn subscription(&self) -> SubscriptionId {
        self.0
    }

    /// The consent event: confirmed.
    #[must_use]
    pub fn event(self, address_hash: [u8; 32], evidence: Evidence) -> ConsentEvent {
        let subject = Subject {
            subscription: self.0,
            address_hash,
        };
        event(subject, ConsentKind::Confirmed, evidence)
    }
}

/// pending → active. None when the subscription is not pending, or ended after `not_ended_since`: then
/// nothing is to be recorded. What was allowed before the end is no consent to a later request.
///
/// # Errors
/// When the database cannot be used.
pub async fn activate(
    tx: &mut Write,
    subscription: SubscriptionId,
    not_ended_since: Timestamp,
    at: Timestamp,
) -> Result<Option<Activated>, StoreError> {
    let done = store::subscription::activate(tx, subscription, not_ended_since, at).await?;
    Ok(done.then_some(Activated(subscription)))
}

/// Adds active subscriptions for persons who gave their consent elsewhere; `proofs` says for each row where,
/// when and to which words. The rows are sorted as [`store::subscription::import::insert`] wants them. Returns
/// what became of each row, and the events to record, one for each subscription that was added.
///
/// # Errors
/// When the database cannot be used.
pub async fn import(
    tx: &mut Write,
    rows: &[ImportRow],
    proofs: Vec<Evidence>,
    batch: Batch,
) -> Result<(Vec<RowOutcome>, Vec<ConsentEvent>), StoreError> {
    let outcomes = store::subscription::import::insert(tx, rows, batch).await?;
    let imported = |((row, evidence), outcome): ((&ImportRow, Evidence), &RowOutcome)| {
        let RowOutcome::Added(subscription) = *outcome else {
            return None;
        };
        let subject = Subject {
            subscription,
            address_hash: row.hash,
        };
        Some(event(subject, ConsentKind::Imported, evidence))
    };
    let events = rows.iter().zip(proofs).zip(&outcomes).filter_map(imported);
    let events = events.collect();
    Ok((outcomes, events))
}
