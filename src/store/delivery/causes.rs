//! Why deliveries of an issue wait or did not go out: counts by what was answered.

use std::collections::BTreeMap;

use sqlx::FromRow;

use crate::domain::{DeliveryState, IssueId, Reply};
use crate::store::dialect::{fetch_all, statements};
use crate::store::rows::Row;
use crate::store::{Read, StoreError};

/// What is read at most; far more than there are kinds of answers.
const MOST: i64 = 1000;

statements! {
    // The conditions are those of the partial index that serves this. Rows are parted by what may hold a status, as
    // `Reply::enhanced_status` reads it (the first word, or qmail's at the end), and our own words are kept whole.
    CAUSES = [
        r"SELECT state, reply_code, MIN(reply_text) AS sample, COUNT(*) AS deliveries
          FROM delivery
          WHERE issue_id = $1
            AND reply_code IS NOT NULL AND state <> 'sent' AND state <> 'skipped'
          GROUP BY state, reply_code,
            CASE
              WHEN reply_code = 0 THEN reply_text
              WHEN LTRIM(reply_text, ' #') LIKE '_._%' THEN ",
        {
            sqlite: "SUBSTR(LTRIM(reply_text), 1, INSTR(LTRIM(reply_text) || ' ', ' '))",
            postgres: "SPLIT_PART(LTRIM(reply_text), ' ', 1)"
        },
        r"
              ELSE ''
            END,
            CASE WHEN reply_text LIKE '%(#%' THEN ",
        {
            sqlite: "SUBSTR(reply_text, INSTR(reply_text, '(#'), 12)",
            postgres: "SUBSTR(reply_text, STRPOS(reply_text, '(#'), 12)"
        },
        r" ELSE '' END
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

/// The causes of an issue, the most frequent first, at most `limit`. Answers are of one kind when code and enhanced
/// status are the same; our own words, in place of an answer, when they are.
pub async fn causes(db: &mut Read, issue: IssueId, limit: usize) -> Result<Vec<Cause>, StoreError> {
    let rows: Vec<CauseRow> = fetch_all!(db, CAUSES, issue, MOST)?;
    let place = Row {
        table: "delivery",
        id: &issue,
    };
    let mut kinds: BTreeMap<(String, Option<u16>, String), Cause> = BTreeMap::new();
    for row in rows {
        let code = row.reply_code.and_then(|code| u16::try_from(code).ok());
        let sample = code.zip(row.sample);
        let sample = sample.map(|(code, text)| Reply::new(code, &text));
        let kind = sample
            .as_ref()
            .map_or_else(String::new, |reply| match reply.code {
                0 => reply.text.clone(),
                _ => reply.status_text().unwrap_or_default(),
            });
        let state = place.parse("state", &row.state)?;
        let cause = kinds.entry((row.state, code, kind)).or_insert(Cause {
            state,
            deliveries: 0,
            sample,
        });
        cause.deliveries += row.deliveries;
    }
    let mut causes: Vec<Cause> = kinds.into_values().collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.deliveries));
    causes.truncate(limit);
    Ok(causes)
}
