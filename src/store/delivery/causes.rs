//! Why deliveries of an issue wait or did not go out: counts by what was answered.

use sqlx::FromRow;

use crate::domain::{DeliveryState, IssueId, Reply};
use crate::store::dialect::{fetch_all, statements};
use crate::store::rows::Row;
use crate::store::{Read, StoreError};

statements! {
    // The conditions are those of the partial index that serves this.
    CAUSES = [
        r"SELECT state, reply_code, MIN(reply_text) AS sample, COUNT(*) AS deliveries
          FROM delivery
          WHERE issue_id = $1
            AND reply_code IS NOT NULL AND state <> 'sent' AND state <> 'skipped'
          GROUP BY state, reply_code, SUBSTR(reply_text, 1, 5)
          ORDER BY deliveries DESC, state, reply_code
          LIMIT $2",
    ];
}

/// Deliveries in one state after answers of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Their state.
    pub state: DeliveryState,
    /// How many.
    pub deliveries: i64,
    /// One of the answers; its code is 0 where no server answered. It may quote addresses.
    pub sample: Option<Reply>,
}

#[derive(FromRow)]
struct CauseRow {
    state: String,
    reply_code: Option<i64>,
    sample: Option<String>,
    deliveries: i64,
}

/// The causes of an issue, the most frequent first, at most `limit`. Answers are of one kind when code
/// and enhanced status are the same.
pub async fn causes(db: &mut Read, issue: IssueId, limit: i64) -> Result<Vec<Cause>, StoreError> {
    let rows: Vec<CauseRow> = fetch_all!(db, CAUSES, issue, limit)?;
    let place = Row {
        table: "delivery",
        id: &issue,
    };
    rows.into_iter()
        .map(|row| {
            let code = row.reply_code.and_then(|code| u16::try_from(code).ok());
            let sample = code.zip(row.sample);
            Ok(Cause {
                state: place.parse("state", &row.state)?,
                deliveries: row.deliveries,
                sample: sample.map(|(code, text)| Reply::new(code, &text)),
            })
        })
        .collect()
}
