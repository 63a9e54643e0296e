//! Removes ended subscriptions with their proof of consent, and replies of mail servers.

use jiff::Timestamp;

use crate::domain::{IssueId, LinkKey, RemovalReason, SubscriptionId, SubscriptionState};
use crate::store::delivery::range::outside_ranges;
use crate::store::dialect::{execute, fetch_all_scalars, fetch_scalar, statements};
use crate::store::rows::{json, micros};
use crate::store::{Read, StoreError, Write, retention};

/// The most rows that one transaction changes.
const BATCH_ROWS: i64 = 500;

statements! {
    // A delivery that is not ended needs its subscription until it is skipped.
    ENDED = [
        r"SELECT s.id
          FROM subscription s
          WHERE s.state = $1
            AND s.ended_at <= $2
            AND s.id > $3
            AND NOT EXISTS (
              SELECT 1
              FROM issue i
              JOIN delivery d ON d.issue_id = i.id AND d.subscription_id = s.id
              WHERE i.newsletter_id = s.newsletter_id
                AND (i.finished_at IS NULL OR i.state IN ('sending', 'paused'))
                AND d.ended_at IS NULL
            )
            AND NOT EXISTS (
              SELECT 1
              FROM issue i
              JOIN delivery_range g ON g.issue_id = i.id AND g.first_id <= s.id AND g.last_id >= s.id
              WHERE i.newsletter_id = s.newsletter_id AND i.finished_at IS NULL
            )
          ORDER BY s.id LIMIT $4",
    ];
    // Also locks the subscriber, as a sign-up does first. Skips rows that are locked; the next run
    // takes them.
    LOCK = [
        r"SELECT s.id
          FROM subscription s
          JOIN subscriber p ON p.id = s.subscriber_id
          WHERE s.id IN ",
        ids_1,
        r" AND s.state = $2 AND s.ended_at <= $3",
        skip_locked,
    ];
    WITH_REPLIES = [
        r"SELECT id
          FROM issue
          WHERE finished_at <= $1 AND state IN ('sent', 'cancelled') AND replies_forgotten = 0",
    ];
    NEXT = [
        r"SELECT MAX(subscription_id)
          FROM (
            SELECT subscription_id
            FROM delivery
            WHERE issue_id = $1 AND subscription_id > $2
            ORDER BY subscription_id LIMIT $3
          ) AS batch",
    ];
    FORGET_REPLIES = [
        r"UPDATE delivery
          SET reply_text = NULL
          WHERE issue_id = $1
            AND subscription_id > $2
            AND subscription_id <= $3
            AND reply_text IS NOT NULL",
    ];
    ALL_FORGOTTEN = [r"UPDATE issue SET replies_forgotten = 1 WHERE id = $1"];
    // Deliveries that a worker had leased when the subscriber was erased, or whose range it had. What was never
    // started has none. The constant is that of a partial index.
    FORGET_ERASED = [
        r"DELETE FROM delivery
          WHERE issue_id IN (
            SELECT id
            FROM issue
            WHERE started_at IS NOT NULL AND (
              finished_at IS NULL OR finished_at > $1 OR state IN ('sending', 'paused')
            )
          )
            AND subscription_id IN (SELECT id FROM subscription WHERE end_reason = 'erased')
            AND ended_at IS NOT NULL",
        (outside_ranges!),
    ];
}

/// A page of subscriptions after `after` that ended by `before`.
pub async fn ended(
    db: &mut Read,
    before: Timestamp,
    after: SubscriptionId,
) -> Result<Vec<SubscriptionId>, StoreError> {
    Ok(fetch_all_scalars!(
        db,
        ENDED,
        SubscriptionState::Ended.as_str(),
        micros(before),
        after,
        BATCH_ROWS
    )?)
}

/// Erases those of the subscriptions that are still ended, with their proof of consent and all other
/// data; returns how many.
pub async fn erase_ended(
    tx: &mut Write,
    key: &LinkKey,
    subscriptions: &[SubscriptionId],
    before: Timestamp,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let locked: Vec<SubscriptionId> = fetch_all_scalars!(
        tx,
        LOCK,
        json(subscriptions)?,
        SubscriptionState::Ended.as_str(),
        micros(before)
    )?;
    retention::erase(tx, key, &locked, RemovalReason::Expired, now).await?;
    Ok(locked.len() as u64)
}

/// The issues that were finished by `before` and still have reply texts of mail servers.
pub async fn issues_with_replies(
    db: &mut Read,
    before: Timestamp,
) -> Result<Vec<IssueId>, StoreError> {
    Ok(fetch_all_scalars!(db, WITH_REPLIES, micros(before))?)
}

/// Removes the reply texts of a page of deliveries after `after`; reply codes stay. Returns how many,
/// and the `after` of the next page. When no page is left, marks the issue as done.
pub async fn forget_replies(
    tx: &mut Write,
    issue: IssueId,
    after: SubscriptionId,
) -> Result<(u64, Option<SubscriptionId>), StoreError> {
    let next: Option<SubscriptionId> = fetch_scalar!(tx, NEXT, issue, after, BATCH_ROWS)?;
    let Some(next) = next else {
        execute!(tx, ALL_FORGOTTEN, issue)?;
        return Ok((0, None));
    };
    let forgotten = execute!(tx, FORGET_REPLIES, issue, after, next)?;
    Ok((forgotten, Some(next)))
}

/// Removes ended deliveries of erased subscribers from issues that are not finished or were finished
/// after `since`; returns how many.
pub async fn forget_erased(tx: &mut Write, since: Timestamp) -> Result<u64, StoreError> {
    Ok(execute!(tx, FORGET_ERASED, micros(since))?)
}
