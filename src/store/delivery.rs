//! The ledger: one row a reader and issue.

use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::dialect::{run, statements};
use super::rows::{Row, json, micros};
use super::session::Connection;
use super::{Read, Store, StoreError, Write};
use crate::domain::{DeliveryState, IssueId, IssueState, SubscriptionId, SubscriptionState};

statements! {
    // After a million new rows the planner would sort the table for a claim of 500.
    REFRESH = [{ sqlite: "SELECT 1", postgres: "ANALYZE delivery" }];
    EXTEND = ["UPDATE delivery SET due_at = $3 WHERE issue_id = $1 AND lease_id = $2 AND subscription_id IN ",
        ids_4];
    // One call, as each costs the wait for SQLite's thread or for the network. The counters move by
    // what is written. SQLite would read every delivery of the issue to find those of the list,
    // were it to choose the order of an UPDATE … FROM itself; the CROSS JOIN makes it begin with the
    // list. PostgreSQL would do so too, as its statistics know of no lease; it cannot look into COALESCE.
    RECORD = [{ sqlite: "BEGIN IMMEDIATE; WITH written AS ( \
            SELECT r.value->>'before' AS was, r.value->>'state' AS became FROM json_each($2) AS r CROSS JOIN delivery AS d \
            WHERE d.issue_id = $1 AND d.lease_id = unhex(r.value->>'lease') AND d.subscription_id = r.value->>'subscription')",
        postgres: "WITH written AS ( \
            UPDATE delivery AS d SET state = r.state, due_at = r.due_at, lease_id = NULL, \
            attempts = d.attempts + r.attempt, first_attempt_at = COALESCE(d.first_attempt_at, r.first_attempt_at), \
            ended_at = r.ended_at, reply_code = COALESCE(r.code, d.reply_code), \
            reply_text = COALESCE(r.text, d.reply_text) \
            FROM json_to_recordset(CAST($2 AS json)) AS r (subscription BIGINT, lease UUID, before TEXT, state TEXT, \
            due_at BIGINT, attempt BIGINT, first_attempt_at BIGINT, ended_at BIGINT, code BIGINT, text TEXT) \
            WHERE d.issue_id = $1 AND COALESCE(d.lease_id = r.lease, FALSE) AND d.subscription_id = r.subscription \
            RETURNING r.before AS was, r.state AS became)" },
        ", moved AS (SELECT COUNT(*) AS written, \
            COUNT(*) FILTER (WHERE became = 'queued') - COUNT(*) FILTER (WHERE was = 'queued') AS queued, \
            COUNT(*) FILTER (WHERE became = 'sent') - COUNT(*) FILTER (WHERE was = 'sent') AS sent, \
            COUNT(*) FILTER (WHERE became = 'deferred') - COUNT(*) FILTER (WHERE was = 'deferred') AS deferred, \
            COUNT(*) FILTER (WHERE became = 'bounced') - COUNT(*) FILTER (WHERE was = 'bounced') AS bounced, \
            COUNT(*) FILTER (WHERE became = 'failed') - COUNT(*) FILTER (WHERE was = 'failed') AS failed, \
            COUNT(*) FILTER (WHERE became = 'skipped') - COUNT(*) FILTER (WHERE was = 'skipped') AS skipped, \
            COUNT(*) FILTER (WHERE became = 'unknown') - COUNT(*) FILTER (WHERE was = 'unknown') AS unknown FROM written) \
            UPDATE issue SET queued = issue.queued + moved.queued, sent = issue.sent + moved.sent, \
            deferred = issue.deferred + moved.deferred, bounced = issue.bounced + moved.bounced, \
            failed = issue.failed + moved.failed, skipped = issue.skipped + moved.skipped, \
            unknown = issue.unknown + moved.unknown FROM moved WHERE issue.id = $1 RETURNING issue.queued + issue.deferred",
        { sqlite: "; INSERT INTO delivery (issue_id, subscription_id, state, attempts, due_at, \
            first_attempt_at, ended_at, reply_code, reply_text) \
            SELECT d.issue_id, d.subscription_id, r.value->>'state', d.attempts + (r.value->>'attempt'), \
            r.value->>'due_at', COALESCE(d.first_attempt_at, r.value->>'first_attempt_at'), r.value->>'ended_at', \
            COALESCE(r.value->>'code', d.reply_code), COALESCE(r.value->>'text', d.reply_text) \
            FROM json_each($2) AS r CROSS JOIN delivery AS d \
            WHERE d.issue_id = $1 AND d.lease_id = unhex(r.value->>'lease') AND d.subscription_id = r.value->>'subscription' \
            ON CONFLICT (issue_id, subscription_id) DO UPDATE SET state = excluded.state, \
            attempts = excluded.attempts, due_at = excluded.due_at, lease_id = NULL, \
            first_attempt_at = excluded.first_attempt_at, ended_at = excluded.ended_at, \
            reply_code = excluded.reply_code, reply_text = excluded.reply_text; SELECT changes(); COMMIT",
        postgres: ", moved.written" }];
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
    /// Under which it is held.
    #[serde(serialize_with = "uuid::serde::simple::serialize")]
    pub lease: Uuid,
    /// Its state until now.
    pub before: DeliveryState,
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

/// What [`record`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// How many outcomes were written; the others came after their lease had passed.
    pub written: i64,
    /// How many deliveries of the issue are queued or deferred now: as long as there are any,
    /// [`super::progress::finish`] is in vain.
    pub waiting: i64,
}

/// Writes outcomes of an issue's deliveries, gives those free, and moves the counters, in a
/// transaction of its own. Deliveries whose lease has passed are left as they are.
///
/// # Errors
/// When the database cannot be used, or the counters would no longer add up; then nothing was written.
pub async fn record(
    store: &Store,
    issue: IssueId,
    records: &[Record],
) -> Result<Recorded, StoreError> {
    let rows = json(records)?;
    let mut alone = store.alone().await?;
    let (waiting, written) = match alone.connection() {
        Connection::Sqlite(connection) => {
            let answers: Vec<i64> = sqlx::query_scalar(RECORD.sqlite)
                .bind(issue.0)
                .bind(&rows)
                .fetch_all(connection)
                .await?;
            match answers[..] {
                [waiting, written] => (waiting, written),
                // No counters moved.
                _ => return Err(StoreError::Unavailable(sqlx::Error::RowNotFound)),
            }
        }
        Connection::Postgres(connection) => {
            sqlx::query_as(RECORD.postgres)
                .bind(issue.0)
                .bind(&rows)
                .fetch_one(connection)
                .await?
        }
    };
    alone.ended();
    Ok(Recorded { written, waiting })
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
