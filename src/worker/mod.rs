//! The loops of a worker process.

pub mod clock_watch;
mod relay_check;
pub mod retention;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{Mutex, watch};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tracing::{Instrument, debug_span};

use crate::deliver::{Engine, EngineFailed, Progress, finish_all_done, pull_back, send_due_mails};
use crate::instance::{self, hold, presence, relay_pause};
use crate::log_limiter::failures;
use crate::mail::Relays;
use crate::publish::{self, PublishError};
use crate::service::Service;
use crate::store::{self, StoreError};
use clock_watch::ClockWatch;

/// How often to query for scheduled issues that are due, and for transactional mails when no signal of new
/// work came.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// How long to wait after a signal of new work, so that many sign-ups are claimed together.
const DEBOUNCE: Duration = Duration::from_millis(20);
/// How many loops send transactional mails, so that one slow mail does not delay the others.
const OUTBOX_LOOPS: usize = 3;
/// How often to check whether a month has ended and its summary is due.
const SUMMARY_INTERVAL: Duration = Duration::from_secs(60);
/// How often to look for issues that have ended and have no report yet.
const REPORT_INTERVAL: Duration = Duration::from_secs(20);
/// How often to look for what a clock that was ahead has put off.
const FAR_AHEAD_INTERVAL: Duration = Duration::from_secs(60);
/// How often to note how far the database was used.
const EPOCH_INTERVAL: Duration = Duration::from_secs(60);
/// How often to look whether the database is still the same server.
const SERVER_INTERVAL: Duration = Duration::from_secs(10);
/// How often to remove data whose retention time is over.
const RETENTION_INTERVAL: Duration = Duration::from_secs(3600);
/// How long one step of a loop may take before the process counts as stuck: a relay may take ten minutes for
/// the reply to a final dot.
const STEP_LIMIT: Duration = Duration::from_secs(1200);
/// How long a worker that ends tries to say so.
const FAREWELL: Duration = Duration::from_secs(2);
/// The longest pause between two tries when the database cannot be used.
const MAX_ERROR_PAUSE: Duration = Duration::from_secs(5);

/// Runs all loops until `stop`. Then the mails that are being sent are finished, for at most
/// `worker.grace_seconds`.
///
/// # Errors
/// When the engine has failed. It then cancels `stop` itself.
pub async fn run(
    service: Service,
    relays: Relays,
    stop: CancellationToken,
) -> Result<(), EngineFailed> {
    service.metrics.tell_retention(0);
    let relays = Arc::new(relays);
    let grace = Duration::from_secs(service.settings.worker.grace_seconds);
    let deadline = async {
        stop.cancelled().await;
        sleep(grace).await;
    };
    let ended = tokio::select! {
        ended = Box::pin(all_loops(&service, &relays, &stop)) => ended,
        () = deadline => {
            tracing::warn!("the grace time is over; unfinished deliveries are claimed again when their leases end");
            Ok(())
        }
    };
    relays.log_remaining();
    let said = timeout(FAREWELL, presence::end(&service)).await;
    if let Err(error) = said.unwrap_or(Err(StoreError::Silent)) {
        tracing::warn!(%error, "`xabar workers` will list this worker as silent for a day");
    }
    ended
}

/// The loops of a worker, until `stop`; returns how the engine ended.
async fn all_loops(
    service: &Service,
    relays: &Arc<Relays>,
    stop: &CancellationToken,
) -> Result<(), EngineFailed> {
    let clock = ClockWatch::default();
    let of = (service, stop);
    // Until this has succeeded once, sending counts as held.
    if let Err(error) = refresh_holds(service, relays).await {
        tracing::error!(%error, "cannot see whether sending is held or a relay paused");
    }
    let (ended, ..) = tokio::join!(
        Box::pin(engine(service, relays, stop)),
        join_all((0..OUTBOX_LOOPS).map(|_| run_repeatedly(
            "outbox",
            POLL_INTERVAL,
            service.store.new_work(),
            of,
            || outbox(service, relays)
        ))),
        check_relays_once(service, relays, stop),
        on_time("schedule", POLL_INTERVAL, of, || {
            schedule(service, Some(&clock))
        }),
        on_time("hold", POLL_INTERVAL, of, || refresh_holds(service, relays)),
        on_time("far_ahead", FAR_AHEAD_INTERVAL, of, || far_ahead(service)),
        epochs(service, stop),
        tell_presence(service, stop, &clock),
        watch_server(service, stop),
        on_time("summaries", SUMMARY_INTERVAL, of, || {
            summaries(service, Some(&clock)).instrument(debug_span!("work", loop = "summaries"))
        }),
        on_time("reports", REPORT_INTERVAL, of, || reports(service)),
        on_time("retention", RETENTION_INTERVAL, of, || {
            remove_expired(service, &clock).instrument(debug_span!("work", loop = "retention"))
        }),
    );
    ended
}

/// Says that this worker runs.
async fn tell_presence(service: &Service, stop: &CancellationToken, clock: &ClockWatch) {
    let started_at = service.clock.now();
    let step = || async {
        let is_trusted = !clock.look(service).await?.retention;
        presence::tell(service, started_at, is_trusted).await?;
        Ok::<_, StoreError>(false)
    };
    let interval = presence::INTERVAL;
    on_time("presence", interval, (service, stop), step).await;
}

/// Runs the engine. When one of its parts fails, everything else is told to stop.
async fn engine(
    service: &Service,
    relays: &Arc<Relays>,
    stop: &CancellationToken,
) -> Result<(), EngineFailed> {
    let (service, relays) = (service.clone(), Arc::clone(relays));
    let running = Engine::run(service, relays, Progress::Forever, stop.clone());
    // A task, like its lanes: the first future of a process has a thread of its own, which each claim would wake.
    let running = AbortOnDropHandle::new(tokio::spawn(running));
    let ended = running
        .await
        .unwrap_or_else(|panic| Err(EngineFailed::of_claims(&panic)));
    if let Err(failed) = &ended {
        tracing::error!("{failed}");
        stop.cancel();
    }
    ended
}

/// Why not everything that was due is done.
#[derive(Debug, thiserror::Error)]
pub enum NotIdle {
    /// What is done before the engine has failed.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The engine has failed.
    #[error(transparent)]
    Engine(#[from] EngineFailed),
    /// The engine waits, as a relay does not answer.
    #[error("the engine is not idle after two minutes; look whether the relay answers")]
    Hangs,
}

impl From<StoreError> for NotIdle {
    fn from(error: StoreError) -> Self {
        Self::Publish(error.into())
    }
}

/// Does everything that is due now, once. For tests and one-off runs.
///
/// # Errors
/// When the database cannot be used, and when the engine fails or is not done within two minutes.
pub async fn run_until_idle(service: &Service, relays: &Arc<Relays>) -> Result<(), NotIdle> {
    relay_pause::look(service, relays).await?;
    if hold::look(service).await?.is_some() {
        return Ok(());
    }
    far_ahead(service).await?;
    summaries(service, None).await?;
    schedule(service, None).await?;
    reports(service).await?;
    while outbox(service, relays).await? {}
    let stop = CancellationToken::new();
    let engine = Engine::run(
        service.clone(),
        Arc::clone(relays),
        Progress::UntilIdle,
        stop,
    );
    // The engine hangs only if the relay does.
    let ended = timeout(Duration::from_secs(120), engine).await;
    Ok(ended.map_err(|_| NotIdle::Hangs)??)
}

async fn check_relays_once(service: &Service, relays: &Relays, stop: &CancellationToken) {
    tokio::select! {
        () = relay_check::check_relays(service, relays) => {}
        () = stop.cancelled() => {}
    }
}

/// [`run_repeatedly`] for a loop that is woken by time alone.
fn on_time<E: std::fmt::Display, F: Future<Output = Result<bool, E>>>(
    name: &'static str,
    interval: Duration,
    of: (&Service, &CancellationToken),
    step: impl Fn() -> F,
) -> impl Future<Output = ()> {
    let no_signal = watch::Sender::new(0).subscribe();
    run_repeatedly(name, interval, no_signal, of, step)
}

/// Repeats a step until `stop`: at once while it returns true, else after `pause` or a signal of new work,
/// and after a growing pause while it fails.
async fn run_repeatedly<E: std::fmt::Display, F: Future<Output = Result<bool, E>>>(
    name: &'static str,
    pause: Duration,
    mut new_work: watch::Receiver<u64>,
    (service, stop): (&Service, &CancellationToken),
    step: impl Fn() -> F,
) {
    let mut error_pause = Duration::ZERO;
    let limit = pause.saturating_mul(2).saturating_add(STEP_LIMIT);
    let heartbeat = service.heartbeats.start(name, limit);
    while !stop.is_cancelled() {
        heartbeat.beat();
        new_work.borrow_and_update();
        // On the heap: the futures of all loops are one, and a debug build has it on the stack several times.
        let rest = match Box::pin(step()).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => {
                error_pause = Duration::ZERO;
                pause
            }
            Err(error) => {
                error_pause = (error_pause * 2).clamp(POLL_INTERVAL, MAX_ERROR_PAUSE);
                failures::error(format!("{name}: failed; trying again shortly"), &error);
                error_pause
            }
        };
        tokio::select! {
            () = sleep(rest) => {}
            // While the step fails, new work does not shorten the pause.
            Ok(()) = new_work.changed(), if error_pause.is_zero() => sleep(DEBOUNCE).await,
            () = stop.cancelled() => {}
        }
    }
}

/// The relays first: sending counts as held until the second has succeeded.
async fn refresh_holds(service: &Service, relays: &Relays) -> Result<bool, StoreError> {
    relay_pause::look(service, relays).await?;
    hold::look(service).await.map(|_| false)
}

async fn far_ahead(service: &Service) -> Result<bool, StoreError> {
    pull_back(service).await.map(|()| false)
}

/// Begins an epoch a minute, while anything is written.
async fn epochs(service: &Service, stop: &CancellationToken) {
    let commits = AtomicU64::new(0);
    let step = || async {
        let before = commits.load(Ordering::Relaxed);
        let now = instance::advance(service, before).await?;
        commits.store(now, Ordering::Relaxed);
        Ok::<_, StoreError>(false)
    };
    on_time("epochs", EPOCH_INTERVAL, (service, stop), step).await;
}

/// Notices a standby that was promoted.
async fn watch_server(service: &Service, stop: &CancellationToken) {
    let last = Mutex::new(None);
    let step = || async {
        instance::watch::look(service, &mut *last.lock().await).await?;
        Ok::<_, StoreError>(false)
    };
    on_time("server", SERVER_INTERVAL, (service, stop), step).await;
}

/// Returns whether more mails may be due.
async fn outbox(service: &Service, relays: &Relays) -> Result<bool, StoreError> {
    if service.hold.is_on() || relays.all_paused() {
        return Ok(false);
    }
    Ok(send_due_mails(service, relays).await? > 0)
}

/// `clock` is not asked where somebody does once what is due.
async fn schedule(service: &Service, clock: Option<&ClockWatch>) -> Result<bool, PublishError> {
    let waits = match clock {
        Some(clock) => clock.look(service).await?.schedules,
        None => false,
    };
    // One that cannot be started keeps nothing else from its end.
    let started = match service.hold.is_on() || waits {
        true => Ok(()),
        false => publish::start_due(service).await,
    };
    let unsettled =
        store::issue::progress::cancelled_unsettled(&mut service.store.read().await?).await?;
    for issue in unsettled {
        publish::settle_stopped(service, issue).await?;
    }
    finish_all_done(service).await?;
    publish::take_samples(service).await?;
    started.map(|()| false)
}

/// Ends retries that were stopped, and reads the ledgers of issues that have ended.
async fn reports(service: &Service) -> Result<bool, PublishError> {
    let unsettled =
        store::issue::progress::sent_unsettled(&mut service.store.read().await?).await?;
    for issue in unsettled {
        publish::settle_stopped(service, issue).await?;
    }
    publish::write_reports(service).await.map(|_| false)
}

async fn summaries(service: &Service, clock: Option<&ClockWatch>) -> Result<bool, PublishError> {
    let waits = match clock {
        Some(clock) => clock.look(service).await?.retention,
        None => false,
    };
    if service.hold.is_on() || waits {
        return Ok(false);
    }
    for issue in publish::prepare_summaries(service).await? {
        tracing::info!(%issue, "monthly summary written and scheduled");
    }
    Ok(false)
}

async fn remove_expired(service: &Service, clock: &ClockWatch) -> Result<bool, StoreError> {
    if clock.look(service).await?.retention {
        return Ok(false);
    }
    // Each part that failed has told so; the rest is done, and need not be done again before the next hour.
    if let Ok(removed) = retention::run(service).await {
        let metrics = &service.metrics;
        metrics.retention_removed.inc_by(removed.total());
        metrics.tell_retention(service.clock.now().as_second());
    }
    Ok(false)
}
