//! Records the outcomes of deliveries, many in one transaction.

pub(in crate::store) mod one_by_one;

use std::sync::LazyLock;

use sqlx::error::ErrorKind;
use sqlx::{PgConnection, SqliteConnection};

use crate::domain::{Counts, DeliveryState, IssueId, LeaseId, SubscriptionId};
use crate::store::connection::Connection;
use crate::store::dialect::{Statement, statements};
use crate::store::{Store, StoreError};

statements! {
    // For SQLite, see SQLITE_GROUP. The leases of ranges are looked up once for all rows. An untried delivery gets
    // its row if its range still has the lease. Any other is changed if it has the lease itself: PostgreSQL's
    // statistics do not know it, so for `d.lease_id = r.lease` it would choose to read all deliveries of the
    // issue. It cannot estimate COALESCE and uses the primary key. A delivery that is sent at once leaves out what
    // nobody asks of it any more, and the code 250: NULL takes no octets of its row.
    POSTGRES_GROUP = [{
        sqlite: r"SELECT 1",
        postgres: r"WITH r AS (
            SELECT *, n.state = 'sent' AS is_sent, n.lease IN (
                SELECT g.lease_id FROM delivery_range g WHERE g.lease_id = ANY($11::UUID[])
              ) AS untried
            FROM UNNEST(
                $10::BIGINT[], $11::UUID[], $12::TEXT[], $13::BIGINT[], $14::BIGINT[],
                $15::BIGINT[], $16::BIGINT[], $17::BIGINT[], $18::TEXT[], $19::BIGINT[]
              ) AS n (
                subscription, lease, state, due_at, attempt,
                first_attempt_at, ended_at, code, text, revision
              )
          ), added AS (
            INSERT INTO delivery
                (issue_id, subscription_id, state, attempts, due_at, first_attempt_at, ended_at,
                reply_code, reply_text, revision, bound, destination)
            SELECT $1, subscription, state, attempt, due_at,
                CASE WHEN NOT is_sent THEN first_attempt_at END, ended_at, NULLIF(code, 250), text,
                revision, CASE WHEN NOT is_sent THEN 0 END, CASE WHEN NOT is_sent THEN '' END
            FROM r
            WHERE untried
            ON CONFLICT (issue_id, subscription_id) DO NOTHING
            RETURNING 1
          ), changed AS (
            UPDATE delivery AS d
            SET state = r.state, due_at = r.due_at, lease_id = NULL,
                attempts = d.attempts + r.attempt,
                first_attempt_at = COALESCE(d.first_attempt_at, r.first_attempt_at),
                ended_at = r.ended_at, reply_code = COALESCE(r.code, d.reply_code),
                reply_text = COALESCE(r.text, d.reply_text), revision = r.revision
            FROM r
            WHERE NOT r.untried
              AND d.issue_id = $1
              AND COALESCE(d.lease_id = r.lease, FALSE)
              AND d.subscription_id = r.subscription
            RETURNING 1
          )
          UPDATE issue
          SET queued = CASE
                WHEN (SELECT COUNT(*) FROM added) + (SELECT COUNT(*) FROM changed) = $2
                THEN queued + $3
              END,
              sent = sent + $4, deferred = deferred + $5, bounced = bounced + $6,
              failed = failed + $7, skipped = skipped + $8, unknown = unknown + $9
          WHERE id = $1
          RETURNING queued + deferred",
    }];
}

/// The numbers of rows that SQLite's statements take, ascending.
const SIZES: [usize; 4] = [4, 16, 64, MAX_BATCH];

/// The largest number of outcomes in one transaction.
pub const MAX_BATCH: usize = 512;

/// SQLite's statements, one for each of [`SIZES`]. Each is a whole transaction in one call, because a
/// call waits for the connection's thread. The rows are VALUES, because SQLite reads JSON slowly. Unused rows
/// are NULL and match nothing. A delivery without a row is written if its range has the lease, another if it has
/// the lease itself.
///
/// On both databases a counter becomes NULL when fewer rows match than were given. Its NOT NULL
/// constraint then makes the transaction fail, and nothing is written.
static SQLITE_GROUP: LazyLock<Vec<String>> = LazyLock::new(|| {
    let text = |size: &usize| {
        let rows = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; *size].join(", ");
        format!(
            r"BEGIN IMMEDIATE;
            WITH r (
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
                reply_text = excluded.reply_text, revision = excluded.revision;
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
});

/// The statements that are generated at run time, for the list of all statements.
pub(crate) fn generated() -> impl Iterator<Item = (String, Statement)> {
    let named = SIZES.iter().zip(SQLITE_GROUP.iter());
    named.map(|(size, sqlite)| {
        let statement = Statement {
            sqlite,
            postgres: POSTGRES_GROUP.postgres,
        };
        (format!("delivery::record::GROUP_{size}"), statement)
    })
}

/// The outcome of one attempt at a delivery, or of a delivery that is given back.
#[derive(Debug, Clone)]
pub struct Record {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The lease that the worker holds: of this delivery, or of the range that it lies in untried.
    pub lease: LeaseId,
    /// The revision of the issue that was to be sent.
    pub revision: i64,
    /// Its state before.
    pub before: DeliveryState,
    /// Its new state.
    pub state: DeliveryState,
    /// When it is due again, in microseconds.
    pub due_at: Option<i64>,
    /// 1 if this was an attempt.
    pub attempt: u8,
    /// The time of the first attempt, in microseconds; kept only if there was none before.
    pub first_attempt_at: Option<i64>,
    /// When the delivery ended, in microseconds.
    pub ended_at: Option<i64>,
    /// The server's reply code.
    pub code: Option<u16>,
    /// The text of the server's reply.
    pub text: Option<String>,
}

/// The result of [`write`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The outcomes that are written, also by a try before whose answer was lost. For the others the lease had
    /// expired.
    pub written: i64,
    /// How many of these others were attempts.
    pub attempts_lost: i64,
    /// The deliveries of the issue that are queued or deferred now. While there are any,
    /// [`finish`](crate::store::issue::progress::finish) cannot finish the issue.
    pub waiting: i64,
}

/// Writes outcomes of an issue's deliveries, ends their leases and updates the issue's counters. One
/// transaction takes up to [`MAX_BATCH`] outcomes. Deliveries whose lease has expired are not changed.
///
/// # Errors
/// [`StoreError::Refused`] when the counters would no longer add up. Nothing of the failed transaction
/// is written; earlier transactions of the call stay.
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
            None => one_by_one::write(store, issue, group).await?,
        };
        all.written += recorded.written;
        all.attempts_lost += recorded.attempts_lost;
        all.waiting = recorded.waiting;
    }
    Ok(all)
}

/// Writes all outcomes in one call. Returns `None` and writes nothing if a lease has expired.
async fn group_at_once(
    store: &Store,
    issue: IssueId,
    records: &[Record],
) -> Result<Option<Recorded>, StoreError> {
    let written = i64::try_from(records.len()).unwrap_or(i64::MAX);
    let moved = counter_changes(records.iter());
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
    let waiting = match dedicated.connection() {
        Connection::Sqlite(connection) => {
            write_on_sqlite(connection, issue, records, written, counters).await
        }
        Connection::Postgres(connection) => {
            write_on_postgres(connection, issue, records, written, counters).await
        }
    };
    let waiting = match waiting {
        Ok(waiting) => waiting,
        Err(error) if is_not_null_violation(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // The issue does not exist.
    let [waiting] = waiting[..] else {
        return Err(StoreError::Unavailable(sqlx::Error::RowNotFound));
    };
    dedicated.ended();
    Ok(Some(Recorded {
        written,
        attempts_lost: 0,
        waiting,
    }))
}

/// Runs the statement with room for these outcomes; the rest of its rows are NULL.
async fn write_on_sqlite(
    connection: &mut SqliteConnection,
    issue: IssueId,
    records: &[Record],
    written: i64,
    counters: [i64; 7],
) -> Result<Vec<i64>, sqlx::Error> {
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
            .bind(record.and_then(|r| r.text.as_deref()))
            .bind(record.map(|r| r.revision));
    }
    query = query.bind(issue).bind(issue).bind(written);
    for counter in counters {
        query = query.bind(counter);
    }
    query.bind(issue).fetch_all(connection).await
}

async fn write_on_postgres(
    connection: &mut PgConnection,
    issue: IssueId,
    records: &[Record],
    written: i64,
    counters: [i64; 7],
) -> Result<Vec<i64>, sqlx::Error> {
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
        .bind(column(records, |r| r.revision))
        .fetch_all(connection)
        .await
}

fn column<'a, T>(records: &'a [Record], value: impl Fn(&'a Record) -> T) -> Vec<T> {
    records.iter().map(value).collect()
}

fn is_not_null_violation(error: &sqlx::Error) -> bool {
    let kind = error.as_database_error().map(|error| error.kind());
    matches!(kind, Some(ErrorKind::NotNullViolation))
}

/// How the counters change.
fn counter_changes<'a>(records: impl Iterator<Item = &'a Record>) -> Counts {
    let mut moved = Counts::default();
    for record in records {
        moved.add(record.before, -1);
        moved.add(record.state, 1);
    }
    moved
}
