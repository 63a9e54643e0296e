//! Ranges of untried deliveries: those of an issue that nobody has claimed one by one.
//!
//! Freezing an audience puts all its deliveries into one range. A claim cuts a piece off its beginning and
//! leases that with one row, instead of changing a row for each delivery. A delivery that was recorded, parked or
//! put back is untried no more. What is left of a range whose lease has ended is released: each of its
//! deliveries then has the lease itself, as if it had been claimed one by one.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{DeliveryState, IssueId, LeaseId, SubscriptionId};
use crate::store::dialect::{execute, fetch_all, fetch_all_scalars, fetch_scalar, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

/// Joins an untried delivery `d` with its range `g`; others are joined with none.
macro_rules! join_range {
    () => {
        r" LEFT JOIN delivery_range g ON g.issue_id = d.issue_id
            AND g.first_id <= d.subscription_id
            AND g.last_id >= d.subscription_id
            AND d.due_at IS NULL
            AND d.ended_at IS NULL "
    };
}
pub(super) use join_range;

/// The untried deliveries of an issue between two subscriptions.
macro_rules! untried_between {
    () => {
        r" WHERE issue_id = $1
            AND subscription_id >= $2
            AND subscription_id <= $3
            AND due_at IS NULL
            AND ended_at IS NULL "
    };
}

statements! {
    // Each lookup of an end reads one entry of the primary key.
    ADD = [
        r"INSERT INTO delivery_range (issue_id, first_id, last_id, due_at)
          SELECT $1, (SELECT MIN(subscription_id) FROM delivery WHERE issue_id = $1),
              (SELECT MAX(subscription_id) FROM delivery WHERE issue_id = $1), $2
          WHERE EXISTS (SELECT 1 FROM delivery WHERE issue_id = $1)",
    ];
    IS_DUE = [
        r"SELECT COUNT(*)
          FROM (SELECT 1 FROM delivery_range WHERE issue_id = $1 AND due_at <= $2 LIMIT 1) AS due",
    ];
    DUE = [
        r"SELECT first_id, last_id, due_at, lease_id, revision
          FROM delivery_range
          WHERE issue_id = $1 AND due_at <= $2
          ORDER BY first_id",
        for_update,
    ];
    UNTRIED = [
        r"SELECT subscription_id FROM delivery",
        (untried_between!),
        r"ORDER BY subscription_id LIMIT $4",
    ];
    SHORTEN = [
        r"UPDATE delivery_range SET first_id = $3 WHERE issue_id = $1 AND first_id = $2",
    ];
    REMOVE = [r"DELETE FROM delivery_range WHERE issue_id = $1 AND first_id = $2"];
    LEASE = [
        r"INSERT INTO delivery_range (issue_id, first_id, last_id, due_at, lease_id, revision)
          VALUES ($1, $2, $3, $4, $5, $6)",
    ];
    EXTEND = [
        r"UPDATE delivery_range SET due_at = $3 WHERE issue_id = $1 AND lease_id = $2",
    ];
    END = [r"DELETE FROM delivery_range WHERE issue_id = $1 AND lease_id = $2"];
    RELEASE = [
        r"UPDATE delivery SET due_at = $4, lease_id = $5, revision = $6",
        (untried_between!),
    ];
    END_UNTRIED = [
        r"UPDATE delivery SET state = $4, ended_at = $5",
        (untried_between!),
    ];
}

/// A range of untried deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub(super) struct Range {
    /// No untried delivery of the range is before this subscription.
    pub(super) first_id: SubscriptionId,
    /// None is behind this one.
    pub(super) last_id: SubscriptionId,
    due_at: i64,
    lease_id: Option<LeaseId>,
    revision: Option<i64>,
}

/// Puts all deliveries of an issue whose audience was just frozen into one range that is due.
pub async fn add(tx: &mut Write, issue: IssueId, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, ADD, issue, micros(now))?;
    Ok(())
}

/// Whether untried deliveries of an issue can be claimed, or the lease of a range has ended.
pub(super) async fn is_due(
    db: &mut Read,
    issue: IssueId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let due: i64 = fetch_scalar!(db, IS_DUE, issue, micros(now))?;
    Ok(due > 0)
}

/// Releases the ranges of an issue whose leases have ended; returns the range that nobody has leased, if
/// there is one. It is locked until the transaction ends.
pub(super) async fn unleased(
    tx: &mut Write,
    issue: IssueId,
    now: Timestamp,
) -> Result<Option<Range>, StoreError> {
    let due: Vec<Range> = fetch_all!(tx, DUE, issue, micros(now))?;
    let mut unleased = None;
    for range in due {
        match range.lease_id {
            Some(lease) => release(tx, issue, range, lease).await?,
            None => unleased = Some(range),
        }
    }
    Ok(unleased)
}

/// Gives each delivery that is still untried the lease of its range, which has ended.
async fn release(
    tx: &mut Write,
    issue: IssueId,
    range: Range,
    lease: LeaseId,
) -> Result<(), StoreError> {
    execute!(
        tx,
        RELEASE,
        issue,
        range.first_id,
        range.last_id,
        range.due_at,
        lease,
        range.revision
    )?;
    execute!(tx, REMOVE, issue, range.first_id)?;
    Ok(())
}

/// The first untried deliveries of a range, at most `limit`, in their order.
pub(super) async fn untried(
    tx: &mut Write,
    issue: IssueId,
    range: Range,
    limit: i64,
) -> Result<Vec<SubscriptionId>, StoreError> {
    let (first, last) = (range.first_id, range.last_id);
    Ok(fetch_all_scalars!(tx, UNTRIED, issue, first, last, limit)?)
}

/// Takes what is before `rest` off a range that [`unleased`] found in the same transaction, or all of it.
pub(super) async fn cut(
    tx: &mut Write,
    issue: IssueId,
    range: Range,
    rest: Option<SubscriptionId>,
) -> Result<(), StoreError> {
    match rest {
        Some(rest) => execute!(tx, SHORTEN, issue, range.first_id, rest)?,
        None => execute!(tx, REMOVE, issue, range.first_id)?,
    };
    Ok(())
}

/// Leases the untried deliveries between two subscriptions, which were cut off a range in the same
/// transaction. All of them are to get this revision of the issue.
pub(super) async fn lease(
    tx: &mut Write,
    issue: IssueId,
    (first, last): (SubscriptionId, SubscriptionId),
    (lease, until): (LeaseId, Timestamp),
    revision: i64,
) -> Result<(), StoreError> {
    let until = micros(until);
    execute!(tx, LEASE, issue, first, last, until, lease, revision)?;
    Ok(())
}

/// Extends the lease of a range to `until`; returns whether there is one with this lease.
pub(super) async fn extend(
    tx: &mut Write,
    issue: IssueId,
    lease: LeaseId,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let extended = execute!(tx, EXTEND, issue, lease, micros(until))?;
    Ok(extended > 0)
}

/// Removes a range under a lease none of whose deliveries is untried any more.
pub async fn end(tx: &mut Write, issue: IssueId, lease: LeaseId) -> Result<(), StoreError> {
    execute!(tx, END, issue, lease)?;
    Ok(())
}

/// Ends all untried deliveries that no worker holds; returns how many. The ranges under a lease that has
/// ended are released: their deliveries wait.
pub(super) async fn end_untried(
    tx: &mut Write,
    issue: IssueId,
    to: DeliveryState,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let Some(range) = unleased(tx, issue, now).await? else {
        return Ok(0);
    };
    let (first, last) = (range.first_id, range.last_id);
    let to = to.as_str();
    let ended = execute!(tx, END_UNTRIED, issue, first, last, to, micros(now))?;
    cut(tx, issue, range, None).await?;
    Ok(ended)
}
