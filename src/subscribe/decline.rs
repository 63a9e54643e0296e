//! "This was not me": the owner of an address whom somebody else has signed up.

use jiff::SignedDuration;

use super::{LinkError, Membership, Memberships, confirm::verify, memberships};
use crate::domain::{SubscriptionId, SubscriptionState};
use crate::service::Service;
use crate::store::{self, Write};

/// What became of "this was not me".
#[derive(Debug, Clone)]
pub enum Declined {
    /// Nothing waits for the address any more.
    Done {
        /// What did, unless that was erased before.
        was: Option<Box<Membership>>,
        /// Whether this keeps further sign-ups from sending mails to the address.
        silenced: bool,
    },
    /// It has been confirmed: there is a subscription to end instead.
    Confirmed(Box<Memberships>),
}

/// Erases every sign-up of the address that waits for a confirmation, and for a time keeps
/// further ones from sending mails to it. Who reads another newsletter under the address
/// is known to be able to confirm, and is only rid of what waits.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn decline(service: &Service, token: &str) -> Result<Declined, LinkError> {
    let (token, others) = verify(service, token)?;
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let erased_before = Declined::Done {
        was: None,
        silenced: false,
    };
    let Some(found) = look(&mut tx, token.subscription, &others).await? else {
        return Ok(erased_before);
    };
    // A sign-up or a confirmation may be on its way: what it makes is looked at, too.
    let person = found.first.subscription.subscriber;
    let all = store::subscription::lock_all_of(&mut tx, person).await?;
    let Some(found) = look(&mut tx, token.subscription, &others).await? else {
        return Ok(erased_before);
    };
    if found.in_state(SubscriptionState::Pending).is_none()
        && let Some(active) = found.in_state(SubscriptionState::Active)
    {
        return Ok(Declined::Confirmed(Box::new(active)));
    }
    let subscription = &found.first.subscription;
    let waiting = all
        .iter()
        .filter(|one| one.state == SubscriptionState::Pending);
    let waiting: Vec<SubscriptionId> = waiting.map(|one| one.id).collect();
    let key = service.links.key();
    store::retention::erase_unconfirmed(&mut tx, key, &waiting, now, now).await?;
    let reads_another = all.iter().any(|one| one.state == SubscriptionState::Active);
    if !reads_another {
        let hash = service.links.address_hash(&subscription.address);
        let days = i64::from(service.settings.signup.declined_days);
        let until = now
            .saturating_add(SignedDuration::from_hours(24 * days))
            .unwrap_or(now);
        store::consent::suppression::decline(&mut tx, &hash, now, until).await?;
    }
    tx.commit().await?;
    Ok(Declined::Done {
        was: Some(Box::new(found.first)),
        silenced: !reads_another,
    })
}

/// What the link is about; none when nothing is left of it.
async fn look(
    tx: &mut Write,
    first: SubscriptionId,
    others: &[SubscriptionId],
) -> Result<Option<Memberships>, LinkError> {
    match memberships(tx, first, others).await {
        Err(LinkError::Gone) => Ok(None),
        found => found.map(Some),
    }
}
