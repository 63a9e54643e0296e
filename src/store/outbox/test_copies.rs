//! What became of test copies.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{DeliveryState, IssueId, MailKind, OutboxId, Reply};
use crate::store::dialect::{fetch_all, statements};
use crate::store::rows::{Row, json};
use crate::store::{Read, StoreError};

statements! {
    TEST_COPIES = [
        r"SELECT id, recipient, state, created_at, reply_code, reply_text
          FROM outbox
          WHERE id IN ",
        uuids_1,
        r" AND issue_id = $2 AND kind = $3
          ORDER BY recipient",
    ];
}

/// A test copy, and what became of it.
#[derive(Debug, Clone)]
pub struct TestCopy {
    /// To whom.
    pub to: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it was ordered.
    pub at: Timestamp,
    /// The last answer to it.
    pub reply: Option<Reply>,
}

#[derive(FromRow)]
struct CopyRow {
    id: OutboxId,
    recipient: Option<String>,
    state: String,
    created_at: i64,
    reply_code: Option<i64>,
    reply_text: Option<String>,
}

/// Those of these mails that are test copies of an issue.
pub async fn test_copies(
    db: &mut Read,
    issue: IssueId,
    mails: &[OutboxId],
) -> Result<Vec<TestCopy>, StoreError> {
    let kind = MailKind::TestCopy.as_str();
    let rows: Vec<CopyRow> = fetch_all!(db, TEST_COPIES, json(mails)?, issue, kind)?;
    let copy = |row: CopyRow| {
        let place = Row {
            table: "outbox",
            id: &row.id,
        };
        let text = row.reply_text.unwrap_or_default();
        let code = row.reply_code.and_then(|code| u16::try_from(code).ok());
        Ok(TestCopy {
            to: row.recipient.unwrap_or_default(),
            state: place.parse("state", &row.state)?,
            at: place.time("created_at", row.created_at)?,
            reply: code.map(|code| Reply::new(code, &text)),
        })
    };
    rows.into_iter().map(copy).collect()
}
