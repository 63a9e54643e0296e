//! Ending subscriptions because a person, or an unconfirmed sign-up, is erased.

use jiff::Timestamp;

use super::consent_event::{Evidence, Subject, event};
use crate::domain::{
    ConsentEvent, ConsentKind, EmailAddress, LinkKey, SubscriberId, Subscription, SubscriptionId,
    SubscriptionState, SuppressionReason,
};
use crate::store::subscriber::erasure::Erased;
use crate::store::{self, StoreError, Write};

/// Whom to erase.
#[derive(Debug, Clone, Copy)]
pub struct ErasureRequest<'a> {
    /// The person.
    pub subscriber: SubscriberId,
    /// The person's address. Its keyed hash is suppressed, so that no import brings it back, and those of the addresses
    /// that the person had before.
    pub address: &'a EmailAddress,
    /// What takes the place of the address in the database; unique.
    pub placeholder: &'a str,
    /// When.
    pub at: Timestamp,
}

/// What an erasure did.
#[derive(Debug)]
pub struct Erasure {
    /// What was deleted, and what remains.
    pub erased: Erased,
    /// The events to record: one for each subscription whose proof of consent remains.
    pub events: Vec<ConsentEvent>,
}

/// Ends all subscriptions of a person and erases the person. Only the proof of consent remains,
/// under the keyed hash of the address.
///
/// # Errors
/// When the database cannot be used; then the transaction must not be committed.
pub async fn erase(
    tx: &mut Write,
    key: &LinkKey,
    request: ErasureRequest<'_>,
    evidence: impl Fn(&Subscription) -> Evidence,
) -> Result<Erasure, StoreError> {
    let ErasureRequest {
        subscriber,
        address,
        placeholder,
        at,
    } = request;
    let all = store::subscription::lock_all_of(tx, subscriber).await?;
    let earlier = store::consent::address_hashes(tx, subscriber).await?;
    let target = (subscriber, all.as_slice());
    let erased = store::subscriber::erasure::erase(tx, key, target, placeholder, at).await?;
    let hash = key.address_hash(&address.key());
    let reason = SuppressionReason::Erased;
    store::consent::suppression::insert(tx, &hash, reason, at, None).await?;
    for earlier in earlier.iter().filter(|earlier| earlier[..] != hash) {
        store::consent::suppression::insert(tx, earlier, reason, at, None).await?;
    }
    store::protection::unconfirmed_mail::forget_mailbox(tx, &key.mailbox_hash(address)).await?;
    // `all` was read before the erasure: it still has the address.
    let kept = all.iter().filter(|one| erased.kept.contains(&one.id));
    let events = kept.map(|one| {
        let subject = Subject::of(key, one);
        event(subject, ConsentKind::Erased, evidence(one))
    });
    Ok(Erasure {
        events: events.collect(),
        erased,
    })
}

/// Erases those of a person's subscriptions that are pending; one that had been active before goes
/// back to ended, as its proof of consent is kept. There is no event to record: what was never
/// confirmed leaves no proof. `all` is what [`store::subscription::lock_all_of`] returned in this
/// transaction.
///
/// # Errors
/// When the database cannot be used.
pub async fn erase_unconfirmed(
    tx: &mut Write,
    key: &LinkKey,
    all: &[Subscription],
    at: Timestamp,
) -> Result<(), StoreError> {
    let pending = all
        .iter()
        .filter(|one| one.state == SubscriptionState::Pending);
    let pending: Vec<SubscriptionId> = pending.map(|one| one.id).collect();
    store::retention::erase_unconfirmed(tx, key, &pending, at, at).await?;
    Ok(())
}
