//! What waits and who holds it, for an operator. Reads the indexes on what is due.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::FromRow;

use crate::domain::{DeliveryState, IssueId, IssueState, LeaseId, MailKind, OutboxId};
use crate::store::dialect::{fetch_all, statements};
use crate::store::outbox::backlog::{self, Backlog};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError};

/// The deliveries that wait or are leased, with their own lease or that of their range.
macro_rules! waiting {
    () => {
        r" (
            SELECT issue_id, state, lease_id, due_at
            FROM delivery
            WHERE due_at IS NOT NULL
            UNION ALL
            SELECT issue_id, 'queued' AS state, lease_id, due_at
            FROM untried_delivery
          ) AS d "
    };
}

statements! {
    DELIVERIES = [
        r"SELECT d.issue_id, n.slug AS name, i.state AS issue_state, d.state,
              COUNT(*) AS waiting,
              COUNT(CASE WHEN d.lease_id IS NULL AND d.due_at <= $1 THEN 1 END) AS due,
              COUNT(d.lease_id) AS leased,
              MIN(CASE WHEN d.lease_id IS NULL THEN d.due_at END) AS oldest_due
          FROM issue i
          JOIN newsletter n ON n.id = i.newsletter_id
          JOIN",
        (waiting!),
        r"ON d.issue_id = i.id
          WHERE i.state IN ($2, $3)
          GROUP BY d.issue_id, n.slug, i.state, d.state
          ORDER BY d.issue_id, d.state",
    ];
    LEASES = [
        r"SELECT d.lease_id, d.issue_id, COUNT(*) AS amount, MIN(d.due_at) AS until
          FROM issue i
          JOIN",
        (waiting!),
        r"ON d.issue_id = i.id
          WHERE i.state IN ($1, $2) AND d.lease_id IS NOT NULL
          GROUP BY d.lease_id, d.issue_id
          UNION ALL
          SELECT lease_id, NULL AS issue_id, COUNT(*) AS amount, MIN(due_at) AS until
          FROM outbox
          WHERE due_at IS NOT NULL AND lease_id IS NOT NULL
          GROUP BY lease_id
          ORDER BY until",
    ];
    UNSENT = [
        r"SELECT id, kind, state, attempts, created_at, due_at, lease_id, ended_at, reply_code
          FROM outbox
          WHERE due_at IS NOT NULL OR state IN ($1, $2)
          ORDER BY created_at DESC LIMIT $3",
    ];
}

/// What waits of one thing in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The issue; none for transactional mails.
    pub issue: Option<IssueId>,
    /// The newsletter of the issue, or the kind of the mails.
    pub name: String,
    /// How the issue stands; none for transactional mails.
    pub issue_state: Option<IssueState>,
    /// In which state they are.
    pub state: DeliveryState,
    /// How many, with those that are leased.
    pub waiting: i64,
    /// How many could be sent now and are not leased.
    pub due: i64,
    /// How many a worker has claimed.
    pub leased: i64,
    /// The earliest time of the next attempt of those that are not leased.
    pub oldest_due: Option<Timestamp>,
}

/// A lease that a worker holds, or has left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldLease {
    /// Its identifier, as in the log of the worker.
    pub lease: LeaseId,
    /// Of which issue; none for transactional mails.
    pub issue: Option<IssueId>,
    /// How many deliveries or mails it is for.
    pub amount: i64,
    /// When the first of them may be claimed again, unless the worker extends it.
    pub until: Timestamp,
}

/// A transactional mail that waits or was given up. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnsentMail {
    /// Its identifier.
    pub id: OutboxId,
    /// Its purpose.
    pub kind: MailKind,
    /// Its state.
    pub state: DeliveryState,
    /// How many attempts there were.
    pub attempts: i64,
    /// When it was due first.
    pub first_due_at: Timestamp,
    /// The next attempt, or the end of the lease.
    pub due_at: Option<Timestamp>,
    /// Whether a worker has claimed it.
    pub leased: bool,
    /// When it was given up.
    pub ended_at: Option<Timestamp>,
    /// The code of the server's last reply; 0 for what is no reply.
    pub reply_code: Option<i64>,
}

#[derive(FromRow)]
struct WaitingRow {
    issue_id: IssueId,
    name: String,
    issue_state: String,
    state: String,
    waiting: i64,
    due: i64,
    leased: i64,
    oldest_due: Option<i64>,
}

#[derive(FromRow)]
struct LeaseRow {
    lease_id: LeaseId,
    issue_id: Option<IssueId>,
    amount: i64,
    until: i64,
}

#[derive(FromRow)]
struct UnsentRow {
    id: OutboxId,
    kind: String,
    state: String,
    attempts: i64,
    created_at: i64,
    due_at: Option<i64>,
    lease_id: Option<LeaseId>,
    ended_at: Option<i64>,
    reply_code: Option<i64>,
}

fn deliveries(row: WaitingRow) -> Result<Waiting, StoreError> {
    let place = Row {
        table: "delivery",
        id: &row.issue_id,
    };
    Ok(Waiting {
        issue: Some(row.issue_id),
        issue_state: Some(place.parse("state", &row.issue_state)?),
        state: place.parse("state", &row.state)?,
        waiting: row.waiting,
        due: row.due,
        leased: row.leased,
        oldest_due: place.maybe_time("due_at", row.oldest_due)?,
        name: row.name,
    })
}

fn mails(backlog: &Backlog) -> Waiting {
    Waiting {
        issue: None,
        name: backlog.kind.to_string(),
        issue_state: None,
        state: backlog.state,
        waiting: backlog.waiting,
        due: backlog.due,
        leased: backlog.leased,
        oldest_due: backlog.oldest_due,
    }
}

/// What waits, of issues that are being sent or are paused, and then of the outbox.
pub async fn all(db: &mut Read, now: Timestamp) -> Result<Vec<Waiting>, StoreError> {
    let rows: Vec<WaitingRow> = fetch_all!(
        db,
        DELIVERIES,
        micros(now),
        IssueState::Sending.as_str(),
        IssueState::Paused.as_str()
    )?;
    let rows = rows.into_iter().map(deliveries);
    let mut all = rows.collect::<Result<Vec<_>, _>>()?;
    all.extend(backlog::by_kind(db, now).await?.iter().map(mails));
    Ok(all)
}

/// All leases, the one that ends first before the others.
pub async fn leases(db: &mut Read) -> Result<Vec<HeldLease>, StoreError> {
    let rows: Vec<LeaseRow> = fetch_all!(
        db,
        LEASES,
        IssueState::Sending.as_str(),
        IssueState::Paused.as_str()
    )?;
    let lease = |row: LeaseRow| {
        let place = Row {
            table: "delivery or outbox",
            id: &row.lease_id,
        };
        Ok(HeldLease {
            lease: row.lease_id,
            issue: row.issue_id,
            amount: row.amount,
            until: place.time("due_at", row.until)?,
        })
    };
    rows.into_iter().map(lease).collect()
}

/// The newest transactional mails that wait, were given up or bounced.
pub async fn unsent_mails(db: &mut Read, limit: i64) -> Result<Vec<UnsentMail>, StoreError> {
    let rows: Vec<UnsentRow> = fetch_all!(
        db,
        UNSENT,
        DeliveryState::Failed.as_str(),
        DeliveryState::Bounced.as_str(),
        limit
    )?;
    let mail = |row: UnsentRow| {
        let place = Row {
            table: "outbox",
            id: &row.id,
        };
        Ok(UnsentMail {
            kind: place.parse("kind", &row.kind)?,
            state: place.parse("state", &row.state)?,
            attempts: row.attempts,
            first_due_at: place.time("created_at", row.created_at)?,
            due_at: place.maybe_time("due_at", row.due_at)?,
            leased: row.lease_id.is_some(),
            ended_at: place.maybe_time("ended_at", row.ended_at)?,
            reply_code: row.reply_code,
            id: row.id,
        })
    };
    rows.into_iter().map(mail).collect()
}
