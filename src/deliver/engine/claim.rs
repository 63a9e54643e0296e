//! Claims due deliveries: what is due, under which quotas, for which relay.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;
use tracing::{Instrument, Span, debug_span, field};

use super::Engine;
use crate::deliver::issue_pause::{PauseCause, pause};
use crate::deliver::lane::Job;
use crate::deliver::lane::freshness::CheckedAt;
use crate::deliver::lease::lease_end;
use crate::deliver::throttle::quotas::{LockedQuotas, QuotaRules, QuotaSnapshot};
use crate::deliver::variant::VariantError;
use crate::domain::{IssueId, IssueState, LeaseId, Scope, SubscriptionId};
use crate::log_limiter::failures;
use crate::store::delivery::claim::{Due, DueBatch, Turn};
use crate::store::{self, Read, StoreError, Write};

/// The most deliveries that one transaction claims: outcomes wait behind it to be recorded.
const MAX_CLAIM: usize = store::delivery::range::MEMBERS;
/// One claim in so many takes first what became due last.
const LATEST_FIRST_EVERY: usize = 4;
/// How long to wait at most when as many deliveries are held as may be: meanwhile a relay may be paused or get stuck.
const FULL_PAUSE: Duration = Duration::from_millis(50);

/// One issue and destination to claim for.
struct ClaimContext<'a> {
    issue: IssueId,
    /// A throttled provider, or empty for deliveries that wait for none in particular.
    destination: &'a str,
    turn: Turn,
    limit: usize,
    relays: &'a [&'a str],
    snapshot: &'a QuotaSnapshot<'a>,
}

/// The lease that a claim is about to take.
struct NewLease {
    id: LeaseId,
    until: Timestamp,
    /// When consent and the state of the issue were read.
    checked_at: CheckedAt,
}

/// What came of looking for deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claimed {
    /// Nothing is due, or nothing may be sent now.
    Nothing,
    /// Deliveries were claimed or parked, or an issue was paused.
    Some,
    /// As many are held as may be.
    Full,
}

impl Engine {
    /// Claims as many due deliveries as there is room for.
    ///
    /// # Errors
    /// When the database cannot be used, or none of the due issues could be claimed.
    pub(super) async fn claim_what_fits(&mut self) -> Result<Claimed, VariantError> {
        let paused = self.dispatch.take_from_paused();
        self.put_back(paused).await;
        if self.dispatch.all_paused() {
            return Ok(Claimed::Nothing);
        }
        let stuck = self.dispatch.take_from_stuck();
        self.put_back(stuck).await;
        let wanted = self.batch.div_ceil(2).min(MAX_CLAIM);
        let room = self.batch.saturating_sub(self.held_leases.len());
        if room < wanted {
            let at_most = self.batch.saturating_sub(wanted);
            let _ = timeout(FULL_PAUSE, self.held_leases.at_most(at_most)).await;
            return Ok(Claimed::Full);
        }
        let rules = Arc::clone(&self.rules);
        let (snapshot, due) = self.due_destinations(&rules).await?;
        let relays = self.dispatch.relay_names();
        let relays: Vec<&str> = relays.iter().map(String::as_str).collect();
        let has_room = |relay: &&str| snapshot.has_room(Scope::Relay, relay);
        if !relays.iter().any(has_room) {
            if !due.is_empty() {
                tracing::debug!("deliveries are due, but every relay has used up its quota");
            }
            return Ok(Claimed::Nothing);
        }
        let limit = room.min(MAX_CLAIM).checked_div(due.len());
        let limit = limit.unwrap_or_default().max(1);
        let turn = self.next_turn();
        let claims = due.iter().map(|(issue, destination)| ClaimContext {
            issue: *issue,
            destination,
            turn,
            limit,
            relays: &relays,
            snapshot: &snapshot,
        });
        Ok(match self.claim_all(claims).await? {
            0 => Claimed::Nothing,
            _ => Claimed::Some,
        })
    }

    /// The issues that are being sent, each with the destinations under which deliveries are due and
    /// may go; and the state of the throttles at this moment.
    async fn due_destinations<'a>(
        &mut self,
        rules: &'a QuotaRules,
    ) -> Result<(QuotaSnapshot<'a>, Vec<(IssueId, String)>), StoreError> {
        let now = self.service.clock.now();
        let mut db = self.service.store.read().await?;
        let sending = store::issue::with_state(&mut db, IssueState::Sending).await?;
        self.variants.keep(&sending);
        let throttles = store::delivery::throttle::all(&mut db).await?;
        let snapshot = QuotaSnapshot::new(rules, throttles, now);
        self.slowed.set(snapshot.slowed());
        let mut due = Vec::new();
        for issue in sending {
            let destinations = store::delivery::claim::destinations(&mut db, issue, now).await?;
            let open = |provider: &String| {
                snapshot.has_room(Scope::Provider, provider)
                    && self.provider_stalls.room(provider) != Some(0)
            };
            due.extend(destinations.into_iter().filter(open).map(|to| (issue, to)));
        }
        Ok((snapshot, due))
    }

    /// Without the other turn, retries and deliveries that a killed worker left would wait until
    /// everybody else had a first attempt.
    fn next_turn(&mut self) -> Turn {
        self.claims = (self.claims + 1) % LATEST_FIRST_EVERY;
        match self.claims {
            0 => Turn::Latest,
            _ => Turn::First,
        }
    }

    /// A claim that fails does not keep the others from being made.
    async fn claim_all<'a>(
        &mut self,
        claims: impl Iterator<Item = ClaimContext<'a>>,
    ) -> Result<usize, VariantError> {
        let (mut moved, mut failure) = (0, None);
        for claim in claims {
            let (issue, destination) = (claim.issue, claim.destination);
            let span = debug_span!("claim", %issue, destination, deliveries = field::Empty);
            match self.claim_or_pause(&claim).instrument(span).await {
                Ok(some) => moved += some,
                Err(error) => {
                    let what =
                        format!("deliveries of the issue {issue} cannot be claimed; others go on");
                    failures::error(what, &error);
                    failure = Some(error);
                }
            }
        }
        match failure {
            Some(error) if moved == 0 => Err(error),
            _ => Ok(moved),
        }
    }

    /// Claims, or pauses an issue whose mails cannot be made, which counts as one that moved.
    async fn claim_or_pause(&mut self, claim: &ClaimContext<'_>) -> Result<usize, VariantError> {
        match self.claim(claim).await {
            Err(error) if error.is_permanent() => {
                let cause = PauseCause::CannotBeBuilt(error.to_string());
                Ok(usize::from(
                    pause(&self.service, claim.issue, &cause).await?,
                ))
            }
            outcome => outcome,
        }
    }

    /// Leases due deliveries and enqueues them for the relays. Returns how many it leased or parked.
    async fn claim(&mut self, claim: &ClaimContext<'_>) -> Result<usize, VariantError> {
        let id = LeaseId::of(self.service.worker, self.service.clock.new_uuid());
        let until = lease_end(&self.service);
        let mut tx = self.service.store.write().await?;
        let checked_at = CheckedAt::now(&self.service.clock);
        let lease = NewLease {
            id,
            until,
            checked_at,
        };
        let mut quotas = claim
            .snapshot
            .lock(&mut tx, claim.relays, claim.destination)
            .await?;
        let (mut batch, parked) = self.find_due(&mut tx, claim, &quotas).await?;
        let permits = |relay: &&str| quotas.permits(Scope::Relay, relay);
        let mut permits: Vec<i64> = claim.relays.iter().map(permits).collect();
        let assigned = self.dispatch.assign(batch.due.len(), &mut permits);
        batch.truncate(assigned.len());
        let abandoned = batch.due.iter().map(|due| u64::from(due.abandoned)).sum();
        batch
            .lease(&mut tx, claim.issue, lease.id, lease.until)
            .await?;
        for (issue, lease) in self.held_leases.take_ended() {
            store::delivery::range::end(&mut tx, issue, lease).await?;
        }
        take_from_quotas(&mut quotas, claim, &assigned);
        quotas.save(&mut tx).await?;
        // Before the commit: if a variant cannot be rendered, nothing is leased.
        let jobs = self.jobs(&mut tx, claim.issue, &lease, batch.due).await?;
        tx.commit().await?;
        let subscriptions = jobs.iter().map(|job| job.attempt.subscription);
        self.held_leases.add(claim.issue, lease.id, subscriptions);
        let claimed = jobs.len();
        let metrics = &self.service.metrics;
        metrics.leases_held.add(as_count(claimed));
        metrics.leases_expired.inc_by(abandoned);
        Span::current().record("deliveries", claimed);
        tracing::debug!(lease = %lease.id, deliveries = claimed, parked, turn = ?claim.turn, "claimed");
        for (job, queue) in jobs.into_iter().zip(assigned) {
            self.dispatch.enqueue(queue, job).await;
        }
        Ok(claimed + parked)
    }

    /// Due deliveries within the provider's quota and its share of the lanes, and how many were parked instead.
    async fn find_due(
        &self,
        tx: &mut Write,
        claim: &ClaimContext<'_>,
        quotas: &LockedQuotas,
    ) -> Result<(DueBatch, usize), StoreError> {
        let limit = as_count(claim.limit);
        let limit = limit.min(quotas.permits(Scope::Provider, claim.destination));
        let room = self.provider_stalls.room(claim.destination);
        let limit = room.map_or(limit, |room| limit.min(as_count(room)));
        let now = claim.snapshot.now();
        let mut batch =
            store::delivery::claim::due(tx, claim.issue, claim.destination, claim.turn, limit, now)
                .await?;
        if !claim.destination.is_empty() {
            return Ok((batch, 0));
        }
        let found = batch.due.len();
        self.park(tx, claim, &mut batch).await?;
        let parked = found - batch.due.len();
        Ok((batch, parked))
    }

    /// Moves deliveries to throttled and stalled providers under their provider's name, where they are in
    /// nobody's way.
    async fn park(
        &self,
        tx: &mut Write,
        claim: &ClaimContext<'_>,
        batch: &mut DueBatch,
    ) -> Result<(), StoreError> {
        let mut parked: BTreeMap<String, HashSet<SubscriptionId>> = BTreeMap::new();
        for due in &batch.due {
            let provider = self.rules.provider(&due.attempt.address);
            if claim.snapshot.is_limited(Scope::Provider, provider)
                || self.provider_stalls.room(provider).is_some()
            {
                let waiting = parked.entry(provider.to_owned()).or_default();
                waiting.insert(due.attempt.subscription);
            }
        }
        for (provider, ids) in parked {
            let now = claim.snapshot.now();
            batch.park(tx, claim.issue, &ids, &provider, now).await?;
        }
        Ok(())
    }

    async fn jobs(
        &mut self,
        db: &mut Read,
        issue: IssueId,
        lease: &NewLease,
        due: Vec<Due>,
    ) -> Result<Vec<Job>, VariantError> {
        let mut jobs = Vec::with_capacity(due.len());
        for due in due {
            let revision = (issue, due.attempt.revision);
            let variant = self
                .variants
                .get(&self.service, db, revision, due.countries)
                .await?;
            jobs.push(Job {
                attempt: due.attempt,
                lease: lease.id,
                active: due.active,
                variant,
                checked_at: lease.checked_at,
                span: OnceLock::new(),
            });
        }
        Ok(jobs)
    }
}

/// Counts the claimed deliveries against the provider and against each relay that carries some.
fn take_from_quotas(quotas: &mut LockedQuotas, claim: &ClaimContext<'_>, assigned: &[usize]) {
    quotas.take(Scope::Provider, claim.destination, as_count(assigned.len()));
    for (index, relay) in claim.relays.iter().enumerate() {
        let carries = assigned.iter().filter(|queue| **queue == index).count();
        quotas.take(Scope::Relay, relay, as_count(carries));
    }
}

fn as_count(amount: usize) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}
