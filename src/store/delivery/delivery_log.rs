//! The ledger as people read it.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{DeliveryState, IssueId, LeaseId, Reply, SubscriptionId};
use crate::store::dialect::{fetch_all, statements};
use crate::store::rows::Row;
use crate::store::{Read, StoreError};

statements! {
    PAGE = [
        r"SELECT subscription_id, state, attempts, revision, due_at, lease_id, first_attempt_at,
              ended_at, reply_code, reply_text
          FROM delivery
          WHERE issue_id = $1 AND subscription_id > $2 AND ($3 = '' OR state = $3)
          ORDER BY subscription_id LIMIT $4",
    ];
}

/// A line of the ledger, for people.
#[derive(Debug, Clone)]
pub struct LedgerLine {
    /// Whose.
    pub subscription: SubscriptionId,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: i64,
    /// Which revision of the issue the last of them carried.
    pub revision: i64,
    /// When it will be tried again.
    pub next_attempt_at: Option<Timestamp>,
    /// Whether a worker has it at the moment.
    pub leased: bool,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The last reply.
    pub reply: Option<Reply>,
}

#[derive(FromRow)]
struct LedgerRow {
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

/// A page of the ledger, after the subscription `after`.
pub async fn page(
    db: &mut Read,
    issue: IssueId,
    state: Option<DeliveryState>,
    after: SubscriptionId,
    limit: i64,
) -> Result<Vec<LedgerLine>, StoreError> {
    let rows: Vec<LedgerRow> = fetch_all!(
        db,
        PAGE,
        issue,
        after,
        state.map_or("", DeliveryState::as_str),
        limit
    )?;
    rows.into_iter().map(ledger_line).collect()
}

fn ledger_line(row: LedgerRow) -> Result<LedgerLine, StoreError> {
    let place = Row {
        table: "delivery",
        id: &row.subscription_id,
    };
    let code = row.reply_code.and_then(|code| u16::try_from(code).ok());
    Ok(LedgerLine {
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
