//! What the database tells: what waits, for how long, and what relays and providers still take.
//!
//! Each statement reads an index of what waits, and never the whole ledger.

use std::collections::BTreeMap;

use jiff::Timestamp;
use prometheus::proto::MetricFamily;
use prometheus::{GaugeVec, IntCounter, Opts, Registry};

use super::numbers::{age, earlier, exact, seconds};
use crate::domain::{Counts, DeliveryState, IssueState, Limits, MailKind, Scope, Throttle};
use crate::instance::presence;
use crate::metrics::OTHER_PROVIDER;
use crate::publish::{self, Pace};
use crate::service::Service;
use crate::store::delivery::relay_pause::RelayPause;
use crate::store::delivery::waiting;
use crate::store::outbox::backlog::{self, Backlog};
use crate::store::{self, StoreError};

/// Gauges that are made for one scrape.
#[derive(Default)]
pub(super) struct Gauges(Registry);

impl Gauges {
    pub(super) fn family(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<GaugeVec, prometheus::Error> {
        let family = GaugeVec::new(Opts::new(name, help), labels)?;
        self.0.register(Box::new(family.clone()))?;
        Ok(family)
    }

    fn one(&self, name: &str, help: &str, value: f64) -> Result<(), prometheus::Error> {
        let family = self.family(name, help, &[])?;
        family.with_label_values::<&str>(&[]).set(value);
        Ok(())
    }

    /// What was counted elsewhere.
    pub(super) fn counted(
        &self,
        name: &str,
        help: &str,
        value: u64,
    ) -> Result<(), prometheus::Error> {
        let counter = IntCounter::new(name, help)?;
        counter.inc_by(value);
        self.0.register(Box::new(counter))
    }

    pub(super) fn gather(&self) -> Vec<MetricFamily> {
        self.0.gather()
    }
}

/// What was read at one moment.
pub(super) struct Figures {
    at: Timestamp,
    schema: i64,
    issues: Vec<(IssueState, i64)>,
    /// By the slug of the newsletter; also those of which nothing goes out.
    sending: BTreeMap<String, Sending>,
    /// By label of the provider.
    waiting: BTreeMap<String, i64>,
    outbox: Vec<Backlog>,
    planned: Option<Timestamp>,
    throttles: Vec<Throttle>,
    paused_relays: Vec<RelayPause>,
    held: bool,
    /// Those that run.
    workers: i64,
    consent_events: i64,
}

/// What goes out of a newsletter: its issues that are being sent or paused.
#[derive(Default)]
struct Sending {
    counts: Counts,
    oldest_due: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

pub(super) async fn read(service: &Service) -> Result<Figures, StoreError> {
    let at = service.clock.now();
    let mut db = service.store.read().await?;
    let mut issues = Vec::new();
    for state in [
        IssueState::Scheduled,
        IssueState::Sending,
        IssueState::Paused,
    ] {
        let count = store::issue::backlog::in_state(&mut db, state).await?;
        issues.push((state, count));
    }
    let head = store::consent::audit::head(&mut db).await?;
    let mut figures = Figures {
        at,
        schema: store::schema_version(&mut db).await?,
        issues,
        sending: BTreeMap::new(),
        waiting: BTreeMap::new(),
        outbox: backlog::by_kind(&mut db, at).await?,
        planned: store::issue::backlog::oldest_planned(&mut db).await?,
        throttles: store::delivery::throttle::all(&mut db).await?,
        paused_relays: store::delivery::relay_pause::all(&mut db).await?,
        held: store::instance::read(&mut db)
            .await?
            .is_some_and(|known| known.held.is_some()),
        workers: presence::running(&mut db, at).await?,
        consent_events: head.map_or(0, |(head, _)| head.length),
    };
    let newsletters = store::newsletter::list(&mut db).await?;
    for newsletter in &newsletters {
        let slug = newsletter.slug.to_string();
        figures.sending.insert(slug, Sending::default());
    }
    let mut open = store::issue::with_state(&mut db, IssueState::Sending).await?;
    open.extend(store::issue::with_state(&mut db, IssueState::Paused).await?);
    for id in open {
        let Some(issue) = store::issue::by_id(&mut db, id).await? else {
            continue;
        };
        let own = newsletters.iter().find(|one| one.id == issue.newsletter);
        let Some(newsletter) = own else { continue };
        let oldest = match issue.state {
            IssueState::Sending => waiting::oldest_due(&mut db, id, at).await?,
            _ => None,
        };
        let pace = publish::pace_of(service, &mut db, &issue).await?;
        figures.add(
            service,
            newsletter.slug.as_str(),
            issue.counts,
            oldest,
            &pace,
        );
    }
    Ok(figures)
}

impl Figures {
    fn add(
        &mut self,
        service: &Service,
        newsletter: &str,
        counts: Counts,
        oldest_due: Option<Timestamp>,
        pace: &Pace,
    ) {
        let sending = self.sending.entry(newsletter.to_owned()).or_default();
        sending.counts += counts;
        sending.oldest_due = earlier(sending.oldest_due, oldest_due);
        let ends_at = pace
            .rate
            .as_ref()
            .and_then(|rate| rate.ends_at.parse().ok());
        sending.ends_at = sending.ends_at.max(ends_at);
        for wait in &pace.providers {
            let label = service.metrics.provider_label(&wait.provider);
            *self.waiting.entry(label.to_owned()).or_default() += wait.readers;
        }
    }
}

/// The metrics of what was read; without it, that the database cannot be used. `can_write` tells whether a write succeeds.
pub(super) fn gather(
    service: &Service,
    found: Option<&Figures>,
    can_write: bool,
) -> Result<Vec<MetricFamily>, prometheus::Error> {
    let gauges = Gauges::default();
    gauges.one(
        "xabar_database_up",
        "1 when the database answered the last time it was asked for these figures, otherwise 0.",
        f64::from(u8::from(found.is_some())),
    )?;
    gauges.one(
        "xabar_database_writable",
        "1 when the database took a write within the last seconds, 0 when it refused one, as on a full disk.",
        f64::from(u8::from(can_write)),
    )?;
    if let Some(found) = found {
        of_issues(&gauges, found)?;
        of_outbox(&gauges, found)?;
        of_throttles(&gauges, service, found)?;
        of_relays(&gauges, service, found)?;
        gauges.one(
            "xabar_schema_version",
            "The number of the newest migration of the database.",
            exact(found.schema),
        )?;
        gauges.one(
            "xabar_consent_events",
            "The length of the chain of consent events.",
            exact(found.consent_events),
        )?;
        gauges.one(
            "xabar_workers",
            "Worker processes that run: they were seen within a minute.",
            exact(found.workers),
        )?;
    }
    Ok(gauges.gather())
}

fn of_issues(gauges: &Gauges, found: &Figures) -> Result<(), prometheus::Error> {
    let issues = gauges.family(
        "xabar_issues",
        "Issues that are planned, being sent or paused, by state.",
        &["state"],
    )?;
    for (state, count) in &found.issues {
        issues
            .with_label_values(&[state.as_str()])
            .set(exact(*count));
    }
    gauges.one(
        "xabar_schedule_lateness_seconds",
        "How long ago the earliest planned issue should have begun; 0 when none is late.",
        found.planned.map_or(0.0, |at| age(at, found.at)),
    )?;
    let deliveries = gauges.family(
        "xabar_deliveries",
        "Deliveries of issues that are being sent or paused, by newsletter and state.",
        &["newsletter", "state"],
    )?;
    let oldest = gauges.family(
        "xabar_delivery_oldest_due_age_seconds",
        "How long the delivery has been due that waits longest without having to wait for a provider.",
        &["newsletter"],
    )?;
    let ends = gauges.family(
        "xabar_sending_estimated_end_timestamp_seconds",
        "When what is being sent will be over at the rate of the last minute; 0 when that is not known.",
        &["newsletter"],
    )?;
    for (newsletter, sending) in &found.sending {
        let newsletter = newsletter.as_str();
        for state in DeliveryState::ALL {
            deliveries
                .with_label_values(&[newsletter, state.as_str()])
                .set(exact(sending.counts.of(*state)));
        }
        oldest
            .with_label_values(&[newsletter])
            .set(sending.oldest_due.map_or(0.0, |at| age(at, found.at)));
        ends.with_label_values(&[newsletter])
            .set(sending.ends_at.map_or(0.0, seconds));
    }
    Ok(())
}

fn of_outbox(gauges: &Gauges, found: &Figures) -> Result<(), prometheus::Error> {
    let mails = gauges.family(
        "xabar_outbox_mails",
        "Transactional mails that wait or are being sent, by kind.",
        &["kind"],
    )?;
    let oldest = gauges.family(
        "xabar_outbox_oldest_due_age_seconds",
        "How long the oldest transactional mail of a kind has been due; 0 when none is.",
        &["kind"],
    )?;
    for kind in MailKind::ALL {
        let of_kind = found.outbox.iter().filter(|one| one.kind == *kind);
        let count: i64 = of_kind.clone().map(|one| one.waiting).sum();
        let next_due = of_kind.map(|one| one.next_due).min();
        mails.with_label_values(&[kind.as_str()]).set(exact(count));
        oldest
            .with_label_values(&[kind.as_str()])
            .set(next_due.map_or(0.0, |due| age(due, found.at)));
    }
    Ok(())
}

fn of_relays(gauges: &Gauges, service: &Service, found: &Figures) -> Result<(), prometheus::Error> {
    gauges.one(
        "xabar_sending_held",
        "1 while all sending is held, by an operator or as the database is a copy, otherwise 0.",
        f64::from(u8::from(found.held)),
    )?;
    let paused = gauges.family(
        "xabar_relay_paused",
        "1 while an operator lets no mail go over a relay, otherwise 0.",
        &["relay"],
    )?;
    for (name, _) in service.settings.all_relays() {
        let is_paused = found.paused_relays.iter().any(|pause| pause.relay == name);
        paused
            .with_label_values(&[name.as_str()])
            .set(f64::from(u8::from(is_paused)));
    }
    Ok(())
}

fn of_throttles(
    gauges: &Gauges,
    service: &Service,
    found: &Figures,
) -> Result<(), prometheus::Error> {
    let rate = gauges.family(
        "xabar_throttle_rate_limit",
        "Mails a second that a relay or provider may get now; +Inf without a limit.",
        &["scope", "name"],
    )?;
    let left = gauges.family(
        "xabar_throttle_quota_left",
        "Mails that are left of the quota of a relay or provider; +Inf without a quota.",
        &["scope", "name"],
    )?;
    let slowed = gauges.family(
        "xabar_throttle_slowed_since_timestamp_seconds",
        "When a relay or provider last asked for less, while its rate is still lowered; otherwise 0.",
        &["scope", "name"],
    )?;
    let settings = &service.settings;
    let relays = settings.all_relays().into_iter();
    let relays = relays.map(|(name, relay)| (Scope::Relay, name, relay.limits()));
    let providers = settings.providers.iter();
    let providers = providers.map(|(name, own)| (Scope::Provider, name.clone(), own.limits()));
    for (scope, name, limits) in relays.chain(providers) {
        let mut known = found.throttles.iter();
        let known = known.find(|known| known.scope == scope && known.name == name);
        let throttle = known
            .cloned()
            .unwrap_or_else(|| Throttle::new(scope, &name));
        let labels = [scope.as_str(), name.as_str()];
        let per_second = throttle.rate(limits, found.at);
        rate.with_label_values(&labels)
            .set(per_second.unwrap_or(f64::INFINITY));
        let quota = throttle.quota_left(limits, found.at);
        left.with_label_values(&labels)
            .set(quota.map_or(f64::INFINITY, exact));
        slowed
            .with_label_values(&labels)
            .set(slowed_since(&throttle, found.at).map_or(0.0, seconds));
    }
    others(service, found, &rate, &slowed);
    let waiting = gauges.family(
        "xabar_provider_waiting",
        "Deliveries that wait as their provider may not have everything at once.",
        &["provider"],
    )?;
    let names = settings.providers.keys().map(String::as_str);
    for name in names.chain([OTHER_PROVIDER]) {
        let readers = found.waiting.get(name).copied().unwrap_or_default();
        waiting.with_label_values(&[name]).set(exact(readers));
    }
    Ok(())
}

/// Of all providers that the settings do not name: the lowest rate, and the first that was slowed.
fn others(service: &Service, found: &Figures, rate: &GaugeVec, slowed: &GaugeVec) {
    let labels = [Scope::Provider.as_str(), OTHER_PROVIDER];
    let others = found.throttles.iter().filter(|throttle| {
        throttle.scope == Scope::Provider
            && service.metrics.provider_label(&throttle.name) == OTHER_PROVIDER
    });
    let (mut lowest, mut since) = (f64::INFINITY, None);
    for throttle in others {
        let own = throttle.rate(Limits::default(), found.at);
        lowest = lowest.min(own.unwrap_or(f64::INFINITY));
        since = earlier(since, slowed_since(throttle, found.at));
    }
    rate.with_label_values(&labels).set(lowest);
    slowed
        .with_label_values(&labels)
        .set(since.map_or(0.0, seconds));
}

fn slowed_since(throttle: &Throttle, now: Timestamp) -> Option<Timestamp> {
    let slowed = throttle.slowed?;
    slowed.rate_at(now).map(|_| slowed.at)
}
