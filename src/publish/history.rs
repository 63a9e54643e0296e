//! The states of an issue while it was written: who saved what when, and what is not in the issue yet.

use jiff::SignedDuration;

use super::PublishError;
use crate::domain::{Actor, ContentChanges, Issue, IssueContent, IssueId};
use crate::service::Service;
use crate::store::issue::history::{self, SavedState};
use crate::store::{Read, StoreError, Write};

/// Saves of one person within this time are one state in the history.
const ONE_STATE: SignedDuration = SignedDuration::from_secs(60);

/// How many states of an issue are shown.
const STATES_SHOWN: i64 = 100;

/// Whether a save begins a state of its own in the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It belongs to the typing before.
    Typed,
    /// It can be undone by itself: something was added, moved or removed.
    Own,
}

/// Records what an issue says now, and, if nothing of it was recorded yet, what it said before.
pub(super) async fn record(
    service: &Service,
    tx: &mut Write,
    (before, changed): (&Issue, &Issue),
    step: Step,
    actor: &Actor,
) -> Result<(), StoreError> {
    let last = begin(tx, before).await?;
    let state = state_now(service, Some(changed.version), &changed.content, actor);
    let aside = history::latest_aside(tx, before.id, &state.actor).await?;
    // What was kept aside after it must stay the later one.
    let is_latest = aside.is_none_or(|aside| aside.number < last.number);
    put(tx, before.id, Some(last).filter(|_| is_latest), state, step).await
}

/// Keeps what cannot be written into the issue now.
pub(super) async fn keep_aside(
    service: &Service,
    tx: &mut Write,
    issue: &Issue,
    content: &IssueContent,
    step: Step,
    actor: &Actor,
) -> Result<(), StoreError> {
    let written = begin(tx, issue).await?;
    let state = state_now(service, None, content, actor);
    let last = history::latest_aside(tx, issue.id, &state.actor).await?;
    let last = last.filter(|last| last.number > written.number);
    put(tx, issue.id, last, state, step).await
}

/// The last state that the issue was in. What it said before it was first saved here can be had back too.
async fn begin(tx: &mut Write, issue: &Issue) -> Result<SavedState, StoreError> {
    if let Some(last) = history::latest(tx, issue.id).await? {
        return Ok(last);
    }
    let first = SavedState {
        number: 0,
        version: Some(issue.version),
        content: issue.content.clone(),
        actor: String::new(),
        actor_name: String::new(),
        began_at: issue.created_at,
        saved_at: issue.created_at,
    };
    history::insert(tx, issue.id, &first).await?;
    Ok(history::latest(tx, issue.id).await?.unwrap_or(first))
}

/// Adds a state, or puts it in the place of the `last` one that it goes on from.
async fn put(
    tx: &mut Write,
    id: IssueId,
    last: Option<SavedState>,
    state: SavedState,
    step: Step,
) -> Result<(), StoreError> {
    match last.filter(|last| step == Step::Typed && goes_on(last, &state)) {
        Some(last) => {
            let number = last.number;
            history::replace(tx, id, &SavedState { number, ..state }).await
        }
        None => history::insert(tx, id, &state).await,
    }
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

/// The number of the latest state that says exactly this, if the history has one.
///
/// # Errors
/// When the database cannot be used.
pub async fn state_with(
    service: &Service,
    id: IssueId,
    content: &IssueContent,
) -> Result<Option<i64>, PublishError> {
    let mut db = service.store.read().await?;
    let states = history::page(&mut db, id, STATES_SHOWN).await?;
    let found = states.iter().find(|state| state.content == *content);
    Ok(found.map(|state| state.number))
}

/// What this person saved last and is not in the issue: it was kept aside, and the issue has not been changed since.
///
/// # Errors
/// When the database cannot be used.
pub async fn unapplied(
    service: &Service,
    issue: &Issue,
    actor: &Actor,
) -> Result<Option<SavedState>, PublishError> {
    Ok(unapplied_of(&mut service.store.read().await?, issue, actor).await?)
}

pub(super) async fn unapplied_of(
    db: &mut Read,
    issue: &Issue,
    actor: &Actor,
) -> Result<Option<SavedState>, StoreError> {
    let Some(aside) = history::latest_aside(db, issue.id, &actor.identity()).await? else {
        return Ok(None);
    };
    let written = history::latest(db, issue.id).await?;
    let is_later = written.is_none_or(|written| written.number < aside.number);
    let is_other = aside.content.without_blanks() != issue.content.without_blanks();
    Ok(Some(aside).filter(|_| is_later && is_other))
}
