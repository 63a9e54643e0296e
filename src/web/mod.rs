//! Pages and API over HTTP.

mod access_log;
mod api;
mod client_ip;
mod connection_places;
pub mod demo;
pub mod desk;
mod embed_snippet;
mod event_stream;
mod headers;
mod inert_html;
mod listener;
mod open_requests;
pub mod operators;
mod page_cache;
pub mod pages;
mod public;
mod request_body;
mod request_log;
mod server;
mod static_files;
pub mod upgrading;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::{Extension, Router};
use tower::Layer;
use tower::util::MapResponseLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::normalize_path::NormalizePathLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

pub use api::openapi;
pub use embed_snippet::{Snippet, snippet};
pub use listener::Listener;
pub use server::serve;

use crate::service::Service;
use client_ip::Client;
use demo::Demo;
use page_cache::PageCaches;
use request_body::Bounds;
use request_log::with_request_log;

/// How long an answer may take after the request has arrived. The database has shorter time-outs
/// with clearer errors; this one is for everything else.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(90);

/// How long a request waits for a connection of the pool, before it is answered 503. A visitor has not gone
/// away by then, and an operator hears of it.
const POOL_PATIENCE: Duration = Duration::from_secs(3);

/// Every route of the service.
pub fn router(mut service: Service, demo: Option<Demo>) -> Router {
    service.store = service.store.waiting_at_most(POOL_PATIENCE);
    let settings = Arc::clone(&service.settings);
    let http = &settings.http;
    let clock = service.clock.clone();
    let body_limit = http.body_limit;
    let demo_editor = demo.as_ref().and_then(|demo| demo.editor);
    let demo = demo.map(|demo| (service.clone(), demo));
    let caches = PageCaches::new(&service);
    // Server-sent events last as long as the sending of an issue, so they have no time-out.
    let timed = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, RESPONSE_TIMEOUT);
    let bodies = from_fn_with_state(Bounds::of(http), request_body::buffer);
    let forms = from_fn_with_state(Bounds::of_forms(http), request_body::buffer);
    let not_stored =
        SetResponseHeaderLayer::overriding(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let not_stored_desk = not_stored.clone();
    let mut router = Router::new()
        .merge(
            public::routes(caches.clone(), demo.is_some())
                .layer(DefaultBodyLimit::max(
                    body_limit.min(request_body::MAX_FORM_OCTETS),
                ))
                .layer(forms)
                .layer(timed),
        )
        .nest(
            "/api/v1",
            api::routes(&service)
                .layer(bodies)
                .layer(timed)
                .merge(api::uploads().layer(timed))
                .merge(api::streams(&service))
                .layer(map_response(api::in_form))
                // Its answers are for the holder of a token, or for one visitor.
                .layer(not_stored),
        )
        .merge(
            desk::routes(&service, demo_editor)
                .layer(timed)
                // Its pages are for one person.
                .layer(not_stored_desk),
        )
        .merge(desk::files())
        .merge(operators::public_routes(&service).layer(timed))
        .fallback(not_found)
        .with_state(service);
    if let Some((service, demo)) = demo {
        router = router
            .layer(Extension(demo.mailbox.clone()))
            .merge(demo::routes(service, demo))
            .layer(map_response(demo::with_banner));
    }
    // One layer of several parts, the outermost first: each layer of its own is a copy on the heap of what it
    // wraps, for each request.
    let router = router.layer((
        CatchPanicLayer::new(),
        CompressionLayer::new(),
        MapResponseLayer::new(headers::secure),
        DefaultBodyLimit::max(body_limit),
    ));
    let router = with_request_log(router, clock, http);
    // These wrap the routes, as they have to come before one is chosen. `/subscribe/` is `/subscribe`.
    let trimmed = NormalizePathLayer::trim_trailing_slash().layer(router);
    let kept = from_fn_with_state(Arc::new(caches), page_cache::serve_at_once);
    Router::new().fallback_service(kept.layer(trimmed))
}

/// What nobody has: said to editors in the words of the desk, to everybody else as readers.
async fn not_found(State(service): State<Service>, client: Client, request: Request) -> Response {
    if desk::is_desk(request.uri().path()) {
        return desk::error::not_found(&service, client.language, &request);
    }
    public::not_found(State(service), client).await
}
