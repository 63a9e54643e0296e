//! Several mails of one kind to one subscriber: how many there were, and those that wait.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::{
    DeliveryState, EmailAddress, Language, MailKind, OutboxId, SubscriberId, SubscriptionId,
};
use crate::store::dialect::{
    execute, fetch_all, fetch_all_scalars, fetch_one, fetch_optional, fetch_scalar, statements,
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
    CONFIRMATIONS_SINCE = [
        r"SELECT id, subscription_id, others, created_at, state, ended_at
          FROM outbox
          WHERE kind = $2
            AND created_at >= $3
            AND subscription_id IN (SELECT id FROM subscription WHERE subscriber_id = $1)
          ORDER BY created_at",
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
        r"UPDATE outbox
          SET subscription_id = $2, others = $3, language = $4
          WHERE id = $1 AND lease_id IS NULL AND attempts = 0",
    ];
    WITHDRAW = [
        r"DELETE FROM outbox
          WHERE kind = $2
            AND state = $3
            AND lease_id IS NULL
            AND attempts = 0
            AND created_at > $4
            AND subscription_id IN (SELECT id FROM subscription WHERE subscriber_id = $1)
          RETURNING id",
    ];
    UNCOUNT = [r"DELETE FROM unconfirmed_mail WHERE outbox_id IN ", uuids_1];
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

/// A mail that asks for a confirmation.
#[derive(Debug, Clone)]
pub struct ConfirmationMail {
    /// The subscriptions that its link confirms.
    pub about: Vec<SubscriptionId>,
    /// When it was due first; the time in its link.
    pub first_due_at: Timestamp,
    /// What became of it.
    pub state: DeliveryState,
    /// When that was.
    pub ended_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct ConfirmationRow {
    id: OutboxId,
    subscription_id: SubscriptionId,
    others: Option<String>,
    created_at: i64,
    state: String,
    ended_at: Option<i64>,
}

/// Deletes the mails of this kind to a subscriber that are inserted for a time after `now`, unless a
/// worker has claimed or tried them. They no longer count against the limits of the mailbox.
pub async fn withdraw(
    tx: &mut Write,
    subscriber: SubscriberId,
    kind: MailKind,
    now: Timestamp,
) -> Result<(), StoreError> {
    let withdrawn: Vec<OutboxId> = fetch_all_scalars!(
        tx,
        WITHDRAW,
        subscriber,
        kind.as_str(),
        DeliveryState::Queued.as_str(),
        micros(now)
    )?;
    if !withdrawn.is_empty() {
        execute!(tx, UNCOUNT, json(&withdrawn)?)?;
    }
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

/// The mails of a subscriber that ask for a confirmation and were inserted for a time not before `since`, the
/// oldest first.
pub async fn confirmations_since(
    db: &mut Read,
    subscriber: SubscriberId,
    since: Timestamp,
) -> Result<Vec<ConfirmationMail>, StoreError> {
    let rows: Vec<ConfirmationRow> = fetch_all!(
        db,
        CONFIRMATIONS_SINCE,
        subscriber,
        MailKind::Confirmation.as_str(),
        micros(since)
    )?;
    let read = rows.into_iter().map(|row| {
        let place = Row {
            table: "outbox",
            id: &row.id,
        };
        let mut about = others_of(row.id, row.others.as_deref())?;
        about.push(row.subscription_id);
        Ok(ConfirmationMail {
            about,
            first_due_at: place.time("created_at", row.created_at)?,
            state: place.parse("state", &row.state)?,
            ended_at: place.maybe_time("ended_at", row.ended_at)?,
        })
    });
    read.collect()
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
    // A worker may have taken it since.
    let extended = execute!(tx, READDRESS, id, first, others, language.as_str())?;
    Ok(extended > 0)
}

fn others_of(id: OutboxId, others: Option<&str>) -> Result<Vec<SubscriptionId>, StoreError> {
    let place = Row {
        table: "outbox",
        id: &id,
    };
    let parse = |text| serde_json::from_str(text).map_err(|e| place.corrupt("others", &e));
    others.map_or_else(|| Ok(Vec::new()), parse)
}
