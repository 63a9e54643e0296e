//! Deliveries: one for each issue and subscription.
//!
//! An untried delivery has no row: it is a member of a [`range`], which says who holds it. Of any other the row
//! says so. It waits, or a worker holds it, as long as `due_at` is set.

pub mod causes;
pub mod claim;
pub mod delivery_log;
pub mod far_ahead;
pub mod range;
pub mod record;
pub mod relay_limit;
pub mod relay_pause;
pub mod throttle;
pub mod waiting;

use jiff::Timestamp;
use sqlx::FromRow;

use super::dialect::{execute, fetch_optional, statements};
use super::rows::{Row, json, micros};
use super::{Read, StoreError, Write};
use crate::domain::{
    DeliveryState, EmailAddress, IssueId, IssueState, LeaseId, SubscriptionId, SubscriptionState,
};

statements! {
    // With outdated statistics the planner sorts the whole table for each claim.
    REFRESH = [{ sqlite: "SELECT 1", postgres: "ANALYZE delivery_range" }];
    // A delivery that is being recorded is skipped: it needs its lease no more, and to wait for it
    // while holding others is how deadlocks come about.
    EXTEND = [
        r"UPDATE delivery
          SET due_at = $3
          WHERE issue_id = $1 AND lease_id = $2 AND subscription_id IN (
            SELECT subscription_id
            FROM delivery
            WHERE issue_id = $1 AND lease_id = $2 AND subscription_id IN ",
        ids_4,
        skip_locked,
        ")",
    ];
    END_WAITING = [
        r"UPDATE delivery
          SET state = $3, due_at = NULL, lease_id = NULL, ended_at = $2
          WHERE issue_id = $1
            AND due_at IS NOT NULL
            AND (lease_id IS NULL OR due_at <= $2)
            AND state = $4",
    ];
    // Few rows among many, here and below. The repeated conditions are those of the index, without which SQLite
    // reads the whole issue.
    REQUEUE_FAILED = [
        r"UPDATE ",
        { sqlite: "delivery INDEXED BY delivery_causes", postgres: "delivery" },
        r"
          SET state = $3, due_at = $4, ended_at = NULL
          WHERE issue_id = $1
            AND state = $2
            AND reply_code = $5
            AND reply_code IS NOT NULL AND state <> 'sent' AND state <> 'skipped'",
    ];
    REQUEUE_BOUNCED = [
        r"UPDATE ",
        { sqlite: "delivery INDEXED BY delivery_causes", postgres: "delivery" },
        r"
          SET state = $3, due_at = $4, ended_at = NULL
          WHERE issue_id = $1
            AND state = $2
            AND ended_at >= $5
            AND reply_code IS NOT NULL AND state <> 'sent' AND state <> 'skipped'",
    ];
    // A new attempt has the full time to succeed. Who has left meanwhile keeps the failure.
    RETRY = [
        r"UPDATE ",
        { sqlite: "delivery INDEXED BY delivery_unreached", postgres: "delivery" },
        r"
          SET state = $3, due_at = $4, ended_at = NULL, attempts = 0, first_attempt_at = NULL
          WHERE issue_id = $1
            AND state = $2
            AND state IN ('bounced', 'deferred', 'failed', 'unknown')
            AND due_at IS NULL
            AND EXISTS (
              SELECT 1 FROM subscription s WHERE s.id = delivery.subscription_id AND s.state = $5
            )",
    ];
    // Of an untried delivery only its range knows the lease.
    STATUS = [
        r"SELECT i.state AS issue_state, i.revision, s.state AS subscription_state, s.paused_until,
              p.address, COALESCE(d.lease_id, g.lease_id) AS lease_id, COALESCE(d.due_at, g.due_at) AS due_at
          FROM issue i
          CROSS JOIN subscription s
          JOIN subscriber p ON p.id = s.subscriber_id
          LEFT JOIN delivery d ON d.issue_id = i.id AND d.subscription_id = s.id
          LEFT JOIN delivery_range g ON g.lease_id = $3 AND d.issue_id IS NULL
          WHERE i.id = $1 AND s.id = $2",
    ];
}

#[derive(FromRow)]
struct StatusRow {
    issue_state: String,
    revision: i64,
    subscription_state: String,
    paused_until: Option<i64>,
    address: String,
    lease_id: Option<LeaseId>,
    due_at: Option<i64>,
}

/// Updates PostgreSQL's statistics after an audience was frozen.
pub async fn refresh_statistics(tx: &mut Write) -> Result<(), StoreError> {
    execute!(tx, REFRESH)?;
    Ok(())
}

/// Extends a lease to `until`: of a range, or of those of the deliveries that still have it.
pub async fn extend(
    tx: &mut Write,
    issue: IssueId,
    lease: LeaseId,
    subscriptions: &[SubscriptionId],
    until: Timestamp,
) -> Result<(), StoreError> {
    if range::extend(tx, issue, lease, until).await? {
        return Ok(());
    }
    execute!(
        tx,
        EXTEND,
        issue,
        lease,
        micros(until),
        json(subscriptions)?
    )?;
    Ok(())
}

/// Ends all waiting deliveries in the state `from` with the state `to`; returns how many. Leased
/// deliveries stay with their worker.
pub async fn end_waiting(
    tx: &mut Write,
    issue: IssueId,
    from: DeliveryState,
    to: DeliveryState,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let untried = match from {
        DeliveryState::Queued => range::end_free(tx, issue, to, now).await?,
        _ => 0,
    };
    let rows = execute!(
        tx,
        END_WAITING,
        issue,
        micros(now),
        to.as_str(),
        from.as_str()
    )?;
    Ok(i64::try_from(untried + rows).unwrap_or(i64::MAX))
}

/// Makes every delivery of the issue that failed with this reply code due again, whatever its enhanced status; returns
/// how many.
pub async fn requeue_failed(
    tx: &mut Write,
    issue: IssueId,
    code: u16,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let rows = execute!(
        tx,
        REQUEUE_FAILED,
        issue,
        DeliveryState::Failed.as_str(),
        DeliveryState::Deferred.as_str(),
        micros(now),
        i64::from(code)
    )?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Makes deliveries due again that have bounced since then; returns how many.
pub async fn requeue_bounced(
    tx: &mut Write,
    issue: IssueId,
    since: Timestamp,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let rows = execute!(
        tx,
        REQUEUE_BOUNCED,
        issue,
        DeliveryState::Bounced.as_str(),
        DeliveryState::Deferred.as_str(),
        micros(now),
        micros(since)
    )?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Puts all deliveries that failed or bounced, of readers who are still active, back into the queue; returns how many.
/// What may have arrived keeps its revision, and every mail keeps its Message-ID.
pub async fn retry(
    tx: &mut Write,
    issue: IssueId,
    ended_as: DeliveryState,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let rows = execute!(
        tx,
        RETRY,
        issue,
        ended_as.as_str(),
        DeliveryState::Queued.as_str(),
        micros(now),
        SubscriptionState::Active.as_str()
    )?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// What decides whether a delivery may be sent.
#[derive(Debug, Clone)]
pub struct DeliveryStatus {
    /// The state of the issue.
    pub issue: IssueState,
    /// The newest revision of the issue.
    pub revision: i64,
    /// The state of the subscription.
    pub subscription: SubscriptionState,
    /// The end of the subscription's pause.
    pub paused_until: Option<Timestamp>,
    /// The present address of the subscriber.
    pub address: EmailAddress,
    /// The lease of the delivery and its end.
    pub lease: Option<(LeaseId, Timestamp)>,
}

/// The present status of a delivery that was claimed under `lease`; `None` if its subscription was deleted.
pub async fn status(
    db: &mut Read,
    issue: IssueId,
    subscription: SubscriptionId,
    lease: LeaseId,
) -> Result<Option<DeliveryStatus>, StoreError> {
    let row: Option<StatusRow> = fetch_optional!(db, STATUS, issue, subscription, lease)?;
    let place = Row {
        table: "delivery",
        id: &subscription,
    };
    row.map(|row| {
        Ok(DeliveryStatus {
            issue: place.parse("issue_state", &row.issue_state)?,
            revision: row.revision,
            subscription: place.parse("subscription_state", &row.subscription_state)?,
            paused_until: place.maybe_time("paused_until", row.paused_until)?,
            address: place.parse("address", &row.address)?,
            lease: row.lease_id.zip(place.maybe_time("due_at", row.due_at)?),
        })
    })
    .transpose()
}
