//! How fast an issue is going out, when that will be over, and for whom it has to wait.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::PublishError;
use super::audience::{per_minute, seconds};
use crate::domain::{Issue, IssueState, Scope, Throttle};
use crate::service::Service;
use crate::store::delivery::waiting::{self, Parked};
use crate::store::issue::sample;
use crate::store::{self, Read, StoreError};

/// The rate is that of the last minute.
const LOOK_BACK: SignedDuration = SignedDuration::from_secs(60);
/// The usual rate is that of the first 90 %; the last ones are slow or refused, and would lower it.
const MOST_PERCENT: i64 = 90;

/// How an issue is going out at this moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Pace {
    /// How fast, while it is being sent and something has gone out in the last minute.
    pub rate: Option<RateView>,
    /// When the next of those that wait is due, RFC 3339; none where nobody waits for a time.
    pub next_try_at: Option<String>,
    /// The providers of mailboxes that ask us to slow down, or have a limit, and for whom readers wait.
    pub providers: Vec<ProviderWait>,
}

/// The rate of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RateView {
    /// Mails a minute.
    pub per_minute: i64,
    /// When all that is not deferred will be over at this rate, RFC 3339.
    pub ends_at: String,
}

/// Readers that wait for a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProviderWait {
    /// The name of the provider in the settings, or the domain of its mailboxes.
    pub provider: String,
    /// How many readers wait for it.
    pub readers: i64,
    /// Whether it asked for less; otherwise the settings limit it.
    pub slowed: bool,
    /// How many mails a minute it gets now, where that is limited.
    pub per_minute: Option<i64>,
    /// When the next one is tried, RFC 3339.
    pub next_try_at: String,
}

/// How an issue is going out at this moment. Nothing of it waits for the size of the ledger but the
/// count of those that wait for a provider.
///
/// # Errors
/// When the database cannot be used.
pub async fn pace(service: &Service, issue: &Issue) -> Result<Pace, StoreError> {
    pace_of(service, &mut service.store.read().await?, issue).await
}

/// The same over a connection that is at hand.
///
/// # Errors
/// When the database cannot be used.
pub async fn pace_of(service: &Service, db: &mut Read, issue: &Issue) -> Result<Pace, StoreError> {
    if issue.state != IssueState::Sending {
        return Ok(Pace::default());
    }
    let now = service.clock.now();
    let parked = waiting::by_destination(db, issue.id).await?;
    let throttles = match parked.is_empty() {
        true => Vec::new(),
        false => store::delivery::throttle::all(db).await?,
    };
    let wait = |parked: &Parked| provider_wait(service, parked, &throttles, now);
    let next = waiting::next_due(db, issue.id, now).await?;
    Ok(Pace {
        rate: rate(db, issue, now).await?,
        next_try_at: next.map(|at| at.to_string()),
        providers: parked.iter().map(wait).collect(),
    })
}

fn provider_wait(
    service: &Service,
    parked: &Parked,
    throttles: &[Throttle],
    now: Timestamp,
) -> ProviderWait {
    let name = &parked.destination;
    let settings = service.settings.providers.get(name);
    let limits = settings.map(|provider| provider.limits());
    let throttle = throttles
        .iter()
        .find(|throttle| throttle.scope == Scope::Provider && throttle.name == *name);
    let limits = limits.unwrap_or_default();
    let rate = throttle.and_then(|throttle| throttle.rate(limits, now));
    let slowed = throttle
        .and_then(|throttle| throttle.slowed)
        .is_some_and(|slowed| slowed.rate_at(now).is_some());
    ProviderWait {
        provider: name.clone(),
        readers: parked.readers,
        slowed,
        per_minute: rate.map(per_minute),
        next_try_at: parked.next_due.max(now).to_string(),
    }
}

/// The rate of the last minute, from the samples of that time and the present counts.
async fn rate(
    db: &mut Read,
    issue: &Issue,
    now: Timestamp,
) -> Result<Option<RateView>, StoreError> {
    let from = now.saturating_sub(LOOK_BACK).unwrap_or(now);
    let samples = sample::since(db, issue.id, from).await?;
    let Some(first) = samples.first() else {
        return Ok(None);
    };
    let elapsed = now.duration_since(first.at).as_secs_f64();
    let settled = issue.counts.ended() - first.counts.ended();
    if elapsed <= 0.0 || settled <= 0 {
        return Ok(None);
    }
    let rate = exact(settled) / elapsed;
    let left = SignedDuration::from_secs(seconds(issue.counts.queued, rate));
    let ends_at = now.saturating_add(left).unwrap_or(Timestamp::MAX);
    Ok(Some(RateView {
        per_minute: per_minute(rate),
        ends_at: ends_at.to_string(),
    }))
}

/// The rate at which most of an issue that has ended went out, in mails a second. The time in which it was
/// paused does not count.
pub(super) async fn usual_rate(db: &mut Read, issue: &Issue) -> Result<Option<f64>, StoreError> {
    let Some(started) = issue.started_at else {
        return Ok(None);
    };
    let samples = sample::since(db, issue.id, started).await?;
    let most = (issue.counts.audience * MOST_PERCENT / 100).max(1);
    let (mut lasted, mut before) = (SignedDuration::ZERO, started);
    for sample in samples {
        // A longer time without a sample is a pause, or a wait for those who defer us.
        lasted += sample.at.duration_since(before).min(LOOK_BACK);
        before = sample.at;
        let ended = sample.counts.ended();
        if ended >= most {
            return Ok(Some(exact(ended) / lasted.as_secs_f64().max(1.0)));
        }
    }
    Ok(None)
}

#[allow(clippy::cast_precision_loss)] // counts of readers
fn exact(count: i64) -> f64 {
    count as f64
}

/// Keeps the present counts of each issue that is being sent, where they have changed for five seconds.
///
/// # Errors
/// When the database cannot be used.
pub async fn take_samples(service: &Service) -> Result<(), PublishError> {
    if !sample::is_wanted(&mut service.store.read().await?).await? {
        return Ok(());
    }
    let mut tx = service.store.write().await?;
    sample::take(&mut tx, service.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}
