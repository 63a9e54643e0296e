//! Removes data whose retention period is over, in small transactions.

pub mod expiry;
pub mod log;
pub mod space;

use std::collections::HashMap;

use jiff::Timestamp;

use super::consent::removal;
use super::dialect::{execute, fetch_all, fetch_all_scalars, statements};
use super::rows::{json, micros};
use super::subscriber::answer;
use super::{Read, StoreError, Write};
use crate::domain::{
    ConsentKind, IssueId, LinkKey, OutboxId, RemovalReason, SubscriberId, SubscriptionId,
    SubscriptionState,
};

/// The most rows that one transaction changes.
const BATCH_ROWS: i64 = 500;
/// The most IP addresses that one transaction removes: nobody waits for the rows.
const BATCH_IPS: i64 = 5_000;

statements! {
    UNCONFIRMED = [
        r"SELECT id
          FROM subscription
          WHERE state = $1 AND created_at <= $2 AND id > $3
          ORDER BY id LIMIT $4",
    ];
    // Also locks the subscriber, as a sign-up does first. Skips rows that are locked; the next run
    // takes them.
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
        // Who has left elsewhere was never confirmed here, and has ended all the same.
        r"SELECT id, COALESCE(confirmed_at, ended_at)
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
    IPS = [
        r"SELECT id
          FROM consent_event
          WHERE ip IS NOT NULL AND at <= $1 AND id > $2
          ORDER BY id LIMIT $3",
    ];
    IPS_IN_SAFETY_MODE = [
        r"SELECT e.id
          FROM consent_event e
          JOIN subscription s ON s.id = e.subscription_id
          JOIN newsletter n ON n.id = s.newsletter_id
          WHERE e.ip IS NOT NULL AND e.at <= $1 AND e.id > $2 AND n.safety_mode = 1
          ORDER BY e.id LIMIT $3",
    ];
    FORGET_IPS = [r"UPDATE consent_event SET ip = NULL WHERE id IN ", ids_1];
    ENDED_MAILS = [
        r"SELECT id
          FROM outbox
          WHERE ended_at <= $1 AND id > $2
          ORDER BY id LIMIT $3",
    ];
    // One that was given up may be tried again since it was found.
    FORGET_MAILS = [
        r"DELETE FROM outbox
          WHERE id IN (
              SELECT id
              FROM outbox
              WHERE id IN ",
        uuids_1,
        r" AND ended_at <= $2",
        skip_locked,
        r")",
    ];
    OLD_ISSUES = [
        r"SELECT id
          FROM issue
          WHERE finished_at <= $1
            AND state IN ('sent', 'cancelled')
            AND EXISTS (SELECT 1 FROM delivery d WHERE d.issue_id = issue.id)",
    ];
    OLD_ISSUES_IN_SAFETY_MODE = [
        r"SELECT i.id
          FROM issue i
          JOIN newsletter n ON n.id = i.newsletter_id
          WHERE n.safety_mode = 1
            AND i.finished_at <= $1
            AND i.state IN ('sent', 'cancelled')
            AND EXISTS (SELECT 1 FROM delivery d WHERE d.issue_id = i.id)",
    ];
    FORGET_DELIVERIES = [
        r"DELETE FROM delivery
          WHERE issue_id = $1
            AND subscription_id IN (
              SELECT subscription_id
              FROM delivery
              WHERE issue_id = $1 AND subscription_id > $2
              ORDER BY subscription_id LIMIT $3",
        skip_locked,
        r") RETURNING subscription_id",
    ];
}

/// A page of pending subscriptions after `after` that were created by `before`.
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

/// Erases, with all data, those of the subscriptions that are still pending and were not requested
/// again after `before`. A subscription that was active earlier becomes ended again instead, because
/// its proof of consent is kept. Returns how many changed.
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
    let (active_before, never_active): (Vec<SubscriptionId>, Vec<SubscriptionId>) =
        still.keys().partition(|id| still[id].is_some());
    execute!(
        tx,
        BACK_TO_ENDED,
        json(&active_before)?,
        SubscriptionState::Ended.as_str()
    )?;
    // The answers may come from somebody else.
    answer::remove(tx, &active_before).await?;
    erase(tx, key, &never_active, RemovalReason::Unconfirmed, now).await?;
    Ok(still.len())
}

/// Erases subscriptions with all their data, and subscribers who then have none.
pub(super) async fn erase(
    tx: &mut Write,
    key: &LinkKey,
    subscriptions: &[SubscriptionId],
    why: RemovalReason,
    now: Timestamp,
) -> Result<(), StoreError> {
    delete_mails(tx, subscriptions).await?;
    removal::of_subscriptions(tx, key, subscriptions, why, now).await?;
    let ids = json(subscriptions)?;
    let people: Vec<SubscriberId> = fetch_all_scalars!(tx, DELETE_SUBSCRIPTIONS, &ids)?;
    execute!(tx, DELETE_SUBSCRIBERS, json(&people)?)?;
    Ok(())
}

/// Removes the mails of these subscriptions from the outbox; returns how many.
pub(super) async fn delete_mails(
    tx: &mut Write,
    subscriptions: &[SubscriptionId],
) -> Result<u64, StoreError> {
    Ok(execute!(tx, DELETE_MAILS, json(subscriptions)?)?)
}

/// Some consent events after the event `after` that happened by `before` and still have an IP address, in
/// their order: all, or those of sign-ups to newsletters in safety mode alone.
pub async fn with_ips(
    db: &mut Read,
    in_safety_mode: bool,
    before: Timestamp,
    after: i64,
) -> Result<Vec<i64>, StoreError> {
    let (statement, before) = match in_safety_mode {
        true => (IPS_IN_SAFETY_MODE, micros(before)),
        false => (IPS, micros(before)),
    };
    Ok(fetch_all_scalars!(db, statement, before, after, BATCH_IPS)?)
}

/// Removes the IP addresses of these consent events.
pub async fn forget_ips(tx: &mut Write, events: &[i64]) -> Result<(), StoreError> {
    execute!(tx, FORGET_IPS, json(events)?)?;
    Ok(())
}

/// Some mails of the outbox after the mail `after` that ended by `before`, in their order.
pub async fn ended_mails(
    db: &mut Read,
    before: Timestamp,
    after: OutboxId,
) -> Result<Vec<OutboxId>, StoreError> {
    let before = micros(before);
    Ok(fetch_all_scalars!(
        db,
        ENDED_MAILS,
        before,
        after,
        BATCH_ROWS
    )?)
}

/// Removes those of the mails that still count as ended by `before`; returns how many.
pub async fn forget_mails(
    tx: &mut Write,
    mails: &[OutboxId],
    before: Timestamp,
) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET_MAILS, json(mails)?, micros(before))?)
}

/// The issues that were finished by `before` and still have deliveries.
pub async fn old_issues(db: &mut Read, before: Timestamp) -> Result<Vec<IssueId>, StoreError> {
    Ok(fetch_all_scalars!(db, OLD_ISSUES, micros(before))?)
}

/// The issues of newsletters in safety mode that were finished by `before` and still have deliveries.
pub async fn old_issues_in_safety_mode(
    db: &mut Read,
    before: Timestamp,
) -> Result<Vec<IssueId>, StoreError> {
    let before = micros(before);
    Ok(fetch_all_scalars!(db, OLD_ISSUES_IN_SAFETY_MODE, before)?)
}

/// Removes some deliveries of an issue after that of `after`; returns whose. The issue keeps its counters.
pub async fn forget_deliveries(
    tx: &mut Write,
    issue: IssueId,
    after: SubscriptionId,
) -> Result<Vec<SubscriptionId>, StoreError> {
    Ok(fetch_all_scalars!(
        tx,
        FORGET_DELIVERIES,
        issue,
        after,
        BATCH_ROWS
    )?)
}
