//! The ledger: one row a reader and issue.

use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::dialect::{run, statements};
use super::rows::{Row, json, micros};
use super::{Read, StoreError, Write};
use crate::domain::{DeliveryState, IssueId, IssueState, SubscriptionId, SubscriptionState};

statements! {
    // After a million new rows the planner would sort the table for a claim of 500.
    REFRESH = [{ sqlite: "SELECT 1", postgres: "ANALYZE delivery" }];
    EXTEND = ["UPDATE delivery SET due_at = $3 WHERE issue_id = $1 AND lease_id = $2 AND subscription_id IN ",
        ids_4];
    // SQLite would read every delivery of the issue to find those of the list, were it to
    // choose the order of an UPDATE … FROM itself; the CROSS JOIN makes it begin with the list.
    // PostgreSQL would do so too, as its statistics know of no lease; it cannot look into COALESCE.
    RECORD = [{ sqlite: "INSERT INTO delivery (issue_id, subscription_id, state, attempts, due_at, \
            first_attempt_at, ended_at, reply_code, reply_text) \
            SELECT d.issue_id, d.subscription_id, r.value->>'state', d.attempts + (r.value->>'attempt'), \
            r.value->>'due_at', COALESCE(d.first_attempt_at, r.value->>'first_attempt_at'), r.value->>'ended_at', \
            COALESCE(r.value->>'code', d.reply_code), COALESCE(r.value->>'text', d.reply_text) \
            FROM json_each($3) AS r CROSS JOIN delivery AS d \
            WHERE d.issue_id = $1 AND d.lease_id = $2 AND d.subscription_id = r.value->>'subscription' \
            ON CONFLICT (issue_id, subscription_id) DO UPDATE SET state = excluded.state, \
            attempts = excluded.attempts, due_at = excluded.due_at, lease_id = NULL, \
            first_attempt_at = excluded.first_attempt_at, ended_at = excluded.ended_at, \
            reply_code = excluded.reply_code, reply_text = excluded.reply_text",
        postgres: "UPDATE delivery AS d SET state = r.state, due_at = r.due_at, lease_id = NULL, \
            attempts = d.attempts + r.attempt, first_attempt_at = COALESCE(d.first_attempt_at, r.first_attempt_at), \
            ended_at = r.ended_at, reply_code = COALESCE(r.code, d.reply_code), \
            reply_text = COALESCE(r.text, d.reply_text) \
            FROM json_to_recordset(CAST($3 AS json)) AS r (subscription BIGINT, state TEXT, due_at BIGINT, \
            attempt BIGINT, first_attempt_at BIGINT, ended_at BIGINT, code BIGINT, text TEXT) \
            WHERE d.issue_id = $1 AND COALESCE(d.lease_id = $2, FALSE) AND d.subscription_id = r.subscription" }];
    HELD = ["SELECT subscription_id FROM delivery WHERE issue_id = $1 AND lease_id = $3 AND subscription_id IN ",
        ids_2, for_update];
    SKIP = ["UPDATE delivery SET state = $3, due_at = NULL, lease_id = NULL, ended_at = $2 \
        WHERE issue_id = $1 AND due_at IS NOT NULL AND (lease_id IS NULL OR due_at <= $2) AND state = $4"];
    TAKE_BACK = ["UPDATE delivery SET state = $3, due_at = $4, ended_at = NULL \
        WHERE issue_id = $1 AND state = $2 AND reply_code = $5"];
    STANDING = ["SELECT i.state AS issue_state, i.revision, s.state AS subscription_state, s.paused_until, d.lease_id, d.due_at \
        FROM delivery d JOIN issue i ON i.id = d.issue_id JOIN subscription s ON s.id = d.subscription_id \
        WHERE d.issue_id = $1 AND d.subscription_id = $2"];
}

/// What is to be written about one delivery.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Record {
    /// Whose.
    #[serde(rename = "subscription")]
    pub subscription: SubscriptionId,
    /// Its new state.
    pub state: DeliveryState,
    /// When there is something to do again, in microseconds.
    pub due_at: Option<i64>,
    /// 1 if this was an attempt.
    pub attempt: u8,
    /// When this attempt began, in microseconds.
    pub first_attempt_at: Option<i64>,
    /// When it ended, in microseconds.
    pub ended_at: Option<i64>,
    /// The server's code.
    pub code: Option<u16>,
    /// The server's words.
    pub text: Option<String>,
}

#[derive(FromRow)]
struct StandingRow {
    issue_state: String,
    revision: i64,
    subscription_state: String,
    paused_until: Option<i64>,
    lease_id: Option<Uuid>,
    due_at: Option<i64>,
}

/// Tells the planner about the rows of a frozen audience.
///
/// # Errors
/// When the database cannot be used.
pub async fn refresh_statistics(tx: &mut Write) -> Result<(), StoreError> {
    run!(tx, REFRESH, |sql, connection| sqlx::query(sql)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Extends a lease to `until` for those deliveries that are still held under it.
///
/// # Errors
/// When the database cannot be used.
pub async fn extend(
    tx: &mut Write,
    issue: IssueId,
    lease: Uuid,
    subscriptions: &[i64],
    until: Timestamp,
) -> Result<(), StoreError> {
    run!(tx, EXTEND, |sql, connection| sqlx::query(sql)
        .bind(issue.0)
        .bind(lease)
        .bind(micros(until))
        .bind(json(subscriptions)?)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Writes outcomes of deliveries that are still held under the lease, and gives them free.
/// Returns how many: those whose lease has passed are left as they are, and [`held`] tells which.
///
/// # Errors
/// When the database cannot be used.
pub async fn record(
    tx: &mut Write,
    issue: IssueId,
    lease: Uuid,
    records: &[Record],
) -> Result<usize, StoreError> {
    let rows = json(records)?;
    let written = run!(tx, RECORD, |sql, connection| sqlx::query(sql)
        .bind(issue.0)
        .bind(lease)
        .bind(&rows)
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(usize::try_from(written).unwrap_or(usize::MAX))
}

/// Those of the subscriptions whose deliveries are held under the lease; they stay so until
/// the transaction ends.
///
/// # Errors
/// When the database cannot be used.
pub async fn held(
    tx: &mut Write,
    issue: IssueId,
    lease: Uuid,
    subscriptions: &[i64],
) -> Result<Vec<i64>, StoreError> {
    Ok(run!(tx, HELD, |sql, connection| sqlx::query_scalar(sql)
        .bind(issue.0)
        .bind(json(subscriptions)?)
        .bind(lease)
        .fetch_all(connection)
        .await)?)
}

/// Ends every waiting delivery that is in state `from`, setting it to `to`;
/// those that a worker holds are left to it. Returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn end_waiting(
    tx: &mut Write,
    issue: IssueId,
    from: DeliveryState,
    to: DeliveryState,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let rows = run!(tx, SKIP, |sql, connection| sqlx::query(sql)
        .bind(issue.0)
        .bind(micros(now))
        .bind(to.as_str())
        .bind(from.as_str())
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Makes the deliveries that failed with this code wait again; returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn take_back(
    tx: &mut Write,
    issue: IssueId,
    code: u16,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let rows = run!(tx, TAKE_BACK, |sql, connection| sqlx::query(sql)
        .bind(issue.0)
        .bind(DeliveryState::Failed.as_str())
        .bind(DeliveryState::Deferred.as_str())
        .bind(micros(now))
        .bind(i64::from(code))
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?;
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
    pub lease: Option<(Uuid, Timestamp)>,
}

/// How a delivery stands right now; `None` if it or its subscription is gone.
///
/// # Errors
/// When the database cannot be used.
pub async fn standing(
    db: &mut Read,
    issue: IssueId,
    subscription: SubscriptionId,
) -> Result<Option<Standing>, StoreError> {
    let row: Option<StandingRow> = run!(db, STANDING, |sql, connection| sqlx::query_as(sql)
        .bind(issue.0)
        .bind(subscription.0)
        .fetch_optional(connection)
        .await)?;
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
