//! Who an issue goes to, and who is left out, and why.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::{
    CountrySet, DeliveryState, Exclusion, Frequency, IssueId, NewsletterId, SubscriptionState,
};
use crate::store::dialect::{run, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    FREEZE = ["INSERT INTO delivery (issue_id, subscription_id, state, attempts, due_at) \
        SELECT $1, id, $2, 0, $3 FROM subscription WHERE newsletter_id = $4 AND state = $5 \
        AND frequency = $6 AND (paused_until IS NULL OR paused_until <= $3) ORDER BY id"];
    // What those whom FREEZE would take follow.
    CHOICES = ["SELECT countries, COUNT(*) FROM subscription WHERE newsletter_id = $1 AND state = $2 \
        AND frequency = $4 AND (paused_until IS NULL OR paused_until <= $3) GROUP BY countries"];
    FROZEN_CHOICES = ["SELECT s.countries, COUNT(*) FROM delivery d \
        JOIN subscription s ON s.id = d.subscription_id WHERE d.issue_id = $1 GROUP BY s.countries"];
    // Whom FREEZE passes over. A frequency that is not the issue's is its own reason.
    LEFT_OUT = ["SELECT CASE WHEN paused_until > $3 THEN 'paused' ELSE frequency END AS reason, COUNT(*) \
        FROM subscription WHERE newsletter_id = $1 AND state = $2 AND (paused_until > $3 OR frequency <> $4) \
        GROUP BY 1"];
    // As the index says it.
    MONTHLY = ["SELECT COUNT(*) FROM (SELECT 1 FROM subscription WHERE newsletter_id = $1 AND frequency = 'monthly' \
        AND state = $2 LIMIT 1) AS any_reader"];
}

/// How many readers are left out, by reason.
pub type LeftOut = BTreeMap<Exclusion, i64>;

/// Writes a queued delivery for every active subscription of the newsletter with this frequency that
/// is not left out; returns how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn freeze(
    tx: &mut Write,
    issue: IssueId,
    (newsletter, frequency): (NewsletterId, Frequency),
    now: Timestamp,
) -> Result<i64, StoreError> {
    let rows = run!(tx, FREEZE, |sql, connection| sqlx::query(sql)
        .bind(issue.0)
        .bind(DeliveryState::Queued.as_str())
        .bind(micros(now))
        .bind(newsletter.0)
        .bind(SubscriptionState::Active.as_str())
        .bind(frequency.as_str())
        .execute(connection)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// The active subscriptions that [`freeze`] leaves out, counted by the reason.
///
/// # Errors
/// When the database cannot be used.
pub async fn left_out(
    tx: &mut Write,
    (newsletter, frequency): (NewsletterId, Frequency),
    now: Timestamp,
) -> Result<LeftOut, StoreError> {
    let rows: Vec<(String, i64)> = run!(tx, LEFT_OUT, |sql, connection| sqlx::query_as(sql)
        .bind(newsletter.0)
        .bind(SubscriptionState::Active.as_str())
        .bind(micros(now))
        .bind(frequency.as_str())
        .fetch_all(connection)
        .await)?;
    let place = Row {
        table: "subscription",
        id: &"counted",
    };
    let read = |(reason, readers): (String, i64)| Ok((place.parse("reason", &reason)?, readers));
    rows.into_iter().map(read).collect()
}

/// What the readers follow to whom an issue of the newsletter for this frequency would go now, with
/// how many follow the same.
///
/// # Errors
/// When the database cannot be used.
pub async fn choices(
    db: &mut Read,
    (newsletter, frequency): (NewsletterId, Frequency),
    now: Timestamp,
) -> Result<Vec<(CountrySet, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = run!(db, CHOICES, |sql, connection| sqlx::query_as(sql)
        .bind(newsletter.0)
        .bind(SubscriptionState::Active.as_str())
        .bind(micros(now))
        .bind(frequency.as_str())
        .fetch_all(connection)
        .await)?;
    rows.into_iter().map(choice).collect()
}

/// The same for the audience of an issue, as it was frozen.
///
/// # Errors
/// When the database cannot be used.
pub async fn frozen_choices(
    db: &mut Read,
    issue: IssueId,
) -> Result<Vec<(CountrySet, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = run!(db, FROZEN_CHOICES, |sql, connection| {
        sqlx::query_as(sql)
            .bind(issue.0)
            .fetch_all(connection)
            .await
    })?;
    rows.into_iter().map(choice).collect()
}

/// Whether anybody reads the monthly summary of a newsletter.
///
/// # Errors
/// When the database cannot be used.
pub async fn is_read_monthly(db: &mut Read, newsletter: NewsletterId) -> Result<bool, StoreError> {
    let readers: i64 = run!(db, MONTHLY, |sql, connection| sqlx::query_scalar(sql)
        .bind(newsletter.0)
        .bind(SubscriptionState::Active.as_str())
        .fetch_one(connection)
        .await)?;
    Ok(readers > 0)
}

fn choice((countries, readers): (String, i64)) -> Result<(CountrySet, i64), StoreError> {
    let place = Row {
        table: "subscription",
        id: &"counted",
    };
    let set = CountrySet::parse(&countries).map_err(|e| place.corrupt("countries", &e))?;
    Ok((set, readers))
}
