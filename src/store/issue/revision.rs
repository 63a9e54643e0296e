//! What an issue said before it was corrected.

use std::collections::HashMap;

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::{IssueContent, IssueId, NewsletterId};
use crate::store::dialect::{run, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    KEEP = ["INSERT INTO issue_revision (issue_id, revision, content, replaced_at) \
        SELECT id, revision, content, $2 FROM issue WHERE id = $1"];
    NEXT = ["UPDATE issue SET revision = revision + 1 WHERE id = $1"];
    CORRECTED = ["SELECT r.issue_id, MAX(r.replaced_at) FROM issue_revision r \
        JOIN issue i ON i.id = r.issue_id WHERE i.newsletter_id = $1 GROUP BY r.issue_id"];
    CONTENT = ["SELECT content FROM issue_revision WHERE issue_id = $1 AND revision = $2"];
}

/// Keeps what the issue says as its revision, and begins the next.
///
/// # Errors
/// When the database cannot be used.
pub async fn supersede(tx: &mut Write, issue: IssueId, now: Timestamp) -> Result<(), StoreError> {
    run!(tx, KEEP, |sql, connection| sqlx::query(sql)
        .bind(issue.0)
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|_| ()))?;
    run!(tx, NEXT, |sql, connection| sqlx::query(sql)
        .bind(issue.0)
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The issues of a newsletter that were corrected, each with the time of its last correction.
///
/// # Errors
/// When the database cannot be used.
pub async fn corrected(
    db: &mut Read,
    newsletter: NewsletterId,
) -> Result<HashMap<IssueId, Timestamp>, StoreError> {
    let rows: Vec<(Uuid, i64)> = run!(db, CORRECTED, |sql, connection| sqlx::query_as(sql)
        .bind(newsletter.0)
        .fetch_all(connection)
        .await)?;
    let corrected = |(id, at): (Uuid, i64)| {
        let place = Row {
            table: "issue_revision",
            id: &id,
        };
        Ok((IssueId(id), place.time("replaced_at", at)?))
    };
    rows.into_iter().map(corrected).collect()
}

/// What the issue said in a revision that was superseded.
///
/// # Errors
/// When the database cannot be used.
pub async fn content(
    db: &mut Read,
    issue: IssueId,
    revision: i64,
) -> Result<Option<IssueContent>, StoreError> {
    let json: Option<String> = run!(db, CONTENT, |sql, connection| sqlx::query_scalar(sql)
        .bind(issue.0)
        .bind(revision)
        .fetch_optional(connection)
        .await)?;
    let place = Row {
        table: "issue_revision",
        id: &issue,
    };
    json.map(|json| serde_json::from_str(&json).map_err(|e| place.corrupt("content", &e)))
        .transpose()
}
