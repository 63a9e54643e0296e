//! The ledger: one row a reader and issue.

pub mod claim;
pub mod delivery_log;
pub mod record;
pub mod throttle;

use jiff::Timestamp;
use sqlx::FromRow;

use super::dialect::{execute, fetch_optional, statements};
use super::rows::{Row, json, micros};
use super::{Read, StoreError, Write};
use crate::domain::{
    DeliveryState, IssueId, IssueState, LeaseId, SubscriptionId, SubscriptionState,
};

statements! {
    // After a million new rows the planner would sort the table for a claim of 500.
    REFRESH = [{ sqlite: "SELECT 1", postgres: "ANALYZE delivery" }];
    EXTEND = [
        r"UPDATE delivery
          SET due_at = $3
          WHERE issue_id = $1 AND lease_id = $2 AND subscription_id IN ",
        ids_4,
    ];
    SKIP = [
        r"UPDATE delivery
          SET state = $3, due_at = NULL, lease_id = NULL, ended_at = $2
          WHERE issue_id = $1
            AND due_at IS NOT NULL
            AND (lease_id IS NULL OR due_at <= $2)
            AND state = $4",
    ];
    TAKE_BACK = [
        r"UPDATE delivery
          SET state = $3, due_at = $4, ended_at = NULL
          WHERE issue_id = $1 AND state = $2 AND reply_code = $5",
    ];
    STANDING = [
        r"SELECT i.state AS issue_state, i.revision, s.state AS subscription_state, s.paused_until,
              d.lease_id, d.due_at
          FROM delivery d
          JOIN issue i ON i.id = d.issue_id
          JOIN subscription s ON s.id = d.subscription_id
          WHERE d.issue_id = $1 AND d.subscription_id = $2",
    ];
}

#[derive(FromRow)]
struct StandingRow {
    issue_state: String,
    revision: i64,
    subscription_state: String,
    paused_until: Option<i64>,
    lease_id: Option<LeaseId>,
    due_at: Option<i64>,
}

/// Tells the planner about the rows of a frozen audience.
pub async fn refresh_statistics(tx: &mut Write) -> Result<(), StoreError> {
    execute!(tx, REFRESH)?;
    Ok(())
}

/// Extends a lease to `until` for those deliveries that are still held under it.
pub async fn extend(
    tx: &mut Write,
    issue: IssueId,
    lease: LeaseId,
    subscriptions: &[SubscriptionId],
    until: Timestamp,
) -> Result<(), StoreError> {
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

/// Ends every waiting delivery that is in state `from`, setting it to `to`;
/// those that a worker holds are left to it. Returns how many.
pub async fn end_waiting(
    tx: &mut Write,
    issue: IssueId,
    from: DeliveryState,
    to: DeliveryState,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let rows = execute!(tx, SKIP, issue, micros(now), to.as_str(), from.as_str())?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Makes the deliveries that failed with this code wait again; returns how many.
pub async fn take_back(
    tx: &mut Write,
    issue: IssueId,
    code: u16,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let rows = execute!(
        tx,
        TAKE_BACK,
        issue,
        DeliveryState::Failed.as_str(),
        DeliveryState::Deferred.as_str(),
        micros(now),
        i64::from(code)
    )?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// How a delivery stands right now.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Of the issue.
    pub issue: IssueState,
    /// The newest of the issue.
    pub revision: i64,
    /// Of the subscription.
    pub subscription: SubscriptionState,
    /// Until when the reader wants nothing.
    pub paused_until: Option<Timestamp>,
    /// The lease it is held under, and when that ends.
    pub lease: Option<(LeaseId, Timestamp)>,
}

/// How a delivery stands right now; `None` if it or its subscription is gone.
pub async fn standing(
    db: &mut Read,
    issue: IssueId,
    subscription: SubscriptionId,
) -> Result<Option<Standing>, StoreError> {
    let row: Option<StandingRow> = fetch_optional!(db, STANDING, issue, subscription)?;
    let place = Row {
        table: "delivery",
        id: &subscription,
    };
    row.map(|row| {
        Ok(Standing {
            issue: place.parse("issue_state", &row.issue_state)?,
            revision: row.revision,
            subscription: place.parse("subscription_state", &row.subscription_state)?,
            paused_until: place.maybe_time("paused_until", row.paused_until)?,
            lease: row.lease_id.zip(place.maybe_time("due_at", row.due_at)?),
        })
    })
    .transpose()
}
