//! Issues: content, state, schedule and counters.

pub mod approval;
pub mod archive;
pub mod audience;
pub mod backlog;
pub mod erratum;
pub mod history;
pub mod progress;
pub mod report;
pub mod revision;
mod row;
pub mod sample;

use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::dialect::{
    execute, fetch_all, fetch_all_scalars, fetch_optional, fetch_optional_scalar, statements,
};
use super::error::taken;
use super::newsletter::{NewsletterRow, newsletter_columns};
use super::rows::{Row, json, micros};
use super::{Read, StoreError, Write};
use crate::domain::{
    Erratum, Issue, IssueContent, IssueId, IssueState, Month, Newsletter, NewsletterId,
    PausedBecause, Slug,
};
use archive::{Slice, is_listed};
use audience::Excluded;
use row::{IssueRow, issue_columns};

macro_rules! select_issue {
    () => {
        concat!("SELECT ", issue_columns!(), " FROM issue i")
    };
}

statements! {
    INSERT = [
        r"INSERT INTO issue
              (id, newsletter_id, slug, state, version, subject, content, month, created_at,
              erratum_of, erratum_below)
          VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10)",
    ];
    BY_ID = [(select_issue!), r" WHERE id = $1"];
    LOCK = [(select_issue!), r" WHERE id = $1", for_update];
    SET_SLUG = [r"UPDATE issue SET slug = $2 WHERE id = $1"];
    BY_SLUG = [(select_issue!), r" WHERE newsletter_id = $1 AND slug = $2"];
    LIST = [
        r"SELECT ",
        (issue_columns!),
        r", ",
        (newsletter_columns!),
        r" FROM issue i
          JOIN newsletter n ON n.id = i.newsletter_id
          WHERE i.id < $1
            AND (i.newsletter_id = $3 OR $3 IS NULL)
            AND (i.state = $4 OR $4 IS NULL)
          ORDER BY i.id DESC LIMIT $2",
    ];
    PUBLIC = [
        (select_issue!),
        r" WHERE newsletter_id = $1 AND started_at IS NOT NULL AND state <> $2",
        (is_listed!),
        r" ORDER BY started_at DESC, id DESC LIMIT $3 OFFSET $4",
    ];
    OF_SPAN = [
        (select_issue!),
        r" WHERE newsletter_id = $1
            AND started_at >= $2
            AND started_at < $3
            AND state <> $4",
        (is_listed!),
        r" ORDER BY started_at, id",
    ];
    WITH_STATE = [r"SELECT id FROM issue WHERE state = $1 ORDER BY started_at"];
    DUE = [r"SELECT id FROM issue WHERE state = $1 AND scheduled_at <= $2 ORDER BY scheduled_at"];
    STATE = [r"SELECT state FROM issue WHERE id = $1"];
    SET_CONTENT = [
        r"UPDATE issue
          SET subject = $2, content = $3, version = version + 1
          WHERE id = $1",
    ];
    SET_STATE = [
        r"UPDATE issue
          SET state = $2, paused_code = NULL, paused_because = NULL, version = version + 1
          WHERE id = $1",
    ];
    PAUSE_BECAUSE = [
        r"UPDATE issue
          SET state = $2, paused_code = $3, paused_because = $4, version = version + 1
          WHERE id = $1 AND state = $5",
    ];
    SCHEDULE = [
        r"UPDATE issue
          SET state = $2, scheduled_at = $3, triggered_by = $4, paused_code = NULL,
              paused_because = NULL, version = version + 1
          WHERE id = $1",
    ];
    UNSCHEDULE = [
        r"UPDATE issue
          SET state = $2, scheduled_at = NULL, paused_code = $3, paused_because = $4,
              triggered_by = CASE WHEN CAST($3 AS TEXT) IS NOT NULL THEN triggered_by END, version = version + 1
          WHERE id = $1 AND state = $5",
    ];
    START = [
        r"UPDATE issue
          SET state = $2, started_at = $3, audience = $4, queued = $4, excluded = $5,
              paused_code = NULL, paused_because = NULL, version = version + 1
          WHERE id = $1",
    ];
}

/// An issue to insert.
#[derive(Debug, Clone, Copy)]
pub struct NewIssue<'a> {
    /// Its identifier.
    pub id: IssueId,
    /// Its newsletter.
    pub newsletter: NewsletterId,
    /// Its slug.
    pub slug: &'a Slug,
    /// Its content.
    pub content: &'a IssueContent,
    /// The month, if it is a monthly summary.
    pub month: Option<Month>,
    /// Whose readers it corrects, if it is an erratum.
    pub erratum: Option<Erratum>,
}

/// Inserts a draft.
///
/// # Errors
/// [`StoreError::Taken`] when the newsletter has an issue with this slug, or the same issue has an
/// erratum that was not sent yet.
pub async fn insert(tx: &mut Write, new: &NewIssue<'_>, now: Timestamp) -> Result<(), StoreError> {
    execute!(
        tx,
        INSERT,
        new.id,
        new.newsletter,
        new.slug.as_str(),
        IssueState::Draft.as_str(),
        &new.content.subject,
        json(new.content)?,
        new.month.map(|month| month.to_string()),
        micros(now),
        new.erratum.map(|erratum| erratum.of),
        new.erratum.map(|erratum| erratum.below)
    )
    .map_err(taken("issue"))?;
    Ok(())
}

/// The issue with this identifier.
pub async fn by_id(db: &mut Read, id: IssueId) -> Result<Option<Issue>, StoreError> {
    let row: Option<IssueRow> = fetch_optional!(db, BY_ID, id)?;
    row.map(TryInto::try_into).transpose()
}

/// Like [`by_id`], and locks the issue until the transaction ends.
pub async fn lock(tx: &mut Write, id: IssueId) -> Result<Option<Issue>, StoreError> {
    let row: Option<IssueRow> = fetch_optional!(tx, LOCK, id)?;
    row.map(TryInto::try_into).transpose()
}

/// The issue of a newsletter with this slug.
pub async fn by_slug(
    db: &mut Read,
    newsletter: NewsletterId,
    slug: &Slug,
) -> Result<Option<Issue>, StoreError> {
    let row: Option<IssueRow> = fetch_optional!(db, BY_SLUG, newsletter, slug.as_str())?;
    row.map(TryInto::try_into).transpose()
}

/// Gives a draft another slug.
///
/// # Errors
/// [`StoreError::Taken`] when the newsletter has an issue with this slug.
pub async fn set_slug(tx: &mut Write, id: IssueId, slug: &Slug) -> Result<(), StoreError> {
    execute!(tx, SET_SLUG, id, slug.as_str()).map_err(super::error::taken("issue"))?;
    Ok(())
}

/// Which issues a list has.
#[derive(Debug, Clone, Copy, Default)]
pub struct IssueFilter {
    /// Only those of this newsletter.
    pub newsletter: Option<NewsletterId>,
    /// Only those in this state.
    pub state: Option<IssueState>,
}

/// A page of issues, newest first, each with its newsletter. `before` is the last issue of the
/// previous page.
pub async fn list(
    db: &mut Read,
    filter: IssueFilter,
    before: Option<IssueId>,
    limit: i64,
) -> Result<Vec<(Issue, Newsletter)>, StoreError> {
    #[derive(FromRow)]
    struct ListRow {
        #[sqlx(flatten)]
        issue: IssueRow,
        #[sqlx(flatten)]
        newsletter: NewsletterRow,
    }
    let before = before.unwrap_or(IssueId(Uuid::max()));
    let rows: Vec<ListRow> = fetch_all!(
        db,
        LIST,
        before,
        limit,
        filter.newsletter,
        filter.state.map(IssueState::as_str)
    )?;
    rows.into_iter()
        .map(|row| Ok((row.issue.try_into()?, row.newsletter.try_into()?)))
        .collect()
}

/// A page of the issues of a newsletter that the archive shows, newest first. Monthly summaries are
/// not among them: they repeat earlier issues. Nor are errata: they are for a few readers.
pub async fn public(
    db: &mut Read,
    newsletter: NewsletterId,
    slice: Slice,
) -> Result<Vec<Issue>, StoreError> {
    let rows: Vec<IssueRow> = fetch_all!(
        db,
        PUBLIC,
        newsletter,
        IssueState::Cancelled.as_str(),
        slice.limit,
        slice.offset
    )?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The issues whose sending began from one time until before another, oldest first, without monthly
/// summaries and errata.
pub async fn of_span(
    db: &mut Read,
    newsletter: NewsletterId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Issue>, StoreError> {
    let rows: Vec<IssueRow> = fetch_all!(
        db,
        OF_SPAN,
        newsletter,
        micros(from),
        micros(until),
        IssueState::Cancelled.as_str()
    )?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The issues in a state, in the order in which sending began.
pub async fn with_state(db: &mut Read, state: IssueState) -> Result<Vec<IssueId>, StoreError> {
    Ok(fetch_all_scalars!(db, WITH_STATE, state.as_str())?)
}

/// Scheduled issues that are due.
pub async fn due(db: &mut Read, now: Timestamp) -> Result<Vec<IssueId>, StoreError> {
    Ok(fetch_all_scalars!(
        db,
        DUE,
        IssueState::Scheduled.as_str(),
        micros(now)
    )?)
}

/// The state of an issue.
pub async fn state(db: &mut Read, id: IssueId) -> Result<Option<IssueState>, StoreError> {
    let word: Option<String> = fetch_optional_scalar!(db, STATE, id)?;
    let place = Row {
        table: "issue",
        id: &id,
    };
    word.map(|word| place.parse("state", &word)).transpose()
}

/// Replaces the content.
pub async fn set_content(
    tx: &mut Write,
    id: IssueId,
    content: &IssueContent,
) -> Result<(), StoreError> {
    execute!(tx, SET_CONTENT, id, &content.subject, json(content)?)?;
    Ok(())
}

/// Changes the state. Notifies workers if the new state is sending.
pub async fn set_state(tx: &mut Write, id: IssueId, state: IssueState) -> Result<(), StoreError> {
    if state == IssueState::Sending {
        tx.makes_work();
    }
    execute!(tx, SET_STATE, id, state.as_str())?;
    Ok(())
}

/// Pauses an issue in the state sending and stores the reason; returns whether it was in that state.
pub async fn pause_because(
    tx: &mut Write,
    id: IssueId,
    why: &PausedBecause,
) -> Result<bool, StoreError> {
    let changed = execute!(
        tx,
        PAUSE_BECAUSE,
        id,
        IssueState::Paused.as_str(),
        why.code.as_str(),
        &why.said,
        IssueState::Sending.as_str()
    )?;
    Ok(changed == 1)
}

/// Schedules the issue for this time; `by` is the identity of who does.
pub async fn schedule(
    tx: &mut Write,
    id: IssueId,
    at: Timestamp,
    by: &str,
) -> Result<(), StoreError> {
    execute!(
        tx,
        SCHEDULE,
        id,
        IssueState::Scheduled.as_str(),
        micros(at),
        by
    )?;
    Ok(())
}

/// Makes a scheduled issue a draft that waits for no time; `why`, if the service does so by itself. Returns
/// whether it was still scheduled; another stays as it is.
pub async fn unschedule(
    tx: &mut Write,
    id: IssueId,
    why: Option<&PausedBecause>,
) -> Result<bool, StoreError> {
    let changed = execute!(
        tx,
        UNSCHEDULE,
        id,
        IssueState::Draft.as_str(),
        why.map(|why| why.code.as_str()),
        why.map(|why| why.said.as_str()),
        IssueState::Scheduled.as_str()
    )?;
    Ok(changed == 1)
}

/// Changes the state to sending, for an audience of this size, all of it queued, and stores the counts
/// of excluded subscriptions.
pub async fn start(
    tx: &mut Write,
    id: IssueId,
    audience: i64,
    excluded: &Excluded,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.makes_work();
    execute!(
        tx,
        START,
        id,
        IssueState::Sending.as_str(),
        micros(now),
        audience,
        json(excluded)?
    )?;
    Ok(())
}
