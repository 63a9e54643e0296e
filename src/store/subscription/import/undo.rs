//! Takes an import back.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{ConsentMethod, LinkKey, NewsletterId, RemovalReason, SubscriptionId};
use crate::store::dialect::{fetch_all, fetch_all_scalars, fetch_scalar, statements};
use crate::store::rows::{json, micros};
use crate::store::{Read, StoreError, Write, retention};

/// The most rows that one transaction removes.
const BATCH_ROWS: i64 = 500;

/// Why a subscription of an import stays, or an empty text, by number. A delivery in a range is one that is on its way.
macro_rules! select_fates {
    () => {
        r"SELECT s.id,
              CASE
                WHEN EXISTS (
                  SELECT 1
                  FROM consent_event e
                  WHERE e.subscription_id = s.id
                  GROUP BY e.subscription_id
                  HAVING COUNT(*) > 1 OR MIN(e.method) <> $3
                ) THEN 'changed'
                WHEN EXISTS (
                  SELECT 1
                  FROM address_change a
                  WHERE a.subscriber_id = s.subscriber_id
                ) THEN 'changed'
                WHEN EXISTS (
                  SELECT 1
                  FROM issue i
                  JOIN delivery d ON d.issue_id = i.id AND d.subscription_id = s.id
                  WHERE i.newsletter_id = s.newsletter_id
                ) THEN 'got-an-issue'
                WHEN EXISTS (
                  SELECT 1
                  FROM issue i
                  JOIN delivery_range g
                    ON g.issue_id = i.id AND g.first_id <= s.id AND g.last_id >= s.id
                  WHERE i.newsletter_id = s.newsletter_id
                ) THEN 'got-an-issue'
                ELSE ''
              END AS stays
          FROM subscription s"
    };
}

statements! {
    PAGE = [
        (select_fates!),
        r" WHERE s.newsletter_id = $1 AND s.import_number = $2 AND s.id > $4
          ORDER BY s.id LIMIT $5",
    ];
    // Also locks the subscriber, as a sign-up does first. Skips rows that are locked.
    LOCK = [
        r"SELECT s.id
          FROM subscription s
          JOIN subscriber p ON p.id = s.subscriber_id
          WHERE s.id IN ",
        ids_1,
        skip_locked,
    ];
    STILL = [
        (select_fates!),
        r" WHERE s.newsletter_id = $1 AND s.import_number = $2 AND s.id IN ",
        ids_4,
    ];
    // Issues whose deliveries were removed in their time: who got them cannot be told.
    FORGOTTEN = [
        r"SELECT COUNT(*)
          FROM issue i
          WHERE i.newsletter_id = $1
            AND i.finished_at >= $2
            AND i.audience > 0
            AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.issue_id = i.id)",
    ];
}

/// What becomes of a subscription of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing happened since: it goes.
    Goes,
    /// Its reader has changed or ended it since.
    Changed,
    /// An issue was sent to it, or is on its way.
    GotAnIssue,
    /// Somebody is changing it now.
    Busy,
}

#[derive(FromRow)]
struct FateRow {
    id: SubscriptionId,
    stays: String,
}

impl FateRow {
    fn read(self) -> (SubscriptionId, Fate) {
        let fate = match self.stays.as_str() {
            "" => Fate::Goes,
            "got-an-issue" => Fate::GotAnIssue,
            _ => Fate::Changed,
        };
        (self.id, fate)
    }
}

/// The number of issues of the newsletter that went out since, of which no delivery is left.
pub async fn forgotten_issues(
    db: &mut Read,
    newsletter: NewsletterId,
    since: Timestamp,
) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, FORGOTTEN, newsletter, micros(since))?)
}

/// A page of the subscriptions that an import began, after that of `after`, and what may become of each.
pub async fn page(
    db: &mut Read,
    newsletter: NewsletterId,
    import: i64,
    after: SubscriptionId,
) -> Result<Vec<(SubscriptionId, Fate)>, StoreError> {
    let rows: Vec<FateRow> = fetch_all!(
        db,
        PAGE,
        newsletter,
        import,
        ConsentMethod::Import.as_str(),
        after,
        BATCH_ROWS
    )?;
    Ok(rows.into_iter().map(FateRow::read).collect())
}

/// Removes those of a page that still can go, with all their data, and subscribers who then have no subscription.
/// Returns what became of each.
pub async fn remove(
    tx: &mut Write,
    key: &LinkKey,
    (newsletter, import): (NewsletterId, i64),
    page: &[SubscriptionId],
    now: Timestamp,
) -> Result<Vec<Fate>, StoreError> {
    let locked: Vec<SubscriptionId> = fetch_all_scalars!(tx, LOCK, json(page)?)?;
    let found: Vec<FateRow> = fetch_all!(
        tx,
        STILL,
        newsletter,
        import,
        ConsentMethod::Import.as_str(),
        json(&locked)?
    )?;
    let found: Vec<_> = found.into_iter().map(FateRow::read).collect();
    let go = found.iter().filter(|(_, fate)| *fate == Fate::Goes);
    let go: Vec<SubscriptionId> = go.map(|(id, _)| *id).collect();
    retention::erase(tx, key, &go, RemovalReason::ImportUndone, now).await?;
    let busy = page.len().saturating_sub(locked.len());
    let busy = std::iter::repeat_n(Fate::Busy, busy);
    Ok(found
        .into_iter()
        .map(|(_, fate)| fate)
        .chain(busy)
        .collect())
}
