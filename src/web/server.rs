//! Accepts connections, with time-outs against slow clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::connection_places::Places;
use super::listener::Listener;
use crate::config::Http;
use crate::log_limiter::failures;

/// How long a stopping server waits for requests in progress.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves until `stop`, then finishes the requests in progress. Connections that come later wait at the
/// listener.
pub async fn serve(listener: &Listener, router: Router, http: &Http, stop: CancellationToken) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(http.request_seconds));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20));
    let open = GracefulShutdown::new();
    let first_request = Duration::from_secs(http.request_seconds);
    let places = Places::new(http);
    loop {
        let room = tokio::select! {
            room = places.room() => room,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Most likely out of file descriptors: retry after other connections end.
                    failures::error("a connection could not be accepted", &error);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = stop.cancelled() => break,
        };
        let Some(place) = room.and_then(|room| places.take(room, peer.ip())) else {
            continue;
        };
        let asked = Arc::new(AtomicBool::new(false));
        let has_asked = Arc::clone(&asked);
        let service = router
            .clone()
            .map_request(move |mut request: axum::http::Request<_>| {
                has_asked.store(true, Ordering::Relaxed);
                peer.mark(&mut request);
                request
            });
        let connection = builder
            .serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service))
            .into_owned();
        let connection = open.watch(connection);
        tokio::spawn(async move {
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                },
                () = silence(&asked, first_request) => {
                    tracing::debug!("a connection without a request was closed");
                }
            }
            drop(place);
        });
    }
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, open.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("requests were still in progress when the server ended");
    }
}

/// Ends when nothing was asked in this time: neither a request, nor the whole beginning of HTTP/2.
async fn silence(asked: &AtomicBool, limit: Duration) {
    tokio::time::sleep(limit).await;
    if asked.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}
