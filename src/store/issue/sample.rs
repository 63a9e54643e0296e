//! The counts of an issue over time, as they were every few seconds.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{Counts, IssueId};
use crate::store::dialect::{execute, fetch_all, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

/// So far apart samples of an issue are, in microseconds.
const INTERVAL: i64 = 5_000_000;

statements! {
    // One for each issue that has changed since its last one. Several workers may ask at once.
    TAKE = [
        r"INSERT INTO issue_sample
              (issue_id, at, queued, sent, deferred, bounced, failed, skipped, unknown)
          SELECT i.id, $1, i.queued, i.sent, i.deferred, i.bounced, i.failed, i.skipped, i.unknown
          FROM issue i
          WHERE i.state = 'sending'
            AND NOT EXISTS (
              SELECT 1
              FROM issue_sample s
              WHERE s.issue_id = i.id
                AND s.at = (SELECT MAX(l.at) FROM issue_sample l WHERE l.issue_id = i.id)
                AND (
                  s.at > $2
                  OR (
                    s.queued = i.queued AND s.sent = i.sent AND s.deferred = i.deferred
                    AND s.bounced = i.bounced AND s.failed = i.failed AND s.skipped = i.skipped
                    AND s.unknown = i.unknown
                  )
                )
            )
          ON CONFLICT (issue_id, at) DO NOTHING",
    ];
    ANY_WANTED = [
        r"SELECT COUNT(*)
          FROM (SELECT 1 FROM issue WHERE state = 'sending' LIMIT 1) AS any_issue",
    ];
    TAKE_ONE = [
        r"INSERT INTO issue_sample
              (issue_id, at, queued, sent, deferred, bounced, failed, skipped, unknown)
          SELECT id, $2, queued, sent, deferred, bounced, failed, skipped, unknown
          FROM issue
          WHERE id = $1
          ON CONFLICT (issue_id, at) DO UPDATE
          SET queued = excluded.queued, sent = excluded.sent, deferred = excluded.deferred,
              bounced = excluded.bounced, failed = excluded.failed, skipped = excluded.skipped,
              unknown = excluded.unknown",
    ];
    SINCE = [
        r"SELECT at, queued, sent, deferred, bounced, failed, skipped, unknown
          FROM issue_sample
          WHERE issue_id = $1 AND at >= $2
          ORDER BY at",
    ];
}

/// The counts of an issue at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// When.
    pub at: Timestamp,
    /// The counts.
    pub counts: Counts,
}

#[derive(FromRow)]
struct SampleRow {
    at: i64,
    queued: i64,
    sent: i64,
    deferred: i64,
    bounced: i64,
    failed: i64,
    skipped: i64,
    unknown: i64,
}

/// Whether an issue is being sent, so that [`take`] may have something to do.
pub async fn is_wanted(db: &mut Read) -> Result<bool, StoreError> {
    let any: i64 = crate::store::dialect::fetch_scalar!(db, ANY_WANTED)?;
    Ok(any > 0)
}

/// Keeps the counts of each issue that is being sent, if they have changed and the last ones are five
/// seconds old.
pub async fn take(tx: &mut Write, now: Timestamp) -> Result<(), StoreError> {
    let now = micros(now);
    execute!(tx, TAKE, now, now.saturating_sub(INTERVAL))?;
    Ok(())
}

/// Keeps the counts of an issue at its start or end.
pub async fn take_one(tx: &mut Write, issue: IssueId, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, TAKE_ONE, issue, micros(now))?;
    Ok(())
}

/// The samples of an issue from `since`, the oldest first.
pub async fn since(
    db: &mut Read,
    issue: IssueId,
    since: Timestamp,
) -> Result<Vec<Sample>, StoreError> {
    let rows: Vec<SampleRow> = fetch_all!(db, SINCE, issue, micros(since))?;
    let place = Row {
        table: "issue_sample",
        id: &issue,
    };
    let sample = |row: SampleRow| {
        let mut counts = Counts {
            audience: 0,
            queued: row.queued,
            sent: row.sent,
            deferred: row.deferred,
            bounced: row.bounced,
            failed: row.failed,
            skipped: row.skipped,
            unknown: row.unknown,
        };
        counts.audience = counts.waiting() + counts.ended();
        Ok(Sample {
            at: place.time("at", row.at)?,
            counts,
        })
    };
    rows.into_iter().map(sample).collect()
}
