//! Runs the parts of the service until the process is told to stop.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{AppError, Listeners, ServeRole};
use crate::log_limiter::failures;
use crate::mail::Relays;
use crate::service::Service;
use crate::web::demo::Demo;
use crate::{service_manager, store, web, worker};

/// Runs the parts that `role` names until `stop`, then lets them finish for at most
/// `worker.grace_seconds`, whatever the database or a relay does.
///
/// # Errors
/// When the relay's settings make no sense, or a part has failed, which stops the others too.
pub async fn serve(
    service: Service,
    role: ServeRole,
    listeners: Listeners,
    demo: Option<Demo>,
    stop: CancellationToken,
) -> Result<(), AppError> {
    let relays = Relays::from_settings(&service.settings)?;
    let grace = Duration::from_secs(service.settings.worker.grace_seconds);
    let Listeners { pages, operators } = listeners;
    for (listener, message) in [
        (&pages, "listening"),
        (&operators, "listening for operators"),
    ] {
        if let Some(address) = listener.as_ref().and_then(|open| open.address().ok()) {
            tracing::info!(address, "{message}");
        }
    }
    let _watched = service_manager::watched(&service.heartbeats, &stop);
    let monitoring = async {
        if let Some(listener) = &operators {
            let router = web::operators::router(service.clone());
            web::serve(listener, router, &service.settings.http, stop.clone()).await;
        }
    };
    let work = async {
        match role {
            ServeRole::Web => Ok(()),
            _ => Box::pin(worker::run(service.clone(), relays, stop.clone())).await,
        }
    };
    let answering = async {
        if let (ServeRole::All | ServeRole::Web, Some(listener)) = (role, &pages) {
            web::serve(
                listener,
                web::router(service.clone(), demo),
                &service.settings.http,
                stop.clone(),
            )
            .await;
        }
    };
    let notifications = service
        .store
        .forward_notifications(&service.heartbeats, &stop);
    let unfinished = Unfinished::default();
    let everything = async {
        let (worked, (), (), (), ()) = tokio::join!(
            unfinished.until("the worker", work),
            unfinished.until("requests", answering),
            unfinished.until("requests of operators", monitoring),
            unfinished.until("the connection for notifications", notifications),
            end_streams(&service, &stop),
        );
        unfinished
            .until("closing the database", service.store.close())
            .await;
        worked
    };
    let limit = async {
        stop.cancelled().await;
        tokio::time::sleep(grace + store::CLOSING).await;
    };
    let ended = tokio::select! {
        ended = everything => ended.map_err(AppError::from),
        never = log_failures() => match never {},
        () = limit => {
            let unfinished = unfinished.names();
            tracing::warn!(unfinished, "not everything ended within the grace time; ending without it");
            Ok(())
        }
    };
    failures::log_remaining();
    ended
}

/// The parts of the service that have not ended, for the log.
#[derive(Default)]
struct Unfinished(Mutex<BTreeSet<&'static str>>);

impl Unfinished {
    /// Runs a part; until it ends it is one of them.
    async fn until<T>(&self, name: &'static str, part: impl Future<Output = T>) -> T {
        self.lock().insert(name);
        let ended = part.await;
        self.lock().remove(name);
        ended
    }

    fn names(&self) -> String {
        self.lock().iter().copied().collect::<Vec<_>>().join(", ")
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<&'static str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the answers that go on by themselves, so that the server need not wait for them.
async fn end_streams(service: &Service, stop: &CancellationToken) {
    stop.cancelled().await;
    service.stopping.cancel();
}

/// How often to look whether failures that were counted are to be logged.
const FAILURES_INTERVAL: Duration = Duration::from_secs(5);

async fn log_failures() -> Infallible {
    loop {
        tokio::time::sleep(FAILURES_INTERVAL).await;
        failures::log_overdue();
    }
}
