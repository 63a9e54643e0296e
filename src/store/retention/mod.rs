//! Forgetting what is no longer needed, in small transactions.

pub mod expiry;
pub mod log;

use std::collections::HashMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::consent::removal;
use super::dialect::{run, statements};
use super::rows::{json, micros};
use super::subscriber::answer;
use super::{Read, StoreError, Write};
use crate::domain::{ConsentKind, IssueId, LinkKey, RemovalReason, SubscriptionState};

/// Rows that one transaction touches.
const BATCH_ROWS: i64 = 500;

statements! {
    UNCONFIRMED = ["SELECT id FROM subscription WHERE state = $1 AND created_at <= $2 AND id > $3 ORDER BY id LIMIT $4"];
    // The person is locked too, as a sign-up does first. Who is busy is left for the next time.
    LOCK = ["SELECT s.id FROM subscription s JOIN subscriber p ON p.id = s.subscriber_id \
        WHERE s.id IN ", ids_1, " AND s.state = $2", skip_locked];
    STILL_UNCONFIRMED = ["SELECT id, confirmed_at FROM subscription WHERE id IN ", ids_1, " \
        AND NOT EXISTS (SELECT 1 FROM consent_event e WHERE e.subscription_id = subscription.id AND e.at > $2 \
        AND e.kind = $3)"];
    BACK_TO_ENDED = ["UPDATE subscription SET state = $2 WHERE id IN ", ids_1];
    DELETE_MAILS = ["DELETE FROM outbox WHERE subscription_id IN ", ids_1];
    DELETE_SUBSCRIPTIONS = ["DELETE FROM subscription WHERE id IN ", ids_1, " RETURNING subscriber_id"];
    DELETE_SUBSCRIBERS = ["DELETE FROM subscriber WHERE id IN ", ids_1, " \
        AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.subscriber_id = subscriber.id)"];
    IPS = ["SELECT id FROM consent_event WHERE ip IS NOT NULL AND at <= $1 ORDER BY id LIMIT $2"];
    FORGET_IPS = ["UPDATE consent_event SET ip = NULL WHERE id IN ", ids_1];
    FORGET_MAILS = ["DELETE FROM outbox WHERE id IN \
        (SELECT id FROM outbox WHERE ended_at <= $1 LIMIT $2", skip_locked, ")"];
    OLD_ISSUES = ["SELECT id FROM issue WHERE finished_at <= $1 \
        AND EXISTS (SELECT 1 FROM delivery d WHERE d.issue_id = issue.id)"];
    FORGET_DELIVERIES = ["DELETE FROM delivery WHERE issue_id = $1 AND subscription_id IN \
        (SELECT subscription_id FROM delivery WHERE issue_id = $1 ORDER BY subscription_id LIMIT $2", skip_locked, ")"];
}

/// Some subscriptions past `after` that were asked for by `before` and are not confirmed.
///
/// # Errors
/// When the database cannot be used.
pub async fn unconfirmed(
    db: &mut Read,
    before: Timestamp,
    after: i64,
) -> Result<Vec<i64>, StoreError> {
    Ok(run!(db, UNCONFIRMED, |sql, connection| {
        sqlx::query_scalar(sql)
            .bind(SubscriptionState::Pending.as_str())
            .bind(micros(before))
            .bind(after)
            .bind(BATCH_ROWS)
            .fetch_all(connection)
            .await
    })?)
}

/// Erases those of [`unconfirmed`] that are so still and that nobody has asked for again since,
/// with all that is held of them. Who had been a reader before goes back to having left, as the proof of that time is kept.
/// Returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn erase_unconfirmed(
    tx: &mut Write,
    key: &LinkKey,
    subscriptions: &[i64],
    before: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let locked: Vec<i64> = run!(tx, LOCK, |sql, connection| sqlx::query_scalar(sql)
        .bind(json(subscriptions)?)
        .bind(SubscriptionState::Pending.as_str())
        .fetch_all(connection)
        .await)?;
    let still: HashMap<i64, Option<i64>> =
        run!(tx, STILL_UNCONFIRMED, |sql, connection| sqlx::query_as(sql)
            .bind(json(&locked)?)
            .bind(micros(before))
            .bind(ConsentKind::Requested.as_str())
            .fetch_all(connection)
            .await)?
        .into_iter()
        .collect();
    let (readers_before, strangers): (Vec<i64>, Vec<i64>) =
        still.keys().partition(|id| still[id].is_some());
    run!(tx, BACK_TO_ENDED, |sql, connection| sqlx::query(sql)
        .bind(json(&readers_before)?)
        .bind(SubscriptionState::Ended.as_str())
        .execute(connection)
        .await
        .map(|_| ()))?;
    // What a stranger may have answered in their name.
    answer::remove(tx, &readers_before).await?;
    erase(tx, key, &strangers, RemovalReason::Unconfirmed, now).await?;
    Ok(still.len())
}

/// Erases subscriptions with all that is held of them, and people who then have none.
pub(super) async fn erase(
    tx: &mut Write,
    key: &LinkKey,
    subscriptions: &[i64],
    why: RemovalReason,
    now: Timestamp,
) -> Result<(), StoreError> {
    let ids = json(subscriptions)?;
    run!(tx, DELETE_MAILS, |sql, connection| sqlx::query(sql)
        .bind(&ids)
        .execute(connection)
        .await
        .map(|_| ()))?;
    removal::of_subscriptions(tx, key, subscriptions, why, now).await?;
    let people: Vec<i64> = run!(tx, DELETE_SUBSCRIPTIONS, |sql, connection| {
        sqlx::query_scalar(sql)
            .bind(&ids)
            .fetch_all(connection)
            .await
    })?;
    run!(tx, DELETE_SUBSCRIBERS, |sql, connection| sqlx::query(sql)
        .bind(json(&people)?)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Some consent events from `before` that still have an IP address.
///
/// # Errors
/// When the database cannot be used.
pub async fn with_ips(db: &mut Read, before: Timestamp) -> Result<Vec<i64>, StoreError> {
    Ok(run!(db, IPS, |sql, connection| sqlx::query_scalar(sql)
        .bind(micros(before))
        .bind(BATCH_ROWS)
        .fetch_all(connection)
        .await)?)
}

/// Forgets the IP addresses of these consent events.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget_ips(tx: &mut Write, events: &[i64]) -> Result<(), StoreError> {
    run!(tx, FORGET_IPS, |sql, connection| sqlx::query(sql)
        .bind(json(events)?)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Removes some mails of the outbox that ended by `before`; returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget_mails(tx: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(tx, FORGET_MAILS, |sql, connection| sqlx::query(sql)
        .bind(micros(before))
        .bind(BATCH_ROWS)
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?)
}

/// The issues that were finished by `before` and whose ledger is still there.
///
/// # Errors
/// When the database cannot be used.
pub async fn old_issues(db: &mut Read, before: Timestamp) -> Result<Vec<IssueId>, StoreError> {
    let ids: Vec<Uuid> = run!(db, OLD_ISSUES, |sql, connection| sqlx::query_scalar(sql)
        .bind(micros(before))
        .fetch_all(connection)
        .await)?;
    Ok(ids.into_iter().map(IssueId).collect())
}

/// Removes some lines of an issue's ledger; returns how many. Its totals stay with the issue.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget_deliveries(tx: &mut Write, issue: IssueId) -> Result<u64, StoreError> {
    Ok(run!(tx, FORGET_DELIVERIES, |sql, connection| sqlx::query(
        sql
    )
    .bind(issue.0)
    .bind(BATCH_ROWS)
    .execute(connection)
    .await
    .map(|done| done.rows_affected()))?)
}
