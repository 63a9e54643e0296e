//! Records the outcomes of deliveries, many in one transaction.

pub(in crate::store) mod one_by_one;
mod sqlite;

use sqlx::PgConnection;
use sqlx::error::ErrorKind;

use crate::domain::{Counts, DeliveryState, IssueId, LeaseId, SubscriptionId};
use crate::store::connection::Connection;
use crate::store::dialect::statements;
use crate::store::{Store, StoreError};
pub(crate) use sqlite::generated;

statements! {
    // For SQLite, see `sqlite`. The leases of ranges are looked up once for all rows. An untried delivery gets
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

/// The largest number of outcomes in one transaction.
pub const MAX_BATCH: usize = 512;

/// The outcome of one attempt at a delivery, or of a delivery that is given back.
#[derive(Debug, Clone)]
pub struct Record {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The lease that the worker holds: of this delivery, or of the range that it lies in untried.
    pub lease: LeaseId,
    /// Whether the delivery had no row when it was claimed. It may have got one since, as its lease ended.
    pub untried: bool,
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
    let commit_hook = dedicated.commit_hook();
    let waiting = match dedicated.connection() {
        Connection::Sqlite(connection) => {
            let call = sqlite::write(connection, issue, records, written, counters);
            commit_hook.sleep_until_commit(call).await
        }
        Connection::Postgres(connection) => {
            write_on_postgres(connection, issue, records, written, counters).await
        }
    };
    let waiting = match waiting {
        Ok(waiting) => waiting,
        Err(error) if is_incomplete(&error) => return Ok(None),
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

/// Whether fewer rows were written than outcomes were given. A row that is there already is one of them: where the lost
/// answer of a try before told of it, or where the range was released.
fn is_incomplete(error: &sqlx::Error) -> bool {
    let kind = error.as_database_error().map(|error| error.kind());
    matches!(
        kind,
        Some(ErrorKind::NotNullViolation | ErrorKind::UniqueViolation)
    )
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
