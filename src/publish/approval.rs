//! The second person: somebody else than the one who sends must have approved what is sent.

use serde::Serialize;
use utoipa::ToSchema;

use super::draft::check;
use super::send::lock;
use super::summary::{issues_of, may_be_summed_up, untouched_month};
use super::{PublishError, check_version, log, newsletter_of};
use crate::domain::{Actor, AuditAction, Issue, IssueId, IssueState, RefusedTransition};
use crate::service::Service;
use crate::store::Read;
use crate::store::issue::approval::{self, Approval};

/// Why an issue cannot go out, or cannot be approved, before a second person has acted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalRefused {
    /// Nobody has approved it.
    #[error(
        "this newsletter needs a second person: somebody else must approve the issue, at the desk or by \
         POST /issues/{{id}}/approve, before you send it"
    )]
    Missing,
    /// It says something else than what was approved.
    #[error(
        "the issue was changed after {0} approved it; somebody else than you must approve it as it is now"
    )]
    Changed(String),
    /// The same person.
    #[error("you approved this issue yourself; another person must send it, or let it go on")]
    Own,
    /// Somebody else has approved it as it is.
    #[error("{0} has approved it as it is; you may send it yourself, or let it go on")]
    Given(String),
    /// The one who sent it wants to approve it.
    #[error("you scheduled this issue yourself; another person must approve it")]
    OwnSchedule,
}

/// Whether an issue may go out, and who approved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApprovalView {
    /// Whether the newsletter asks for an approval.
    pub needed: bool,
    /// Whether what the issue says now was approved.
    pub given: bool,
    /// The name of who approved it last, whatever it said then.
    pub by: Option<String>,
    /// When.
    pub at: Option<String>,
    /// Whether that was who asks.
    pub own: bool,
    /// Whether who asks may be the one who sends it, as far as the approval goes.
    pub may_send: bool,
    /// Whether who asks may approve it now.
    pub may_approve: bool,
}

/// Where the approval of an issue stands for one person.
///
/// # Errors
/// When there is no such issue.
pub async fn approval(
    service: &Service,
    issue: &Issue,
    actor: &Actor,
) -> Result<ApprovalView, PublishError> {
    let mut db = service.store.read().await?;
    let needed = needs_approval(&mut db, issue).await?;
    let (last, triggered_by) = approval::of(&mut db, issue.id).await?;
    let given = last.as_ref().is_some_and(|last| last.is_of(issue));
    let me = actor.person();
    let is_own = last.as_ref().is_some_and(|last| last.by == me);
    let scheduled_by_me =
        issue.state == IssueState::Scheduled && triggered_by.as_deref() == Some(&me);
    let open = may_go_out(issue);
    Ok(ApprovalView {
        needed,
        given,
        may_send: !needed || (given && !is_own),
        may_approve: needed && open && !given && !scheduled_by_me,
        own: is_own,
        at: last.as_ref().map(|last| last.at.to_string()),
        by: last.map(|last| last.name),
    })
}

/// Whether mails with the text of an issue may go out that did not before: of one that was sent those that failed, if
/// its page was corrected since.
fn may_go_out(issue: &Issue) -> bool {
    let counts = issue.counts;
    match issue.state {
        IssueState::Draft | IssueState::Scheduled | IssueState::Paused => true,
        IssueState::Sent => issue.revision > 1 && counts.failed + counts.bounced > 0,
        IssueState::Sending | IssueState::Cancelled => false,
    }
}

/// Approves what an issue says now. Every change of it voids that. Who approves again changes nothing.
///
/// # Errors
/// When it has ended or is being sent, is unfinished, has changed since `version`, was scheduled by the same person,
/// or was approved by another: a second approval would help nobody, as either of the two may be the one who sends.
pub async fn approve(
    service: &Service,
    id: IssueId,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let mut tx = service.store.write().await?;
    let issue = lock(&mut tx, id).await?;
    if !may_go_out(&issue) {
        let (from, wish) = (issue.state, "approved");
        return Err(RefusedTransition { from, wish }.into());
    }
    check_version(&issue, version)?;
    let content = issue.content.without_blanks();
    if content.is_empty() {
        return Err(PublishError::Empty);
    }
    check(&content)?;
    let (last, triggered_by) = approval::of(&mut tx, id).await?;
    let by = actor.person();
    if issue.state == IssueState::Scheduled && triggered_by.as_ref() == Some(&by) {
        return Err(ApprovalRefused::OwnSchedule.into());
    }
    if let Some(last) = last.filter(|last| last.is_of(&issue)) {
        return match last.by == by {
            true => Ok(issue),
            false => Err(ApprovalRefused::Given(last.name).into()),
        };
    }
    let given = Approval {
        by,
        name: actor
            .name()
            .map_or_else(|| actor.to_string(), str::to_owned),
        at: service.clock.now(),
        hash: content.fingerprint(),
    };
    approval::set(&mut tx, id, &given).await?;
    log(service, &mut tx, actor, AuditAction::Approved, &issue).await?;
    tx.commit().await?;
    tracing::info!(issue = %id, %actor, content = given.hash, "issue approved");
    Ok(issue)
}

/// Refuses an issue that needs an approval which it does not have from somebody else than `actor`.
pub(super) async fn require(
    db: &mut Read,
    issue: &Issue,
    actor: &Actor,
) -> Result<(), PublishError> {
    if !needs_approval(db, issue).await? {
        return Ok(());
    }
    let (last, _) = approval::of(db, issue.id).await?;
    let refused = match last {
        None => ApprovalRefused::Missing,
        Some(last) if !last.is_of(issue) => ApprovalRefused::Changed(last.name),
        Some(last) if last.by == actor.person() => ApprovalRefused::Own,
        Some(_) => return Ok(()),
    };
    Err(refused.into())
}

/// Whether a scheduled issue may start: it needs no approval, or what it says was approved.
pub(super) async fn is_free(db: &mut Read, issue: &Issue) -> Result<bool, PublishError> {
    if !needs_approval(db, issue).await? {
        return Ok(true);
    }
    if untouched_month(issue).is_some() {
        // Nobody scheduled it: one person more is not a second one.
        return Ok(false);
    }
    let (last, _) = approval::of(db, issue.id).await?;
    Ok(last.is_some_and(|last| last.is_of(issue)))
}

/// A summary that nobody has touched is made of issues that went out, and needs nobody, unless one of them was
/// corrected since by one person alone.
async fn needs_approval(db: &mut Read, issue: &Issue) -> Result<bool, PublishError> {
    let newsletter = newsletter_of(db, issue.newsletter).await?;
    if !newsletter.needs_approval {
        return Ok(false);
    }
    let Some(month) = untouched_month(issue) else {
        return Ok(true);
    };
    let issues = issues_of(db, &newsletter, month).await?;
    Ok(!may_be_summed_up(db, &newsletter, &issues).await?)
}
