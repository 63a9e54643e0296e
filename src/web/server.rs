//! Accepts connections, with time-outs against slow clients.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::connection_places::Places;
use super::listener::Listener;
use super::open_requests::OpenRequests;
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
    let patience = Duration::from_secs(http.request_seconds);
    // Each connection holds a sender, so that no message ever comes, and the end when all have ended.
    let (connected, mut all_ended) = mpsc::channel::<Infallible>(1);
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
        let (router, requests) = (router.clone(), OpenRequests::none());
        let asked = Arc::new(AtomicBool::new(false));
        let (open, has_asked) = (requests.clone(), Arc::clone(&asked));
        let service = tower::service_fn(move |mut request: Request<_>| {
            has_asked.store(true, Ordering::Relaxed);
            let open = open.begin();
            peer.mark(&mut request);
            let answer = router.clone().oneshot(request);
            async move { answer.await.map(|response| open.until_sent(response)) }
        });
        let connection = builder
            .serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service))
            .into_owned();
        let (connected, stop) = (connected.clone(), stop.clone());
        tokio::spawn(async move {
            let graceful = GracefulShutdown::new();
            let connection = graceful.watch(connection);
            let until_end = async {
                tokio::select! {
                    () = stop.cancelled() => {}
                    // HTTP/1 closes by itself, but not a connection of HTTP/2.
                    () = requests.idle_for(patience) => {}
                }
                graceful.shutdown().await;
                std::future::pending::<()>().await;
            };
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                },
                () = silence(&asked, patience) => {
                    tracing::debug!("a connection without a request was closed");
                }
                () = until_end => {}
            }
            drop((place, connected));
        });
    }
    drop(connected);
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, all_ended.recv())
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
