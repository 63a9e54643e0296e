//! The loops of a worker process.

pub mod retention;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::deliver::{Engine, Progress, finish_all_done, send_due_mails};
use crate::mail::Relays;
use crate::publish::{self, PublishError};
use crate::service::Service;
use crate::store::{self, StoreError};

/// How often to look for due schedules, and for transactional mails of which nothing was heard.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// After news of work: what comes in a flood is then taken together.
const DEBOUNCE: Duration = Duration::from_millis(20);
/// So many batches of transactional mails may be on their way at once: what keeps a relay waiting keeps one.
const OUTBOXES: usize = 3;
/// How often to look for months that have ended.
const SUMMARIES: Duration = Duration::from_secs(60);
/// How often to look for what is no longer needed.
const RETENTION: Duration = Duration::from_secs(3600);
/// The longest pause when the database cannot be used.
const MAX_ERROR_PAUSE: Duration = Duration::from_secs(5);

/// Works until `stop`, then finishes what is in flight within the grace time.
pub async fn run(service: Service, relays: Relays, stop: CancellationToken) {
    let relays = Arc::new(relays);
    let grace = Duration::from_secs(service.settings.worker.grace_seconds);
    let loops = async {
        tokio::join!(
            Engine::run(
                service.clone(),
                Arc::clone(&relays),
                Progress::Forever,
                stop.clone()
            ),
            join_all((0..OUTBOXES).map(|_| repeat(
                "outbox",
                POLL_INTERVAL,
                service.store.new_work(),
                &stop,
                || mails(&service, &relays)
            ))),
            repeat("schedule", POLL_INTERVAL, never(), &stop, || schedule(
                &service
            )),
            repeat("summaries", SUMMARIES, never(), &stop, || summaries(
                &service
            )),
            repeat("retention", RETENTION, never(), &stop, || forget(&service)),
        )
    };
    let deadline = async {
        stop.cancelled().await;
        sleep(grace).await;
    };
    tokio::select! {
        _ = loops => {}
        () = deadline => {
            tracing::warn!("the grace time is over; what was in flight is tried again when its lease has passed");
        }
    }
}

/// Does everything that is due now, once. For tests and one-off runs.
///
/// # Errors
/// When the database cannot be used.
pub async fn run_until_idle(service: &Service, relays: &Arc<Relays>) -> Result<(), PublishError> {
    summaries(service).await?;
    schedule(service).await?;
    while send_due_mails(service, relays).await? > 0 {}
    let stop = CancellationToken::new();
    let engine = Engine::run(
        service.clone(),
        Arc::clone(relays),
        Progress::UntilIdle,
        stop,
    );
    // The engine hangs only if the relay does; a test should fail rather than hang with it.
    if timeout(Duration::from_secs(120), engine).await.is_err() {
        tracing::error!("the engine is not idle after two minutes");
    }
    Ok(())
}

/// For a loop that follows the clock alone.
fn never() -> watch::Receiver<u64> {
    watch::Sender::new(0).subscribe()
}

async fn repeat<E: std::fmt::Display, F: Future<Output = Result<bool, E>>>(
    name: &'static str,
    pause: Duration,
    mut new_work: watch::Receiver<u64>,
    stop: &CancellationToken,
    step: impl Fn() -> F,
) {
    let mut trouble = Duration::ZERO;
    while !stop.is_cancelled() {
        new_work.borrow_and_update();
        let rest = match step().await {
            Ok(true) => Duration::ZERO,
            Ok(false) => {
                trouble = Duration::ZERO;
                pause
            }
            Err(error) => {
                trouble = (trouble * 2).clamp(POLL_INTERVAL, MAX_ERROR_PAUSE);
                tracing::error!(%error, "{name}: will be tried again");
                trouble
            }
        };
        tokio::select! {
            () = sleep(rest) => {}
            // Work that cannot be done at the moment is no reason to try at once.
            Ok(()) = new_work.changed(), if trouble.is_zero() => sleep(DEBOUNCE).await,
            () = stop.cancelled() => {}
        }
    }
}

/// Returns whether there may be more to do at once.
async fn mails(service: &Service, relays: &Relays) -> Result<bool, StoreError> {
    Ok(send_due_mails(service, relays).await? > 0)
}

async fn schedule(service: &Service) -> Result<bool, PublishError> {
    for issue in publish::start_due(service).await? {
        tracing::info!(%issue, "a scheduled issue goes out");
    }
    let unsettled =
        store::issue::progress::cancelled_unsettled(&mut service.store.read().await?).await?;
    for issue in unsettled {
        publish::settle_cancelled(service, issue).await?;
    }
    finish_all_done(service).await?;
    Ok(false)
}

async fn summaries(service: &Service) -> Result<bool, PublishError> {
    for issue in publish::prepare_summaries(service).await? {
        tracing::info!(%issue, "the summary of a month is made and scheduled");
    }
    Ok(false)
}

async fn forget(service: &Service) -> Result<bool, StoreError> {
    retention::run(service).await.map(|_| false)
}
