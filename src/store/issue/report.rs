//! What became of the deliveries of an issue.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{DeliveryState, IssueId, NewsletterId, Reply, SubscriptionId};
use crate::store::dialect::{
    execute, fetch_all, fetch_all_scalars, fetch_optional_scalar, statements,
};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    UNREPORTED = [
        r"SELECT i.id
          FROM issue i
          WHERE i.finished_at >= $1
            AND i.state IN ('sent', 'cancelled')
            AND NOT EXISTS (SELECT 1 FROM issue_report r WHERE r.issue_id = i.id)
          ORDER BY i.finished_at",
    ];
    SAVE = [
        r"INSERT INTO issue_report (issue_id, content, made_at)
          VALUES ($1, $2, $3)
          ON CONFLICT (issue_id) DO UPDATE SET content = excluded.content, made_at = excluded.made_at",
    ];
    SAVED = [r"SELECT content FROM issue_report WHERE issue_id = $1"];
    REMOVE = [r"DELETE FROM issue_report WHERE issue_id = $1"];
    // A page of the ledger in its own order, with what tells provider and cause.
    ENDINGS = [
        r"SELECT d.subscription_id, d.state, d.reply_code, d.reply_text, p.address
          FROM delivery d
          LEFT JOIN subscription s ON s.id = d.subscription_id
          LEFT JOIN subscriber p ON p.id = s.subscriber_id
          WHERE d.issue_id = $1 AND d.subscription_id > $2
          ORDER BY d.subscription_id LIMIT $3",
    ];
    // Subscriptions are few that ended; the partial index has them in the order of time.
    LEFT = [
        r"SELECT COALESCE(end_reason, 'unsubscribed') AS reason, COUNT(*)
          FROM subscription
          WHERE newsletter_id = $1 AND ended_at IS NOT NULL AND ended_at >= $2 AND ended_at < $3
            AND state = 'ended' AND confirmed_at IS NOT NULL
          GROUP BY 1",
    ];
}

/// A delivery as the report sees it.
#[derive(Debug, Clone)]
pub struct Ending {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// How it ended, or where it stands.
    pub state: DeliveryState,
    /// The last reply, whole: its words count for what it means.
    pub reply: Option<Reply>,
    /// The domain of the address; empty where the reader was erased.
    pub domain: String,
}

#[derive(FromRow)]
struct EndingRow {
    subscription_id: SubscriptionId,
    state: String,
    reply_code: Option<i64>,
    reply_text: Option<String>,
    address: Option<String>,
}

/// Issues that have ended since and have no report yet.
pub async fn unreported(db: &mut Read, since: Timestamp) -> Result<Vec<IssueId>, StoreError> {
    Ok(fetch_all_scalars!(db, UNREPORTED, micros(since))?)
}

/// Keeps the report of an issue, as JSON.
pub async fn save(
    tx: &mut Write,
    issue: IssueId,
    content: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(tx, SAVE, issue, content, micros(now))?;
    Ok(())
}

/// The report that was kept, as JSON.
pub async fn saved(db: &mut Read, issue: IssueId) -> Result<Option<String>, StoreError> {
    Ok(fetch_optional_scalar!(db, SAVED, issue)?)
}

/// Removes a report that is not true any more.
pub async fn remove(tx: &mut Write, issue: IssueId) -> Result<(), StoreError> {
    execute!(tx, REMOVE, issue)?;
    Ok(())
}

/// A page of the ledger after the subscription `after`.
pub async fn endings(
    db: &mut Read,
    issue: IssueId,
    after: SubscriptionId,
    limit: i64,
) -> Result<Vec<Ending>, StoreError> {
    let rows: Vec<EndingRow> = fetch_all!(db, ENDINGS, issue, after, limit)?;
    let place = Row {
        table: "delivery",
        id: &issue,
    };
    let ending = |row: EndingRow| {
        let code = row.reply_code.and_then(|code| u16::try_from(code).ok());
        let address = row.address.unwrap_or_default();
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        Ok(Ending {
            subscription: row.subscription_id,
            state: place.parse("state", &row.state)?,
            reply: code.map(|code| Reply::new(code, row.reply_text.as_deref().unwrap_or_default())),
            domain: domain.to_ascii_lowercase(),
        })
    };
    rows.into_iter().map(ending).collect()
}

/// How many subscriptions of a newsletter ended from one time until before another, by reason.
pub async fn left(
    db: &mut Read,
    newsletter: NewsletterId,
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(fetch_all!(
        db,
        LEFT,
        newsletter,
        micros(from),
        micros(until)
    )?)
}
