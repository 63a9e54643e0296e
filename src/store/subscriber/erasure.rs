//! Erases a subscriber.

use jiff::Timestamp;

use super::{address_change, answer};
use crate::domain::{
    CountrySet, EndReason, LinkKey, RemovalReason, SubscriberId, Subscription, SubscriptionId,
    SubscriptionState,
};
use crate::store::delivery::range::outside_ranges;
use crate::store::dialect::{execute, statements};
use crate::store::rows::{json, micros};
use crate::store::{StoreError, Write, retention};

statements! {
    END = [
        r"UPDATE subscription
          SET state = $2, end_reason = $3, ended_at = COALESCE(ended_at, $4), countries = $5,
              frequency = 'each', paused_until = NULL
          WHERE id IN ",
        ids_1,
    ];
    FORGET_IPS = [
        r"UPDATE consent_event
          SET ip = NULL
          WHERE ip IS NOT NULL AND subscription_id IN ",
        ids_1,
    ];
    DELETE_DELIVERIES = [
        r"DELETE FROM delivery
          WHERE issue_id IN (SELECT id FROM issue) AND subscription_id IN ",
        ids_1,
        r" AND ended_at IS NOT NULL",
        (outside_ranges!),
    ];
    // Those remain that have not ended, which a worker skips and counts, or that lie in a range.
    FORGET_REPLIES = [
        r"UPDATE delivery
          SET reply_code = NULL, reply_text = NULL
          WHERE issue_id IN (SELECT id FROM issue)
            AND subscription_id IN ",
        ids_1,
    ];
    FORGET_PERSON = [
        r"UPDATE subscriber
          SET address = $2, address_key = $2, name = NULL, address_changed_at = $3
          WHERE id = $1",
    ];
}

/// What was deleted of a subscriber, and what remains.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// Subscriptions that were confirmed once. Of each an anonymous row and the proof of consent remain.
    pub kept: Vec<SubscriptionId>,
    /// The number of subscriptions that were never confirmed. Nothing of them remains.
    pub deleted: u64,
    /// The number of deleted deliveries.
    pub deliveries: u64,
    /// The number of deleted transactional mails.
    pub mails: u64,
}

/// Erases a subscriber. Of confirmed subscriptions the proof of consent remains, which names the person
/// only by a keyed hash. `nobody` replaces the address. `all` must come from
/// [`lock_all_of`](crate::store::subscription::lock_all_of) in this transaction.
pub async fn erase(
    tx: &mut Write,
    key: &LinkKey,
    (person, all): (SubscriberId, &[Subscription]),
    nobody: &str,
    now: Timestamp,
) -> Result<Erased, StoreError> {
    let ids = |confirmed: bool| -> Vec<SubscriptionId> {
        let those = all
            .iter()
            .filter(|one| one.confirmed_at.is_some() == confirmed);
        those.map(|one| one.id).collect()
    };
    let (kept, never) = (ids(true), ids(false));
    address_change::forget(tx, person).await?;
    retention::erase(tx, key, &never, RemovalReason::Erased, now).await?;
    answer::remove(tx, &kept).await?;
    let listed = json(&kept)?;
    execute!(
        tx,
        END,
        &listed,
        SubscriptionState::Ended.as_str(),
        EndReason::Erased.as_str(),
        micros(now),
        CountrySet::default().to_string()
    )?;
    execute!(tx, FORGET_IPS, &listed)?;
    let mails = retention::delete_mails(tx, &kept).await?;
    let deliveries = execute!(tx, DELETE_DELIVERIES, &listed)?;
    execute!(tx, FORGET_REPLIES, &listed)?;
    execute!(tx, FORGET_PERSON, person, nobody, micros(now))?;
    Ok(Erased {
        kept,
        deleted: never.len() as u64,
        deliveries,
        mails,
    })
}
