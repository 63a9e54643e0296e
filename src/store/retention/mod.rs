//! Forgetting what is no longer needed, in small transactions.

pub mod expiry;
pub mod log;

use std::collections::HashMap;

use jiff::Timestamp;

use super::consent::removal;
use super::dialect::{execute, fetch_all, fetch_all_scalars, statements};
use super::rows::{json, micros};
use super::subscriber::answer;
use super::{Read, StoreError, Write};
use crate::domain::{
    ConsentKind, IssueId, LinkKey, RemovalReason, SubscriberId, SubscriptionId, SubscriptionState,
};

/// Rows that one transaction touches.
const BATCH_ROWS: i64 = 500;

statements! {
    UNCONFIRMED = [
        r"SELECT id
          FROM subscription
          WHERE state = $1 AND created_at <= $2 AND id > $3
          ORDER BY id LIMIT $4",
    ];
    // The person is locked too, as a sign-up does first. Who is busy is left for the next time.
    LOCK = [
        r"SELECT s.id
          FROM subscription s
          JOIN subscriber p ON p.id = s.subscriber_id
          WHERE s.id IN ",
        ids_1,
        r" AND s.state = $2",
        skip_locked,
    ];
    STILL_UNCONFIRMED = [
        r"SELECT id, confirmed_at
          FROM subscription
          WHERE id IN ",
        ids_1,
        r" AND NOT EXISTS (
              SELECT 1
              FROM consent_event e
              WHERE e.subscription_id = subscription.id AND e.at > $2 AND e.kind = $3
            )",
    ];
    BACK_TO_ENDED = [r"UPDATE subscription SET state = $2 WHERE id IN ", ids_1];
    DELETE_MAILS = [r"DELETE FROM outbox WHERE subscription_id IN ", ids_1];
    DELETE_SUBSCRIPTIONS = [
        r"DELETE FROM subscription WHERE id IN ",
        ids_1,
        r" RETURNING subscriber_id",
    ];
    DELETE_SUBSCRIBERS = [
        r"DELETE FROM subscriber
          WHERE id IN ",
        ids_1,
        r" AND NOT EXISTS (
              SELECT 1
              FROM subscription s
              WHERE s.subscriber_id = subscriber.id
            )",
    ];
    IPS = [r"SELECT id FROM consent_event WHERE ip IS NOT NULL AND at <= $1 ORDER BY id LIMIT $2"];
    FORGET_IPS = [r"UPDATE consent_event SET ip = NULL WHERE id IN ", ids_1];
    FORGET_MAILS = [
        r"DELETE FROM outbox
          WHERE id IN (SELECT id FROM outbox WHERE ended_at <= $1 LIMIT $2",
        skip_locked,
        r")",
    ];
    OLD_ISSUES = [
        r"SELECT id
          FROM issue
          WHERE finished_at <= $1 AND EXISTS (SELECT 1 FROM delivery d WHERE d.issue_id = issue.id)",
    ];
    FORGET_DELIVERIES = [
        r"DELETE FROM delivery
          WHERE issue_id = $1
            AND subscription_id IN (
              SELECT subscription_id
              FROM delivery
              WHERE issue_id = $1
              ORDER BY subscription_id LIMIT $2",
        skip_locked,
        r")",
    ];
}

/// Some subscriptions past `after` that were asked for by `before` and are not confirmed.
pub async fn unconfirmed(
    db: &mut Read,
    before: Timestamp,
    after: SubscriptionId,
) -> Result<Vec<SubscriptionId>, StoreError> {
    Ok(fetch_all_scalars!(
        db,
        UNCONFIRMED,
        SubscriptionState::Pending.as_str(),
        micros(before),
        after,
        BATCH_ROWS
    )?)
}

/// Erases those of [`unconfirmed`] that are so still and that nobody has asked for again since,
/// with all that is held of them. Who had been a reader before goes back to having left, as the proof of that time is kept.
/// Returns how many.
pub async fn erase_unconfirmed(
    tx: &mut Write,
    key: &LinkKey,
    subscriptions: &[SubscriptionId],
    before: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let locked: Vec<SubscriptionId> = fetch_all_scalars!(
        tx,
        LOCK,
        json(subscriptions)?,
        SubscriptionState::Pending.as_str()
    )?;
    let still: HashMap<SubscriptionId, Option<i64>> = fetch_all!(
        tx,
        STILL_UNCONFIRMED,
        json(&locked)?,
        micros(before),
        ConsentKind::Requested.as_str()
    )?
    .into_iter()
    .collect();
    let (readers_before, strangers): (Vec<SubscriptionId>, Vec<SubscriptionId>) =
        still.keys().partition(|id| still[id].is_some());
    execute!(
        tx,
        BACK_TO_ENDED,
        json(&readers_before)?,
        SubscriptionState::Ended.as_str()
    )?;
    // What a stranger may have answered in their name.
    answer::remove(tx, &readers_before).await?;
    erase(tx, key, &strangers, RemovalReason::Unconfirmed, now).await?;
    Ok(still.len())
}

/// Erases subscriptions with all that is held of them, and people who then have none.
pub(super) async fn erase(
    tx: &mut Write,
    key: &LinkKey,
    subscriptions: &[SubscriptionId],
    why: RemovalReason,
    now: Timestamp,
) -> Result<(), StoreError> {
    let ids = json(subscriptions)?;
    execute!(tx, DELETE_MAILS, &ids)?;
    removal::of_subscriptions(tx, key, subscriptions, why, now).await?;
    let people: Vec<SubscriberId> = fetch_all_scalars!(tx, DELETE_SUBSCRIPTIONS, &ids)?;
    execute!(tx, DELETE_SUBSCRIBERS, json(&people)?)?;
    Ok(())
}

/// Some consent events from `before` that still have an IP address.
pub async fn with_ips(db: &mut Read, before: Timestamp) -> Result<Vec<i64>, StoreError> {
    Ok(fetch_all_scalars!(db, IPS, micros(before), BATCH_ROWS)?)
}

/// Forgets the IP addresses of these consent events.
pub async fn forget_ips(tx: &mut Write, events: &[i64]) -> Result<(), StoreError> {
    execute!(tx, FORGET_IPS, json(events)?)?;
    Ok(())
}

/// Removes some mails of the outbox that ended by `before`; returns how many.
pub async fn forget_mails(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET_MAILS, micros(before), BATCH_ROWS)?)
}

/// The issues that were finished by `before` and whose ledger is still there.
pub async fn old_issues(db: &mut Read, before: Timestamp) -> Result<Vec<IssueId>, StoreError> {
    Ok(fetch_all_scalars!(db, OLD_ISSUES, micros(before))?)
}

/// Removes some lines of an issue's ledger; returns how many. Its totals stay with the issue.
pub async fn forget_deliveries(tx: &mut Write, issue: IssueId) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET_DELIVERIES, issue, BATCH_ROWS)?)
}
