//! The audience of an issue, and the subscriptions excluded from it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::{
    CountrySet, DeliveryState, Exclusion, Frequency, IssueId, NewsletterId, SubscriptionState,
};
use crate::store::dialect::{execute, fetch_all, fetch_scalar, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    FREEZE = [
        r"INSERT INTO delivery (issue_id, subscription_id, state, attempts, due_at)
          SELECT $1, id, $2, 0, $3
          FROM subscription
          WHERE newsletter_id = $4
            AND state = $5
            AND frequency = $6
            AND (paused_until IS NULL OR paused_until <= $3)
          ORDER BY id",
    ];
    // The same condition as in FREEZE.
    CHOICES = [
        r"SELECT countries, COUNT(*)
          FROM subscription
          WHERE newsletter_id = $1
            AND state = $2
            AND frequency = $4
            AND (paused_until IS NULL OR paused_until <= $3)
          GROUP BY countries",
    ];
    // The same condition again.
    ANY = [
        r"SELECT COUNT(*)
          FROM (
            SELECT 1
            FROM subscription
            WHERE newsletter_id = $1
              AND state = $2
              AND frequency = $4
              AND (paused_until IS NULL OR paused_until <= $3)
            LIMIT 1
          ) AS any_reader",
    ];
    FROZEN_CHOICES = [
        r"SELECT s.countries, COUNT(*)
          FROM delivery d
          JOIN subscription s ON s.id = d.subscription_id
          WHERE d.issue_id = $1
          GROUP BY s.countries",
    ];
    // The active subscriptions that FREEZE excludes. Another frequency is the reason itself.
    EXCLUDED = [
        r"SELECT CASE WHEN paused_until > $3 THEN 'paused' ELSE frequency END AS reason, COUNT(*)
          FROM subscription
          WHERE newsletter_id = $1 AND state = $2 AND (paused_until > $3 OR frequency <> $4)
          GROUP BY 1",
    ];
    // The literal 'monthly' matches the partial index.
    MONTHLY = [
        r"SELECT COUNT(*)
          FROM (
            SELECT 1
            FROM subscription
            WHERE newsletter_id = $1 AND frequency = 'monthly' AND state = $2
            LIMIT 1
          ) AS any_reader",
    ];
}

/// The number of excluded subscriptions, by reason.
pub type Excluded = BTreeMap<Exclusion, i64>;

/// Inserts a queued delivery for every active subscription of the newsletter that has this frequency
/// and is not paused; returns how many.
pub async fn freeze(
    tx: &mut Write,
    issue: IssueId,
    (newsletter, frequency): (NewsletterId, Frequency),
    now: Timestamp,
) -> Result<i64, StoreError> {
    let rows = execute!(
        tx,
        FREEZE,
        issue,
        DeliveryState::Queued.as_str(),
        micros(now),
        newsletter,
        SubscriptionState::Active.as_str(),
        frequency.as_str()
    )?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Whether [`freeze`] would take anybody now.
pub async fn has_readers(
    db: &mut Read,
    (newsletter, frequency): (NewsletterId, Frequency),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let readers: i64 = fetch_scalar!(
        db,
        ANY,
        newsletter,
        SubscriptionState::Active.as_str(),
        micros(now),
        frequency.as_str()
    )?;
    Ok(readers > 0)
}

/// Counts the audience that [`freeze`] would take now.
pub async fn count(
    db: &mut Read,
    audience: (NewsletterId, Frequency),
    now: Timestamp,
) -> Result<i64, StoreError> {
    let choices = choices(db, audience, now).await?;
    Ok(choices.into_iter().map(|(_, readers)| readers).sum())
}

/// Counts the active subscriptions that [`freeze`] excludes, by reason.
pub async fn excluded(
    tx: &mut Write,
    (newsletter, frequency): (NewsletterId, Frequency),
    now: Timestamp,
) -> Result<Excluded, StoreError> {
    let rows: Vec<(String, i64)> = fetch_all!(
        tx,
        EXCLUDED,
        newsletter,
        SubscriptionState::Active.as_str(),
        micros(now),
        frequency.as_str()
    )?;
    let place = Row {
        table: "subscription",
        id: &"grouped",
    };
    let read = |(reason, readers): (String, i64)| Ok((place.parse("reason", &reason)?, readers));
    rows.into_iter().map(read).collect()
}

/// The choices of countries in the audience that [`freeze`] would take now, each with the number of
/// its subscriptions.
pub async fn choices(
    db: &mut Read,
    (newsletter, frequency): (NewsletterId, Frequency),
    now: Timestamp,
) -> Result<Vec<(CountrySet, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = fetch_all!(
        db,
        CHOICES,
        newsletter,
        SubscriptionState::Active.as_str(),
        micros(now),
        frequency.as_str()
    )?;
    rows.into_iter().map(choice).collect()
}

/// The choices of countries in the frozen audience of an issue, each with the number of its
/// subscriptions.
pub async fn frozen_choices(
    db: &mut Read,
    issue: IssueId,
) -> Result<Vec<(CountrySet, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = fetch_all!(db, FROZEN_CHOICES, issue)?;
    rows.into_iter().map(choice).collect()
}

/// Whether a newsletter has active subscriptions to its monthly summary.
pub async fn has_monthly_readers(
    db: &mut Read,
    newsletter: NewsletterId,
) -> Result<bool, StoreError> {
    let readers: i64 = fetch_scalar!(db, MONTHLY, newsletter, SubscriptionState::Active.as_str())?;
    Ok(readers > 0)
}

fn choice((countries, readers): (String, i64)) -> Result<(CountrySet, i64), StoreError> {
    let place = Row {
        table: "subscription",
        id: &"grouped",
    };
    let set = CountrySet::parse(&countries).map_err(|e| place.corrupt("countries", &e))?;
    Ok((set, readers))
}
