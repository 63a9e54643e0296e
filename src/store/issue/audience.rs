//! Who an issue goes to, and who is left out, and why.

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
    // What those whom FREEZE would take follow.
    CHOICES = [
        r"SELECT countries, COUNT(*)
          FROM subscription
          WHERE newsletter_id = $1
            AND state = $2
            AND frequency = $4
            AND (paused_until IS NULL OR paused_until <= $3)
          GROUP BY countries",
    ];
    FROZEN_CHOICES = [
        r"SELECT s.countries, COUNT(*)
          FROM delivery d
          JOIN subscription s ON s.id = d.subscription_id
          WHERE d.issue_id = $1
          GROUP BY s.countries",
    ];
    // Whom FREEZE passes over. A frequency that is not the issue's is its own reason.
    LEFT_OUT = [
        r"SELECT CASE WHEN paused_until > $3 THEN 'paused' ELSE frequency END AS reason, COUNT(*)
          FROM subscription
          WHERE newsletter_id = $1 AND state = $2 AND (paused_until > $3 OR frequency <> $4)
          GROUP BY 1",
    ];
    // As the index says it.
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

/// How many readers are left out, by reason.
pub type LeftOut = BTreeMap<Exclusion, i64>;

/// Writes a queued delivery for every active subscription of the newsletter with this frequency that
/// is not left out; returns how many.
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

/// The active subscriptions that [`freeze`] leaves out, counted by the reason.
pub async fn left_out(
    tx: &mut Write,
    (newsletter, frequency): (NewsletterId, Frequency),
    now: Timestamp,
) -> Result<LeftOut, StoreError> {
    let rows: Vec<(String, i64)> = fetch_all!(
        tx,
        LEFT_OUT,
        newsletter,
        SubscriptionState::Active.as_str(),
        micros(now),
        frequency.as_str()
    )?;
    let place = Row {
        table: "subscription",
        id: &"counted",
    };
    let read = |(reason, readers): (String, i64)| Ok((place.parse("reason", &reason)?, readers));
    rows.into_iter().map(read).collect()
}

/// What the readers follow to whom an issue of the newsletter for this frequency would go now, with
/// how many follow the same.
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

/// The same for the audience of an issue, as it was frozen.
pub async fn frozen_choices(
    db: &mut Read,
    issue: IssueId,
) -> Result<Vec<(CountrySet, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = fetch_all!(db, FROZEN_CHOICES, issue)?;
    rows.into_iter().map(choice).collect()
}

/// Whether anybody reads the monthly summary of a newsletter.
pub async fn is_read_monthly(db: &mut Read, newsletter: NewsletterId) -> Result<bool, StoreError> {
    let readers: i64 = fetch_scalar!(db, MONTHLY, newsletter, SubscriptionState::Active.as_str())?;
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
