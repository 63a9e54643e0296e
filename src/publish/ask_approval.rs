//! Asking colleagues for the approval of a draft: it becomes a task on their first page of the desk.

use super::{PublishError, check_version, send::lock};
use crate::domain::{Actor, Issue, IssueId, IssueState, Newsletter, RefusedTransition};
use crate::service::Service;
use crate::store::Read;
use crate::store::issue::approval;

/// Says that a draft is to go out and waits for a second person. Whoever asks again changes nothing.
///
/// # Errors
/// When it is no draft, or has changed since `version`.
pub async fn ask_approval(
    service: &Service,
    id: IssueId,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let mut tx = service.store.write().await?;
    let issue = lock(&mut tx, id).await?;
    if issue.state != IssueState::Draft {
        let (from, wish) = (issue.state, "approved");
        return Err(RefusedTransition { from, wish }.into());
    }
    check_version(&issue, version)?;
    // Who wants a draft to go out is the one who will send it.
    approval::set_triggered_by(&mut tx, id, &actor.person()).await?;
    tx.commit().await?;
    tracing::info!(issue = %id, %actor, "approval asked for");
    Ok(issue)
}

/// Who asks for the approval of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy {
    /// The person.
    Oneself,
    /// Somebody else, so that the person can approve it.
    Another,
}

/// Who asks for the approval of a draft of this newsletter that has none, if somebody does.
///
/// # Errors
/// When the database cannot be used.
pub async fn approval_asked(
    db: &mut Read,
    newsletter: &Newsletter,
    issue: &Issue,
    actor: &Actor,
) -> Result<Option<AskedBy>, PublishError> {
    if issue.state != IssueState::Draft || !newsletter.needs_approval {
        return Ok(None);
    }
    let (last, asked_by) = approval::of(db, issue.id).await?;
    if last.is_some_and(|last| last.is_of(issue)) {
        return Ok(None);
    }
    let by = |asked: String| match asked == actor.person() {
        true => AskedBy::Oneself,
        false => AskedBy::Another,
    };
    Ok(asked_by.map(by))
}
