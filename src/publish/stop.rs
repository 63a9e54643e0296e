//! The stop button: pausing an issue, going on, and stopping it for good.

use super::send::lock;
use super::{PublishError, approval, check_version, issue, log};
use crate::domain::{
    Actor, AuditAction, Counts, DeliveryState, Issue, IssueId, IssueState, RefusedTransition,
};
use crate::service::Service;
use crate::store;

/// Stops for the moment; takes effect within a second on every worker.
///
/// # Errors
/// When nothing is being sent, or the issue has changed since `version`.
pub async fn pause(
    service: &Service,
    id: IssueId,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    change(service, id, |issue| issue.state.pause(), version, actor).await
}

/// Goes on after a pause.
///
/// # Errors
/// When the issue is not paused, has changed since `version`, or was corrected and a second person must approve that.
pub async fn resume(
    service: &Service,
    id: IssueId,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    change(service, id, |issue| issue.state.resume(), version, actor).await
}

/// Stops for good; who has not had it will not get it. An issue that had been sent, and goes once more to those to whom
/// it failed, is sent again: what waits has failed as before. So is one of which nothing waits any more.
///
/// # Errors
/// When it was sent, or has changed since `version`.
pub async fn cancel(
    service: &Service,
    id: IssueId,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    change(service, id, Issue::cancel, version, actor).await?;
    settle_stopped(service, id).await
}

/// The issue, if [`cancel`] would not refuse it. Nothing is written.
///
/// # Errors
/// Those of [`cancel`].
pub async fn check_cancel(service: &Service, id: IssueId) -> Result<Issue, PublishError> {
    let current = issue(&mut service.store.read().await?, id).await?;
    current.cancel()?;
    Ok(current)
}

/// Ends what waits of an issue that was stopped by [`cancel`]; another stays as it is. What a worker holds at this moment
/// is ended by its record, or here once its lease has passed.
///
/// # Errors
/// When the database cannot be used.
pub async fn settle_stopped(service: &Service, id: IssueId) -> Result<Issue, PublishError> {
    use DeliveryState::{Deferred, Failed, Queued, Skipped, Unknown};
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let stopped = issue(&mut tx, id).await?;
    let end = match stopped.state {
        IssueState::Cancelled => Skipped,
        // Whom it had failed to reach before, it has failed to reach still.
        IssueState::Sent if stopped.finished_at.is_none() => Failed,
        _ => return Ok(stopped),
    };
    let queued = store::delivery::end_waiting(&mut tx, id, Queued, end, now).await?;
    let deferred = store::delivery::end_waiting(&mut tx, id, Deferred, end, now).await?;
    store::delivery::end_waiting(&mut tx, id, Unknown, Unknown, now).await?;
    let mut delta = Counts {
        queued: -queued,
        deferred: -deferred,
        ..Counts::default()
    };
    delta.add(end, queued + deferred);
    store::issue::progress::add_counts(&mut tx, id, delta).await?;
    store::issue::progress::finish_stopped(&mut tx, id, now).await?;
    let after = issue(&mut tx, id).await?;
    tx.commit().await?;
    Ok(after)
}

async fn change(
    service: &Service,
    id: IssueId,
    transition: impl FnOnce(&Issue) -> Result<Option<IssueState>, RefusedTransition>,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, id).await?;
    let Some(state) = transition(&current)? else {
        return Ok(current);
    };
    check_version(&current, version)?;
    if state == IssueState::Sending && current.revision > 1 {
        approval::require(&mut tx, &current, actor).await?;
        store::issue::approval::set_triggered_by(&mut tx, id, &actor.person()).await?;
    }
    match state {
        IssueState::Sent => store::issue::progress::end_as_sent(&mut tx, id).await?,
        state => store::issue::set_state(&mut tx, id, state).await?,
    }
    if state == IssueState::Sending {
        // Everything may have ended while it was paused.
        store::issue::progress::finish(&mut tx, id, service.clock.now()).await?;
    }
    let after = issue(&mut tx, id).await?;
    let action = match state {
        IssueState::Paused => AuditAction::Paused,
        IssueState::Cancelled | IssueState::Sent => AuditAction::Cancelled,
        _ => AuditAction::Resumed,
    };
    log(service, &mut tx, actor, action, &after).await?;
    tx.commit().await?;
    tracing::info!(issue = %id, %actor, from = %current.state, to = %state, "issue state changed");
    Ok(after)
}

/// Refuses an erratum while mails of the issue that it corrects are under way: some of them may have the wrong text, and
/// nobody knows it before they are recorded.
pub(super) fn require_ended(wrong: &Issue) -> Result<(), PublishError> {
    match wrong.counts.waiting() {
        0 => Ok(()),
        _ => Err(PublishError::StillUnderWay),
    }
}
