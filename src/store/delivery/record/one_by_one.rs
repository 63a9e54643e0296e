//! Records outcomes of which some cannot be written, because a lease has expired or a try before has written them.

use super::{Record, Recorded, counter_changes};
use crate::domain::IssueId;
use crate::store::dialect::{execute, fetch_scalar, statements};
use crate::store::issue::progress;
use crate::store::{Store, StoreError, Write};

statements! {
    ADD_ONE = [
        r"INSERT INTO delivery
              (issue_id, subscription_id, state, due_at, attempts, first_attempt_at, ended_at,
              reply_code, reply_text, revision)
          SELECT $1, $2, $4, $5, $6, $7, $8, $9, $10, $11
          FROM delivery_range
          WHERE lease_id = $3
          ON CONFLICT (issue_id, subscription_id) DO NOTHING",
    ];
    ONE = [
        r"UPDATE delivery
          SET state = $4, due_at = $5, lease_id = NULL, attempts = attempts + $6,
              first_attempt_at = COALESCE(first_attempt_at, $7), ended_at = $8,
              reply_code = COALESCE($9, reply_code), reply_text = COALESCE($10, reply_text),
              revision = $11
          WHERE issue_id = $1 AND subscription_id = $2 AND COALESCE(lease_id = $3, FALSE)",
    ];
    // What a try has written whose answer was lost.
    ALREADY = [
        r"SELECT COUNT(*)
          FROM delivery
          WHERE issue_id = $1
            AND subscription_id = $2
            AND lease_id IS NULL
            AND state = $3
            AND revision = $4
            AND due_at IS NOT DISTINCT FROM $5
            AND ended_at IS NOT DISTINCT FROM $6",
    ];
    WAITING = [r"SELECT queued + deferred FROM issue WHERE id = $1"];
}

/// Writes each outcome whose lease is still valid, by one statement each.
///
/// # Errors
/// When the database cannot be used; then nothing is written.
pub(super) async fn write(
    store: &Store,
    issue: IssueId,
    records: &[Record],
) -> Result<Recorded, StoreError> {
    let mut tx = store.write().await?;
    let mut written = Vec::with_capacity(records.len());
    let (mut already, mut attempts_lost) = (0, 0);
    for record in records {
        let mut rows = 0;
        // An untried delivery gets its row; any other has one.
        for statement in [ADD_ONE, ONE] {
            if rows == 0 {
                rows = execute!(
                    tx,
                    statement,
                    issue,
                    record.subscription,
                    record.lease,
                    record.state.as_str(),
                    record.due_at,
                    i64::from(record.attempt),
                    record.first_attempt_at,
                    record.ended_at,
                    record.code.map(i64::from),
                    record.text.as_deref(),
                    record.revision
                )?;
            }
        }
        if rows == 1 {
            written.push(record);
        } else if is_recorded(&mut tx, issue, record).await? {
            already += 1;
        } else {
            attempts_lost += i64::from(record.attempt);
        }
    }
    progress::add_counts(&mut tx, issue, counter_changes(written.iter().copied())).await?;
    let waiting = fetch_scalar!(tx, WAITING, issue)?;
    tx.commit().await?;
    Ok(Recorded {
        written: i64::try_from(written.len()).unwrap_or(i64::MAX) + already,
        attempts_lost,
        waiting,
    })
}

/// Whether just this outcome is recorded.
async fn is_recorded(tx: &mut Write, issue: IssueId, record: &Record) -> Result<bool, sqlx::Error> {
    let rows: i64 = fetch_scalar!(
        tx,
        ALREADY,
        issue,
        record.subscription,
        record.state.as_str(),
        record.revision,
        record.due_at,
        record.ended_at
    )?;
    Ok(rows > 0)
}
