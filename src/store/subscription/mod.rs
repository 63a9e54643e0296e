//! Subscriptions and their states.

pub mod import;
pub mod signup;

use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::dialect::{run, statements};
use super::rows::{Row, micros};
use super::subscriber::answer;
use super::{Read, StoreError, Write, subscriber};
use crate::domain::{
    Chosen, EndReason, NewsletterId, SubscriberId, Subscription, SubscriptionId, SubscriptionState,
};

statements! {
    INSERT = ["INSERT INTO subscription (subscriber_id, newsletter_id, state, language, countries, frequency, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"];
    BY_ID = ["SELECT s.id, s.subscriber_id, s.newsletter_id, p.address, s.state, s.end_reason, s.language, \
        s.countries, s.frequency, s.confirmed_at, s.paused_until FROM subscription s JOIN subscriber p ON p.id = s.subscriber_id \
        WHERE s.id = $1"];
    OF_SUBSCRIBER = ["SELECT s.id, s.subscriber_id, s.newsletter_id, p.address, s.state, s.end_reason, s.language, \
        s.countries, s.frequency, s.confirmed_at, s.paused_until FROM subscription s JOIN subscriber p ON p.id = s.subscriber_id \
        WHERE s.subscriber_id = $1 AND s.newsletter_id = $2"];
    // Not FOR UPDATE: a reader's choices need not wait, only who would erase the row.
    LOCK = ["SELECT COUNT(*) FROM (SELECT id FROM subscription WHERE id = $1",
        { sqlite: "", postgres: " FOR KEY SHARE" }, ") AS held"];
    RESTART = ["UPDATE subscription SET state = $2, language = $3, countries = $4, frequency = $5, paused_until = NULL \
        WHERE id = $1"];
    ACTIVATE = ["UPDATE subscription SET state = $2, confirmed_at = $3, ended_at = NULL, end_reason = NULL \
        WHERE id = $1 AND state = $4"];
    END = ["UPDATE subscription SET state = $2, end_reason = $3, ended_at = $4 WHERE id = $1 AND state <> $2"];
    CHOOSE = ["UPDATE subscription SET language = $2, countries = $3, frequency = $4 WHERE id = $1"];
    PAUSE = ["UPDATE subscription SET paused_until = $2 WHERE id = $1"];
    ALL_OF = ["SELECT s.id, s.subscriber_id, s.newsletter_id, p.address, s.state, s.end_reason, s.language, \
        s.countries, s.frequency, s.confirmed_at, s.paused_until FROM subscription s JOIN subscriber p ON p.id = s.subscriber_id \
        WHERE s.subscriber_id = $1 ORDER BY s.id"];
    LOCK_ALL_OF = ["SELECT id FROM subscription WHERE subscriber_id = $1 ORDER BY id", for_update];
    COUNT = ["SELECT COUNT(*) FROM subscription WHERE newsletter_id = $1 AND state = $2"];
}

#[derive(FromRow)]
struct SubscriptionRow {
    id: i64,
    subscriber_id: i64,
    newsletter_id: Uuid,
    address: String,
    state: String,
    end_reason: Option<String>,
    language: String,
    countries: String,
    frequency: String,
    confirmed_at: Option<i64>,
    paused_until: Option<i64>,
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
            id: SubscriptionId(row.id),
            subscriber: SubscriberId(row.subscriber_id),
            newsletter: NewsletterId(row.newsletter_id),
            address: place.parse("address", &row.address)?,
            state: place.parse("state", &row.state)?,
            end_reason: end_reason
                .map(|word| place.parse("end_reason", word))
                .transpose()?,
            chosen: place.chosen(&row.language, &row.countries, &row.frequency)?,
            confirmed_at: place.maybe_time("confirmed_at", row.confirmed_at)?,
            paused_until: place.maybe_time("paused_until", row.paused_until)?,
        })
    }
}

/// Adds a pending subscription.
///
/// # Errors
/// When the database cannot be used.
pub async fn insert_pending(
    tx: &mut Write,
    subscriber: SubscriberId,
    newsletter: NewsletterId,
    chosen: Chosen,
    now: Timestamp,
) -> Result<SubscriptionId, StoreError> {
    let id = run!(tx, INSERT, |sql, connection| sqlx::query_scalar(sql)
        .bind(subscriber.0)
        .bind(newsletter.0)
        .bind(SubscriptionState::Pending.as_str())
        .bind(chosen.language.as_str())
        .bind(chosen.countries.to_string())
        .bind(chosen.frequency.as_str())
        .bind(micros(now))
        .fetch_one(connection)
        .await)?;
    Ok(SubscriptionId(id))
}

/// The subscription with this identity.
///
/// # Errors
/// When the database cannot be used.
pub async fn by_id(db: &mut Read, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
    let row: Option<SubscriptionRow> = run!(db, BY_ID, |sql, connection| sqlx::query_as(sql)
        .bind(id.0)
        .fetch_optional(connection)
        .await)?;
    row.map(TryInto::try_into).transpose()
}

/// Keeps a subscription from being erased until the transaction ends; false when it is gone.
///
/// # Errors
/// When the database cannot be used.
pub async fn lock(tx: &mut Write, id: SubscriptionId) -> Result<bool, StoreError> {
    let held: i64 = run!(tx, LOCK, |sql, connection| sqlx::query_scalar(sql)
        .bind(id.0)
        .fetch_one(connection)
        .await)?;
    Ok(held == 1)
}

/// The subscription of this person to this newsletter.
///
/// # Errors
/// When the database cannot be used.
pub async fn of_subscriber(
    db: &mut Read,
    subscriber: SubscriberId,
    newsletter: NewsletterId,
) -> Result<Option<Subscription>, StoreError> {
    let row: Option<SubscriptionRow> =
        run!(db, OF_SUBSCRIBER, |sql, connection| sqlx::query_as(sql)
            .bind(subscriber.0)
            .bind(newsletter.0)
            .fetch_optional(connection)
            .await)?;
    row.map(TryInto::try_into).transpose()
}

/// All subscriptions of a person, the oldest first.
///
/// # Errors
/// When the database cannot be used.
pub async fn all_of(
    db: &mut Read,
    subscriber: SubscriberId,
) -> Result<Vec<Subscription>, StoreError> {
    let rows: Vec<SubscriptionRow> = run!(db, ALL_OF, |sql, connection| sqlx::query_as(sql)
        .bind(subscriber.0)
        .fetch_all(connection)
        .await)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// All subscriptions of a person, the oldest first; nobody else changes or adds any until the
/// transaction ends. Whoever locks several of a person's does so in this order, and the person before.
///
/// # Errors
/// When the database cannot be used.
pub async fn lock_all_of(
    tx: &mut Write,
    person: SubscriberId,
) -> Result<Vec<Subscription>, StoreError> {
    subscriber::lock(tx, person).await?;
    run!(tx, LOCK_ALL_OF, |sql, connection| sqlx::query(sql)
        .bind(person.0)
        .execute(connection)
        .await
        .map(|_| ()))?;
    all_of(tx, person).await
}

/// Lets a subscription rest until a time, or ends its rest.
///
/// # Errors
/// When the database cannot be used.
pub async fn pause(
    tx: &mut Write,
    id: SubscriptionId,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    run!(tx, PAUSE, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(until.map(micros))
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Makes a pending or ended subscription pending (again), with the choices of the new request.
///
/// # Errors
/// When the database cannot be used.
pub async fn restart(tx: &mut Write, id: SubscriptionId, chosen: Chosen) -> Result<(), StoreError> {
    run!(tx, RESTART, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(SubscriptionState::Pending.as_str())
        .bind(chosen.language.as_str())
        .bind(chosen.countries.to_string())
        .bind(chosen.frequency.as_str())
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// pending → active. Returns whether this call did it.
///
/// # Errors
/// When the database cannot be used.
pub async fn activate(
    tx: &mut Write,
    id: SubscriptionId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = run!(tx, ACTIVATE, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(SubscriptionState::Active.as_str())
        .bind(micros(now))
        .bind(SubscriptionState::Pending.as_str())
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(changed == 1)
}

/// anything → ended; what was answered to the newsletter is forgotten. Returns whether this call
/// did it.
///
/// # Errors
/// When the database cannot be used.
pub async fn end(
    tx: &mut Write,
    id: SubscriptionId,
    reason: EndReason,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = run!(tx, END, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(SubscriptionState::Ended.as_str())
        .bind(reason.as_str())
        .bind(micros(now))
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?;
    answer::remove(tx, &[id.0]).await?;
    Ok(changed == 1)
}

/// Sets what the reader has chosen.
///
/// # Errors
/// When the database cannot be used.
pub async fn choose(tx: &mut Write, id: SubscriptionId, chosen: Chosen) -> Result<(), StoreError> {
    run!(tx, CHOOSE, |sql, connection| sqlx::query(sql)
        .bind(id.0)
        .bind(chosen.language.as_str())
        .bind(chosen.countries.to_string())
        .bind(chosen.frequency.as_str())
        .execute(connection)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// How many subscriptions of a newsletter are in a state.
///
/// # Errors
/// When the database cannot be used.
pub async fn count(
    db: &mut Read,
    newsletter: NewsletterId,
    state: SubscriptionState,
) -> Result<i64, StoreError> {
    Ok(run!(db, COUNT, |sql, connection| sqlx::query_scalar(sql)
        .bind(newsletter.0)
        .bind(state.as_str())
        .fetch_one(connection)
        .await)?)
}
