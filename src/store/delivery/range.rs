//! Ranges of untried deliveries: of those no row was written yet.
//!
//! Freezing an audience lists its subscriptions in ranges. A claim leases a range with one update, instead of
//! writing a row for each delivery; a smaller claim first cuts a piece off. A delivery that was recorded, parked
//! or put back has a row, and is untried no more. A range whose lease has ended is released: each of its
//! deliveries that has no row gets one with the lease, as if it had been claimed one by one.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{DeliveryState, IssueId, LeaseId, SubscriptionId};
use crate::store::dialect::{execute, fetch_all_scalars, fetch_optional, fetch_scalar, statements};
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

/// A condition on rows of `delivery` that must not be deleted while a range has them: without its row a delivery
/// counts as untried, and would be sent when the range is released.
macro_rules! outside_ranges {
    () => {
        r" AND NOT EXISTS (
            SELECT 1
            FROM delivery_range g
            WHERE g.issue_id = delivery.issue_id
              AND g.first_id <= delivery.subscription_id
              AND g.last_id >= delivery.subscription_id
          )"
    };
}
pub(in crate::store) use outside_ranges;

statements! {
    // One that is free is due since the freeze, also by a clock that was set back meanwhile. So it is below.
    IS_DUE = [
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM ",
        free_ranges,
        r" WHERE issue_id = $1 AND lease_id IS NULL)
              OR EXISTS (SELECT 1 FROM ",
        leased_ranges,
        r" WHERE issue_id = $1 AND lease_id IS NOT NULL AND due_at <= $2)
            THEN 1 ELSE 0 END",
    ];
    FREE = [
        "SELECT first_id, ",
        members,
        " AS members FROM ",
        free_ranges,
        r" WHERE issue_id = $1 AND lease_id IS NULL
          ORDER BY first_id LIMIT 1",
        skip_locked,
    ];
    ALL_FREE = [
        r"SELECT first_id
          FROM delivery_range
          WHERE issue_id = $1 AND lease_id IS NULL
          ORDER BY first_id",
        for_update,
    ];
    ABANDONED = [
        "SELECT first_id FROM ",
        leased_ranges,
        r" WHERE issue_id = $1 AND lease_id IS NOT NULL AND due_at <= $2
          ORDER BY first_id",
        for_update,
    ];
    SHORTEN = [
        "UPDATE delivery_range SET first_id = $4, members = ",
        list_3,
        " WHERE issue_id = $1 AND first_id = $2",
    ];
    REMOVE = [r"DELETE FROM delivery_range WHERE issue_id = $1 AND first_id = $2"];
    LEASE = [
        r"INSERT INTO delivery_range
              (issue_id, first_id, last_id, members, due_at, lease_id, revision)
          VALUES ($1, $2, $3, ",
        list_4,
        ", $5, $6, $7)",
    ];
    LEASE_ALL = [
        r"UPDATE delivery_range
          SET members = ",
        list_3,
        r", due_at = $4, lease_id = $5, revision = $6
          WHERE issue_id = $1 AND first_id = $2",
    ];
    EXTEND = [
        r"UPDATE delivery_range SET due_at = $3 WHERE issue_id = $1 AND lease_id = $2",
    ];
    END = [r"DELETE FROM delivery_range WHERE issue_id = $1 AND lease_id = $2"];
    RELEASE = [
        r"INSERT INTO delivery
              (issue_id, subscription_id, state, attempts, due_at, lease_id, revision)
          SELECT issue_id, subscription_id, $3, 0, due_at, lease_id, revision
          FROM untried_delivery
          WHERE issue_id = $1 AND first_id = $2
          ON CONFLICT (issue_id, subscription_id) DO NOTHING",
    ];
    END_FREE = [
        r"INSERT INTO delivery (issue_id, subscription_id, state, attempts, ended_at)
          SELECT issue_id, subscription_id, $2, 0, $3
          FROM untried_delivery
          WHERE issue_id = $1 AND lease_id IS NULL",
    ];
    REMOVE_FREE = [r"DELETE FROM delivery_range WHERE issue_id = $1 AND lease_id IS NULL"];
}

/// About how many members a range has: as many as a claim takes. A smaller claim divides it.
pub const MEMBERS: usize = 250;

/// A range that nobody has leased. It is locked until the transaction ends.
#[derive(Debug)]
pub(super) struct Range {
    first: SubscriptionId,
    /// The subscriptions, ascending. None of their deliveries has a row.
    pub(super) members: Vec<SubscriptionId>,
}

#[derive(FromRow)]
struct RangeRow {
    first_id: SubscriptionId,
    members: String,
}

/// Whether untried deliveries of an issue can be claimed, or the lease of a range has ended.
pub(super) async fn is_due(
    db: &mut Read,
    issue: IssueId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let due: i32 = fetch_scalar!(db, IS_DUE, issue, micros(now))?;
    Ok(due > 0)
}

/// The first range of an issue that nobody has leased, if there is one and no other claim is at it.
pub(super) async fn free(tx: &mut Write, issue: IssueId) -> Result<Option<Range>, StoreError> {
    let row: Option<RangeRow> = fetch_optional!(tx, FREE, issue)?;
    let Some(row) = row else {
        return Ok(None);
    };
    let place = Row {
        table: "delivery_range",
        id: &issue,
    };
    let mut members: Vec<SubscriptionId> =
        serde_json::from_str(&row.members).map_err(|e| place.corrupt("members", &e))?;
    members.sort_unstable();
    Ok(Some(Range {
        first: row.first_id,
        members,
    }))
}

/// Releases the ranges of an issue whose leases have ended: each delivery that is still untried gets a row with
/// the lease.
pub(super) async fn release_abandoned(
    tx: &mut Write,
    issue: IssueId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let abandoned: Vec<i64> = fetch_all_scalars!(tx, ABANDONED, issue, micros(now))?;
    let queued = DeliveryState::Queued.as_str();
    for first in abandoned {
        execute!(tx, RELEASE, issue, first, queued)?;
        execute!(tx, REMOVE, issue, first)?;
    }
    Ok(())
}

/// Leases some members of a range that [`free`] found in the same transaction, and leaves `rest` to later
/// claims. Members that are in neither are no longer in a range. All that are leased are to get this revision of
/// the issue.
pub(super) async fn lease(
    tx: &mut Write,
    issue: IssueId,
    range: &Range,
    (leased, rest): (&[SubscriptionId], &[SubscriptionId]),
    (lease, until): (LeaseId, Timestamp),
    revision: i64,
) -> Result<(), StoreError> {
    let until = micros(until);
    match (leased.last(), rest.first()) {
        (None, None) => {
            execute!(tx, REMOVE, issue, range.first)?;
        }
        (Some(_), None) => {
            let members = json(leased)?;
            execute!(
                tx,
                LEASE_ALL,
                issue,
                range.first,
                members,
                until,
                lease,
                revision
            )?;
        }
        (last, Some(next)) => {
            execute!(tx, SHORTEN, issue, range.first, json(rest)?, next)?;
            if let Some(last) = last {
                let (first, members) = (range.first, json(leased)?);
                execute!(
                    tx, LEASE, issue, first, last, members, until, lease, revision
                )?;
            }
        }
    }
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
pub(super) async fn end_free(
    tx: &mut Write,
    issue: IssueId,
    to: DeliveryState,
    now: Timestamp,
) -> Result<u64, StoreError> {
    release_abandoned(tx, issue, now).await?;
    // Claims that are under way have leased theirs afterwards.
    let _locked: Vec<i64> = fetch_all_scalars!(tx, ALL_FREE, issue)?;
    let ended = execute!(tx, END_FREE, issue, to.as_str(), micros(now))?;
    execute!(tx, REMOVE_FREE, issue)?;
    Ok(ended)
}
