//! Runs the parts of the service until the process is told to stop.

use std::convert::Infallible;
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
    let everything = async {
        let (worked, (), (), ()) = tokio::join!(
            work,
            answering,
            monitoring,
            service
                .store
                .forward_notifications(&service.heartbeats, &stop)
        );
        service.store.close().await;
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
            tracing::warn!("the database did not answer within the grace time; ending without it");
            Ok(())
        }
    };
    failures::log_rest();
    ended
}

/// How often to look whether failures that were counted are to be logged.
const FAILURES_INTERVAL: Duration = Duration::from_secs(5);

async fn log_failures() -> Infallible {
    loop {
        tokio::time::sleep(FAILURES_INTERVAL).await;
        failures::log_overdue();
    }
}
