//! Claims deliveries, passes them to the lanes, and keeps their leases alive.

mod claim;
pub(super) mod dispatch;
pub(super) mod finish;
mod heartbeat;
pub(super) mod held_leases;
mod relay_limits;

pub use finish::finish_all_done;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle, JoinSet};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, debug_span};

use super::lane::connection_limit::ConnectionLimit;
use super::lane::preflight::Preflight;
use super::lane::{Done, Job, Lane};
use super::recorder::{OutcomeReceiver, OutcomeSender, Recorder, outcome_queue};
use super::relay_news::RelaySpeed;
use super::throttle::provider_stall::ProviderStalls;
use super::throttle::quotas::QuotaRules;
use super::throttle::recovery::Slowed;
use super::variant::Variants;
use crate::domain::Verdict;
use crate::log_limiter::failures;
use crate::mail::{Relay, Relays};
use crate::service::Service;
use crate::store;
use claim::Claimed;
use dispatch::{Dispatch, LaneInput};
use heartbeat::heartbeat;
use held_leases::HeldLeases;
use relay_limits::{ReportedRelay, report_relays};

/// How often to query for due deliveries when no signal of new work came.
const POLL_INTERVAL: Duration = Duration::from_millis(250);
/// How long to wait after a signal of new work, so that many sign-ups do not cause as many queries.
const DEBOUNCE: Duration = Duration::from_millis(20);
/// The longest pause between two tries when the database cannot be used.
const MAX_ERROR_PAUSE: Duration = Duration::from_secs(5);

/// Within this time each loop of the engine turns: it waits for the database no longer than a minute.
pub(super) const LOOP_LIMIT: Duration = Duration::from_secs(300);

/// Within this time a lane takes one step with its relay, which may take ten minutes to reply to a final dot.
const LANE_LIMIT: Duration = Duration::from_secs(1200);

/// When the engine stops by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Never.
    Forever,
    /// As soon as nothing is due and every outcome is recorded. For tests and one-off runs.
    UntilIdle,
}

/// The part of a worker that sends issues.
pub struct Engine {
    service: Service,
    held_leases: HeldLeases,
    variants: Variants,
    dispatch: Dispatch,
    /// To the recorder, for deliveries that are taken back from a queue.
    done: OutcomeSender<Done>,
    rules: Arc<QuotaRules>,
    /// Shared with the lanes.
    provider_stalls: ProviderStalls,
    /// Shared with the recorder.
    slowed: Slowed,
    /// The most deliveries held at a time (`worker.batch`).
    batch: usize,
    /// Counts claims, to choose which deliveries come first.
    claims: usize,
    progress: Progress,
}

/// A part of the engine ended while the others work. The process must end: nobody works on what that part
/// held, and other workers claim it when its leases end.
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "{part} of the delivery engine has failed ({why}); this process ends, and what it had claimed is sent after its leases end. Start it again; if this repeats, report it with the lines before"
)]
pub struct EngineFailed {
    /// Which part.
    part: &'static str,
    /// What it ended with.
    why: String,
}

impl EngineFailed {
    /// The engine's own task, which claims, has panicked.
    pub(crate) fn of_claims(panic: &JoinError) -> Self {
        let (part, why) = ("the claiming", panic.to_string());
        Self { part, why }
    }
}

/// The tasks beside the engine.
struct Tasks {
    lanes: JoinSet<()>,
    recorder: JoinHandle<()>,
    /// Whether it was found to have ended, and cannot be waited for once more.
    recorder_has_ended: bool,
    heartbeat: JoinHandle<()>,
    relay_reports: JoinHandle<()>,
}

impl Engine {
    /// Sends what is due until `stop`; then finishes the mails that are being sent, puts the other
    /// claimed deliveries back, and returns.
    ///
    /// # Errors
    /// When one of its tasks has ended by itself. The others are stopped in the same way.
    pub async fn run(
        service: Service,
        relays: Arc<Relays>,
        progress: Progress,
        stop: CancellationToken,
    ) -> Result<(), EngineFailed> {
        let (mut engine, mut tasks) = Self::start(service, &relays, progress, &stop);
        let ended = tokio::select! {
            () = engine.feed(&stop) => Ok(()),
            failed = tasks.failure() => {
                // A lease that nobody works on must end.
                tasks.heartbeat.abort();
                Err(failed)
            }
        };
        // A lane may be waiting for its relay; the deliveries behind it must not wait with it.
        let waiting = engine.dispatch.take_all();
        engine.put_back(waiting).await;
        // This closes the queues: the lanes end, and then the recorder.
        drop(engine);
        tasks.join().await;
        ended
    }

    fn start(
        service: Service,
        relays: &Arc<Relays>,
        progress: Progress,
        stop: &CancellationToken,
    ) -> (Self, Tasks) {
        let batch = service.settings.worker.batch as usize;
        let (dispatch, inputs) = Dispatch::new(relays, batch);
        let lane_count = inputs.iter().map(|(relay, _)| relay.connections()).sum();
        let (done, outcomes) = outcome_queue(batch);
        let engine = Self {
            held_leases: HeldLeases::default(),
            variants: Variants::default(),
            dispatch,
            done,
            rules: Arc::new(QuotaRules::new(&service.settings)),
            provider_stalls: ProviderStalls::new(lane_count),
            slowed: Slowed::default(),
            batch,
            claims: 0,
            progress,
            service,
        };
        let tasks = engine.start_tasks(inputs, lane_count, outcomes, relays, stop);
        (engine, tasks)
    }

    fn start_tasks(
        &self,
        inputs: Vec<LaneInput>,
        lane_count: usize,
        outcomes: OutcomeReceiver<Done>,
        relays: &Arc<Relays>,
        stop: &CancellationToken,
    ) -> Tasks {
        let (service, held_leases) = (&self.service, &self.held_leases);
        let recorder = Recorder::new(
            service.clone(),
            held_leases.clone(),
            outcomes,
            Arc::clone(&self.rules),
            self.slowed.clone(),
            lane_count,
        );
        let preflight = |relay| Preflight {
            service: service.clone(),
            relay,
            rules: Arc::clone(&self.rules),
            invalidation: recorder.invalidation.clone(),
            backoff: recorder.backoff.clone(),
            provider_stalls: self.provider_stalls.clone(),
            stop: stop.clone(),
        };
        let limited = |(relay, jobs): LaneInput| {
            let limit = ConnectionLimit::new(relay.connections());
            (relay, jobs, limit)
        };
        let inputs: Vec<_> = inputs.into_iter().map(limited).collect();
        let reported = inputs
            .iter()
            .map(|(relay, _, limit)| ReportedRelay::new(relay.name(), limit.clone()))
            .collect();
        Tasks {
            relay_reports: tokio::spawn(report_relays(service.clone(), reported)),
            lanes: start_lanes(inputs, relays, &self.done, preflight),
            recorder: tokio::spawn(recorder.run()),
            recorder_has_ended: false,
            heartbeat: tokio::spawn(heartbeat(service.clone(), held_leases.clone())),
        }
    }

    /// Claims deliveries as long as there is work, and waits for more when there is none.
    async fn feed(&mut self, stop: &CancellationToken) {
        let mut pause = Duration::ZERO;
        let mut new_work = self.service.store.new_work();
        let heartbeat = self.service.heartbeats.start("claim", LOOP_LIMIT);
        while !stop.is_cancelled() {
            new_work.borrow_and_update();
            heartbeat.beat();
            if self.service.hold.is_on() {
                rest(POLL_INTERVAL, stop).await;
                continue;
            }
            // Before the claim: a delivery that is put back during it is due again.
            let held_nothing = self.held_leases.is_empty();
            match store::with_timeout(self.claim_what_fits()).await {
                Ok(Claimed::Nothing) if self.progress == Progress::UntilIdle && held_nothing => {
                    return;
                }
                Ok(Claimed::Nothing) => self.wait_for_work(&mut new_work, stop).await,
                Ok(Claimed::Some | Claimed::Full) => pause = Duration::ZERO,
                Err(error) => {
                    pause = (pause * 2).clamp(POLL_INTERVAL, MAX_ERROR_PAUSE);
                    failures::error("deliveries cannot be claimed; trying again shortly", &error);
                    rest(pause, stop).await;
                }
            }
        }
    }

    async fn wait_for_work(&self, new_work: &mut watch::Receiver<u64>, stop: &CancellationToken) {
        tokio::select! {
            () = rest(POLL_INTERVAL, stop) => {}
            () = self.held_leases.at_most(0), if self.progress == Progress::UntilIdle => {}
            _ = new_work.changed() => rest(DEBOUNCE, stop).await,
        }
    }

    /// Releases the leases of deliveries that no lane has taken.
    async fn put_back(&self, jobs: Vec<(Arc<Relay>, Job)>) {
        if !jobs.is_empty() {
            tracing::debug!(
                deliveries = jobs.len(),
                "queued deliveries are put back unsent"
            );
        }
        for (relay, job) in jobs {
            let (done, _) = job.ended(&relay, Verdict::PutBack);
            // Without a recorder the leases run out by themselves.
            let _ = self.done.send(done).await;
        }
    }
}

/// Starts as many lanes for each relay as it has connections.
fn start_lanes(
    inputs: Vec<(Arc<Relay>, flume::Receiver<Job>, ConnectionLimit)>,
    relays: &Arc<Relays>,
    done: &OutcomeSender<Done>,
    preflight: impl Fn(Arc<Relay>) -> Preflight,
) -> JoinSet<()> {
    let mut lanes = JoinSet::new();
    for (relay, jobs, limit) in inputs {
        let (limit_warnings, speed) = (Arc::default(), RelaySpeed::default());
        for number in 1..=relay.connections() {
            let preflight = preflight(Arc::clone(&relay));
            let heartbeat = preflight.service.heartbeats.start("lanes", LANE_LIMIT);
            let lane = Lane {
                preflight,
                relays: Arc::clone(relays),
                jobs: jobs.clone(),
                done: done.clone(),
                limit: limit.clone(),
                limit_warnings: Arc::clone(&limit_warnings),
                speed: speed.clone(),
                heartbeat,
            };
            let span = debug_span!(parent: None, "lane", relay = relay.name(), number);
            lanes.spawn(lane.run().instrument(span));
        }
    }
    lanes
}

impl Tasks {
    /// Waits until one of the tasks ends, which none does while the engine runs.
    async fn failure(&mut self) -> EngineFailed {
        let lanes = async {
            match self.lanes.join_next().await {
                Some(ended) => ended,
                // Without a relay there are no lanes.
                None => std::future::pending().await,
            }
        };
        let (part, ended) = tokio::select! {
            ended = lanes => ("a connection's lane", ended),
            ended = &mut self.recorder => {
                self.recorder_has_ended = true;
                ("the recorder", ended)
            }
            ended = &mut self.heartbeat => ("the heartbeat", ended),
            ended = &mut self.relay_reports => ("the report of relays", ended),
        };
        let why = match ended {
            Ok(()) => "it ended too early".to_owned(),
            Err(panic) => panic.to_string(),
        };
        EngineFailed { part, why }
    }

    /// Waits until the lanes and the recorder have ended.
    async fn join(mut self) {
        while self.lanes.join_next().await.is_some() {}
        if !self.recorder_has_ended
            && let Err(panic) = self.recorder.await
        {
            tracing::error!(
                %panic,
                "the recorder failed; deliveries whose outcome it had not written are sent again when their leases end"
            );
        }
        self.heartbeat.abort();
        self.relay_reports.abort();
    }
}

/// Sleeps, but not past `stop`.
async fn rest(pause: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = sleep(pause) => {}
        () = stop.cancelled() => {}
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use std::future::pending;
    use tokio::task::JoinSet;

    use super::Tasks;

    fn working() -> Tasks {
        Tasks {
            lanes: JoinSet::new(),
            recorder: tokio::spawn(pending()),
            recorder_has_ended: false,
            heartbeat: tokio::spawn(pending()),
            relay_reports: tokio::spawn(pending()),
        }
    }

    #[tokio::test]
    async fn a_part_that_dies_is_a_failure_of_the_engine() {
        let mut lane = working();
        lane.lanes.spawn(pending());
        assert!(lane.failure().now_or_never().is_none(), "all of them work");
        lane.lanes.spawn(async { panic!("a bug of a lane") });
        let failure = lane.failure().await.to_string();
        assert!(
            failure.contains("lane") && failure.contains("a bug of a lane"),
            "{failure}"
        );
        let mut recorder = working();
        recorder.recorder = tokio::spawn(async {});
        let failure = recorder.failure().await.to_string();
        assert!(failure.contains("the recorder of"), "{failure}");
        // It must not be waited for again.
        recorder.join().await;
        let mut heartbeat = working();
        heartbeat.heartbeat = tokio::spawn(async { panic!("no leases") });
        let failure = heartbeat.failure().await.to_string();
        assert!(failure.contains("the heartbeat of"), "{failure}");
    }
}
