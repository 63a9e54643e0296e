//! Writing at the desk: whatever is typed is kept, also while it is unfinished, and every state can
//! be had back.

use super::draft::{check, check_written, insert};
use super::history::{Step, keep_aside, record, unapplied_of};
use super::{ContentPatch, PublishError, check_version, edit, issue, newsletter_of};
use crate::domain::{
    Actor, Issue, IssueContent, IssueId, IssueState, Newsletter, Slug, shipped_recipe,
};
use crate::service::Service;
use crate::store::issue::history::{self, SavedState};
use crate::store::{self, Write};

/// What a new issue begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Nothing.
    Blank,
    /// The parts of the newsletter's recipe.
    Recipe,
    /// Everything that an earlier issue says, of whichever newsletter: the caller knows that the person
    /// may read it.
    Earlier(IssueId),
}

/// Begins an issue.
///
/// # Errors
/// When there is no such earlier issue.
pub async fn start_draft(
    service: &Service,
    newsletter: &Newsletter,
    start: Start,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let mut db = service.store.read().await?;
    let content = match start {
        Start::Blank => IssueContent::from_recipe(&[]),
        Start::Recipe => {
            let own = store::newsletter::recipe::of(&mut db, newsletter.id).await?;
            IssueContent::from_recipe(&own.unwrap_or_else(shipped_recipe))
        }
        Start::Earlier(id) => issue(&mut db, id).await?.content,
    };
    drop(db);
    let written = insert(service, newsletter, &content).await?;
    tracing::info!(issue = %written.id, %actor, "issue created");
    Ok(written)
}

/// From which state of an issue somebody wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// This version; another present one means that somebody else wrote too.
    Version(i64),
    /// Whatever there is now: the person has been told of it.
    Anything,
}

/// What became of a save.
#[derive(Debug, Clone)]
pub enum Saved {
    /// The issue says this now.
    Written(Issue),
    /// Somebody else has written meanwhile, and what was to be saved is kept in the history.
    Superseded {
        /// The issue as it is.
        now: Issue,
        /// Who wrote last, where that is known.
        by: Option<SavedState>,
    },
    /// The issue does not take every keystroke, as it waits for its time or is on its way; what was to be
    /// saved is kept in the history.
    Aside(Issue),
    /// The issue goes out or has ended, so that it cannot be changed; what was to be saved is kept in the
    /// history.
    TooLate(Issue),
}

/// Saves what an editor has written. A draft takes it however unfinished it is. For an issue that is
/// scheduled, paused or sent it is kept aside: [`super::edit`] changes those. It is kept aside too when the issue
/// cannot be changed any more.
///
/// # Errors
/// When a text is too long or has what no mail can have, or there is no such issue.
pub async fn save(
    service: &Service,
    id: IssueId,
    content: &IssueContent,
    (base, step): (Base, Step),
    actor: &Actor,
) -> Result<Saved, PublishError> {
    check(&content.presentable())?;
    let mut tx = service.store.write().await?;
    let current = store::issue::lock(&mut tx, id)
        .await?
        .ok_or(PublishError::NoIssue(id))?;
    let too_late = current.edit().is_err();
    let superseded = match base {
        // Its version goes up too when its page is taken down or put back.
        Base::Version(version) if current.state == IssueState::Sent => {
            let written = history::latest(&mut tx, id).await?;
            // A state of nobody is what it said before it was first written here.
            let written = written.filter(|state| !state.actor.is_empty());
            written.and_then(|state| state.version) > Some(version)
        }
        Base::Version(version) => check_version(&current, Some(version)).is_err(),
        Base::Anything => false,
    };
    if current.content == *content {
        // Who has typed back what it says has nothing aside any more.
        if current.state != IssueState::Draft
            && unapplied_of(&mut tx, &current, actor).await?.is_some()
        {
            keep_aside(service, &mut tx, &current, content, step, actor).await?;
            tx.commit().await?;
        }
        return Ok(Saved::Written(current));
    }
    if superseded || current.state != IssueState::Draft {
        keep_aside(service, &mut tx, &current, content, step, actor).await?;
        let by = history::latest(&mut tx, id).await?;
        tx.commit().await?;
        return Ok(match (too_late, superseded) {
            (true, _) => Saved::TooLate(current),
            (false, true) => Saved::Superseded { now: current, by },
            (false, false) => Saved::Aside(current),
        });
    }
    let changed = write(service, &mut tx, &current, content, step, actor).await?;
    tx.commit().await?;
    Ok(Saved::Written(changed))
}

/// Changes a draft, and its history.
async fn write(
    service: &Service,
    tx: &mut Write,
    current: &Issue,
    content: &IssueContent,
    step: Step,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    if current.content.subject != content.subject {
        rename(service, tx, current, &content.subject).await?;
    }
    store::issue::set_content(tx, current.id, content).await?;
    let changed = issue(tx, current.id).await?;
    record(service, tx, (current, &changed), step, actor).await?;
    Ok(changed)
}

/// A draft is called by its subject in the archive, as it is when it goes out.
async fn rename(
    service: &Service,
    tx: &mut Write,
    current: &Issue,
    subject: &str,
) -> Result<(), PublishError> {
    let newsletter = newsletter_of(tx, current.newsletter).await?;
    let day = newsletter.day(service.clock.now());
    let slug = Slug::from_text(&format!("{day}-{subject}"), &newsletter.slug);
    let owner = store::issue::by_slug(tx, newsletter.id, &slug).await?;
    if owner.is_none() {
        store::issue::set_slug(tx, current.id, &slug).await?;
    }
    Ok(())
}

/// Changes an issue that is scheduled, paused or sent to what an editor has written: for everybody, for those who have
/// not had it, or on its page alone.
///
/// # Errors
/// Those of [`edit`].
pub async fn apply(
    service: &Service,
    id: IssueId,
    content: IssueContent,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let content = content.without_blanks();
    check_written(&content)?;
    let patch = ContentPatch {
        subject: Some(content.subject),
        preheader: Some(content.preheader),
        intro: Some(content.intro),
        parts: Some(content.parts),
    };
    edit(service, id, patch, version, actor).await
}
