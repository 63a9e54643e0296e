//! The deliveries of an issue, for the API.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{DeliveryState, IssueId, LeaseId, Reply, SubscriptionId};
use crate::store::dialect::{fetch_all, statements};
use crate::store::rows::Row;
use crate::store::{Read, StoreError};

/// The code of the reply to a delivery. The ledger leaves 250 out of the row of one that is sent.
macro_rules! reply_code {
    () => {
        "COALESCE(reply_code, CASE WHEN state = 'sent' THEN 250 END)"
    };
}
pub(in crate::store) use reply_code;

statements! {
    // Of the untried deliveries those of as many free ranges as may be needed: none of them is empty.
    PAGE = [
        r"SELECT *
          FROM (
            SELECT *
            FROM (
              SELECT subscription_id, state, attempts, revision, due_at, lease_id, ended_at,
                  ",
        (reply_code!),
        r" AS reply_code, reply_text
              FROM delivery
              WHERE issue_id = $1 AND subscription_id > $2 AND ($3 = '' OR state = $3)
              ORDER BY subscription_id LIMIT $4
            ) AS tried
            UNION ALL
            SELECT subscription_id, 'queued' AS state, 0 AS attempts, COALESCE(revision, 1) AS revision,
                due_at, lease_id, NULL AS ended_at, NULL AS reply_code, NULL AS reply_text
            FROM untried_delivery
            WHERE issue_id = $1
              AND last_id > $2
              AND subscription_id > $2
              AND ($3 = '' OR $3 = 'queued')
              AND first_id <= COALESCE((
                SELECT first_id
                FROM delivery_range
                WHERE issue_id = $1 AND lease_id IS NULL AND last_id > $2
                ORDER BY first_id LIMIT 1 OFFSET $4
              ), 9223372036854775807)
          ) AS listed
          ORDER BY subscription_id LIMIT $4",
    ];
    // Few rows among many. The repeated condition is that of their index, which SQLite would not
    // choose: it prefers the primary key, and reads the whole issue.
    UNREACHED = [
        r"SELECT subscription_id, state, attempts, revision, due_at, lease_id, ended_at, reply_code,
              reply_text
          FROM ",
        { sqlite: "delivery INDEXED BY delivery_unreached", postgres: "delivery" },
        r"
          WHERE issue_id = $1 AND subscription_id > $2 AND state = $3
            AND state IN ('bounced', 'deferred', 'failed', 'unknown')
          ORDER BY subscription_id LIMIT $4",
    ];
}

/// A delivery, for the API.
#[derive(Debug, Clone)]
pub struct DeliveryEntry {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Its state.
    pub state: DeliveryState,
    /// The attempts so far.
    pub attempts: i64,
    /// The revision of the issue that the last attempt sent.
    pub revision: i64,
    /// The time of the next attempt.
    pub next_attempt_at: Option<Timestamp>,
    /// Whether a worker has leased it.
    pub leased: bool,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The server's last reply.
    pub reply: Option<Reply>,
}

#[derive(FromRow)]
struct DeliveryRow {
    subscription_id: SubscriptionId,
    state: String,
    attempts: i64,
    revision: i64,
    due_at: Option<i64>,
    lease_id: Option<LeaseId>,
    ended_at: Option<i64>,
    reply_code: Option<i64>,
    reply_text: Option<String>,
}

/// A page of the deliveries of an issue after the subscription `after`, in all states or in one.
pub async fn page(
    db: &mut Read,
    issue: IssueId,
    state: Option<DeliveryState>,
    after: SubscriptionId,
    limit: i64,
) -> Result<Vec<DeliveryEntry>, StoreError> {
    use DeliveryState::{Bounced, Deferred, Failed, Unknown};
    let statement = match state {
        Some(Bounced | Deferred | Failed | Unknown) => UNREACHED,
        _ => PAGE,
    };
    let state = state.map_or("", DeliveryState::as_str);
    let rows: Vec<DeliveryRow> = fetch_all!(db, statement, issue, after, state, limit)?;
    rows.into_iter().map(entry).collect()
}

fn entry(row: DeliveryRow) -> Result<DeliveryEntry, StoreError> {
    let place = Row {
        table: "delivery",
        id: &row.subscription_id,
    };
    let code = row.reply_code.and_then(|code| u16::try_from(code).ok());
    Ok(DeliveryEntry {
        subscription: row.subscription_id,
        state: place.parse("state", &row.state)?,
        attempts: row.attempts,
        revision: row.revision,
        next_attempt_at: place.maybe_time("due_at", row.due_at)?,
        leased: row.lease_id.is_some(),
        ended_at: place.maybe_time("ended_at", row.ended_at)?,
        reply: code.map(|code| Reply::new(code, row.reply_text.as_deref().unwrap_or_default())),
    })
}
