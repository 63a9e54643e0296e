//! Sending an issue once more to those to whom it failed.

use super::approval;
use super::send::lock;
use super::{PublishError, check_version, issue, log};
use crate::domain::{
    Actor, AuditAction, Counts, DeliveryState, Issue, IssueId, IssueState, RefusedTransition,
};
use crate::service::Service;
use crate::store;

/// To whom an issue is sent once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// To those to whom it failed.
    Failed,
    /// Also to those whose mailbox a relay seemed to refuse.
    FailedAndBounced,
}

impl Retry {
    fn states(self) -> &'static [DeliveryState] {
        match self {
            Self::Failed => &[DeliveryState::Failed],
            Self::FailedAndBounced => &[DeliveryState::Failed, DeliveryState::Bounced],
        }
    }
}

/// Puts deliveries of an issue back into the queue, those of readers who are still active; an issue that was sent is being
/// sent again. Each mail keeps its Message-ID and its date. Where there are none, nothing changes.
///
/// # Errors
/// When nothing of the issue was sent yet, it was cancelled, or it has changed since `version`; or its page was corrected
/// since it was sent, and a second person must approve that.
pub async fn retry_failed(
    service: &Service,
    id: IssueId,
    retry: Retry,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, id).await?;
    require_begun(&current)?;
    check_version(&current, version)?;
    let mut delta = Counts::default();
    for state in retry.states() {
        if current.counts.of(*state) > 0 {
            let again = store::delivery::retry(&mut tx, id, *state, now).await?;
            delta.add(*state, -again);
            delta.add(DeliveryState::Queued, again);
        }
    }
    let again = delta.queued;
    if again == 0 {
        return Ok(current);
    }
    if current.state == IssueState::Sent && current.revision > 1 {
        // They get the corrected text, as those do who waited while an issue was paused.
        approval::require(&mut tx, &current, actor).await?;
        store::issue::approval::set_triggered_by(&mut tx, id, &actor.person()).await?;
    }
    store::issue::progress::add_counts(&mut tx, id, delta).await?;
    store::issue::report::remove(&mut tx, id).await?;
    match current.state {
        IssueState::Sent => store::issue::progress::reopen(&mut tx, id, now).await?,
        // Workers are told.
        _ => tx.makes_work(),
    }
    let after = issue(&mut tx, id).await?;
    log(service, &mut tx, actor, AuditAction::SentAgain, &after).await?;
    tx.commit().await?;
    tracing::info!(issue = %id, %actor, deliveries = again, "deliveries queued again");
    Ok(after)
}

/// The issue, if [`retry_failed`] would not refuse it. Nothing is written.
///
/// # Errors
/// Those of [`retry_failed`].
pub async fn check_retry(service: &Service, id: IssueId) -> Result<Issue, PublishError> {
    let current = issue(&mut service.store.read().await?, id).await?;
    require_begun(&current)?;
    Ok(current)
}

fn require_begun(issue: &Issue) -> Result<(), RefusedTransition> {
    match issue.state {
        IssueState::Sending | IssueState::Paused | IssueState::Sent => Ok(()),
        from => Err(RefusedTransition {
            from,
            wish: "sent again to those that failed",
        }),
    }
}
