//! How far the sending of an issue has come: its counters, and its end.

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::{Counts, IssueId, IssueState};
use crate::store::dialect::{run, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

statements! {
    ADD_COUNTS = ["UPDATE issue SET queued = queued + $2, sent = sent + $3, deferred = deferred + $4, \
        bounced = bounced + $5, failed = failed + $6, skipped = skipped + $7, unknown = unknown + $8 \
        WHERE id = $1"];
    FINISH = ["UPDATE issue SET state = $2, finished_at = $3, version = version + 1 \
        WHERE id = $1 AND state = $4 AND NOT EXISTS \
        (SELECT 1 FROM delivery d WHERE d.issue_id = $1 AND d.due_at IS NOT NULL)"];
    ALL_DONE = ["SELECT id FROM issue i WHERE state = $1 AND queued + deferred = 0 AND NOT EXISTS \
        (SELECT 1 FROM delivery d WHERE d.issue_id = i.id AND d.due_at IS NOT NULL)"];
    UNSETTLED = ["SELECT id FROM issue i WHERE state = $1 AND EXISTS \
        (SELECT 1 FROM delivery d WHERE d.issue_id = i.id AND d.due_at IS NOT NULL)"];
}

/// Moves deliveries between the counters; `delta.audience` is not used, as the sum never changes.
///
/// # Errors
/// When the database cannot be used, or the counters would no longer add up.
pub async fn add_counts(tx: &mut Write, id: IssueId, delta: Counts) -> Result<(), StoreError> {
    run!(tx, ADD_COUNTS, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(delta.queued)
        .bind(delta.sent)
        .bind(delta.deferred)
        .bind(delta.bounced)
        .bind(delta.failed)
        .bind(delta.skipped)
        .bind(delta.unknown)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// sending → sent, if no delivery has work ahead. Returns whether this call did it.
///
/// # Errors
/// When the database cannot be used.
pub async fn finish(tx: &mut Write, id: IssueId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = run!(tx, FINISH, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(IssueState::Sent.as_str())
        .bind(micros(now))
        .bind(IssueState::Sending.as_str())
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(changed == 1)
}

/// Issues of which everything has ended, and which are not said to be sent yet: whoever recorded
/// the last delivery was killed before that.
///
/// # Errors
/// When the database cannot be used.
pub async fn all_done(db: &mut Read) -> Result<Vec<IssueId>, StoreError> {
    let ids: Vec<Uuid> = run!(db, ALL_DONE, |sql, connection| sqlx::query_scalar(sql)
        .bind(IssueState::Sending.as_str())
        .fetch_all(connection)
        .await)?;
    Ok(ids.into_iter().map(IssueId).collect())
}

/// Cancelled issues that still have deliveries that wait or are in the hands of a worker.
///
/// # Errors
/// When the database cannot be used.
pub async fn cancelled_unsettled(db: &mut Read) -> Result<Vec<IssueId>, StoreError> {
    let ids: Vec<Uuid> = run!(db, UNSETTLED, |sql, connection| sqlx::query_scalar(sql)
        .bind(IssueState::Cancelled.as_str())
        .fetch_all(connection)
        .await)?;
    Ok(ids.into_iter().map(IssueId).collect())
}
