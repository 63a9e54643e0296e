//! The states of an issue while it was written.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{IssueContent, IssueId, IssueState};
use crate::store::dialect::{
    execute, fetch_all, fetch_all_scalars, fetch_optional, fetch_optional_scalar, statements,
};
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

macro_rules! columns {
    () => {
        "SELECT number, version, content, actor, actor_name, began_at, saved_at FROM issue_history"
    };
}

statements! {
    INSERT = [
        r"INSERT INTO issue_history
              (issue_id, number, version, content, actor, actor_name, began_at, saved_at)
          SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6, $6
          FROM issue_history
          WHERE issue_id = $1",
    ];
    LATEST = [
        (columns!),
        r" WHERE issue_id = $1 AND version IS NOT NULL ORDER BY number DESC LIMIT 1",
    ];
    LATEST_ASIDE = [
        (columns!),
        r" WHERE issue_id = $1 AND version IS NULL AND actor = $2 ORDER BY number DESC LIMIT 1",
    ];
    REPLACE = [
        r"UPDATE issue_history
          SET version = $3, content = $4, saved_at = $5
          WHERE issue_id = $1 AND number = $2",
    ];
    BY_NUMBER = [(columns!), " WHERE issue_id = $1 AND number = $2"];
    PAGE = [(columns!), " WHERE issue_id = $1 ORDER BY number DESC LIMIT $2"];
    OTHER_SINCE = [
        r"SELECT actor_name
          FROM issue_history
          WHERE issue_id = $1 AND actor <> $2 AND actor_name <> '' AND saved_at > $3
          ORDER BY number DESC LIMIT 1",
    ];
    // One that was withdrawn before it was sent has no end; its last state tells when it was worked on.
    ENDED = [
        r"SELECT id
          FROM issue i
          WHERE state IN ($1, $2)
            AND (finished_at IS NULL OR finished_at <= $3)
            AND EXISTS (SELECT 1 FROM issue_history h WHERE h.issue_id = i.id)
            AND NOT EXISTS (
              SELECT 1 FROM issue_history h WHERE h.issue_id = i.id AND h.saved_at > $3
            )",
    ];
    FORGET = [
        r"DELETE FROM issue_history
          WHERE issue_id = $1
            AND saved_at <= $4
            AND EXISTS (
              SELECT 1
              FROM issue
              WHERE id = $1
                AND state IN ($2, $3)
                AND (finished_at IS NULL OR finished_at <= $4)
            )",
    ];
}

/// In which an issue is written no more, unless its page is corrected.
const ENDS: [IssueState; 2] = [IssueState::Sent, IssueState::Cancelled];

/// A state in which an issue was.
#[derive(Debug, Clone)]
pub struct SavedState {
    /// 1, 2, … in the order of the saves; [`insert`] gives it.
    pub number: i64,
    /// The version of the issue; none where it was kept aside because somebody else had been quicker.
    pub version: Option<i64>,
    /// What the issue said.
    pub content: IssueContent,
    /// The identity of who saved it.
    pub actor: String,
    /// Their name at that time.
    pub actor_name: String,
    /// When the first save that it stands for was made.
    pub began_at: Timestamp,
    /// When the last was.
    pub saved_at: Timestamp,
}

#[derive(FromRow)]
struct StateRow {
    number: i64,
    version: Option<i64>,
    content: String,
    actor: String,
    actor_name: String,
    began_at: i64,
    saved_at: i64,
}

impl TryFrom<StateRow> for SavedState {
    type Error = StoreError;

    fn try_from(row: StateRow) -> Result<Self, StoreError> {
        let place = Row {
            table: "issue_history",
            id: &row.number,
        };
        let content = serde_json::from_str(&row.content);
        Ok(Self {
            number: row.number,
            version: row.version,
            content: content.map_err(|e| place.corrupt("content", &e))?,
            actor: row.actor,
            actor_name: row.actor_name,
            began_at: place.time("began_at", row.began_at)?,
            saved_at: place.time("saved_at", row.saved_at)?,
        })
    }
}

/// Adds a state.
pub async fn insert(tx: &mut Write, issue: IssueId, state: &SavedState) -> Result<(), StoreError> {
    execute!(
        tx,
        INSERT,
        issue,
        state.version,
        json(&state.content)?,
        &state.actor,
        &state.actor_name,
        micros(state.saved_at)
    )?;
    Ok(())
}

/// The last state that the issue was in; none when it was never saved at the desk.
pub async fn latest(db: &mut Read, issue: IssueId) -> Result<Option<SavedState>, StoreError> {
    let row: Option<StateRow> = fetch_optional!(db, LATEST, issue)?;
    row.map(TryInto::try_into).transpose()
}

/// The last state that somebody saved and that was kept aside.
pub async fn latest_aside(
    db: &mut Read,
    issue: IssueId,
    actor: &str,
) -> Result<Option<SavedState>, StoreError> {
    let row: Option<StateRow> = fetch_optional!(db, LATEST_ASIDE, issue, actor)?;
    row.map(TryInto::try_into).transpose()
}

/// Puts a later save of the same person into the state that has the first.
pub async fn replace(tx: &mut Write, issue: IssueId, state: &SavedState) -> Result<(), StoreError> {
    let (content, at) = (json(&state.content)?, micros(state.saved_at));
    execute!(tx, REPLACE, issue, state.number, state.version, content, at)?;
    Ok(())
}

/// One state of an issue.
pub async fn by_number(
    db: &mut Read,
    issue: IssueId,
    number: i64,
) -> Result<Option<SavedState>, StoreError> {
    let row: Option<StateRow> = fetch_optional!(db, BY_NUMBER, issue, number)?;
    row.map(TryInto::try_into).transpose()
}

/// The latest states of an issue, the newest first.
pub async fn page(
    db: &mut Read,
    issue: IssueId,
    limit: i64,
) -> Result<Vec<SavedState>, StoreError> {
    let rows: Vec<StateRow> = fetch_all!(db, PAGE, issue, limit)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The name of who else saved last since then.
pub async fn other_since(
    db: &mut Read,
    issue: IssueId,
    actor: &str,
    since: Timestamp,
) -> Result<Option<String>, StoreError> {
    let since = micros(since);
    Ok(fetch_optional_scalar!(
        db,
        OTHER_SINCE,
        issue,
        actor,
        since
    )?)
}

/// The issues that were sent or withdrawn by `before`, and still have states.
pub async fn ended(db: &mut Read, before: Timestamp) -> Result<Vec<IssueId>, StoreError> {
    let [sent, cancelled] = ENDS;
    let before = micros(before);
    Ok(fetch_all_scalars!(
        db,
        ENDED,
        sent.as_str(),
        cancelled.as_str(),
        before
    )?)
}

/// Removes the states of an issue, if it still is one that was sent or withdrawn by `before`; returns how many.
pub async fn forget(tx: &mut Write, id: IssueId, before: Timestamp) -> Result<u64, StoreError> {
    let [sent, cancelled] = ENDS;
    let before = micros(before);
    Ok(execute!(
        tx,
        FORGET,
        id,
        sent.as_str(),
        cancelled.as_str(),
        before
    )?)
}
