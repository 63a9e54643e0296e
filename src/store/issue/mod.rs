//! Issues: content, state, schedule and counters.

pub mod archive;
pub mod audience;
pub mod progress;
pub mod revision;

use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::dialect::{run, statements};
use super::error::taken;
use super::rows::{Row, json, micros};
use super::{Read, StoreError, Write};
use crate::domain::{Counts, Issue, IssueContent, IssueId, IssueState, Month, NewsletterId, Slug};
use archive::Slice;
use audience::LeftOut;

statements! {
    INSERT = ["INSERT INTO issue (id, newsletter_id, slug, state, version, subject, content, month, created_at) \
        VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8)"];
    BY_ID = ["SELECT id, newsletter_id, slug, state, version, revision, content, month, created_at, scheduled_at, started_at, \
        finished_at, paused_because, excluded, audience, queued, sent, deferred, bounced, failed, skipped, unknown \
        FROM issue WHERE id = $1"];
    LOCK = ["SELECT id, newsletter_id, slug, state, version, revision, content, month, created_at, scheduled_at, started_at, \
        finished_at, paused_because, excluded, audience, queued, sent, deferred, bounced, failed, skipped, unknown \
        FROM issue WHERE id = $1", for_update];
    BY_SLUG = ["SELECT id, newsletter_id, slug, state, version, revision, content, month, created_at, scheduled_at, started_at, \
        finished_at, paused_because, excluded, audience, queued, sent, deferred, bounced, failed, skipped, unknown \
        FROM issue WHERE newsletter_id = $1 AND slug = $2"];
    LIST = ["SELECT id, newsletter_id, slug, state, version, revision, content, month, created_at, scheduled_at, started_at, \
        finished_at, paused_because, excluded, audience, queued, sent, deferred, bounced, failed, skipped, unknown \
        FROM issue WHERE id < $1 ORDER BY id DESC LIMIT $2"];
    PUBLIC = ["SELECT id, newsletter_id, slug, state, version, revision, content, month, created_at, scheduled_at, started_at, \
        finished_at, paused_because, excluded, audience, queued, sent, deferred, bounced, failed, skipped, unknown \
        FROM issue WHERE newsletter_id = $1 AND started_at IS NOT NULL AND state <> $2 \
        AND month IS NULL ORDER BY started_at DESC, id DESC LIMIT $3 OFFSET $4"];
    OF_SPAN = ["SELECT id, newsletter_id, slug, state, version, revision, content, month, created_at, scheduled_at, started_at, \
        finished_at, paused_because, excluded, audience, queued, sent, deferred, bounced, failed, skipped, unknown \
        FROM issue WHERE newsletter_id = $1 AND started_at >= $2 AND started_at < $3 \
        AND state <> $4 AND month IS NULL ORDER BY started_at, id"];
    WITH_STATE = ["SELECT id FROM issue WHERE state = $1 ORDER BY started_at"];
    DUE = ["SELECT id FROM issue WHERE state = $1 AND scheduled_at <= $2 ORDER BY scheduled_at"];
    STATE = ["SELECT state FROM issue WHERE id = $1"];
    SET_CONTENT = ["UPDATE issue SET subject = $2, content = $3, version = version + 1 WHERE id = $1"];
    SET_STATE = ["UPDATE issue SET state = $2, paused_because = NULL, version = version + 1 WHERE id = $1"];
    PAUSE_BECAUSE = ["UPDATE issue SET state = $2, paused_because = $3, version = version + 1 \
        WHERE id = $1 AND state = $4"];
    SCHEDULE = ["UPDATE issue SET state = $2, scheduled_at = $3, version = version + 1 WHERE id = $1"];
    START = ["UPDATE issue SET state = $2, started_at = $3, audience = $4, queued = $4, excluded = $5, \
        version = version + 1 WHERE id = $1"];
}

#[derive(FromRow)]
struct IssueRow {
    id: Uuid,
    newsletter_id: Uuid,
    slug: String,
    state: String,
    version: i64,
    revision: i64,
    content: String,
    month: Option<String>,
    created_at: i64,
    scheduled_at: Option<i64>,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    paused_because: Option<String>,
    excluded: String,
    audience: i64,
    queued: i64,
    sent: i64,
    deferred: i64,
    bounced: i64,
    failed: i64,
    skipped: i64,
    unknown: i64,
}

impl TryFrom<IssueRow> for Issue {
    type Error = StoreError;

    fn try_from(row: IssueRow) -> Result<Self, StoreError> {
        let place = Row {
            table: "issue",
            id: &row.id,
        };
        let month = row.month.as_deref().map(|text| place.parse("month", text));
        Ok(Self {
            id: IssueId(row.id),
            newsletter: NewsletterId(row.newsletter_id),
            slug: Slug::parse(&row.slug).map_err(|e| place.corrupt("slug", &e))?,
            state: place.parse("state", &row.state)?,
            version: row.version,
            revision: row.revision,
            content: serde_json::from_str(&row.content)
                .map_err(|e| place.corrupt("content", &e))?,
            month: month.transpose()?,
            created_at: place.time("created_at", row.created_at)?,
            scheduled_at: place.maybe_time("scheduled_at", row.scheduled_at)?,
            started_at: place.maybe_time("started_at", row.started_at)?,
            finished_at: place.maybe_time("finished_at", row.finished_at)?,
            excluded: serde_json::from_str(&row.excluded)
                .map_err(|e| place.corrupt("excluded", &e))?,
            paused_because: row.paused_because,
            counts: Counts {
                audience: row.audience,
                queued: row.queued,
                sent: row.sent,
                deferred: row.deferred,
                bounced: row.bounced,
                failed: row.failed,
                skipped: row.skipped,
                unknown: row.unknown,
            },
        })
    }
}

/// An issue to be written down.
#[derive(Debug, Clone, Copy)]
pub struct NewIssue<'a> {
    /// Its identity.
    pub id: IssueId,
    /// Of which newsletter.
    pub newsletter: NewsletterId,
    /// Its name in the archive.
    pub slug: &'a Slug,
    /// What it says.
    pub content: &'a IssueContent,
    /// The month of which it is the summary.
    pub month: Option<Month>,
}

/// Adds a draft.
///
/// # Errors
/// [`StoreError::Taken`] when the newsletter has an issue with this slug.
pub async fn insert(tx: &mut Write, new: &NewIssue<'_>, now: Timestamp) -> Result<(), StoreError> {
    run!(tx, INSERT, |sql, connection| sqlx::query(sql)
        .bind(new.id.0)
        .bind(new.newsletter.0)
        .bind(new.slug.as_str())
        .bind(IssueState::Draft.as_str())
        .bind(&new.content.subject)
        .bind(json(new.content)?)
        .bind(new.month.map(|month| month.to_string()))
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|_| ()))
    .map_err(taken("issue"))
}

/// The issue with this identity.
///
/// # Errors
/// When the database cannot be used.
pub async fn by_id(db: &mut Read, id: IssueId) -> Result<Option<Issue>, StoreError> {
    let row: Option<IssueRow> = run!(db, BY_ID, |sql, connection| sqlx::query_as(sql)
        .bind(id.0)
        .fetch_optional(connection)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// Like [`by_id`], and keeps others from changing it until the transaction ends.
///
/// # Errors
/// When the database cannot be used.
pub async fn lock(tx: &mut Write, id: IssueId) -> Result<Option<Issue>, StoreError> {
    let row: Option<IssueRow> = run!(tx, LOCK, |sql, connection| sqlx::query_as(sql)
        .bind(id.0)
        .fetch_optional(connection)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// The issue of a newsletter with this slug.
///
/// # Errors
/// When the database cannot be used.
pub async fn by_slug(
    db: &mut Read,
    newsletter: NewsletterId,
    slug: &Slug,
) -> Result<Option<Issue>, StoreError> {
    let row: Option<IssueRow> = run!(db, BY_SLUG, |sql, connection| sqlx::query_as(sql)
        .bind(newsletter.0)
        .bind(slug.as_str())
        .fetch_optional(connection)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// A page of issues, the newest first; `before` is the last one of the page before.
///
/// # Errors
/// When the database cannot be used.
pub async fn list(
    db: &mut Read,
    before: Option<IssueId>,
    limit: i64,
) -> Result<Vec<Issue>, StoreError> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    let rows: Vec<IssueRow> = run!(db, LIST, |sql, connection| sqlx::query_as(sql)
        .bind(before)
        .bind(limit)
        .fetch_all(connection)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A page of the issues of a newsletter that the archive shows, the newest first; the summaries
/// of months have nothing new and are not among them.
///
/// # Errors
/// When the database cannot be used.
pub async fn public(
    db: &mut Read,
    newsletter: NewsletterId,
    slice: Slice,
) -> Result<Vec<Issue>, StoreError> {
    let rows: Vec<IssueRow> = run!(db, PUBLIC, |sql, connection| sqlx::query_as(sql)
        .bind(newsletter.0)
        .bind(IssueState::Cancelled.as_str())
        .bind(slice.limit)
        .bind(slice.offset)
        .fetch_all(connection)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The issues that went out from one time until another, the oldest first; without
/// summaries.
///
/// # Errors
/// When the database cannot be used.
pub async fn of_span(
    db: &mut Read,
    newsletter: NewsletterId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Issue>, StoreError> {
    let rows: Vec<IssueRow> = run!(db, OF_SPAN, |sql, connection| sqlx::query_as(sql)
        .bind(newsletter.0)
        .bind(micros(from))
        .bind(micros(until))
        .bind(IssueState::Cancelled.as_str())
        .fetch_all(connection)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The issues in a state, those that began first coming first.
///
/// # Errors
/// When the database cannot be used.
pub async fn with_state(db: &mut Read, state: IssueState) -> Result<Vec<IssueId>, StoreError> {
    let ids: Vec<Uuid> = run!(db, WITH_STATE, |sql, connection| sqlx::query_scalar(sql)
        .bind(state.as_str())
        .fetch_all(connection)
        .await)?;
    Ok(ids.into_iter().map(IssueId).collect())
}

/// Scheduled issues whose time has come.
///
/// # Errors
/// When the database cannot be used.
pub async fn due(db: &mut Read, now: Timestamp) -> Result<Vec<IssueId>, StoreError> {
    let ids: Vec<Uuid> = run!(db, DUE, |sql, connection| sqlx::query_scalar(sql)
        .bind(IssueState::Scheduled.as_str())
        .bind(micros(now))
        .fetch_all(connection)
        .await)?;
    Ok(ids.into_iter().map(IssueId).collect())
}

/// Where an issue stands.
///
/// # Errors
/// When the database cannot be used.
pub async fn state(db: &mut Read, id: IssueId) -> Result<Option<IssueState>, StoreError> {
    let word: Option<String> = run!(db, STATE, |sql, connection| sqlx::query_scalar(sql)
        .bind(id.0)
        .fetch_optional(connection)
        .await)?;
    let place = Row {
        table: "issue",
        id: &id,
    };
    word.map(|word| place.parse("state", &word)).transpose()
}

/// Replaces the content.
///
/// # Errors
/// When the database cannot be used.
pub async fn set_content(
    tx: &mut Write,
    id: IssueId,
    content: &IssueContent,
) -> Result<(), StoreError> {
    run!(tx, SET_CONTENT, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(&content.subject)
        .bind(json(content)?)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Changes the state and nothing else.
///
/// # Errors
/// When the database cannot be used.
pub async fn set_state(tx: &mut Write, id: IssueId, state: IssueState) -> Result<(), StoreError> {
    if state == IssueState::Sending {
        tx.makes_work();
    }
    run!(tx, SET_STATE, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(state.as_str())
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Pauses an issue that is being sent, and says why; returns whether it was being sent.
///
/// # Errors
/// When the database cannot be used.
pub async fn pause_because(tx: &mut Write, id: IssueId, why: &str) -> Result<bool, StoreError> {
    let changed = run!(tx, PAUSE_BECAUSE, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(IssueState::Paused.as_str())
        .bind(why)
        .bind(IssueState::Sending.as_str())
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(changed == 1)
}

/// Sets the time at which the issue goes out.
///
/// # Errors
/// When the database cannot be used.
pub async fn schedule(tx: &mut Write, id: IssueId, at: Timestamp) -> Result<(), StoreError> {
    run!(tx, SCHEDULE, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(IssueState::Scheduled.as_str())
        .bind(micros(at))
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Marks the issue as sending to an audience of this size, all of it queued, with those
/// readers left out.
///
/// # Errors
/// When the database cannot be used.
pub async fn start(
    tx: &mut Write,
    id: IssueId,
    audience: i64,
    left_out: &LeftOut,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.makes_work();
    run!(tx, START, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(IssueState::Sending.as_str())
        .bind(micros(now))
        .bind(audience)
        .bind(json(left_out)?)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}
