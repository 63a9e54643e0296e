//! What an issue said before it was corrected.

use jiff::Timestamp;

use super::dialect::{run, statements};
use super::rows::{Row, micros};
use super::{Read, StoreError, Write};
use crate::domain::{IssueContent, IssueId};

statements! {
    KEEP = ["INSERT INTO issue_revision (issue_id, revision, content, replaced_at) \
        SELECT id, revision, content, $2 FROM issue WHERE id = $1"];
    NEXT = ["UPDATE issue SET revision = revision + 1 WHERE id = $1"];
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
