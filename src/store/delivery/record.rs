//! What became of deliveries: a group of outcomes, written at once.

use std::sync::LazyLock;

use sqlx::error::ErrorKind;

use crate::domain::{Counts, DeliveryState, IssueId, LeaseId, SubscriptionId};
use crate::store::connection::Connection;
use crate::store::dialect::{Statement, execute, fetch_scalar, statements};
use crate::store::issue::progress;
use crate::store::{Store, StoreError};

statements! {
    // PostgreSQL's; SQLite's is SQLITE_GROUP. PostgreSQL would read every delivery of the issue to find those
    // of the list, as its statistics know of no lease; it cannot look into COALESCE.
    POSTGRES_GROUP = [{
        sqlite: r"SELECT 1",
        postgres: r"WITH written AS (
            UPDATE delivery AS d
            SET state = r.state, due_at = r.due_at, lease_id = NULL,
                attempts = d.attempts + r.attempt,
                first_attempt_at = COALESCE(d.first_attempt_at, r.first_attempt_at),
                ended_at = r.ended_at, reply_code = COALESCE(r.code, d.reply_code),
                reply_text = COALESCE(r.text, d.reply_text)
            FROM UNNEST(
                $10::BIGINT[], $11::UUID[], $12::TEXT[], $13::BIGINT[], $14::BIGINT[],
                $15::BIGINT[], $16::BIGINT[], $17::BIGINT[], $18::TEXT[]
              ) AS r (
                subscription, lease, state, due_at, attempt,
                first_attempt_at, ended_at, code, text
              )
            WHERE d.issue_id = $1
              AND COALESCE(d.lease_id = r.lease, FALSE)
              AND d.subscription_id = r.subscription
            RETURNING 1
          )
          UPDATE issue
          SET queued = CASE WHEN (SELECT COUNT(*) FROM written) = $2 THEN queued + $3 END,
              sent = sent + $4, deferred = deferred + $5, bounced = bounced + $6,
              failed = failed + $7, skipped = skipped + $8, unknown = unknown + $9
          WHERE id = $1
          RETURNING queued + deferred",
    }];
    ONE = [
        r"UPDATE delivery
          SET state = $4, due_at = $5, lease_id = NULL, attempts = attempts + $6,
              first_attempt_at = COALESCE(first_attempt_at, $7), ended_at = $8,
              reply_code = COALESCE($9, reply_code), reply_text = COALESCE($10, reply_text)
          WHERE issue_id = $1 AND subscription_id = $2 AND lease_id = $3",
    ];
    WAITING = [r"SELECT queued + deferred FROM issue WHERE id = $1"];
}

/// How many rows SQLite's statements have room for, from the smallest.
const SIZES: [usize; 4] = [4, 16, 64, MAX_BATCH];

/// The most outcomes of one transaction.
pub const MAX_BATCH: usize = 512;

/// SQLite's way, by size: a whole transaction in one call, as each costs the wait for its thread, and rows of
/// values, as it is slow to read a list in JSON. The CROSS JOIN makes it begin with them, where it would read every
/// delivery of the issue; rows that are not needed are empty and find nothing.
///
/// On either database, should fewer be written than there are, a counter becomes NULL, which it may not: nothing
/// happens then.
static SQLITE_GROUP: LazyLock<Vec<String>> = LazyLock::new(|| {
    let text = |size: &usize| {
        let rows = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?)"; *size].join(", ");
        format!(
            "BEGIN IMMEDIATE; WITH r (subscription, lease, state, due_at, attempt, first_attempt_at, ended_at, \
            code, text) AS (VALUES {rows}) \
            INSERT INTO delivery (issue_id, subscription_id, state, attempts, due_at, first_attempt_at, \
            ended_at, reply_code, reply_text) \
            SELECT d.issue_id, d.subscription_id, r.state, d.attempts + r.attempt, r.due_at, \
            COALESCE(d.first_attempt_at, r.first_attempt_at), r.ended_at, COALESCE(r.code, d.reply_code), \
            COALESCE(r.text, d.reply_text) FROM r CROSS JOIN delivery AS d \
            WHERE d.issue_id = ? AND d.lease_id = r.lease AND d.subscription_id = r.subscription \
            ON CONFLICT (issue_id, subscription_id) DO UPDATE SET state = excluded.state, \
            attempts = excluded.attempts, due_at = excluded.due_at, lease_id = NULL, \
            first_attempt_at = excluded.first_attempt_at, ended_at = excluded.ended_at, \
            reply_code = excluded.reply_code, reply_text = excluded.reply_text; \
            UPDATE issue SET queued = CASE WHEN changes() = ? THEN queued + ? END, sent = sent + ?, \
            deferred = deferred + ?, bounced = bounced + ?, failed = failed + ?, skipped = skipped + ?, \
            unknown = unknown + ? WHERE id = ? RETURNING queued + deferred; COMMIT"
        )
    };
    SIZES.iter().map(text).collect()
});

/// SQLite's statements, which are made when they are first needed.
pub(crate) fn made() -> impl Iterator<Item = (String, Statement)> {
    let named = SIZES.iter().zip(SQLITE_GROUP.iter());
    named.map(|(size, sqlite)| {
        let statement = Statement {
            sqlite,
            postgres: POSTGRES_GROUP.postgres,
        };
        (format!("record::GROUP_{size}"), statement)
    })
}

/// What is to be written about one delivery.
#[derive(Debug, Clone)]
pub struct Record {
    /// Whose.
    pub subscription: SubscriptionId,
    /// Under which it is held.
    pub lease: LeaseId,
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

/// What [`write`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recorded {
    /// How many outcomes were written; the others came after their lease had passed.
    pub written: i64,
    /// How many deliveries of the issue are queued or deferred now: as long as there are any,
    /// [`progress::finish`] is in vain.
    pub waiting: i64,
}

/// Writes outcomes of an issue's deliveries, gives those free, and moves the counters, 512 in a
/// transaction. Deliveries whose lease has passed are left as they are.
///
/// # Errors
/// When the database cannot be used, or the counters would no longer add up; then nothing of that
/// transaction was written.
pub async fn write(
    store: &Store,
    issue: IssueId,
    records: &[Record],
) -> Result<Recorded, StoreError> {
    let mut all = Recorded::default();
    for group in records.chunks(MAX_BATCH) {
        let recorded = group_at_once(store, issue, group).await?;
        let recorded = match recorded {
            Some(recorded) => recorded,
            None => one_by_one(store, issue, group).await?,
        };
        all.written += recorded.written;
        all.waiting = recorded.waiting;
    }
    Ok(all)
}

/// In one call. None, and nothing written, where a lease has passed: that is left to [`one_by_one`].
async fn group_at_once(
    store: &Store,
    issue: IssueId,
    records: &[Record],
) -> Result<Option<Recorded>, StoreError> {
    let written = i64::try_from(records.len()).unwrap_or(i64::MAX);
    let moved = moved(records.iter());
    let counters = [
        moved.queued,
        moved.sent,
        moved.deferred,
        moved.bounced,
        moved.failed,
        moved.skipped,
        moved.unknown,
    ];
    let mut dedicated = store.dedicated().await?;
    let waiting: Result<Vec<i64>, sqlx::Error> = match dedicated.connection() {
        Connection::Sqlite(connection) => {
            let place = SIZES.iter().position(|size| *size >= records.len());
            let place = place.unwrap_or(SIZES.len() - 1);
            let mut query = sqlx::query_scalar(SQLITE_GROUP[place].as_str());
            for n in 0..SIZES[place] {
                let record = records.get(n);
                query = query
                    .bind(record.map(|r| r.subscription))
                    .bind(record.map(|r| r.lease))
                    .bind(record.map(|r| r.state.as_str()))
                    .bind(record.and_then(|r| r.due_at))
                    .bind(record.map(|r| r.attempt))
                    .bind(record.and_then(|r| r.first_attempt_at))
                    .bind(record.and_then(|r| r.ended_at))
                    .bind(record.and_then(|r| r.code))
                    .bind(record.and_then(|r| r.text.as_deref()));
            }
            query = query.bind(issue).bind(written);
            for counter in counters {
                query = query.bind(counter);
            }
            query.bind(issue).fetch_all(connection).await
        }
        Connection::Postgres(connection) => {
            let mut query = sqlx::query_scalar(POSTGRES_GROUP.postgres)
                .bind(issue)
                .bind(written);
            for counter in counters {
                query = query.bind(counter);
            }
            query
                .bind(column(records, |r| r.subscription))
                .bind(column(records, |r| r.lease))
                .bind(column(records, |r| r.state.as_str()))
                .bind(column(records, |r| r.due_at))
                .bind(column(records, |r| i64::from(r.attempt)))
                .bind(column(records, |r| r.first_attempt_at))
                .bind(column(records, |r| r.ended_at))
                .bind(column(records, |r| r.code.map(i64::from)))
                .bind(column(records, |r| r.text.as_deref()))
                .fetch_all(connection)
                .await
        }
    };
    let waiting = match waiting {
        Ok(waiting) => waiting,
        Err(error) if is_null(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // No counters moved.
    let [waiting] = waiting[..] else {
        return Err(StoreError::Unavailable(sqlx::Error::RowNotFound));
    };
    dedicated.ended();
    Ok(Some(Recorded { written, waiting }))
}

fn column<'a, T>(records: &'a [Record], value: impl Fn(&'a Record) -> T) -> Vec<T> {
    records.iter().map(value).collect()
}

fn is_null(error: &sqlx::Error) -> bool {
    let kind = error.as_database_error().map(|error| error.kind());
    matches!(kind, Some(ErrorKind::NotNullViolation))
}

/// Those that are still held, each by a statement of its own.
async fn one_by_one(
    store: &Store,
    issue: IssueId,
    records: &[Record],
) -> Result<Recorded, StoreError> {
    let mut tx = store.write().await?;
    let mut written = Vec::with_capacity(records.len());
    for record in records {
        let rows = execute!(
            tx,
            ONE,
            issue,
            record.subscription,
            record.lease,
            record.state.as_str(),
            record.due_at,
            i64::from(record.attempt),
            record.first_attempt_at,
            record.ended_at,
            record.code.map(i64::from),
            record.text.as_deref()
        )?;
        written.extend((rows == 1).then_some(record));
    }
    progress::add_counts(&mut tx, issue, moved(written.iter().copied())).await?;
    let waiting = fetch_scalar!(tx, WAITING, issue)?;
    tx.commit().await?;
    Ok(Recorded {
        written: i64::try_from(written.len()).unwrap_or(i64::MAX),
        waiting,
    })
}

/// How the counters move.
fn moved<'a>(records: impl Iterator<Item = &'a Record>) -> Counts {
    let mut moved = Counts::default();
    for record in records {
        moved.add(record.before, -1);
        moved.add(record.state, 1);
    }
    moved
}
