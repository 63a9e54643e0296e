//! Earlier revisions of corrected issues.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::{IssueContent, IssueId, NewsletterId};
use crate::store::dialect::{execute, fetch_all, fetch_optional_scalar, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    INSERT = [
        r"INSERT INTO issue_revision (issue_id, revision, content, replaced_at)
          SELECT id, revision, content, $2
          FROM issue
          WHERE id = $1",
    ];
    INCREMENT = [r"UPDATE issue SET revision = revision + 1 WHERE id = $1"];
    CORRECTED = [
        r"SELECT r.issue_id, MAX(r.replaced_at)
          FROM issue_revision r
          JOIN issue i ON i.id = r.issue_id
          WHERE i.newsletter_id = $1
          GROUP BY r.issue_id",
    ];
    CONTENT = [r"SELECT content FROM issue_revision WHERE issue_id = $1 AND revision = $2"];
}

/// Keeps the present content as a revision and increments the revision number.
pub async fn supersede(tx: &mut Write, issue: IssueId, now: Timestamp) -> Result<(), StoreError> {
    execute!(tx, INSERT, issue, micros(now))?;
    execute!(tx, INCREMENT, issue)?;
    Ok(())
}

/// The corrected issues of a newsletter, each with the time of its last correction.
pub async fn corrected(
    db: &mut Read,
    newsletter: NewsletterId,
) -> Result<HashMap<IssueId, Timestamp>, StoreError> {
    let rows: Vec<(IssueId, i64)> = fetch_all!(db, CORRECTED, newsletter)?;
    let corrected = |(id, at): (IssueId, i64)| {
        let place = Row {
            table: "issue_revision",
            id: &id,
        };
        Ok((id, place.time("replaced_at", at)?))
    };
    rows.into_iter().map(corrected).collect()
}

/// The content of an earlier revision.
pub async fn content(
    db: &mut Read,
    issue: IssueId,
    revision: i64,
) -> Result<Option<IssueContent>, StoreError> {
    let json: Option<String> = fetch_optional_scalar!(db, CONTENT, issue, revision)?;
    let place = Row {
        table: "issue_revision",
        id: &issue,
    };
    json.map(|json| serde_json::from_str(&json).map_err(|e| place.corrupt("content", &e)))
        .transpose()
}
