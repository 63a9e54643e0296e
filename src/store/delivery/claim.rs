//! Claims deliveries that are due.
//!
//! Untried deliveries are claimed from a [`range`]. Any other has a lease of its own: a `lease_id`, with
//! the end of the lease in `due_at`. An abandoned lease is therefore due again by itself, and a claim reads
//! one index. A delivery to a throttled provider is parked under its `destination`, so that it does not
//! delay other deliveries.

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::FromRow;

use super::range::{self, Range};
use crate::domain::{
    Attempt, CountrySet, DeliveryState, IssueId, LeaseId, SubscriptionId, SubscriptionState,
};
use crate::store::dialect::{execute, fetch_all, fetch_all_scalars, fetch_scalar, statements};
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

/// The destinations of an issue with deliveries that are due at some time, as `found`: a loose index scan, one index
/// lookup for each destination.
macro_rules! found_destinations {
    () => {
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
          )"
    };
}
pub(in crate::store) use found_destinations;

statements! {
    DUE_DESTINATIONS = [
        (found_destinations!),
        r"
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
    // Those of a range have no row yet. They come as one text: each row and each column costs SQLite's thread, which
    // hands it over, an allocation.
    UNTRIED_DETAILS = [
        {
            sqlite: "SELECT json_group_array(json_array(",
            postgres: "SELECT CAST(json_agg(json_build_array(",
        },
        "s.id, i.revision, s.state, s.paused_until, s.countries, p.address",
        { sqlite: "))", postgres: ")) AS TEXT)" },
        r" FROM issue i
          CROSS JOIN subscription s
          JOIN subscriber p ON p.id = s.subscriber_id
          WHERE i.id = $1 AND s.id IN ",
        ids_2,
    ];
    // After an abandoned lease or an unknown outcome the mail may have been sent already. The next
    // attempt sends the same revision.
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
    PARK_UNTRIED = [
        r"INSERT INTO delivery (issue_id, subscription_id, state, attempts, destination, due_at)
          SELECT $1, id, $5, 0, $3, $4
          FROM subscription
          WHERE id IN ",
        ids_2,
    ];
    PARK = [
        r"UPDATE delivery
          SET destination = $3, due_at = COALESCE(due_at, $4)
          WHERE issue_id = $1 AND subscription_id IN ",
        ids_2,
    ];
}

/// A delivery that is due, with what is needed to send it.
#[derive(Debug, Clone)]
pub struct Due {
    /// The attempt to make.
    pub attempt: Attempt,
    /// The countries that the subscriber follows; they select the variant.
    pub countries: CountrySet,
    /// Whether the subscription was active and not paused at the time of the claim.
    pub active: bool,
    /// Whether it had a lease that has run out.
    pub abandoned: bool,
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

/// A row of `UNTRIED_DETAILS`.
type UntriedRow = (SubscriptionId, i64, String, Option<i64>, String, String);

/// Due deliveries that [`due`] found and locked.
#[derive(Debug, Default)]
pub struct DueBatch {
    /// The deliveries. Those that are parked are taken out before the others are leased.
    pub due: Vec<Due>,
    /// Where they are the beginning of a range; none where each gets a lease of its own.
    piece: Option<Piece>,
}

/// The beginning of a range.
#[derive(Debug)]
struct Piece {
    range: Range,
    /// The members that are left to later claims.
    rest: Vec<SubscriptionId>,
}

impl DueBatch {
    fn subscriptions(&self) -> Vec<SubscriptionId> {
        self.due.iter().map(|d| d.attempt.subscription).collect()
    }

    /// Leaves all but the first `len` deliveries to the next claim.
    pub fn truncate(&mut self, len: usize) {
        let left = self.due.split_off(len.min(self.due.len()));
        if let Some(piece) = &mut self.piece {
            let left = left.iter().map(|due| due.attempt.subscription);
            piece.rest.splice(..0, left);
        }
    }

    /// Leases the deliveries until `until`, in the transaction that found them.
    pub async fn lease(
        &self,
        tx: &mut Write,
        issue: IssueId,
        lease: LeaseId,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let ids = self.subscriptions();
        if let Some(piece) = &self.piece {
            let revision = self.due.first().map_or(0, |due| due.attempt.revision);
            let parts = (&ids[..], &piece.rest[..]);
            return range::lease(tx, issue, &piece.range, parts, (lease, until), revision).await;
        }
        if !ids.is_empty() {
            let unknown = DeliveryState::Unknown.as_str();
            execute!(tx, LEASE, issue, lease, micros(until), json(&ids)?, unknown)?;
        }
        Ok(())
    }

    /// Parks deliveries of this batch under a destination, in the transaction that found them.
    pub async fn park(
        &mut self,
        tx: &mut Write,
        issue: IssueId,
        subscriptions: &HashSet<SubscriptionId>,
        destination: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let ids = json(subscriptions)?;
        let now = micros(now);
        if self.piece.is_some() {
            let queued = DeliveryState::Queued.as_str();
            execute!(tx, PARK_UNTRIED, issue, ids, destination, now, queued)?;
        } else {
            execute!(tx, PARK, issue, ids, destination, now)?;
        }
        let is_parked = |due: &Due| subscriptions.contains(&due.attempt.subscription);
        self.due.retain(|due| !is_parked(due));
        Ok(())
    }
}

/// The destinations with due deliveries of an issue. The empty destination has the deliveries that are
/// not parked.
pub async fn destinations(
    db: &mut Read,
    issue: IssueId,
    now: Timestamp,
) -> Result<Vec<String>, StoreError> {
    let mut found: Vec<String> = fetch_all_scalars!(db, DUE_DESTINATIONS, issue, micros(now))?;
    if !found.iter().any(String::is_empty) && range::is_due(db, issue, now).await? {
        found.push(String::new());
    }
    Ok(found)
}

/// Which due deliveries a claim takes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Untried ones; then those that became due first.
    First,
    /// Those that became due last: retries, and deliveries of abandoned leases. Then untried ones.
    Latest,
}

/// Up to `limit` due deliveries of an issue and destination, selected by `turn`. They are locked until
/// the transaction ends.
pub async fn due(
    tx: &mut Write,
    issue: IssueId,
    destination: &str,
    turn: Turn,
    limit: i64,
    now: Timestamp,
) -> Result<DueBatch, StoreError> {
    let is_unparked = destination.is_empty();
    if is_unparked {
        range::release_abandoned(tx, issue, now).await?;
    }
    if is_unparked
        && turn == Turn::First
        && let Some(untried) = untried(tx, issue, limit, now).await?
    {
        return Ok(untried);
    }
    let statement = match turn {
        Turn::First => DUE,
        Turn::Latest => DUE_LATEST,
    };
    let ids: Vec<SubscriptionId> =
        fetch_all_scalars!(tx, statement, issue, destination, micros(now), limit)?;
    if is_unparked
        && turn == Turn::Latest
        && ids.is_empty()
        && let Some(untried) = untried(tx, issue, limit, now).await?
    {
        return Ok(untried);
    }
    Ok(DueBatch {
        due: details(tx, issue, &ids, now).await?,
        piece: None,
    })
}

/// The beginning of the first range that is free, if there is one.
async fn untried(
    tx: &mut Write,
    issue: IssueId,
    limit: i64,
    now: Timestamp,
) -> Result<Option<DueBatch>, StoreError> {
    let Some(range) = range::free(tx, issue).await? else {
        return Ok(None);
    };
    let limit = usize::try_from(limit).unwrap_or(0).min(range.members.len());
    let (taken, rest) = range.members.split_at(limit);
    let rows: Option<String> = fetch_scalar!(tx, UNTRIED_DETAILS, issue, json(taken)?)?;
    let rows = rows.as_deref().unwrap_or("[]");
    let mut rows: Vec<UntriedRow> =
        serde_json::from_str(rows).map_err(|error| sqlx::Error::Decode(error.into()))?;
    rows.sort_unstable_by_key(|row| row.0);
    let rows = rows.into_iter().map(untried_row);
    let due = rows.map(|row| {
        let mut due = read(issue, row, now)?;
        due.attempt.untried = true;
        Ok(due)
    });
    let due: Result<_, StoreError> = due.collect();
    let rest = rest.to_vec();
    Ok(Some(DueBatch {
        due: due?,
        piece: Some(Piece { range, rest }),
    }))
}

fn untried_row(row: UntriedRow) -> DueRow {
    let (subscription_id, revision, subscription_state, paused_until, countries, address) = row;
    DueRow {
        subscription_id,
        state: DeliveryState::Queued.as_str().to_owned(),
        attempts: 0,
        first_attempt_at: None,
        revision,
        bound: 0,
        lease_id: None,
        newest: revision,
        subscription_state,
        paused_until,
        countries,
        address,
    }
}

async fn details(
    tx: &mut Write,
    issue: IssueId,
    ids: &[SubscriptionId],
    now: Timestamp,
) -> Result<Vec<Due>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<DueRow> = fetch_all!(tx, DETAILS, issue, json(ids)?)?;
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
    // The same condition as in LEASE.
    let revision_pinned =
        row.bound == 1 || row.lease_id.is_some() || state_before == DeliveryState::Unknown;
    Ok(Due {
        abandoned: row.lease_id.is_some(),
        attempt: Attempt {
            issue,
            subscription: row.subscription_id,
            address: place.parse("address", &row.address)?,
            state_before,
            attempts_before: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            untried: false,
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
