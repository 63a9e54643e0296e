//! The archive: full-text search and the list of public issues. An erratum has a page and is listed nowhere: it is for
//! a few readers, and the page of the issue that it corrects has the right text. An issue whose page was taken down keeps
//! its search text, which nothing finds until the page is put back.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{Issue, IssueId, IssueState, NewsletterId, SearchQuery, Slug, Visibility};
use crate::store::dialect::{
    execute, fetch_all, fetch_all_scalars, fetch_one, fetch_optional, fetch_scalar, statements,
};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

/// What issues have to be, besides their state, for lists, feed and search engines to lead to them: see
/// [`Issue::is_listed`].
macro_rules! is_listed {
    () => {
        " AND i.month IS NULL AND i.erratum_of IS NULL AND i.hidden_at IS NULL"
    };
}
pub(in crate::store) use is_listed;

statements! {
    SENT_VERSION = [
        r"SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT)
          FROM issue
          WHERE newsletter_id = $1 AND started_at IS NOT NULL",
    ];
    PUT = [
        r"INSERT INTO issue_text (issue_id, shown, words)
          VALUES ($1, $2, $3)
          ON CONFLICT (issue_id) DO UPDATE SET shown = excluded.shown, words = excluded.words",
    ];
    MISSING = [
        r"SELECT i.id
          FROM issue i
          WHERE i.started_at IS NOT NULL AND i.state <> $1",
        (is_listed!),
        r" AND NOT EXISTS (SELECT 1 FROM issue_text t WHERE t.issue_id = i.id)
          LIMIT $2",
    ];
    BEFORE = [
        r"SELECT i.slug, i.subject
          FROM issue i
          WHERE i.newsletter_id = $1 AND i.state <> $2",
        (is_listed!),
        r" AND (i.started_at, i.id) < ($3, $4)
          ORDER BY i.started_at DESC, i.id DESC LIMIT 1",
    ];
    AFTER = [
        r"SELECT i.slug, i.subject
          FROM issue i
          WHERE i.newsletter_id = $1 AND i.state <> $2",
        (is_listed!),
        r" AND (i.started_at, i.id) > ($3, $4)
          ORDER BY i.started_at, i.id LIMIT 1",
    ];
    FIND = [
        r"SELECT i.newsletter_id, i.slug, i.subject, i.started_at, t.shown
          FROM ",
        {
            sqlite: r"issue_words w JOIN issue_text t ON t.id = w.rowid",
            postgres: r"issue_text t",
        },
        r" JOIN issue i ON i.id = t.issue_id
          JOIN newsletter n ON n.id = i.newsletter_id
          WHERE ",
        {
            sqlite: r"w.issue_words MATCH replace(replace($1, '&', ' '), ':*', '*')",
            postgres: r"array_to_tsvector(string_to_array(t.words, ' ')) @@ CAST($1 AS tsquery)",
        },
        r" AND i.started_at IS NOT NULL
            AND i.state <> $2
            AND n.visibility = $3
            AND (n.id = $4 OR $4 IS NULL)",
        (is_listed!),
        r" ORDER BY i.started_at DESC, i.id DESC LIMIT $5 OFFSET $6",
    ];
    // The version of the archive is the sum of the issues' own.
    HIDE = [r"UPDATE issue SET hidden_at = $2, version = version + 1 WHERE id = $1"];
    COUNT = [
        r"SELECT COUNT(*)
          FROM issue i
          JOIN newsletter n ON n.id = i.newsletter_id
          WHERE i.started_at IS NOT NULL AND i.state <> $1 AND n.visibility = $2",
        (is_listed!),
    ];
    VERSION = [
        r"SELECT CAST((SELECT COALESCE(SUM(version), 0) FROM newsletter) AS BIGINT),
            CAST((SELECT COALESCE(SUM(version), 0) FROM issue WHERE started_at IS NOT NULL) AS BIGINT)",
    ];
    LISTED = [
        r"SELECT n.slug AS newsletter, i.slug AS issue, COALESCE(
            (SELECT MAX(r.replaced_at) FROM issue_revision r WHERE r.issue_id = i.id),
            i.started_at
          ) AS changed_at
          FROM issue i
          JOIN newsletter n ON n.id = i.newsletter_id
          WHERE i.started_at IS NOT NULL AND i.state <> $1 AND n.visibility = $2",
        (is_listed!),
        r" ORDER BY i.started_at, i.id LIMIT $3 OFFSET $4",
    ];
}

/// A page of a list.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    /// The largest number of items.
    pub limit: i64,
    /// The items before it.
    pub offset: i64,
}

/// A public issue that a search found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The newsletter.
    pub newsletter: NewsletterId,
    /// Its slug.
    pub slug: Slug,
    /// Its subject.
    pub subject: String,
    /// When sending began.
    pub started_at: Timestamp,
    /// Its text, for an excerpt.
    pub shown: String,
}

/// A public issue of a public newsletter, for the sitemap.
#[derive(Debug, Clone, FromRow)]
pub struct Listed {
    /// The newsletter's slug.
    pub newsletter: String,
    /// The issue's slug.
    pub issue: String,
    /// When sending began or it was last corrected, in microseconds.
    pub changed_at: i64,
}

/// Names one state of everything that the archive shows: it goes up when a newsletter or a public issue
/// changes, and never comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ArchiveVersion {
    newsletters: i64,
    issues: i64,
}

/// The version of the archive's present state.
pub async fn version(db: &mut Read) -> Result<ArchiveVersion, StoreError> {
    let (newsletters, issues) = fetch_one!(db, VERSION)?;
    Ok(ArchiveVersion {
        newsletters,
        issues,
    })
}

/// Replaces the indexed text of an issue: `shown` for excerpts, `words` for the search.
pub async fn put(
    tx: &mut Write,
    issue: IssueId,
    shown: &str,
    words: &str,
) -> Result<(), StoreError> {
    execute!(tx, PUT, issue, shown, words)?;
    Ok(())
}

/// Takes the page of an issue off the web at this time; `None` puts it back.
pub async fn set_hidden(
    tx: &mut Write,
    issue: IssueId,
    at: Option<Timestamp>,
) -> Result<(), StoreError> {
    execute!(tx, HIDE, issue, at.map(micros))?;
    Ok(())
}

/// Up to `limit` public issues that are not indexed yet.
pub async fn missing(db: &mut Read, limit: i64) -> Result<Vec<IssueId>, StoreError> {
    Ok(fetch_all_scalars!(
        db,
        MISSING,
        IssueState::Cancelled.as_str(),
        limit
    )?)
}

/// Public issues that contain every word of the query, newest first: of one newsletter, or of all
/// public newsletters.
pub async fn find(
    db: &mut Read,
    query: &SearchQuery,
    newsletter: Option<NewsletterId>,
    slice: Slice,
) -> Result<Vec<Found>, StoreError> {
    #[derive(FromRow)]
    struct FoundRow {
        newsletter_id: NewsletterId,
        slug: String,
        subject: String,
        started_at: i64,
        shown: String,
    }
    // In PostgreSQL's syntax. The words contain no character that is special in either database.
    let expression = format!("{}:*", query.words().join(" & "));
    let rows: Vec<FoundRow> = fetch_all!(
        db,
        FIND,
        expression,
        IssueState::Cancelled.as_str(),
        Visibility::Public.as_str(),
        newsletter,
        slice.limit,
        slice.offset
    )?;
    let found = |row: FoundRow| {
        let place = Row {
            table: "issue",
            id: &row.slug,
        };
        Ok(Found {
            newsletter: row.newsletter_id,
            started_at: place.time("started_at", row.started_at)?,
            slug: Slug::parse(&row.slug).map_err(|e| place.corrupt("slug", &e))?,
            subject: row.subject,
            shown: row.shown,
        })
    };
    rows.into_iter().map(found).collect()
}

/// Slug and subject of the public issues before and after one that was sent, without monthly
/// summaries and errata.
pub async fn neighbours(
    db: &mut Read,
    issue: &Issue,
) -> Result<(Option<(String, String)>, Option<(String, String)>), StoreError> {
    let (newsletter, hidden) = (issue.newsletter, IssueState::Cancelled.as_str());
    let Some(at) = issue.started_at.map(micros) else {
        return Ok((None, None));
    };
    let before = fetch_optional!(db, BEFORE, newsletter, hidden, at, issue.id)?;
    let after = fetch_optional!(db, AFTER, newsletter, hidden, at, issue.id)?;
    Ok((before, after))
}

/// Names one state of all issues of a newsletter whose sending has begun: it goes up when one of them changes, and never
/// comes back.
pub async fn sent_version(db: &mut Read, newsletter: NewsletterId) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, SENT_VERSION, newsletter)?)
}

/// The number of public issues of public newsletters.
pub async fn count(db: &mut Read) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(
        db,
        COUNT,
        IssueState::Cancelled.as_str(),
        Visibility::Public.as_str()
    )?)
}

/// Public issues of public newsletters, oldest first.
pub async fn listed(db: &mut Read, slice: Slice) -> Result<Vec<Listed>, StoreError> {
    Ok(fetch_all!(
        db,
        LISTED,
        IssueState::Cancelled.as_str(),
        Visibility::Public.as_str(),
        slice.limit,
        slice.offset
    )?)
}
