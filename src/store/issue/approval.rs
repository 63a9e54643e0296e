//! The approval of an issue by a second person.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{Issue, IssueId, Newsletter};
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
    /// Who gave it, as [`Actor::person`](crate::domain::Actor::person) says it.
    pub by: String,
    /// The name of who gave it, for people.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// The hash of the content that was approved.
    pub hash: String,
}

impl Approval {
    /// Whether it is one of what the issue says now.
    #[must_use]
    pub fn is_of(&self, issue: &Issue) -> bool {
        self.hash == issue.content.without_blanks().fingerprint()
    }
}

#[derive(FromRow)]
struct ApprovalRow {
    approved_by: Option<String>,
    approved_name: Option<String>,
    approved_at: Option<i64>,
    approved_hash: Option<String>,
    triggered_by: Option<String>,
}

/// The last approval of an issue, and who sent, scheduled or changed it, both as persons.
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

/// Whether an issue that went out says what it said then, or what two persons stand for: one who corrected it or let
/// it go on, and another who approved that. Its mails went to its readers; where a newsletter needs two
/// persons, only such a text may be mailed to others.
pub async fn may_be_mailed_again(
    db: &mut Read,
    newsletter: &Newsletter,
    issue: &Issue,
) -> Result<bool, StoreError> {
    if !newsletter.needs_approval || issue.revision == 1 {
        return Ok(true);
    }
    let (last, by) = of(db, issue.id).await?;
    Ok(last.is_some_and(|last| last.is_of(issue) && by.is_some_and(|by| by != last.by)))
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

/// Keeps the person who sends an issue, lets it go on, or changed it last where that may go out by itself.
pub async fn set_triggered_by(tx: &mut Write, issue: IssueId, by: &str) -> Result<(), StoreError> {
    execute!(tx, SET_TRIGGERED_BY, issue, by)?;
    Ok(())
}
