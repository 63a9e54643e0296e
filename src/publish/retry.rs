//! Sending an issue once more to those to whom it failed.

use super::send::lock;
use super::{PublishError, issue, log};
use crate::domain::{Actor, AuditAction, Counts, Issue, IssueId, IssueState, RefusedTransition};
use crate::service::Service;
use crate::store;

/// Puts the failed deliveries of an issue back into the queue, those of readers who are still active;
/// an issue that was sent is being sent again. Bounced addresses are left alone. Each mail keeps its
/// Message-ID and its date. Where nothing has failed, nothing changes.
///
/// # Errors
/// When nothing of the issue was sent yet, or it was cancelled.
pub async fn retry_failed(
    service: &Service,
    id: IssueId,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, id).await?;
    let is_open = matches!(current.state, IssueState::Sending | IssueState::Paused);
    if !is_open && current.state != IssueState::Sent {
        let (from, wish) = (current.state, "sent again to those that failed");
        return Err(RefusedTransition { from, wish }.into());
    }
    if current.counts.failed == 0 {
        return Ok(current);
    }
    let again = store::delivery::retry_failed(&mut tx, id, now).await?;
    if again == 0 {
        return Ok(current);
    }
    let delta = Counts {
        queued: again,
        failed: -again,
        ..Counts::default()
    };
    store::issue::progress::add_counts(&mut tx, id, delta).await?;
    store::issue::report::remove(&mut tx, id).await?;
    match current.state {
        IssueState::Sent => store::issue::progress::reopen(&mut tx, id).await?,
        // Workers are told.
        _ => tx.makes_work(),
    }
    let after = issue(&mut tx, id).await?;
    log(service, &mut tx, actor, AuditAction::SentAgain, &after).await?;
    tx.commit().await?;
    tracing::info!(issue = %id, %actor, deliveries = again, "failed deliveries queued again");
    Ok(after)
}
