//! "This was not me": the owner of an address whom somebody else has signed up.

use jiff::SignedDuration;

use super::{LinkError, Membership, confirm::verify, membership};
use crate::domain::{SubscriptionState, SuppressionReason};
use crate::service::Service;
use crate::store;

/// What became of "this was not me".
#[derive(Debug, Clone)]
pub enum Declined {
    /// Nothing waits for the address any more; what did, unless that was erased before.
    Done(Option<Box<Membership>>),
    /// It has been confirmed: there is a subscription to end instead.
    Confirmed(Box<Membership>),
}

/// Erases every sign-up of the address that waits for a confirmation, and for a time keeps
/// further ones from sending mails to it. Who reads another newsletter under the address
/// is known to be able to confirm, and is only rid of what waits.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn decline(service: &Service, token: &str) -> Result<Declined, LinkError> {
    let token = verify(service, token)?;
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let found = match membership(&mut tx, token.subscription).await {
        Err(LinkError::Gone) => return Ok(Declined::Done(None)),
        found => found?,
    };
    let subscription = &found.subscription;
    if subscription.state == SubscriptionState::Active {
        return Ok(Declined::Confirmed(Box::new(found)));
    }
    let states = store::subscription::states(&mut tx, subscription.subscriber).await?;
    let waiting = states.iter().filter(|s| s.1 == SubscriptionState::Pending);
    let waiting: Vec<i64> = waiting.map(|(id, _)| id.0).collect();
    let key = service.links.key();
    store::retention::erase_unconfirmed(&mut tx, key, &waiting, now, now).await?;
    let reads_another = states.iter().any(|s| s.1 == SubscriptionState::Active);
    if !reads_another {
        let hash = service.links.address_hash(&subscription.address);
        let days = i64::from(service.settings.signup.declined_days);
        let until = now
            .saturating_add(SignedDuration::from_hours(24 * days))
            .unwrap_or(now);
        let reason = SuppressionReason::Declined;
        store::suppression::insert(&mut tx, &hash, reason, now, Some(until)).await?;
    }
    tx.commit().await?;
    Ok(Declined::Done(Some(Box::new(found))))
}
