//! The approval of an issue by a second person.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::IssueId;
use crate::store::dialect::{execute, fetch_optional, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    OF = [
        r"SELECT approved_by, approved_name, approved_at, approved_hash, triggered_by
          FROM issue
          WHERE id = $1",
    ];
    SET = [
        r"UPDATE issue
          SET approved_by = $2, approved_name = $3, approved_at = $4, approved_hash = $5
          WHERE id = $1",
    ];
    SET_TRIGGERED_BY = [r"UPDATE issue SET triggered_by = $2 WHERE id = $1"];
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The identity of who gave it.
    pub by: String,
    /// The name of who gave it, for people.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// The hash of the content that was approved.
    pub hash: String,
}

#[derive(FromRow)]
struct ApprovalRow {
    approved_by: Option<String>,
    approved_name: Option<String>,
    approved_at: Option<i64>,
    approved_hash: Option<String>,
    triggered_by: Option<String>,
}

/// The last approval of an issue, and the identity of who sent or scheduled it.
pub async fn of(
    db: &mut Read,
    issue: IssueId,
) -> Result<(Option<Approval>, Option<String>), StoreError> {
    let row: Option<ApprovalRow> = fetch_optional!(db, OF, issue)?;
    let Some(row) = row else {
        return Ok((None, None));
    };
    let place = Row {
        table: "issue",
        id: &issue,
    };
    let at = place.maybe_time("approved_at", row.approved_at)?;
    let given = row.approved_by.zip(row.approved_hash).zip(at);
    let approval = given.map(|((by, hash), at)| Approval {
        by,
        name: row.approved_name.unwrap_or_default(),
        at,
        hash,
    });
    Ok((approval, row.triggered_by))
}

/// Keeps an approval in place of the last one.
pub async fn set(tx: &mut Write, issue: IssueId, approval: &Approval) -> Result<(), StoreError> {
    execute!(
        tx,
        SET,
        issue,
        &approval.by,
        &approval.name,
        micros(approval.at),
        &approval.hash
    )?;
    Ok(())
}

/// Keeps the identity of who sends an issue at once.
pub async fn set_triggered_by(tx: &mut Write, issue: IssueId, by: &str) -> Result<(), StoreError> {
    execute!(tx, SET_TRIGGERED_BY, issue, by)?;
    Ok(())
}
