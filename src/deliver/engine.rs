//! Claims deliveries, feeds the lanes, and keeps the leases alive.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::crowd::Crowd;
use super::doubt::Doubt;
use super::held::Held;
use super::lane::{Job, Lane};
use super::lease::{lease_beat, lease_end};
use super::outcome::RetryPlan;
use super::recorder::Recorder;
use super::variant::{VariantError, Variants};
use crate::domain::{IssueId, IssueState};
use crate::mail::Relay;
use crate::service::Service;
use crate::store::{self, StoreError};

/// How often to look for work of which nothing was heard.
const POLL: Duration = Duration::from_millis(250);
/// After news of work: a flood of sign-ups must not make us look as often.
const GATHER: Duration = Duration::from_millis(20);
/// The longest pause when the database cannot be used.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

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
    held: Held,
    variants: Variants,
    jobs: flume::Sender<Job>,
    batch: usize,
    progress: Progress,
}

impl Engine {
    /// Sends what is due until `stop`; then finishes what is in flight, gives
    /// the rest back, and returns.
    pub async fn run(
        service: Service,
        relay: Arc<Relay>,
        progress: Progress,
        stop: CancellationToken,
    ) {
        let held = Held::default();
        let batch = service.settings.worker.batch as usize;
        let (jobs, receiver) = flume::bounded(batch);
        let (done, finished) = mpsc::channel(batch);
        let doubt = Doubt::default();
        let crowd = Crowd::new(service.settings.smtp.connections);
        let mut lanes = JoinSet::new();
        for _ in 0..service.settings.smtp.connections {
            let lane = Lane {
                service: service.clone(),
                relay: Arc::clone(&relay),
                jobs: receiver.clone(),
                done: done.clone(),
                doubt: doubt.clone(),
                crowd: crowd.clone(),
                stop: stop.clone(),
            };
            lanes.spawn(lane.run());
        }
        drop((done, receiver));
        let recorder = Recorder {
            service: service.clone(),
            plan: RetryPlan::for_deliveries(&service.settings.worker),
            held: held.clone(),
            done: finished,
            doubt,
            streaks: HashMap::default(),
        };
        let recorder = tokio::spawn(recorder.run());
        let heartbeat = tokio::spawn(heartbeat(service.clone(), held.clone()));
        let mut engine = Self {
            service,
            held,
            variants: Variants::default(),
            jobs,
            batch,
            progress,
        };
        engine.feed(&stop).await;
        // No sender is left: the lanes give back what waits, end, and the recorder after them.
        drop(engine);
        while lanes.join_next().await.is_some() {}
        if let Err(panic) = recorder.await {
            tracing::error!(%panic, "the recorder failed; leases will pass and the deliveries be tried again");
        }
        heartbeat.abort();
    }

    async fn feed(&mut self, stop: &CancellationToken) {
        let mut trouble = Duration::ZERO;
        let mut new_work = self.service.store.new_work();
        while !stop.is_cancelled() {
            new_work.borrow_and_update();
            match self.step().await {
                Ok(0) if self.progress == Progress::UntilIdle && self.held.len() == 0 => return,
                Ok(0) => tokio::select! {
                    () = rest(POLL, stop) => {}
                    _ = new_work.changed() => rest(GATHER, stop).await,
                },
                Ok(_) => trouble = Duration::ZERO,
                Err(error) => {
                    trouble = (trouble * 2).clamp(POLL, LONGEST_PAUSE);
                    tracing::error!(%error, "no deliveries can be claimed");
                    rest(trouble, stop).await;
                }
            }
        }
    }

    /// Claims what there is room for; returns how much that was.
    async fn step(&mut self) -> Result<usize, VariantError> {
        let room = self.batch.saturating_sub(self.held.len());
        if room < self.batch.div_ceil(2) {
            sleep(Duration::from_millis(2)).await;
            return Ok(1);
        }
        let now = self.service.clock.now();
        let mut db = self.service.store.read().await?;
        let sending = store::issue::with_state(&mut db, IssueState::Sending).await?;
        self.variants.keep(&sending);
        let mut due = Vec::new();
        for issue in sending {
            if store::delivery::next_due(&mut db, issue)
                .await?
                .is_some_and(|at| at <= now)
            {
                due.push(issue);
            }
        }
        drop(db);
        let share = room.checked_div(due.len()).unwrap_or_default().max(1);
        let mut claimed = 0;
        for issue in due {
            claimed += self.claim(issue, share, now).await?;
        }
        Ok(claimed)
    }

    async fn claim(
        &mut self,
        issue: IssueId,
        share: usize,
        now: Timestamp,
    ) -> Result<usize, VariantError> {
        let lease = self.service.clock.new_uuid();
        let until = lease_end(&self.service);
        let limit = i64::try_from(share).unwrap_or(i64::MAX);
        let mut tx = self.service.store.write().await?;
        let claimed = store::delivery::claim(&mut tx, issue, lease, limit, now, until).await?;
        tx.commit().await?;
        let looked_at = Instant::now();
        // Should a variant fail, nothing is held yet: the lease passes, and all are due again.
        let mut jobs = Vec::with_capacity(claimed.len());
        for store::delivery::Claimed {
            attempt,
            countries,
            active,
        } in claimed
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
                looked_at,
            });
        }
        self.held.add(
            issue,
            lease,
            jobs.iter().map(|job| job.attempt.subscription),
        );
        let amount = jobs.len();
        for job in jobs {
            // The channel is as large as the batch, so that this does not wait for long.
            if self.jobs.send_async(job).await.is_err() {
                break;
            }
        }
        Ok(amount)
    }
}

/// Extends the leases of what is held, three times in the length of a lease.
async fn heartbeat(service: Service, held: Held) {
    loop {
        sleep(lease_beat(&service)).await;
        if let Err(error) = extend(&service, &held).await {
            tracing::error!(%error, "leases could not be extended");
        }
    }
}

async fn extend(service: &Service, held: &Held) -> Result<(), StoreError> {
    let until = lease_end(service);
    for (issue, lease, open) in held.leases() {
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
