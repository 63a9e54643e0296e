//! The audience of an issue, and the subscriptions excluded from it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::{
    Audience, CountrySet, DeliveryState, Exclusion, IssueId, NewsletterId, SubscriptionState,
};
use crate::store::delivery::range;
use crate::store::dialect::{execute, fetch_all, fetch_scalar, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

statements! {
    FREEZE = [
        r"INSERT INTO delivery (issue_id, subscription_id, state, attempts)
          SELECT $1, id, $2, 0
          FROM subscription
          WHERE newsletter_id = $4
            AND state = $5
            AND frequency = $6
            AND (paused_until IS NULL OR paused_until <= $3)
          ORDER BY id",
    ];
    // The same condition.
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
    // All subscriptions that were not erased, by what FREEZE would do with them. The first reason that
    // applies counts.
    EVERYBODY = [
        r"SELECT CASE
              WHEN state = 'pending' THEN 'pending'
              WHEN state <> $2 THEN COALESCE(end_reason, 'unsubscribed')
              WHEN paused_until > $3 THEN 'paused'
              WHEN frequency <> $4 THEN frequency
              ELSE ''
            END AS reason,
            CASE WHEN state = $2 THEN countries ELSE '' END AS choice, COUNT(*)
          FROM subscription
          WHERE newsletter_id = $1 AND NOT (state = 'ended' AND end_reason = 'erased')
          GROUP BY 1, 2",
    ];
    // An erratum goes to those who may have a wrong revision, however often they want mails.
    FREEZE_ERRATUM = [
        r"INSERT INTO delivery (issue_id, subscription_id, state, attempts)
          SELECT $1, s.id, $2, 0
          FROM delivery d
          JOIN subscription s ON s.id = d.subscription_id
          WHERE d.issue_id = $5
            AND d.revision < $6
            AND (d.state = 'sent' OR d.state = 'unknown')
            AND s.state = $4
            AND (s.paused_until IS NULL OR s.paused_until <= $3)
          ORDER BY s.id",
    ];
    // The same people as in FREEZE_ERRATUM, and those it leaves out.
    EVERYBODY_ERRATUM = [
        r"SELECT CASE
              WHEN s.state = 'pending' THEN 'pending'
              WHEN s.state <> $1 THEN COALESCE(s.end_reason, 'unsubscribed')
              WHEN s.paused_until > $2 THEN 'paused'
              ELSE ''
            END AS reason,
            CASE WHEN s.state = $1 THEN s.countries ELSE '' END AS choice, COUNT(*)
          FROM delivery d
          JOIN subscription s ON s.id = d.subscription_id
          WHERE d.issue_id = $3
            AND d.revision < $4
            AND (d.state = 'sent' OR d.state = 'unknown')
            AND NOT (s.state = 'ended' AND s.end_reason = 'erased')
          GROUP BY 1, 2",
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

/// How many subscriptions an audience would have at a moment, and how many not, by reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AudienceCount {
    /// The choices of countries of those who would get the issue, each with the number of its
    /// subscriptions.
    pub choices: Vec<(CountrySet, i64)>,
    /// Those who would not.
    pub excluded: Excluded,
}

impl AudienceCount {
    /// How many would get the issue.
    #[must_use]
    pub fn readers(&self) -> i64 {
        self.choices.iter().map(|(_, readers)| readers).sum()
    }
}

/// Inserts a queued delivery for every active subscription of the audience that is not paused, and one
/// range with all of them; returns how many.
pub async fn freeze(
    tx: &mut Write,
    issue: IssueId,
    audience: Audience,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let queued = DeliveryState::Queued.as_str();
    let active = SubscriptionState::Active.as_str();
    let rows = match audience.erratum {
        None => execute!(
            tx,
            FREEZE,
            issue,
            queued,
            micros(now),
            audience.newsletter,
            active,
            audience.frequency.as_str()
        )?,
        Some(erratum) => execute!(
            tx,
            FREEZE_ERRATUM,
            issue,
            queued,
            micros(now),
            active,
            erratum.of,
            erratum.below
        )?,
    };
    range::add(tx, issue, now).await?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Whether [`freeze`] would take anybody now.
pub async fn has_readers(
    db: &mut Read,
    audience: Audience,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if audience.erratum.is_some() {
        return Ok(everybody(db, audience, now).await?.readers() > 0);
    }
    let readers: i64 = fetch_scalar!(
        db,
        ANY,
        audience.newsletter,
        SubscriptionState::Active.as_str(),
        micros(now),
        audience.frequency.as_str()
    )?;
    Ok(readers > 0)
}

/// Counts the subscriptions that [`freeze`] excludes, by reason: the active ones of a newsletter, and
/// of an erratum all that got the wrong revision.
pub async fn excluded(
    db: &mut Read,
    audience: Audience,
    now: Timestamp,
) -> Result<Excluded, StoreError> {
    if audience.erratum.is_some() {
        return Ok(everybody(db, audience, now).await?.excluded);
    }
    let rows: Vec<(String, i64)> = fetch_all!(
        db,
        EXCLUDED,
        audience.newsletter,
        SubscriptionState::Active.as_str(),
        micros(now),
        audience.frequency.as_str()
    )?;
    let read = |(reason, readers): (String, i64)| Ok((exclusion(&reason)?, readers));
    rows.into_iter().map(read).collect()
}

/// Counts everybody whom an issue might go to: the subscriptions of the newsletter, or for an erratum
/// those that got the wrong revision; erased ones are not among them. Reads them all.
pub async fn everybody(
    db: &mut Read,
    audience: Audience,
    now: Timestamp,
) -> Result<AudienceCount, StoreError> {
    let active = SubscriptionState::Active.as_str();
    let rows: Vec<(String, String, i64)> = match audience.erratum {
        None => fetch_all!(
            db,
            EVERYBODY,
            audience.newsletter,
            active,
            micros(now),
            audience.frequency.as_str()
        )?,
        Some(erratum) => fetch_all!(
            db,
            EVERYBODY_ERRATUM,
            active,
            micros(now),
            erratum.of,
            erratum.below
        )?,
    };
    let mut count = AudienceCount::default();
    for (reason, countries, readers) in rows {
        match reason.as_str() {
            "" => count.choices.push(choice((countries, readers))?),
            reason => *count.excluded.entry(exclusion(reason)?).or_default() += readers,
        }
    }
    Ok(count)
}

fn exclusion(reason: &str) -> Result<Exclusion, StoreError> {
    let place = Row {
        table: "subscription",
        id: &"grouped",
    };
    place.parse("reason", reason)
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
