//! Who would get an issue, who not and why, and how long that would take.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, PoisonError};

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Serialize;
use utoipa::ToSchema;

use super::pace::usual_rate;
use super::{PublishError, issue, newsletter_of};
use crate::domain::{
    Audience, CountrySet, Exclusion, Issue, IssueId, IssueState, Newsletter, zoned_time,
};
use crate::service::Service;
use crate::store::issue::IssueFilter;
use crate::store::issue::audience::AudienceCount;
use crate::store::{self, Read};

/// How many earlier issues are looked at.
const EARLIER: i64 = 20;
/// So long a count is good enough to be looked at.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(1);

/// What sending an issue would mean at this moment. `candidates` is `readers` and `excluded` together, as of an issue
/// that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AudiencePlan {
    /// Who reads the newsletter now; for an erratum, who got the wrong text and still reads it.
    pub candidates: i64,
    /// How many would get it.
    pub readers: i64,
    /// How many of the candidates would not, by reason: `paused`, `monthly`, `each`.
    #[schema(value_type = std::collections::BTreeMap<String, i64>)]
    pub excluded: BTreeMap<Exclusion, i64>,
    /// Who is no candidate, having left or not confirmed, by reason; who was erased is not known any more.
    #[schema(value_type = std::collections::BTreeMap<String, i64>)]
    pub not_subscribed: BTreeMap<Exclusion, i64>,
    /// How many different mails it becomes.
    pub variants: usize,
    /// How long that takes, where it can be told.
    pub estimate: Option<Estimate>,
    /// The next time at which this newsletter usually goes out, RFC 3339.
    pub usual_slot: Option<String>,
    /// The same as people of the newsletter's time zone read it.
    pub usual_slot_local: Option<String>,
}

/// How long sending takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Estimate {
    /// In seconds from the start; slow and refused mails come later.
    pub seconds: i64,
    /// Mails a minute.
    pub per_minute: i64,
    /// The subject of the earlier issue whose speed it goes by; null when it goes by the limits of the relays in the
    /// settings.
    pub earlier_issue: Option<String>,
}

/// How exactly an audience is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// As it is now. Reads all subscriptions of the newsletter.
    Now,
    /// As it was at most a minute ago, if it was counted then.
    Lately,
}

/// What sending an issue would mean now.
///
/// # Errors
/// When there is no such issue.
pub async fn audience_plan(
    service: &Service,
    id: IssueId,
    counting: Counting,
) -> Result<AudiencePlan, PublishError> {
    let mut db = service.store.read().await?;
    let issue = issue(&mut db, id).await?;
    let newsletter = newsletter_of(&mut db, issue.newsletter).await?;
    let now = service.clock.now();
    let everybody = count(service, &mut db, issue.audience(), counting).await?;
    let readers = everybody.readers();
    let variants: HashSet<CountrySet> = everybody
        .choices
        .iter()
        .map(|(followed, _)| issue.content.variant(*followed))
        .collect();
    let filter = IssueFilter {
        newsletter: Some(newsletter.id),
        state: None,
    };
    let earlier = store::issue::list(&mut db, filter, None, EARLIER).await?;
    let earlier: Vec<Issue> = earlier.into_iter().map(|(issue, _)| issue).collect();
    let slot = usual_slot(&newsletter, &earlier, now);
    let (excluded, not_subscribed): (BTreeMap<_, _>, BTreeMap<_, _>) = everybody
        .excluded
        .iter()
        .map(|(reason, number)| (*reason, *number))
        .partition(|(reason, _)| reason.is_of_subscribed());
    Ok(AudiencePlan {
        candidates: readers + excluded.values().sum::<i64>(),
        readers,
        excluded,
        not_subscribed,
        variants: variants.len(),
        estimate: estimate(service, &mut db, &earlier, readers).await?,
        usual_slot: slot.map(|at| at.to_string()),
        usual_slot_local: slot.map(|at| zoned_time(at, &newsletter.time_zone)),
    })
}

/// Counting reads every subscription, so a process keeps what it has counted for a minute.
async fn count(
    service: &Service,
    db: &mut Read,
    audience: Audience,
    counting: Counting,
) -> Result<Arc<AudienceCount>, PublishError> {
    let now = service.clock.now();
    let kept = || {
        service
            .audiences
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    };
    if counting == Counting::Lately {
        let known = kept().get(&audience).cloned();
        // A clock that stands still is that of a test.
        let is_good = |at| now != at && now.duration_since(at).abs() <= GOOD_FOR;
        if let Some((_, count)) = known.filter(|(at, _)| is_good(*at)) {
            return Ok(count);
        }
    }
    let counted = store::issue::audience::everybody(db, audience, now).await?;
    let counted = Arc::new(counted);
    kept().insert(audience, (now, Arc::clone(&counted)));
    Ok(counted)
}

async fn estimate(
    service: &Service,
    db: &mut Read,
    earlier: &[Issue],
    readers: i64,
) -> Result<Option<Estimate>, PublishError> {
    let limit = relay_limit(service);
    // What went to a handful says nothing of a million.
    let comparable = |issue: &&Issue| {
        issue.state == IssueState::Sent && issue.counts.audience >= (readers / 10).max(1)
    };
    let mut basis = None;
    if let Some(issue) = earlier.iter().find(comparable)
        && let Some(rate) = usual_rate(db, issue).await?
    {
        basis = Some((rate, Some(issue.content.subject.clone())));
    }
    let basis = match (basis, limit) {
        (Some((rate, _)), Some(limit)) if limit < rate => Some((limit, None)),
        (None, Some(limit)) => Some((limit, None)),
        (basis, _) => basis,
    };
    Ok(basis.map(|(rate, earlier_issue)| Estimate {
        seconds: seconds(readers, rate),
        per_minute: per_minute(rate),
        earlier_issue,
    }))
}

/// How many mails a second all relays together may take; none unless each has a limit.
fn relay_limit(service: &Service) -> Option<f64> {
    let relays = service.settings.all_relays();
    let rates = relays.iter().map(|(_, relay)| relay.limits().per_second);
    rates.sum::<Option<f64>>().filter(|rate| *rate > 0.0)
}

/// How long so many mails take at this rate, in whole seconds, at least one.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // saturates
pub(super) fn seconds(mails: i64, rate: f64) -> i64 {
    ((mails as f64 / rate).ceil() as i64).max(1)
}

/// A rate a second as mails a minute, at least one.
#[allow(clippy::cast_possible_truncation)] // saturates
pub(super) fn per_minute(rate: f64) -> i64 {
    ((rate * 60.0).round() as i64).max(1)
}

/// The next time with the weekday and the hour at which an issue for all readers was last scheduled by hand.
fn usual_slot(newsletter: &Newsletter, earlier: &[Issue], now: Timestamp) -> Option<Timestamp> {
    let zone = &newsletter.time_zone;
    let planned = earlier
        .iter()
        .filter(|issue| issue.started_at.is_some())
        .filter(|issue| issue.month.is_none() && issue.erratum.is_none())
        .filter_map(|issue| issue.scheduled_at)
        .map(|at| zone.to_datetime(at))
        // A time that somebody chose, rather than a minute after a click.
        .find(|at| at.second() == 0 && at.minute() % 5 == 0)?;
    let weekday: Weekday = planned.weekday();
    let earliest = now.saturating_add(SignedDuration::from_mins(10)).ok()?;
    let first = zone.to_datetime(earliest).date();
    (0..=7).find_map(|days| {
        let day = first.checked_add(days.days()).ok()?;
        if day.weekday() != weekday {
            return None;
        }
        let at = day.to_datetime(planned.time());
        let at = zone.to_ambiguous_timestamp(at).compatible().ok()?;
        (at >= earliest).then_some(at)
    })
}
