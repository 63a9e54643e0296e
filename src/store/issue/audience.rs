//! The audience of an issue, and the subscriptions excluded from it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::{
    Audience, CountrySet, Erratum, Exclusion, IssueId, NewsletterId, SubscriptionState,
};
use crate::store::delivery::range;
use crate::store::dialect::{execute, fetch_all, fetch_one, fetch_scalar, statements};
use crate::store::rows::{Row, micros};
use crate::store::{Read, StoreError, Write};

/// The readers of an issue.
macro_rules! each_reader {
    () => {
        r" FROM subscription
           WHERE newsletter_id = $1
             AND state = $2
             AND (paused_until IS NULL OR paused_until <= $3)
             AND frequency = $4 "
    };
}

/// The readers of an erratum: those who may have a wrong revision, however often they want mails.
macro_rules! erratum_reader {
    () => {
        r" FROM delivery d
           JOIN subscription s ON s.id = d.subscription_id
           WHERE s.state = $3
             AND (s.paused_until IS NULL OR s.paused_until <= $4)
             AND d.issue_id = $1
             AND d.revision < $2
             AND (d.state = 'sent' OR d.state = 'unknown') "
    };
}

/// Leaves out whoever got an earlier erratum to the same text: to repeat one mails nobody twice. Of the table `delivery d`;
/// $1 and $2 are those of [`erratum_reader`].
macro_rules! without_erratum {
    () => {
        r" AND NOT EXISTS (
             SELECT 1
             FROM delivery had
             WHERE had.subscription_id = d.subscription_id
               AND (had.state = 'sent' OR had.state = 'unknown')
               AND had.issue_id IN (
                 SELECT e.id
                 FROM issue e
                 WHERE e.erratum_of = $1 AND e.erratum_below >= $2 AND e.started_at IS NOT NULL
               )
           ) "
    };
}
pub(super) use without_erratum;

/// The numbers of subscriptions from $6 to $8 in parts of $7, and the beginning of a statement that makes each of
/// them a range. Neither database needs memory for more than one part.
macro_rules! parts {
    () => {
        r"WITH RECURSIVE part (first_id) AS (
            SELECT CAST($6 AS BIGINT)
            UNION ALL
            SELECT first_id + $7 FROM part WHERE first_id + $7 <= $8
          )
          INSERT INTO delivery_range (issue_id, due_at, first_id, last_id, members)
          SELECT $5, CAST($9 AS BIGINT), first_id, first_id + $7 - 1, "
    };
}

statements! {
    // How many an audience would have, and between which subscriptions.
    SPREAD = [
        r"SELECT COUNT(*), COALESCE(MIN(id), 0), COALESCE(MAX(id), 0)",
        (each_reader!),
    ];
    FREEZE = [
        (parts!),
        list_ids,
        (each_reader!),
        "AND id >= part.first_id AND id < part.first_id + $7) FROM part",
    ];
    // Nobody has a number of that part.
    REMOVE_EMPTY = [
        "DELETE FROM delivery_range WHERE issue_id = $1 AND ",
        length_of_members,
        " = 0",
    ];
    FROZEN = [
        "SELECT CAST(COALESCE(SUM(",
        length_of_members,
        r"), 0) AS BIGINT) FROM delivery_range WHERE issue_id = $1",
    ];
    ANY = [
        "SELECT COUNT(*) FROM (SELECT 1",
        (each_reader!),
        "LIMIT 1) AS any_reader",
    ];
    FROZEN_CHOICES = [
        r"SELECT s.countries, COUNT(*)
          FROM (
            SELECT issue_id, subscription_id FROM delivery
            UNION ALL
            SELECT issue_id, subscription_id FROM untried_delivery
          ) AS d
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
    SPREAD_ERRATUM = [
        r"SELECT COUNT(*), COALESCE(MIN(s.id), 0), COALESCE(MAX(s.id), 0)",
        (erratum_reader!),
        (without_erratum!),
    ];
    FREEZE_ERRATUM = [
        (parts!),
        list_ids,
        (erratum_reader!),
        (without_erratum!),
        "AND d.subscription_id >= part.first_id AND d.subscription_id < part.first_id + $7) FROM part",
    ];
    // The same people as in FREEZE_ERRATUM, and those it leaves out.
    EVERYBODY_ERRATUM = [
        r"SELECT CASE
              WHEN s.state = 'pending' THEN 'pending'
              WHEN s.state <> $3 THEN COALESCE(s.end_reason, 'unsubscribed')
              WHEN s.paused_until > $4 THEN 'paused'
              ELSE ''
            END AS reason,
            CASE WHEN s.state = $3 THEN s.countries ELSE '' END AS choice, COUNT(*)
          FROM delivery d
          JOIN subscription s ON s.id = d.subscription_id
          WHERE d.issue_id = $1
            AND d.revision < $2
            AND (d.state = 'sent' OR d.state = 'unknown')
            AND NOT (s.state = 'ended' AND s.end_reason = 'erased')",
        (without_erratum!),
        "GROUP BY 1, 2",
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

/// Lists every active subscription of the audience that is not paused in ranges of untried deliveries;
/// returns how many they are.
pub async fn freeze(
    tx: &mut Write,
    issue: IssueId,
    audience: Audience,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let active = SubscriptionState::Active.as_str();
    let now = micros(now);
    match audience.erratum {
        None => {
            let (newsletter, each) = (audience.newsletter, audience.frequency.as_str());
            let spread = fetch_one!(tx, SPREAD, newsletter, active, now, each)?;
            let (first, width, last) = divide(spread);
            execute!(
                tx, FREEZE, newsletter, active, now, each, issue, first, width, last, now
            )?
        }
        Some(Erratum { of, below }) => {
            let spread = fetch_one!(tx, SPREAD_ERRATUM, of, below, active, now)?;
            let (first, width, last) = divide(spread);
            execute!(
                tx,
                FREEZE_ERRATUM,
                of,
                below,
                active,
                now,
                issue,
                first,
                width,
                last,
                now
            )?
        }
    };
    execute!(tx, REMOVE_EMPTY, issue)?;
    Ok(fetch_scalar!(tx, FROZEN, issue)?)
}

/// The first number, the width and the last number of parts of about [`range::MEMBERS`] readers.
fn divide((readers, first, last): (i64, i64, i64)) -> (i64, i64, i64) {
    let spanned = last.saturating_sub(first).saturating_add(1);
    let members = range::MEMBERS as i64;
    let width = spanned.saturating_mul(members) / readers.max(1);
    (first, width.max(members), last)
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
            erratum.of,
            erratum.below,
            active,
            micros(now)
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

#[cfg(test)]
mod tests {
    use super::divide;

    #[test]
    fn ranges_are_as_wide_as_readers_lie_apart() {
        for (spread, width) in [
            ((0, 0, 0), 250),
            ((1, 7, 7), 250),
            ((1_000_000, 1, 1_000_000), 250),
            ((2, 1, 1_000), 125_000),
            ((100_000, 500_001, 800_000), 750),
            ((3, 1, i64::MAX), i64::MAX / 3),
        ] {
            assert_eq!(divide(spread), (spread.1, width, spread.2));
        }
    }
}
