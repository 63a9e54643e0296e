//! What outlives a subscription, and goes in its time too: proofs of consent, replies of mail servers.

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::{EndReason, IssueId, LinkKey, RemovalReason, SubscriptionState};
use crate::store::dialect::{run, statements};
use crate::store::rows::{json, micros};
use crate::store::{Read, StoreError, Write, retention};

/// Rows that one transaction touches.
const BATCH_ROWS: i64 = 500;

statements! {
    // A delivery that is still open needs its subscription, to be skipped.
    ENDED = ["SELECT s.id FROM subscription s WHERE s.state = $1 AND s.ended_at <= $2 AND s.id > $3 \
        AND NOT EXISTS (SELECT 1 FROM issue i JOIN delivery d ON d.issue_id = i.id AND d.subscription_id = s.id \
        WHERE i.newsletter_id = s.newsletter_id AND i.finished_at IS NULL AND d.due_at IS NOT NULL) \
        ORDER BY s.id LIMIT $4"];
    // The person is locked too, as a sign-up does first. Who is busy is left for the next time.
    LOCK = ["SELECT s.id FROM subscription s JOIN subscriber p ON p.id = s.subscriber_id \
        WHERE s.id IN ", ids_1, " AND s.state = $2 AND s.ended_at <= $3", skip_locked];
    WITH_REPLIES = ["SELECT id FROM issue WHERE finished_at <= $1 AND replies_forgotten = 0"];
    NEXT = ["SELECT MAX(subscription_id) FROM (SELECT subscription_id FROM delivery WHERE issue_id = $1 \
        AND subscription_id > $2 ORDER BY subscription_id LIMIT $3) AS batch"];
    FORGET_REPLIES = ["UPDATE delivery SET reply_text = NULL WHERE issue_id = $1 AND subscription_id > $2 \
        AND subscription_id <= $3 AND reply_text IS NOT NULL"];
    ALL_FORGOTTEN = ["UPDATE issue SET replies_forgotten = 1 WHERE id = $1"];
    // What a worker still had in hand when its reader was erased.
    FORGET_ERASED = ["DELETE FROM delivery WHERE issue_id IN (SELECT id FROM issue WHERE finished_at IS NULL \
        OR finished_at > $1) AND subscription_id IN (SELECT id FROM subscription WHERE end_reason = $2) \
        AND due_at IS NULL"];
}

/// Some subscriptions past `after` that ended by `before`.
///
/// # Errors
/// When the database cannot be used.
pub async fn ended(db: &mut Read, before: Timestamp, after: i64) -> Result<Vec<i64>, StoreError> {
    Ok(run!(db, ENDED, |sql, connection| sqlx::query_scalar(sql)
        .bind(SubscriptionState::Ended.as_str())
        .bind(micros(before))
        .bind(after)
        .bind(BATCH_ROWS)
        .fetch_all(connection)
        .await)?)
}

/// Erases those of [`ended`] that are so still, with the proof and all else that is held of them.
/// Returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn erase_ended(
    tx: &mut Write,
    key: &LinkKey,
    subscriptions: &[i64],
    before: Timestamp,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let locked: Vec<i64> = run!(tx, LOCK, |sql, connection| sqlx::query_scalar(sql)
        .bind(json(subscriptions)?)
        .bind(SubscriptionState::Ended.as_str())
        .bind(micros(before))
        .fetch_all(connection)
        .await)?;
    retention::erase(tx, key, &locked, RemovalReason::Expired, now).await?;
    Ok(locked.len() as u64)
}

/// The issues that were finished by `before` and still have the words of mail servers.
///
/// # Errors
/// When the database cannot be used.
pub async fn issues_with_replies(
    db: &mut Read,
    before: Timestamp,
) -> Result<Vec<IssueId>, StoreError> {
    let ids: Vec<Uuid> = run!(db, WITH_REPLIES, |sql, connection| sqlx::query_scalar(sql)
        .bind(micros(before))
        .fetch_all(connection)
        .await)?;
    Ok(ids.into_iter().map(IssueId).collect())
}

/// Forgets the words of mail servers about some deliveries past `after`; returns how many, and where
/// to go on. The codes stay. Once there is nowhere to go on, the issue is noted as done.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget_replies(
    tx: &mut Write,
    issue: IssueId,
    after: i64,
) -> Result<(u64, Option<i64>), StoreError> {
    let next: Option<i64> = run!(tx, NEXT, |sql, connection| sqlx::query_scalar(sql)
        .bind(issue.0)
        .bind(after)
        .bind(BATCH_ROWS)
        .fetch_one(connection)
        .await)?;
    let Some(next) = next else {
        run!(tx, ALL_FORGOTTEN, |sql, connection| sqlx::query(sql)
            .bind(issue.0)
            .execute(connection)
            .await
            .map(|_| ()))?;
        return Ok((0, None));
    };
    let forgotten = run!(tx, FORGET_REPLIES, |sql, connection| sqlx::query(sql)
        .bind(issue.0)
        .bind(after)
        .bind(next)
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?;
    Ok((forgotten, Some(next)))
}

/// Removes the lines of erased readers from the ledgers of issues that are under way or were
/// finished after `since`; returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn forget_erased(tx: &mut Write, since: Timestamp) -> Result<u64, StoreError> {
    Ok(run!(tx, FORGET_ERASED, |sql, connection| sqlx::query(sql)
        .bind(micros(since))
        .bind(EndReason::Erased.as_str())
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?)
}
