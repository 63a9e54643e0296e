//! Several mails of one kind to one subscriber: how many there were, and those that wait.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{
    DeliveryState, EmailAddress, Language, MailKind, OutboxId, SubscriberId, SubscriptionId,
};
use crate::store::dialect::{
    execute, fetch_one, fetch_optional, fetch_optional_scalar, fetch_scalar, statements,
};
use crate::store::rows::{Row, json, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    COUNT_SINCE = [
        r"SELECT COUNT(*) FILTER (WHERE created_at > $3) AS short,
              COUNT(*) FILTER (WHERE created_at > $4) AS middle, COUNT(*) AS long
          FROM outbox
          WHERE kind = $2
            AND created_at > $5
            AND subscription_id IN (SELECT id FROM subscription WHERE subscriber_id = $1)",
    ];
    COUNT_ENDED = [
        r"SELECT COUNT(*)
          FROM outbox
          WHERE kind = $2
            AND state = $3
            AND ended_at >= $4
            AND subscription_id IN (
              SELECT subscription.id
              FROM subscription
              JOIN subscriber ON subscriber.id = subscription.subscriber_id
              WHERE subscriber.address_key = $1
            )",
    ];
    NTH_NEWEST = [
        r"SELECT created_at
          FROM outbox
          WHERE kind = $2
            AND subscription_id IN (SELECT id FROM subscription WHERE subscriber_id = $1)
          ORDER BY created_at DESC
          LIMIT 1 OFFSET $3",
    ];
    UNTRIED = [
        r"SELECT id, subscription_id, others
          FROM outbox
          WHERE kind = $2
            AND state = $3
            AND lease_id IS NULL
            AND attempts = 0
            AND subscription_id IN (SELECT id FROM subscription WHERE subscriber_id = $1)
          ORDER BY created_at
          LIMIT 1",
    ];
    READDRESS = [
        r"UPDATE outbox SET subscription_id = $2, others = $3, language = $4 WHERE id = $1",
    ];
    WITHDRAW = [
        r"DELETE FROM outbox
          WHERE kind = $2
            AND state = $3
            AND lease_id IS NULL
            AND attempts = 0
            AND created_at > $4
            AND subscription_id IN (SELECT id FROM subscription WHERE subscriber_id = $1)",
    ];
}

/// The number of mails of one kind to a subscriber, in three periods.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct SentBefore {
    /// In the shortest period.
    pub short: i64,
    /// In the middle period.
    pub middle: i64,
    /// In the longest period.
    pub long: i64,
}

#[derive(FromRow)]
struct UntriedRow {
    id: OutboxId,
    subscription_id: SubscriptionId,
    others: Option<String>,
}

/// Deletes the mails of this kind to a subscriber that are inserted for a time after `now`, unless a
/// worker has claimed or tried them.
pub async fn withdraw(
    tx: &mut Write,
    subscriber: SubscriberId,
    kind: MailKind,
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(
        tx,
        WITHDRAW,
        subscriber,
        kind.as_str(),
        DeliveryState::Queued.as_str(),
        micros(now)
    )?;
    Ok(())
}

/// Counts the mails of one kind to a subscriber since three times, the latest given first.
pub async fn count_since(
    db: &mut Read,
    subscriber: SubscriberId,
    kind: MailKind,
    since: [Timestamp; 3],
) -> Result<SentBefore, StoreError> {
    Ok(fetch_one!(
        db,
        COUNT_SINCE,
        subscriber,
        kind.as_str(),
        micros(since[0]),
        micros(since[1]),
        micros(since[2])
    )?)
}

/// Counts the mails of one kind to an address that ended so since a time.
pub async fn count_ended(
    db: &mut Read,
    address: &EmailAddress,
    kind: MailKind,
    state: DeliveryState,
    since: Timestamp,
) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(
        db,
        COUNT_ENDED,
        address.key(),
        kind.as_str(),
        state.as_str(),
        micros(since)
    )?)
}

/// When the `nth` newest mail of one kind to a subscriber was or will be due; 1 is the newest.
pub async fn nth_newest(
    db: &mut Read,
    subscriber: SubscriberId,
    kind: MailKind,
    nth: i64,
) -> Result<Option<Timestamp>, StoreError> {
    let skipped = nth.saturating_sub(1).max(0);
    let found: Option<i64> =
        fetch_optional_scalar!(db, NTH_NEWEST, subscriber, kind.as_str(), skipped)?;
    let place = Row {
        table: "outbox",
        id: &subscriber,
    };
    place.maybe_time("created_at", found)
}

/// Makes a mail of this kind that waits for its first attempt be about these subscriptions of its
/// subscriber as well; returns whether there is one.
pub async fn extend_untried(
    tx: &mut Write,
    subscriber: SubscriberId,
    kind: MailKind,
    about: &[SubscriptionId],
    language: Language,
) -> Result<bool, StoreError> {
    let found: Option<UntriedRow> = fetch_optional!(
        tx,
        UNTRIED,
        subscriber,
        kind.as_str(),
        DeliveryState::Queued.as_str()
    )?;
    let Some(UntriedRow {
        id,
        subscription_id: first,
        others,
    }) = found
    else {
        return Ok(false);
    };
    let mut all = others_of(id, others.as_deref())?;
    for new in about {
        if *new != first && !all.contains(new) {
            all.push(*new);
        }
    }
    let others = (!all.is_empty()).then(|| json(&all)).transpose()?;
    execute!(tx, READDRESS, id, first, others, language.as_str())?;
    Ok(true)
}

fn others_of(id: OutboxId, others: Option<&str>) -> Result<Vec<SubscriptionId>, StoreError> {
    let place = Row {
        table: "outbox",
        id: &id,
    };
    let parse = |text| serde_json::from_str(text).map_err(|e| place.corrupt("others", &e));
    others.map_or_else(|| Ok(Vec::new()), parse)
}
