//! What the archive finds: the words of public issues, and the list of all of them.

use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::domain::{IssueId, IssueState, NewsletterId, SearchQuery, Slug, Visibility};
use crate::store::dialect::{run, statements};
use crate::store::rows::Row;
use crate::store::{Read, StoreError, Write};

statements! {
    PUT = ["INSERT INTO issue_text (issue_id, shown, words) VALUES ($1, $2, $3) \
        ON CONFLICT (issue_id) DO UPDATE SET shown = excluded.shown, words = excluded.words"];
    MISSING = ["SELECT i.id FROM issue i WHERE i.started_at IS NOT NULL AND i.state <> $1 \
        AND i.month IS NULL AND NOT EXISTS (SELECT 1 FROM issue_text t WHERE t.issue_id = i.id) LIMIT $2"];
    FIND = ["SELECT i.newsletter_id, i.slug, i.subject, i.started_at, t.shown FROM ",
        { sqlite: "issue_words w JOIN issue_text t ON t.id = w.rowid", postgres: "issue_text t" },
        " JOIN issue i ON i.id = t.issue_id JOIN newsletter n ON n.id = i.newsletter_id WHERE ",
        { sqlite: "w.issue_words MATCH replace(replace($1, '&', ' '), ':*', '*')",
          postgres: "array_to_tsvector(string_to_array(t.words, ' ')) @@ CAST($1 AS tsquery)" },
        " AND i.started_at IS NOT NULL AND i.state <> $2 AND n.visibility = $3 \
        AND (n.id = $4 OR $4 IS NULL) ORDER BY i.started_at DESC, i.id DESC LIMIT $5 OFFSET $6"];
    COUNT = ["SELECT COUNT(*) FROM issue i JOIN newsletter n ON n.id = i.newsletter_id \
        WHERE i.started_at IS NOT NULL AND i.month IS NULL AND i.state <> $1 AND n.visibility = $2"];
    LISTED = ["SELECT n.slug AS newsletter, i.slug AS issue, COALESCE((SELECT MAX(r.replaced_at) FROM issue_revision r \
        WHERE r.issue_id = i.id), i.started_at) AS changed_at \
        FROM issue i JOIN newsletter n ON n.id = i.newsletter_id \
        WHERE i.started_at IS NOT NULL AND i.month IS NULL AND i.state <> $1 AND n.visibility = $2 \
        ORDER BY i.started_at, i.id LIMIT $3 OFFSET $4"];
}

/// A page of a list: how many, after how many.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    /// How many.
    pub limit: i64,
    /// After how many.
    pub offset: i64,
}

/// A public issue that has the words that were looked for.
#[derive(Debug, Clone)]
pub struct Found {
    /// Of which newsletter.
    pub newsletter: NewsletterId,
    /// Its name in the archive.
    pub slug: Slug,
    /// Its subject.
    pub subject: String,
    /// When it went out.
    pub started_at: Timestamp,
    /// What it says, as one text.
    pub shown: String,
}

/// A public issue of a public newsletter, for the sitemap.
#[derive(Debug, Clone, FromRow)]
pub struct Listed {
    /// The newsletter's slug.
    pub newsletter: String,
    /// The issue's.
    pub issue: String,
    /// When it went out or was corrected, in microseconds.
    pub changed_at: i64,
}

/// Makes an issue findable by these words, in place of those it had.
///
/// # Errors
/// When the database cannot be used.
pub async fn put(
    tx: &mut Write,
    issue: IssueId,
    shown: &str,
    words: &str,
) -> Result<(), StoreError> {
    run!(tx, PUT, |sql, connection| sqlx::query(sql)
        .bind(issue.0)
        .bind(shown)
        .bind(words)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Public issues that cannot be found yet.
///
/// # Errors
/// When the database cannot be used.
pub async fn missing(db: &mut Read, limit: i64) -> Result<Vec<IssueId>, StoreError> {
    let ids: Vec<Uuid> = run!(db, MISSING, |sql, connection| sqlx::query_scalar(sql)
        .bind(IssueState::Cancelled.as_str())
        .bind(limit)
        .fetch_all(connection)
        .await)?;
    Ok(ids.into_iter().map(IssueId).collect())
}

/// The public issues that have every word of the query, the newest first; of one
/// newsletter, or of all that are public.
///
/// # Errors
/// When the database cannot be used.
pub async fn find(
    db: &mut Read,
    query: &SearchQuery,
    newsletter: Option<NewsletterId>,
    slice: Slice,
) -> Result<Vec<Found>, StoreError> {
    #[derive(FromRow)]
    struct FoundRow {
        newsletter_id: Uuid,
        slug: String,
        subject: String,
        started_at: i64,
        shown: String,
    }
    // PostgreSQL's form. The words have no letter that means anything to either database.
    let expression = format!("{}:*", query.words().join(" & "));
    let rows: Vec<FoundRow> = run!(db, FIND, |sql, connection| sqlx::query_as(sql)
        .bind(expression)
        .bind(IssueState::Cancelled.as_str())
        .bind(Visibility::Public.as_str())
        .bind(newsletter.map(|id| id.0))
        .bind(slice.limit)
        .bind(slice.offset)
        .fetch_all(connection)
        .await)?;
    let found = |row: FoundRow| {
        let place = Row {
            table: "issue",
            id: &row.slug,
        };
        Ok(Found {
            newsletter: NewsletterId(row.newsletter_id),
            started_at: place.time("started_at", row.started_at)?,
            slug: Slug::parse(&row.slug).map_err(|e| place.corrupt("slug", &e))?,
            subject: row.subject,
            shown: row.shown,
        })
    };
    rows.into_iter().map(found).collect()
}

/// How many issues everybody may read.
///
/// # Errors
/// When the database cannot be used.
pub async fn count(db: &mut Read) -> Result<i64, StoreError> {
    Ok(run!(db, COUNT, |sql, connection| sqlx::query_scalar(sql)
        .bind(IssueState::Cancelled.as_str())
        .bind(Visibility::Public.as_str())
        .fetch_one(connection)
        .await)?)
}

/// The issues that everybody may read, the oldest first.
///
/// # Errors
/// When the database cannot be used.
pub async fn listed(db: &mut Read, slice: Slice) -> Result<Vec<Listed>, StoreError> {
    Ok(run!(db, LISTED, |sql, connection| sqlx::query_as(sql)
        .bind(IssueState::Cancelled.as_str())
        .bind(Visibility::Public.as_str())
        .bind(slice.limit)
        .bind(slice.offset)
        .fetch_all(connection)
        .await)?)
}
