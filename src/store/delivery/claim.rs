//! Taking deliveries that are due.
//!
//! A lease is a `lease_id` together with a `due_at` at its end, so that an
//! abandoned lease is simply due again, and claiming is one look at one index.
//! A delivery whose provider may not have everything at once waits under its
//! `destination`, so that it is in nobody's way.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{
    Attempt, CountrySet, DeliveryState, IssueId, LeaseId, SubscriptionId, SubscriptionState,
};
use crate::store::dialect::{execute, fetch_all, fetch_all_scalars, statements};
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    // A loose scan: one step of the index for each destination.
    DUE_DESTINATIONS = [
        r"WITH RECURSIVE found (destination) AS (
            SELECT MIN(destination)
            FROM delivery
            WHERE issue_id = $1 AND destination >= '' AND due_at IS NOT NULL
            UNION ALL
            SELECT (
              SELECT MIN(d.destination)
              FROM delivery d
              WHERE d.issue_id = $1 AND d.due_at IS NOT NULL AND d.destination > found.destination
            )
            FROM found
            WHERE found.destination IS NOT NULL
          )
          SELECT destination
          FROM found
          WHERE (
            SELECT MIN(d.due_at)
            FROM delivery d
            WHERE d.issue_id = $1 AND d.destination = found.destination AND d.due_at IS NOT NULL
          ) <= $2",
    ];
    DUE = [
        r"SELECT subscription_id
          FROM delivery
          WHERE issue_id = $1 AND destination = $2 AND due_at <= $3
          ORDER BY due_at LIMIT $4",
        skip_locked,
    ];
    DUE_LATEST = [
        r"SELECT subscription_id
          FROM delivery
          WHERE issue_id = $1 AND destination = $2 AND due_at <= $3
          ORDER BY due_at DESC LIMIT $4",
        skip_locked,
    ];
    DETAILS = [
        r"SELECT d.subscription_id, d.state, d.attempts, d.first_attempt_at, d.revision, d.bound,
              d.lease_id, i.revision AS newest, s.state AS subscription_state, s.paused_until,
              s.countries, p.address
          FROM delivery d
          JOIN issue i ON i.id = d.issue_id
          JOIN subscription s ON s.id = d.subscription_id
          JOIN subscriber p ON p.id = s.subscriber_id
          WHERE d.issue_id = $1 AND d.subscription_id IN ",
        ids_2,
    ];
    // What may have been sent is sent as it was: after an abandoned lease, or an unknown end.
    LEASE = [
        r"UPDATE delivery
          SET lease_id = $2, due_at = $3,
              bound = CASE
                WHEN bound = 1 OR lease_id IS NOT NULL OR state = $5 THEN 1
                ELSE 0
              END,
              revision = CASE
                WHEN bound = 1 OR lease_id IS NOT NULL OR state = $5 THEN revision
                ELSE (SELECT i.revision FROM issue i WHERE i.id = $1)
              END
          WHERE issue_id = $1 AND subscription_id IN ",
        ids_4,
    ];
    PARK = [
        r"UPDATE delivery
          SET destination = $3
          WHERE issue_id = $1 AND subscription_id IN ",
        ids_2,
    ];
}

/// A delivery that is due, with what is needed to forward it out.
#[derive(Debug, Clone)]
pub struct Due {
    /// The attempt ahead.
    pub attempt: Attempt,
    /// The countries the reader follows: they choose the variant.
    pub countries: CountrySet,
    /// Whether the subscription was active, and not paused, when this was looked up.
    pub active: bool,
}

#[derive(FromRow)]
struct DueRow {
    subscription_id: SubscriptionId,
    state: String,
    attempts: i64,
    first_attempt_at: Option<i64>,
    revision: i64,
    bound: i64,
    lease_id: Option<LeaseId>,
    newest: i64,
    subscription_state: String,
    paused_until: Option<i64>,
    countries: String,
    address: String,
}

/// The destinations under which deliveries of an issue are due; the empty one is
/// that of deliveries that wait for no provider in particular.
pub async fn destinations(
    db: &mut Read,
    issue: IssueId,
    now: Timestamp,
) -> Result<Vec<String>, StoreError> {
    Ok(fetch_all_scalars!(
        db,
        DUE_DESTINATIONS,
        issue,
        micros(now)
    )?)
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// That of deliveries that have waited longest: at first, everybody's.
    First,
    /// That of deliveries that became due last: what is tried again, and what another worker left.
    Latest,
}

/// Up to `limit` due deliveries of an issue and destination, in the order of `turn`.
/// Nobody else can take them until the transaction ends.
pub async fn due(
    tx: &mut Write,
    issue: IssueId,
    destination: &str,
    turn: Turn,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Due>, StoreError> {
    let statement = match turn {
        Turn::First => DUE,
        Turn::Latest => DUE_LATEST,
    };
    let ids: Vec<SubscriptionId> =
        fetch_all_scalars!(tx, statement, issue, destination, micros(now), limit)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<DueRow> = fetch_all!(tx, DETAILS, issue, json(&ids)?)?;
    rows.into_iter().map(|row| read(issue, row, now)).collect()
}

fn read(issue: IssueId, row: DueRow, now: Timestamp) -> Result<Due, StoreError> {
    let place = Row {
        table: "delivery",
        id: &row.subscription_id,
    };
    let state_before: DeliveryState = place.parse("state", &row.state)?;
    let subscription_state: SubscriptionState =
        place.parse("subscription_state", &row.subscription_state)?;
    // As LEASE decides it.
    let revision_pinned =
        row.bound == 1 || row.lease_id.is_some() || state_before == DeliveryState::Unknown;
    Ok(Due {
        attempt: Attempt {
            issue,
            subscription: row.subscription_id,
            address: place.parse("address", &row.address)?,
            state_before,
            attempts_before: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            first_attempt_at: place.maybe_time("first_attempt_at", row.first_attempt_at)?,
            revision: if revision_pinned {
                row.revision
            } else {
                row.newest
            },
            revision_pinned,
        },
        countries: CountrySet::parse(&row.countries).map_err(|e| place.corrupt("countries", &e))?,
        active: subscription_state == SubscriptionState::Active
            && row.paused_until.is_none_or(|until| until <= micros(now)),
    })
}

/// Leases deliveries found by [`due`] in the same transaction, until `until`.
pub async fn lease(
    tx: &mut Write,
    issue: IssueId,
    lease: LeaseId,
    subscriptions: &[SubscriptionId],
    until: Timestamp,
) -> Result<(), StoreError> {
    execute!(
        tx,
        LEASE,
        issue,
        lease,
        micros(until),
        json(subscriptions)?,
        DeliveryState::Unknown.as_str()
    )?;
    Ok(())
}

/// Lets deliveries found by [`due`] in the same transaction wait under a destination.
pub async fn park(
    tx: &mut Write,
    issue: IssueId,
    subscriptions: &[SubscriptionId],
    destination: &str,
) -> Result<(), StoreError> {
    execute!(tx, PARK, issue, json(subscriptions)?, destination)?;
    Ok(())
}
