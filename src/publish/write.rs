//! Writing at the desk: whatever is typed is kept, also while it is unfinished, and every state can
//! be had back.

use super::draft::{check, check_written, insert};
use super::history::{Step, keep_aside, record, unapplied_of};
use super::{ContentPatch, PublishError, check_version, edit, issue, newsletter_of};
use crate::domain::{
    Actor, ContentMarks, Issue, IssueContent, IssueId, IssueState, MergedContent, Newsletter, Slug,
    shipped_recipe,
};
use crate::service::Service;
use crate::store::issue::history::{self, SavedState};
use crate::store::{self, Read, Write};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// This version; another present one means that somebody else wrote too.
    Version(i64),
    /// The text with these marks, in this version. What somebody else has changed in a draft meanwhile stays, where it is
    /// not the same field.
    Shown {
        /// The version.
        version: i64,
        /// What was shown.
        marks: ContentMarks,
        /// Whether the parts must be as they were shown, as a button names one by its place.
        same_parts: bool,
    },
    /// The same, after the person was told of it: where both have changed a field of a draft, the own text is taken.
    Decided(ContentMarks),
    /// Whatever there is now: the person has been told of it.
    Anything,
}

/// What became of a save.
#[derive(Debug, Clone)]
pub enum Saved {
    /// The issue says this now.
    Written(Issue),
    /// The same, and some of it is what somebody else has changed meanwhile.
    Merged {
        /// The issue as it is.
        now: Issue,
        /// The fields that are theirs, as the API names them.
        theirs: Vec<String>,
    },
    /// Somebody else has written meanwhile, and what was to be saved is kept in the history.
    Superseded {
        /// The issue as it is.
        now: Issue,
        /// Who wrote last, where that is known.
        by: Option<SavedState>,
        /// The fields that both have changed, where that is known.
        both: Vec<String>,
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
    let merged = merge(&base, &current, content);
    let mut both = Vec::new();
    let superseded = match (&base, &merged) {
        (Base::Decided(_) | Base::Anything, _) => false,
        (Base::Shown { same_parts, .. }, Some(merged)) => {
            both.clone_from(&merged.both);
            if *same_parts {
                both.extend(of_parts(&merged.theirs));
            }
            !both.is_empty()
        }
        (Base::Version(version) | Base::Shown { version, .. }, _) => {
            is_superseded(&mut tx, &current, *version).await?
        }
    };
    let (content, theirs) = match merged.filter(|_| !superseded) {
        Some(merged) => (merged.content, merged.theirs),
        None => (content.clone(), Vec::new()),
    };
    let content = &content;
    if current.content == *content {
        // Who has typed back what it says has nothing aside any more.
        if current.state != IssueState::Draft
            && unapplied_of(&mut tx, &current, actor).await?.is_some()
        {
            keep_aside(service, &mut tx, &current, content, step, actor).await?;
            tx.commit().await?;
        }
        return Ok(written(current, theirs));
    }
    if superseded || current.state != IssueState::Draft {
        keep_aside(service, &mut tx, &current, content, step, actor).await?;
        let by = history::latest(&mut tx, id).await?;
        tx.commit().await?;
        return Ok(match (too_late, superseded) {
            (true, _) => Saved::TooLate(current),
            (false, true) => Saved::Superseded {
                now: current,
                by,
                both,
            },
            (false, false) => Saved::Aside(current),
        });
    }
    let changed = write(service, &mut tx, &current, content, step, actor).await?;
    tx.commit().await?;
    Ok(written(changed, theirs))
}

fn written(now: Issue, theirs: Vec<String>) -> Saved {
    match theirs.is_empty() {
        true => Saved::Written(now),
        false => Saved::Merged { now, theirs },
    }
}

/// What was typed together with what somebody else has made of a draft, where it is known from which text it was made.
fn merge(base: &Base, current: &Issue, content: &IssueContent) -> Option<MergedContent> {
    let (Base::Shown { marks, .. } | Base::Decided(marks)) = base else {
        return None;
    };
    let is_draft = current.state == IssueState::Draft;
    is_draft.then(|| marks.merge(content, &current.content))
}

/// Those of them that are parts.
fn of_parts(fields: &[String]) -> impl Iterator<Item = String> {
    fields
        .iter()
        .filter(|field| field.starts_with("parts"))
        .cloned()
}

/// Whether somebody has written into the issue after this version.
async fn is_superseded(db: &mut Read, current: &Issue, version: i64) -> Result<bool, PublishError> {
    if current.state != IssueState::Sent {
        return Ok(check_version(current, Some(version)).is_err());
    }
    // Its version goes up too when its page is taken down or put back.
    let written = history::latest(db, current.id).await?;
    // A state of nobody is what it said before it was first written here.
    let written = written.filter(|state| !state.actor.is_empty());
    Ok(written.and_then(|state| state.version) > Some(version))
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
