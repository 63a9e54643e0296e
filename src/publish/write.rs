//! Writing at the desk: whatever is typed is kept, also while it is unfinished, and every state can
//! be had back.

use jiff::SignedDuration;

use super::draft::{check, check_written, insert};
use super::{ContentPatch, PublishError, check_version, edit, issue, newsletter_of};
use crate::domain::{
    Actor, ContentChanges, Issue, IssueContent, IssueId, IssueState, Newsletter, Slug,
    shipped_recipe,
};
use crate::service::Service;
use crate::store::issue::history::{self, SavedState};
use crate::store::{self, Write};

/// Saves of one person within this time are one state in the history.
const ONE_STATE: SignedDuration = SignedDuration::from_secs(60);

/// How many states of an issue are shown.
const STATES_SHOWN: i64 = 100;

/// What a new issue begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Nothing.
    Blank,
    /// The parts of the newsletter's recipe.
    Recipe,
    /// Everything that an earlier issue of the newsletter says.
    Earlier(IssueId),
}

/// Begins an issue.
///
/// # Errors
/// When the earlier issue is not one of this newsletter.
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
        Start::Earlier(id) => {
            let earlier = issue(&mut db, id).await?;
            if earlier.newsletter != newsletter.id {
                return Err(PublishError::NoIssue(id));
            }
            earlier.content
        }
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
}

/// Whether a save begins a state of its own in the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It belongs to the typing before.
    Typed,
    /// It can be undone by itself: something was added, moved or removed.
    Own,
}

/// Saves what an editor has written. A draft takes it however unfinished it is. For an issue that is
/// scheduled or paused it is kept aside: [`super::edit`] changes those.
///
/// # Errors
/// When a text is too long or has what no mail can have, or the issue has ended.
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
    current.edit()?;
    let superseded = match base {
        Base::Version(version) => check_version(&current, Some(version)).is_err(),
        Base::Anything => false,
    };
    if current.content == *content {
        return Ok(Saved::Written(current));
    }
    if superseded || current.state != IssueState::Draft {
        keep_aside(service, &mut tx, id, content, actor).await?;
        let by = history::latest(&mut tx, id).await?;
        tx.commit().await?;
        return Ok(match superseded {
            true => Saved::Superseded { now: current, by },
            false => Saved::Aside(current),
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
    let id = current.id;
    let last = history::latest(tx, id).await?;
    if last.is_none() {
        // What it said before it was first saved here can be had back too.
        let before = SavedState {
            number: 0,
            version: Some(current.version),
            content: current.content.clone(),
            actor: String::new(),
            actor_name: String::new(),
            began_at: current.created_at,
            saved_at: current.created_at,
        };
        history::insert(tx, id, &before).await?;
    }
    if current.content.subject != content.subject {
        rename(service, tx, current, &content.subject).await?;
    }
    store::issue::set_content(tx, id, content).await?;
    let changed = issue(tx, id).await?;
    let state = state_now(service, Some(changed.version), content, actor);
    match last.filter(|last| step == Step::Typed && goes_on(last, &state)) {
        Some(last) => {
            let number = last.number;
            history::replace(tx, id, &SavedState { number, ..state }).await?;
        }
        None => history::insert(tx, id, &state).await?,
    }
    Ok(changed)
}

/// A state that somebody saves now.
fn state_now(
    service: &Service,
    version: Option<i64>,
    content: &IssueContent,
    actor: &Actor,
) -> SavedState {
    let now = service.clock.now();
    SavedState {
        number: 0,
        version,
        content: content.clone(),
        actor: actor.identity(),
        actor_name: actor.name().unwrap_or_default().to_owned(),
        began_at: now,
        saved_at: now,
    }
}

/// Whether a state is of the same person and of the same minute.
fn goes_on(last: &SavedState, next: &SavedState) -> bool {
    last.actor == next.actor && next.saved_at.duration_since(last.began_at) < ONE_STATE
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
    let owner = history::slug_owner(tx, newsletter.id, &slug).await?;
    if owner.is_none() {
        history::set_slug(tx, current.id, &slug).await?;
    }
    Ok(())
}

/// Keeps what cannot be written into the issue now.
async fn keep_aside(
    service: &Service,
    tx: &mut Write,
    id: IssueId,
    content: &IssueContent,
    actor: &Actor,
) -> Result<(), PublishError> {
    let state = state_now(service, None, content, actor);
    let last = history::latest_aside(tx, id, &state.actor).await?;
    match last.filter(|last| goes_on(last, &state)) {
        Some(last) => {
            let number = last.number;
            history::replace(tx, id, &SavedState { number, ..state }).await?;
        }
        None => history::insert(tx, id, &state).await?,
    }
    Ok(())
}

/// Changes an issue that is scheduled or paused to what an editor has written: for everybody, or for
/// those who have not had it.
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

/// Who has saved within this time is still writing, as far as others can tell.
const WRITING_FOR: SignedDuration = SignedDuration::from_mins(3);

/// The name of somebody else who has lately saved what they write into an issue, if there is one.
///
/// # Errors
/// When the database cannot be used.
pub async fn also_writing(
    service: &Service,
    id: IssueId,
    own: &Actor,
) -> Result<Option<String>, PublishError> {
    let now = service.clock.now();
    let since = now.saturating_sub(WRITING_FOR).unwrap_or(now);
    let mut db = service.store.read().await?;
    Ok(history::other_since(&mut db, id, &own.identity(), since).await?)
}

/// A state of an issue, and what was changed to reach it.
#[derive(Debug, Clone)]
pub struct HistoryEntry {
    /// The state.
    pub state: SavedState,
    /// What is different from the state before; nothing for the first.
    pub changes: ContentChanges,
}

/// The latest states of an issue, the newest first.
///
/// # Errors
/// When the database cannot be used.
pub async fn issue_history(
    service: &Service,
    id: IssueId,
) -> Result<Vec<HistoryEntry>, PublishError> {
    let mut db = service.store.read().await?;
    let states = history::page(&mut db, id, STATES_SHOWN).await?;
    let entry = |(index, state): (usize, &SavedState)| {
        let before = states
            .iter()
            .skip(index + 1)
            .find(|before| before.version.is_some());
        HistoryEntry {
            changes: before.map_or_else(ContentChanges::default, |before| {
                ContentChanges::between(&before.content, &state.content)
            }),
            state: state.clone(),
        }
    };
    Ok(states.iter().enumerate().map(entry).collect())
}

/// A state of an issue.
///
/// # Errors
/// When there is none with this number.
pub async fn saved_state(
    service: &Service,
    id: IssueId,
    number: i64,
) -> Result<SavedState, PublishError> {
    let mut db = service.store.read().await?;
    let found = history::by_number(&mut db, id, number).await?;
    found.ok_or(PublishError::NoIssue(id))
}

/// The state that the issue is in, where its history knows it.
///
/// # Errors
/// When the database cannot be used.
pub async fn latest_state(
    service: &Service,
    id: IssueId,
) -> Result<Option<SavedState>, PublishError> {
    Ok(history::latest(&mut service.store.read().await?, id).await?)
}

/// What this person saved last of what could not be written into the issue.
///
/// # Errors
/// When the database cannot be used.
pub async fn state_kept_aside(
    service: &Service,
    id: IssueId,
    actor: &Actor,
) -> Result<Option<i64>, PublishError> {
    let mut db = service.store.read().await?;
    let state = history::latest_aside(&mut db, id, &actor.identity()).await?;
    Ok(state.map(|state| state.number))
}
