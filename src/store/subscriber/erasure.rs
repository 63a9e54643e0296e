//! Erases a subscriber.

use jiff::Timestamp;

use super::answer;
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
    DELETE_MAILS = [r"DELETE FROM outbox WHERE subscription_id IN ", ids_1];
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
    DELETE_CHANGE = [r"DELETE FROM address_change WHERE subscriber_id = $1"];
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
    execute!(tx, DELETE_CHANGE, person)?;
    retention::erase(tx, key, &never, RemovalReason::Erased, now).await?;
    let mut erased = Erased {
        kept: kept.clone(),
        deleted: never.len() as u64,
        ..Erased::default()
    };
    answer::remove(tx, &kept).await?;
    let kept = json(&kept)?;
    execute!(
        tx,
        END,
        &kept,
        SubscriptionState::Ended.as_str(),
        EndReason::Erased.as_str(),
        micros(now),
        CountrySet::default().to_string()
    )?;
    let mut run_on_kept = [
        (FORGET_IPS, 0),
        (DELETE_MAILS, 0),
        (DELETE_DELIVERIES, 0),
        (FORGET_REPLIES, 0),
    ];
    for (statement, rows) in &mut run_on_kept {
        *rows = execute!(tx, statement, &kept)?;
    }
    (erased.mails, erased.deliveries) = (run_on_kept[1].1, run_on_kept[2].1);
    execute!(tx, FORGET_PERSON, person, nobody, micros(now))?;
    Ok(erased)
}
