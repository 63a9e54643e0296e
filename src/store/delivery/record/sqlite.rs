//! What SQLite runs to record outcomes: a whole transaction in one call, because a call waits for the connection's
//! thread.
//!
//! The rows are VALUES, because SQLite reads JSON slowly. There are statements for a few numbers of rows; unused rows
//! are NULL and write nothing. On both databases a counter becomes NULL when fewer rows match than were given. Its NOT
//! NULL constraint then makes the transaction fail, and nothing is written.

use std::sync::LazyLock;

use sqlx::SqliteConnection;

use super::{MAX_BATCH, POSTGRES_GROUP, Record};
use crate::domain::{DeliveryState, IssueId};
use crate::store::dialect::Statement;

/// The numbers of rows that the statements take, ascending.
const SIZES: [usize; 4] = [4, 16, 64, MAX_BATCH];

/// For deliveries that were sent at the first attempt and have no rows, all under one lease: nearly all are. A row of
/// that kind leaves out what nobody asks of it any more, as on PostgreSQL.
static SENT: LazyLock<Vec<String>> = LazyLock::new(|| {
    transactions(|rows| {
        let rows = vec!["(?, ?)"; rows].join(", ");
        format!(
            r"INSERT INTO delivery
                (issue_id, subscription_id, state, attempts, ended_at, reply_text, revision)
            SELECT g.issue_id, n.column1, 'sent', 1, ?, n.column2, ?
            FROM delivery_range AS g
            CROSS JOIN (VALUES {rows}) AS n
            WHERE g.lease_id = ? AND g.issue_id = ? AND n.column1 IS NOT NULL"
        )
    })
});

/// For any others. A delivery without a row is written if its range has the lease, another if it has the lease itself.
static ANY: LazyLock<Vec<String>> = LazyLock::new(|| {
    transactions(|rows| {
        let rows = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; rows].join(", ");
        format!(
            r"WITH r (
              subscription, lease, state, due_at, attempt, first_attempt_at, ended_at, code, text,
              revision
            ) AS (VALUES {rows})
            INSERT INTO delivery
                (issue_id, subscription_id, state, attempts, due_at, first_attempt_at, ended_at,
                reply_code, reply_text, revision)
            SELECT ?, r.subscription, r.state, COALESCE(d.attempts, 0) + r.attempt, r.due_at,
                COALESCE(d.first_attempt_at, r.first_attempt_at), r.ended_at,
                COALESCE(r.code, d.reply_code), COALESCE(r.text, d.reply_text), r.revision
            FROM r
            LEFT JOIN delivery AS d ON d.issue_id = ? AND d.subscription_id = r.subscription
            WHERE CASE
                WHEN d.issue_id IS NULL
                THEN EXISTS (SELECT 1 FROM delivery_range AS g WHERE g.lease_id = r.lease)
                ELSE d.lease_id = r.lease
              END
            ON CONFLICT (issue_id, subscription_id) DO UPDATE
              SET state = excluded.state, attempts = excluded.attempts, due_at = excluded.due_at,
                lease_id = NULL, first_attempt_at = excluded.first_attempt_at,
                ended_at = excluded.ended_at, reply_code = excluded.reply_code,
                reply_text = excluded.reply_text, revision = excluded.revision"
        )
    })
});

/// One transaction for each of [`SIZES`]: the statement that writes so many rows, and the issue's counters.
fn transactions(written: impl Fn(usize) -> String) -> Vec<String> {
    let text = |size: &usize| {
        let written = written(*size);
        format!(
            r"BEGIN IMMEDIATE;
            {written};
            UPDATE issue
            SET queued = CASE WHEN changes() = ? THEN queued + ? END, sent = sent + ?,
                deferred = deferred + ?, bounced = bounced + ?, failed = failed + ?,
                skipped = skipped + ?, unknown = unknown + ?
            WHERE id = ?
            RETURNING queued + deferred;
            COMMIT"
        )
    };
    SIZES.iter().map(text).collect()
}

/// The statements that are generated at run time, for the list of all statements.
pub(crate) fn generated() -> impl Iterator<Item = (String, Statement)> {
    [("SENT", &SENT), ("ANY", &ANY)]
        .into_iter()
        .flat_map(|(name, of)| {
            let sized = SIZES.iter().zip(of.iter());
            sized.map(move |(size, sqlite)| {
                let statement = Statement {
                    sqlite,
                    postgres: POSTGRES_GROUP.postgres,
                };
                (format!("delivery::record::{name}_{size}"), statement)
            })
        })
}

/// Writes outcomes of an issue, at most [`MAX_BATCH`], and changes its counters; returns how many of its deliveries are
/// queued or deferred then, and nothing if there is no such issue.
///
/// # Errors
/// A violated constraint when not every outcome can be written; then none is.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    issue: IssueId,
    records: &[Record],
    written: i64,
    counters: [i64; 7],
) -> Result<Vec<i64>, sqlx::Error> {
    let place = SIZES.iter().position(|size| *size >= records.len());
    let place = place.unwrap_or(SIZES.len() - 1);
    let slots = (0..SIZES[place]).map(|n| records.get(n));
    let mut query;
    if let Some(first) = all_sent_alike(records) {
        query = sqlx::query_scalar(SENT[place].as_str())
            .bind(first.ended_at)
            .bind(first.revision);
        for record in slots {
            query = query
                .bind(record.map(|r| r.subscription))
                .bind(record.and_then(|r| r.text.as_deref()));
        }
        query = query.bind(first.lease).bind(issue);
    } else {
        query = sqlx::query_scalar(ANY[place].as_str());
        for record in slots {
            query = query
                .bind(record.map(|r| r.subscription))
                .bind(record.map(|r| r.lease))
                .bind(record.map(|r| r.state.as_str()))
                .bind(record.and_then(|r| r.due_at))
                .bind(record.map(|r| r.attempt))
                .bind(record.and_then(|r| r.first_attempt_at))
                .bind(record.and_then(|r| r.ended_at))
                .bind(record.and_then(|r| r.code))
                .bind(record.and_then(|r| r.text.as_deref()))
                .bind(record.map(|r| r.revision));
        }
        query = query.bind(issue).bind(issue);
    }
    query = query.bind(written);
    for counter in counters {
        query = query.bind(counter);
    }
    query.bind(issue).fetch_all(connection).await
}

/// The first of these outcomes, if each is that of a delivery that nobody had tried and that was sent, with the same
/// lease, revision and end.
fn all_sent_alike(records: &[Record]) -> Option<&Record> {
    let first = records.first()?;
    let is_alike = |r: &Record| {
        r.untried
            && r.before == DeliveryState::Queued
            && r.state == DeliveryState::Sent
            && r.attempt == 1
            && r.due_at.is_none()
            && r.code == Some(250)
            && (r.lease, r.revision, r.ended_at) == (first.lease, first.revision, first.ended_at)
    };
    records.iter().all(is_alike).then_some(first)
}
