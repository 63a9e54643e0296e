//! Claims deliveries, feeds the lanes, and keeps the leases alive.

mod dispatch;
pub(super) mod finish;
pub(super) mod held_leases;
pub(super) mod lease;

pub use finish::finish_all_done;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::lane::freshness::CheckedAt;
use super::lane::invalidation::Invalidation;
use super::lane::preflight::Preflight;
use super::lane::{Done, Job, Lane};
use super::recorder::Recorder;
use super::recorder::batch_target::BatchTarget;
use super::recorder::outcome::RetryPolicy;
use super::throttle::backoff::{Backoff, ThrottleSignals};
use super::throttle::provider_stall::ProviderStalls;
use super::throttle::quotas::{QuotaRules, QuotaSnapshot};
use super::variant::{VariantError, Variants};
use crate::domain::{IssueId, IssueState, LeaseId, Scope, SubscriptionId, Verdict};
use crate::mail::{Relay, Relays};
use crate::service::Service;
use crate::store::delivery::claim::{Due, Turn};
use crate::store::{self, StoreError, Write};
use dispatch::Dispatch;
use held_leases::HeldLeases;
use lease::{lease_beat, lease_end};

/// The most that one transaction claims: what was sent waits behind it to be recorded.
const MAX_CLAIM: usize = 128;
/// One of so many steps begins with what became due last.
const LATEST_FIRST_EVERY: usize = 4;
/// How often to look for work of which nothing was heard.
const POLL_INTERVAL: Duration = Duration::from_millis(250);
/// After news of work: a flood of sign-ups must not make us look as often.
const DEBOUNCE: Duration = Duration::from_millis(20);
/// The longest pause when the database cannot be used.
const MAX_ERROR_PAUSE: Duration = Duration::from_secs(5);

/// When the engine stops by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Never.
    Forever,
    /// As soon as nothing is due. For tests and one-off runs.
    UntilIdle,
}

/// The sending part of a worker.
pub struct Engine {
    service: Service,
    held_leases: HeldLeases,
    variants: Variants,
    dispatch: Dispatch,
    /// What is taken back from the queues goes there.
    done: mpsc::Sender<Done>,
    rules: Arc<QuotaRules>,
    batch: usize,
    steps: usize,
    progress: Progress,
}

impl Engine {
    /// Sends what is due until `stop`; then finishes what is in flight, gives
    /// the rest back, and returns.
    pub async fn run(
        service: Service,
        relays: Arc<Relays>,
        progress: Progress,
        stop: CancellationToken,
    ) {
        let held_leases = HeldLeases::default();
        let batch = service.settings.worker.batch as usize;
        let rules = Arc::new(QuotaRules::new(&service.settings));
        let (dispatch, queues) = Dispatch::new(&relays, batch);
        let (done, finished) = mpsc::channel(batch);
        let (invalidation, backoff) = (Invalidation::default(), Backoff::default());
        let all_lanes = queues.iter().map(|(relay, _)| relay.connections()).sum();
        let provider_stalls = ProviderStalls::new(all_lanes);
        let mut lanes = JoinSet::new();
        for (relay, jobs) in queues {
            let connections = relay.connections();
            let lane = Lane {
                preflight: Preflight {
                    service: service.clone(),
                    relay,
                    rules: Arc::clone(&rules),
                    invalidation: invalidation.clone(),
                    backoff: backoff.clone(),
                    provider_stalls: provider_stalls.clone(),
                    stop: stop.clone(),
                },
                relays: Arc::clone(&relays),
                jobs,
                done: done.clone(),
            };
            for _ in 0..connections {
                lanes.spawn(lane.clone().run());
            }
        }
        let recorder = Recorder {
            service: service.clone(),
            plan: RetryPolicy::for_deliveries(&service.settings.worker),
            held_leases: held_leases.clone(),
            done: finished,
            invalidation,
            backoff,
            rules: Arc::clone(&rules),
            signals: ThrottleSignals::default(),
            batch_target: BatchTarget::new(all_lanes),
            refusal_breakers: HashMap::default(),
        };
        let recorder = tokio::spawn(recorder.run());
        let heartbeat = tokio::spawn(heartbeat(service.clone(), held_leases.clone()));
        let mut engine = Self {
            service,
            held_leases,
            variants: Variants::default(),
            dispatch,
            done,
            rules,
            batch,
            steps: 0,
            progress,
        };
        engine.feed(&stop).await;
        // The lanes may all be waiting for a relay; what waits for them is free at once.
        let waiting = engine.dispatch.take_all();
        engine.put_back(waiting).await;
        // No sender is left: the lanes end, and the recorder after them.
        drop(engine);
        while lanes.join_next().await.is_some() {}
        if let Err(panic) = recorder.await {
            tracing::error!(%panic, "the recorder failed; leases will pass and the deliveries be tried again");
        }
        heartbeat.abort();
    }

    async fn feed(&mut self, stop: &CancellationToken) {
        let mut pause = Duration::ZERO;
        let mut new_work = self.service.store.new_work();
        while !stop.is_cancelled() {
            new_work.borrow_and_update();
            match store::with_timeout(self.step()).await {
                Ok(0) if self.progress == Progress::UntilIdle && self.held_leases.len() == 0 => {
                    return;
                }
                Ok(0) => tokio::select! {
                    () = rest(POLL_INTERVAL, stop) => {}
                    _ = new_work.changed() => rest(DEBOUNCE, stop).await,
                },
                Ok(_) => pause = Duration::ZERO,
                Err(error) => {
                    pause = (pause * 2).clamp(POLL_INTERVAL, MAX_ERROR_PAUSE);
                    tracing::error!(%error, "no deliveries can be claimed");
                    rest(pause, stop).await;
                }
            }
        }
    }

    /// Claims what there is room for; returns how much that was.
    async fn step(&mut self) -> Result<usize, VariantError> {
        let stuck = self.dispatch.take_from_stuck();
        self.put_back(stuck).await;
        let room = self.batch.saturating_sub(self.held_leases.len());
        if room < self.batch.div_ceil(2).min(MAX_CLAIM) {
            sleep(Duration::from_millis(2)).await;
            return Ok(1);
        }
        let now = self.service.clock.now();
        let mut db = self.service.store.read().await?;
        let sending = store::issue::with_state(&mut db, IssueState::Sending).await?;
        self.variants.keep(&sending);
        let rules = Arc::clone(&self.rules);
        let snapshot =
            QuotaSnapshot::new(&rules, store::delivery::throttle::all(&mut db).await?, now);
        let mut due = Vec::new();
        for issue in sending {
            let destinations = store::delivery::claim::destinations(&mut db, issue, now).await?;
            let open = |provider: &String| snapshot.has_room(Scope::Provider, provider);
            due.extend(destinations.into_iter().filter(open).map(|to| (issue, to)));
        }
        drop(db);
        let mut queues = self.dispatch.queues().iter();
        if !queues.any(|queue| snapshot.has_room(Scope::Relay, queue.relay.name())) {
            return Ok(0);
        }
        let room = room.min(MAX_CLAIM);
        let share = room.checked_div(due.len()).unwrap_or_default().max(1);
        // Else what is tried again, and what a killed worker left, would wait behind everybody.
        self.steps = (self.steps + 1) % LATEST_FIRST_EVERY;
        let turn = match self.steps {
            0 => Turn::Latest,
            _ => Turn::First,
        };
        let (mut claimed, mut failure) = (0, None);
        for (issue, destination) in due {
            // What is wrong with one issue is no reason for the others to wait.
            match self
                .claim(issue, &destination, turn, share, &snapshot)
                .await
            {
                Ok(some) => claimed += some,
                Err(error) => {
                    tracing::error!(%error, %issue, "no deliveries of this issue can be claimed");
                    failure = Some(error);
                }
            }
        }
        match failure {
            Some(error) if claimed == 0 => Err(error),
            _ => Ok(claimed),
        }
    }

    /// Gives free what was claimed and no lane has taken.
    async fn put_back(&self, jobs: Vec<(Arc<Relay>, Job)>) {
        for (relay, job) in jobs {
            let (done, _) = job.ended(&relay, Verdict::PutBack);
            // Without a recorder the leases pass.
            let _ = self.done.send(done).await;
        }
    }

    /// Leases what is due for a destination, and deals it out; returns how many deliveries it moved.
    async fn claim(
        &mut self,
        issue: IssueId,
        destination: &str,
        turn: Turn,
        share: usize,
        snapshot: &QuotaSnapshot<'_>,
    ) -> Result<usize, VariantError> {
        let lease = LeaseId(self.service.clock.new_uuid());
        let until = lease_end(&self.service);
        let queues = self.dispatch.queues().iter();
        let relays: Vec<String> = queues.map(|queue| queue.relay.name().to_owned()).collect();
        let relays: Vec<&str> = relays.iter().map(String::as_str).collect();
        let mut tx = self.service.store.write().await?;
        let look = CheckedAt::now(&self.service.clock);
        let mut quotas = snapshot.lock(&mut tx, &relays, destination).await?;
        let mut permits: Vec<i64> = relays
            .iter()
            .map(|relay| quotas.permits(Scope::Relay, relay))
            .collect();
        let limit = i64::try_from(share).unwrap_or(i64::MAX);
        let limit = limit.min(quotas.permits(Scope::Provider, destination));
        let mut due =
            store::delivery::claim::due(&mut tx, issue, destination, turn, limit, snapshot.now())
                .await?;
        let found = due.len();
        if destination.is_empty() {
            due = self.park(&mut tx, issue, due, snapshot).await?;
        }
        let parked = found - due.len();
        let assigned = self.dispatch.assign(due.len(), &mut permits);
        due.truncate(assigned.len());
        let ids: Vec<SubscriptionId> = due.iter().map(|due| due.attempt.subscription).collect();
        store::delivery::claim::lease(&mut tx, issue, lease, &ids, until).await?;
        let count = |amount: usize| i64::try_from(amount).unwrap_or(i64::MAX);
        quotas.take(Scope::Provider, destination, count(due.len()));
        for (index, relay) in relays.iter().enumerate() {
            let carries = assigned.iter().filter(|queue| **queue == index).count();
            quotas.take(Scope::Relay, relay, count(carries));
        }
        quotas.save(&mut tx).await?;
        // Should a variant fail, nothing of this happened.
        let mut jobs = Vec::with_capacity(due.len());
        for Due {
            attempt,
            countries,
            active,
        } in due
        {
            let variant = self
                .variants
                .get(&self.service, (issue, attempt.revision), countries)
                .await?;
            jobs.push(Job {
                attempt,
                lease,
                active,
                variant,
                look,
            });
        }
        tx.commit().await?;
        self.held_leases.add(
            issue,
            lease,
            jobs.iter().map(|job| job.attempt.subscription),
        );
        let moved = jobs.len() + parked;
        for (job, queue) in jobs.into_iter().zip(assigned) {
            self.dispatch.enqueue(queue, job).await;
        }
        Ok(moved)
    }

    /// Lets those wait under their provider's name that may not have everything at once;
    /// returns the rest.
    async fn park(
        &self,
        tx: &mut Write,
        issue: IssueId,
        due: Vec<Due>,
        snapshot: &QuotaSnapshot<'_>,
    ) -> Result<Vec<Due>, StoreError> {
        let mut parked: BTreeMap<String, Vec<SubscriptionId>> = BTreeMap::new();
        let mut rest = Vec::with_capacity(due.len());
        for due in due {
            let provider = self.rules.provider(&due.attempt.address);
            if snapshot.limits(Scope::Provider, provider) {
                let waiting = parked.entry(provider.to_owned()).or_default();
                waiting.push(due.attempt.subscription);
            } else {
                rest.push(due);
            }
        }
        for (provider, ids) in parked {
            store::delivery::claim::park(tx, issue, &ids, &provider).await?;
        }
        Ok(rest)
    }
}

/// Extends the held leases, three times in the length of a lease.
async fn heartbeat(service: Service, held_leases: HeldLeases) {
    loop {
        sleep(lease_beat(&service)).await;
        if let Err(error) = store::with_timeout(extend(&service, &held_leases)).await {
            tracing::error!(%error, "leases could not be extended");
        }
    }
}

async fn extend(service: &Service, held_leases: &HeldLeases) -> Result<(), StoreError> {
    let until = lease_end(service);
    for (issue, lease, open) in held_leases.leases() {
        let mut tx = service.store.write().await?;
        store::delivery::extend(&mut tx, issue, lease, &open, until).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn rest(pause: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = sleep(pause) => {}
        () = stop.cancelled() => {}
    }
}
