//! Subscriptions and their states.

pub mod figures;
pub mod import;
pub mod signup;

use jiff::Timestamp;
use sqlx::FromRow;

use super::dialect::{execute, fetch_all, fetch_optional, fetch_scalar, statements};
use super::rows::{Row, micros};
use super::subscriber::answer;
use super::{Read, StoreError, Write, subscriber};
use crate::domain::{
    Chosen, EndReason, NewsletterId, SubscriberId, Subscription, SubscriptionId, SubscriptionState,
};

/// Selects the columns of a [`SubscriptionRow`].
macro_rules! select_subscription {
    () => {
        r"SELECT s.id, s.subscriber_id, s.newsletter_id, p.address, s.state, s.end_reason,
              s.language, s.countries, s.frequency, s.confirmed_at, s.paused_until, s.ended_at
          FROM subscription s
          JOIN subscriber p ON p.id = s.subscriber_id"
    };
}

statements! {
    INSERT = [
        r"INSERT INTO subscription
              (subscriber_id, newsletter_id, state, language, countries, frequency, created_at)
          VALUES ($1, $2, $3, $4, $5, $6, $7)
          RETURNING id",
    ];
    BY_ID = [(select_subscription!), r" WHERE s.id = $1"];
    OF_SUBSCRIBER = [(select_subscription!), r" WHERE s.subscriber_id = $1 AND s.newsletter_id = $2"];
    // Not FOR UPDATE: only an erasure must wait, not a change of choices.
    LOCK = [
        r"SELECT COUNT(*)
          FROM (SELECT id FROM subscription WHERE id = $1",
        { sqlite: "", postgres: " FOR KEY SHARE" },
        r") AS locked",
    ];
    RESTART = [
        r"UPDATE subscription
          SET state = $2, language = $3, countries = $4, frequency = $5, paused_until = NULL
          WHERE id = $1 AND state <> $6",
    ];
    ACTIVATE = [
        r"UPDATE subscription
          SET state = $2, confirmed_at = $3, ended_at = NULL, end_reason = NULL
          WHERE id = $1 AND state = $4 AND (ended_at IS NULL OR ended_at <= $5)",
    ];
    END = [
        r"UPDATE subscription
          SET state = $2, end_reason = $3, ended_at = $4
          WHERE id = $1 AND state <> $2",
    ];
    CHOOSE = [
        r"UPDATE subscription
          SET language = $2, countries = $3, frequency = $4
          WHERE id = $1",
    ];
    PAUSE = [r"UPDATE subscription SET paused_until = $2 WHERE id = $1"];
    ALL_OF = [(select_subscription!), r" WHERE s.subscriber_id = $1 ORDER BY s.id"];
    LOCK_ALL_OF = [
        r"SELECT id FROM subscription WHERE subscriber_id = $1 ORDER BY id",
        for_update,
    ];
    COUNT = [r"SELECT COUNT(*) FROM subscription WHERE newsletter_id = $1 AND state = $2"];
}

#[derive(FromRow)]
struct SubscriptionRow {
    id: SubscriptionId,
    subscriber_id: SubscriberId,
    newsletter_id: NewsletterId,
    address: String,
    state: String,
    end_reason: Option<String>,
    language: String,
    countries: String,
    frequency: String,
    confirmed_at: Option<i64>,
    paused_until: Option<i64>,
    ended_at: Option<i64>,
}

impl TryFrom<SubscriptionRow> for Subscription {
    type Error = StoreError;

    fn try_from(row: SubscriptionRow) -> Result<Self, StoreError> {
        let place = Row {
            table: "subscription",
            id: &row.id,
        };
        let end_reason = row.end_reason.as_deref();
        Ok(Self {
            id: row.id,
            subscriber: row.subscriber_id,
            newsletter: row.newsletter_id,
            address: place.parse("address", &row.address)?,
            state: place.parse("state", &row.state)?,
            end_reason: end_reason
                .map(|word| place.parse("end_reason", word))
                .transpose()?,
            chosen: place.chosen(&row.language, &row.countries, &row.frequency)?,
            confirmed_at: place.maybe_time("confirmed_at", row.confirmed_at)?,
            paused_until: place.maybe_time("paused_until", row.paused_until)?,
            ended_at: place.maybe_time("ended_at", row.ended_at)?,
        })
    }
}

/// Inserts a pending subscription.
pub async fn insert_pending(
    tx: &mut Write,
    subscriber: SubscriberId,
    newsletter: NewsletterId,
    chosen: Chosen,
    now: Timestamp,
) -> Result<SubscriptionId, StoreError> {
    let id = fetch_scalar!(
        tx,
        INSERT,
        subscriber,
        newsletter,
        SubscriptionState::Pending.as_str(),
        chosen.language.as_str(),
        chosen.countries.to_string(),
        chosen.frequency.as_str(),
        micros(now)
    )?;
    Ok(SubscriptionId(id))
}

/// The subscription with this identifier.
pub async fn by_id(db: &mut Read, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
    let row: Option<SubscriptionRow> = fetch_optional!(db, BY_ID, id)?;
    row.map(TryInto::try_into).transpose()
}

/// Locks a subscription against erasure until the transaction ends; `false` if it does not exist.
pub async fn lock(tx: &mut Write, id: SubscriptionId) -> Result<bool, StoreError> {
    let locked: i64 = fetch_scalar!(tx, LOCK, id)?;
    Ok(locked == 1)
}

/// A subscriber's subscription to a newsletter.
pub async fn of_subscriber(
    db: &mut Read,
    subscriber: SubscriberId,
    newsletter: NewsletterId,
) -> Result<Option<Subscription>, StoreError> {
    let row: Option<SubscriptionRow> = fetch_optional!(db, OF_SUBSCRIBER, subscriber, newsletter)?;
    row.map(TryInto::try_into).transpose()
}

/// All subscriptions of a subscriber, oldest first.
pub async fn all_of(
    db: &mut Read,
    subscriber: SubscriberId,
) -> Result<Vec<Subscription>, StoreError> {
    let rows: Vec<SubscriptionRow> = fetch_all!(db, ALL_OF, subscriber)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Like [`all_of`], and locks the subscriber and then the subscriptions until the transaction ends. Other
/// code must lock them in the same order.
pub async fn lock_all_of(
    tx: &mut Write,
    person: SubscriberId,
) -> Result<Vec<Subscription>, StoreError> {
    subscriber::lock(tx, person).await?;
    execute!(tx, LOCK_ALL_OF, person)?;
    all_of(tx, person).await
}

/// Pauses a subscription until a time, or ends its pause.
pub async fn pause(
    tx: &mut Write,
    id: SubscriptionId,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    execute!(tx, PAUSE, id, until.map(micros))?;
    Ok(())
}

/// Makes a pending or ended subscription pending, with the choices of the new request. Returns `false` and changes
/// nothing if it is active: its reader has just confirmed it.
pub async fn restart(
    tx: &mut Write,
    id: SubscriptionId,
    chosen: Chosen,
) -> Result<bool, StoreError> {
    let restarted = execute!(
        tx,
        RESTART,
        id,
        SubscriptionState::Pending.as_str(),
        chosen.language.as_str(),
        chosen.countries.to_string(),
        chosen.frequency.as_str(),
        SubscriptionState::Active.as_str()
    )?;
    Ok(restarted > 0)
}

/// Changes the state from pending to active. Returns whether this call did so.
pub async fn activate(
    tx: &mut Write,
    id: SubscriptionId,
    not_ended_since: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = execute!(
        tx,
        ACTIVATE,
        id,
        SubscriptionState::Active.as_str(),
        micros(now),
        SubscriptionState::Pending.as_str(),
        micros(not_ended_since)
    )?;
    Ok(changed == 1)
}

/// Ends a subscription and removes its answers. Returns whether this call ended it.
pub async fn end(
    tx: &mut Write,
    id: SubscriptionId,
    reason: EndReason,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = execute!(
        tx,
        END,
        id,
        SubscriptionState::Ended.as_str(),
        reason.as_str(),
        micros(now)
    )?;
    answer::remove(tx, &[id]).await?;
    Ok(changed == 1)
}

/// Replaces the subscriber's choices.
pub async fn choose(tx: &mut Write, id: SubscriptionId, chosen: Chosen) -> Result<(), StoreError> {
    execute!(
        tx,
        CHOOSE,
        id,
        chosen.language.as_str(),
        chosen.countries.to_string(),
        chosen.frequency.as_str()
    )?;
    Ok(())
}

/// The number of subscriptions of a newsletter in a state.
pub async fn count(
    db: &mut Read,
    newsletter: NewsletterId,
    state: SubscriptionState,
) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, COUNT, newsletter, state.as_str())?)
}
