//! The progress of sending an issue: its counters, and its end.

use jiff::Timestamp;

use super::sample;
use crate::domain::{Counts, IssueId, IssueState};
use crate::store::dialect::{execute, fetch_all_scalars, statements};
use crate::store::rows::micros;
use crate::store::{Read, StoreError, Write};

statements! {
    ADD_COUNTS = [
        r"UPDATE issue
          SET queued = queued + $2, sent = sent + $3, deferred = deferred + $4,
              bounced = bounced + $5, failed = failed + $6, skipped = skipped + $7,
              unknown = unknown + $8
          WHERE id = $1",
    ];
    FINISH = [
        r"UPDATE issue
          SET state = $2, finished_at = $3, version = version + 1
          WHERE id = $1
            AND state = $4
            AND queued + deferred = 0
            AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.issue_id = $1 AND d.due_at IS NOT NULL)",
    ];
    // None of their deliveries is untried any more.
    REMOVE_RANGES = [r"DELETE FROM delivery_range WHERE issue_id = $1"];
    // `finished_at` stays: it tells that the issue had ended. What relays say from now on is forgotten in its time.
    REOPEN = [
        r"UPDATE issue
          SET state = $2, finished_at = COALESCE(finished_at, $3), replies_forgotten = 0,
              version = version + 1
          WHERE id = $1",
    ];
    END_AS_SENT = [
        r"UPDATE issue
          SET state = $2, finished_at = NULL, paused_code = NULL, paused_because = NULL,
              version = version + 1
          WHERE id = $1",
    ];
    ALL_DONE = [
        r"SELECT id
          FROM issue i
          WHERE state = $1
            AND queued + deferred = 0
            AND NOT EXISTS (
              SELECT 1
              FROM delivery d
              WHERE d.issue_id = i.id AND d.due_at IS NOT NULL
            )",
    ];
    UNSETTLED = [
        r"SELECT id
          FROM issue i
          WHERE state = $1
            AND (
              EXISTS (SELECT 1 FROM delivery d WHERE d.issue_id = i.id AND d.due_at IS NOT NULL)
              OR EXISTS (SELECT 1 FROM delivery_range g WHERE g.issue_id = i.id)
              OR (started_at IS NOT NULL AND finished_at IS NULL)
            )",
    ];
    SENT_UNSETTLED = [r"SELECT id FROM issue WHERE state = $1 AND finished_at IS NULL"];
    FINISH_STOPPED = [
        r"UPDATE issue
          SET finished_at = $2
          WHERE id = $1
            AND (state = $3 OR state = $4)
            AND started_at IS NOT NULL
            AND finished_at IS NULL
            AND queued + deferred = 0
            AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.issue_id = $1 AND d.due_at IS NOT NULL)",
    ];
}

/// Adds `delta` to the counters of an issue. `delta.audience` is ignored: the sum of the others stays the
/// same.
///
/// # Errors
/// [`StoreError::Refused`] when the counters would no longer add up.
pub async fn add_counts(tx: &mut Write, id: IssueId, delta: Counts) -> Result<(), StoreError> {
    execute!(
        tx,
        ADD_COUNTS,
        id,
        delta.queued,
        delta.sent,
        delta.deferred,
        delta.bounced,
        delta.failed,
        delta.skipped,
        delta.unknown
    )?;
    Ok(())
}

/// Changes the state from sending to sent if no delivery is due any more. Returns whether this call
/// did so.
pub async fn finish(tx: &mut Write, id: IssueId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = execute!(
        tx,
        FINISH,
        id,
        IssueState::Sent.as_str(),
        micros(now),
        IssueState::Sending.as_str()
    )?;
    if changed == 1 {
        execute!(tx, REMOVE_RANGES, id)?;
        sample::take_one(tx, id, now).await?;
    }
    Ok(changed == 1)
}

/// Notes when the last delivery of an issue that was stopped ended, once none waits and no worker holds one. Retention
/// counts from then.
pub async fn finish_stopped(tx: &mut Write, id: IssueId, now: Timestamp) -> Result<(), StoreError> {
    let changed = execute!(
        tx,
        FINISH_STOPPED,
        id,
        micros(now),
        IssueState::Cancelled.as_str(),
        IssueState::Sent.as_str()
    )?;
    if changed == 1 {
        execute!(tx, REMOVE_RANGES, id)?;
    }
    Ok(())
}

/// Changes the state of an issue whose failed deliveries are tried again to sending; that it had ended stays known.
pub async fn reopen(tx: &mut Write, id: IssueId, now: Timestamp) -> Result<(), StoreError> {
    tx.makes_work();
    execute!(tx, REOPEN, id, IssueState::Sending.as_str(), micros(now))?;
    Ok(())
}

/// Changes the state of an issue of which nothing more is to be sent to sent. It ends by [`finish_stopped`].
pub async fn end_as_sent(tx: &mut Write, id: IssueId) -> Result<(), StoreError> {
    execute!(tx, END_AS_SENT, id, IssueState::Sent.as_str())?;
    Ok(())
}

/// Issues in the state sending whose deliveries have all ended. That happens when a worker is killed
/// between recording the last delivery and [`finish`].
pub async fn all_done(db: &mut Read) -> Result<Vec<IssueId>, StoreError> {
    Ok(fetch_all_scalars!(
        db,
        ALL_DONE,
        IssueState::Sending.as_str()
    )?)
}

/// Cancelled issues that still have waiting or leased deliveries, or of which it is not noted when they ended.
pub async fn cancelled_unsettled(db: &mut Read) -> Result<Vec<IssueId>, StoreError> {
    Ok(fetch_all_scalars!(
        db,
        UNSETTLED,
        IssueState::Cancelled.as_str()
    )?)
}

/// Issues after [`end_as_sent`] of which it is not noted yet when they ended. Reads every issue that was sent: not for
/// each half second.
pub async fn sent_unsettled(db: &mut Read) -> Result<Vec<IssueId>, StoreError> {
    let sent = IssueState::Sent.as_str();
    Ok(fetch_all_scalars!(db, SENT_UNSETTLED, sent)?)
}
