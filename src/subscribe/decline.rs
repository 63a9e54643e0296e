//! "This wasn't me": the owner of an address whom somebody else has signed up.

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    LinkError, LinkedSubscription, LinkedSubscriptions, confirm::verify, linked_subscriptions,
};
use crate::domain::{
    LinkKey, Purpose, SubscriptionId, SubscriptionState, SuppressionKeys, TokenError,
};
use crate::membership;
use crate::service::Service;
use crate::store::{self, Write};

/// The result of "this was not me".
#[derive(Debug, Clone)]
pub enum Declined {
    /// No sign-up of the address waits for a confirmation any more.
    Done {
        /// The one of the link, unless it had been erased before.
        was: Option<Box<LinkedSubscription>>,
        /// Where further sign-ups send no mail to the address for a time: what takes that back.
        undo: Option<DeclineUndo>,
    },
    /// It has been confirmed: there is a subscription to end instead.
    Confirmed(Box<LinkedSubscriptions>),
}

/// What takes a "this was not me" back within [`Purpose::UNDO_HOURS`]. It does not tell the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclineUndo {
    /// The keyed hashes of address and mailbox, hexadecimal.
    of: String,
    /// When it was said, signed.
    stamp: String,
}

/// The purpose of the stamp.
const DECLINED: &str = "declined";
/// How long a slip can be taken back.
const UNDO_TIME: SignedDuration = SignedDuration::from_hours(Purpose::UNDO_HOURS as i64);

impl DeclineUndo {
    fn new(key: &LinkKey, keys: &SuppressionKeys, now: Timestamp) -> Self {
        Self::of(key, &[keys.address, keys.mailbox].concat(), now)
    }

    /// Of a mailbox alone, whose address is not known here.
    pub(super) fn of_mailbox(key: &LinkKey, mailbox: &[u8], now: Timestamp) -> Self {
        Self::of(key, &[mailbox, mailbox].concat(), now)
    }

    fn of(key: &LinkKey, of: &[u8], now: Timestamp) -> Self {
        Self {
            stamp: key.stamp(DECLINED, of, now),
            of: HEXLOWER.encode(of),
        }
    }
}

/// Takes back a "this was not me" that was a slip: the address may be signed up again. What was erased stays erased.
/// Idempotent.
///
/// # Errors
/// When it was not said to this service, or longer ago than an hour.
pub async fn undo_decline(service: &Service, undo: &DeclineUndo) -> Result<(), LinkError> {
    let (key, now) = (service.links.key(), service.clock.now());
    let of = HEXLOWER.decode(undo.of.as_bytes()).unwrap_or_default();
    let said_at = key.stamped_at(DECLINED, &of, &undo.stamp);
    let said_at = said_at.ok_or(TokenError::Invalid)?;
    if now.duration_since(said_at) > UNDO_TIME {
        return Err(LinkError::Gone);
    }
    let (address, mailbox) = of.split_at(of.len() / 2);
    let mut tx = service.store.write().await?;
    store::consent::suppression::take_back_decline(&mut tx, address, mailbox).await?;
    tx.commit().await?;
    Ok(())
}

/// Erases every sign-up of the address that waits for a confirmation, and for
/// `signup.declined_days` days further sign-ups send no mail to it, nor to other spellings that
/// usually reach the same mailbox (`EmailAddress::mailbox`). A person with an active
/// subscription has shown that the address is theirs: then only the pending ones are erased.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn decline(service: &Service, token: &str) -> Result<Declined, LinkError> {
    let (token, others) = verify(service, token)?;
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let erased_before = Declined::Done {
        was: None,
        undo: None,
    };
    let Some(found) = load_if_present(&mut tx, token.subscription, &others).await? else {
        return Ok(erased_before);
    };
    // Read again under the lock: a sign-up or a confirmation may have committed in between.
    let person = found.first.subscription.subscriber;
    let all = store::subscription::lock_all_of(&mut tx, person).await?;
    let Some(found) = load_if_present(&mut tx, token.subscription, &others).await? else {
        return Ok(erased_before);
    };
    if found.in_state(SubscriptionState::Pending).is_none()
        && let Some(active) = found.in_state(SubscriptionState::Active)
    {
        return Ok(Declined::Confirmed(Box::new(active)));
    }
    membership::erase_unconfirmed(&mut tx, service.links.key(), &all, now).await?;
    let has_active = all.iter().any(|one| one.state == SubscriptionState::Active);
    let mut undo = None;
    if !has_active {
        let address = &found.first.subscription.address;
        let keys = service.links.key().suppression_keys(address);
        let until = declined_until(service);
        store::consent::suppression::decline(&mut tx, &keys, now, until).await?;
        undo = Some(DeclineUndo::new(service.links.key(), &keys, now));
    }
    tx.commit().await?;
    Ok(Declined::Done {
        was: Some(Box::new(found.first)),
        undo,
    })
}

/// Until when "this was not me" holds that is said now.
pub(super) fn declined_until(service: &Service) -> Timestamp {
    let days = i64::from(service.settings.signup.declined_days);
    let (now, time) = (service.clock.now(), SignedDuration::from_hours(24 * days));
    now.saturating_add(time).unwrap_or(now)
}

/// The subscriptions of the link; None when all of them have been erased.
async fn load_if_present(
    tx: &mut Write,
    first: SubscriptionId,
    others: &[SubscriptionId],
) -> Result<Option<LinkedSubscriptions>, LinkError> {
    match linked_subscriptions(tx, first, others).await {
        Err(LinkError::Gone) => Ok(None),
        found => found.map(Some),
    }
}
