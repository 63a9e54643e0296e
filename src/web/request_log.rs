//! One span a request, with an id that the answer carries too.
//!
//! The span names the route as it is declared (`/confirm/{token}`), never the path: paths hold
//! tokens.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::MatchedPath;
use axum::http::{HeaderName, HeaderValue, Request, Response};
use axum::middleware::{Next, from_fn};
use axum::response::Response as AxumResponse;
use ipnet::IpNet;
use tower::util::MapRequestLayer;
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};
use tower_http::trace::TraceLayer;
use tracing::{Span, field};
use uuid::Uuid;

use super::access_log;
use super::client_ip::comes_from_proxy;
use crate::clock::Clock;
use crate::config::Http;
use crate::traces::{self, parent};

/// Under which name the id travels.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// A new id for each request. What a client sends is not believed: it would write into our log.
#[derive(Clone)]
struct Ids(Clock);

impl MakeRequestId for Ids {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        new_id(&self.0).map(RequestId::new)
    }
}

fn new_id(clock: &Clock) -> Option<HeaderValue> {
    let mut id = Uuid::encode_buffer();
    let id = clock.new_uuid().simple().encode_lower(&mut id);
    HeaderValue::from_str(id).ok()
}

/// Whether somebody may want to see each single request: in the log, or as a span.
pub(super) fn is_watched(http: &Http) -> bool {
    http.access_log || traces::is_on() || tracing::enabled!(tracing::Level::DEBUG)
}

/// Gives an id to an answer that nothing else is told about.
pub(super) fn add_id(answer: &mut Response<Body>, clock: &Clock) {
    if let Some(id) = new_id(clock) {
        answer.headers_mut().insert(HEADER, id);
    }
}

/// Gives every request an id and a span, and says at level debug how it was answered. With `access_log`
/// each also has a line of its own ([`access_log`]). Where spans are sent, a request from
/// a trusted proxy continues the trace that the proxy names, and lines have the id of their trace.
pub(super) fn with_request_log(router: Router, clock: Clock, http: &Http) -> Router {
    let trusted: Arc<[IpNet]> = http.trusted_proxies.clone().into();
    let trace = TraceLayer::new_for_http()
        .make_span_with(move |request: &Request<_>| span(request, &trusted))
        .on_request(())
        .on_response(|response: &Response<_>, took: Duration, span: &Span| {
            let milliseconds = took.as_secs_f64() * 1000.0;
            tracing::debug!(
                status = response.status().as_u16(),
                milliseconds,
                "answered"
            );
            span.record("status", response.status().as_u16());
        })
        .on_body_chunk(())
        .on_eos(())
        // Whoever answers with 5xx says why in the log.
        .on_failure(());
    let router = match traces::is_on() {
        true => router.layer(from_fn(note_trace)),
        false => router,
    };
    let new_id = (
        MapRequestLayer::new(without_given_id),
        SetRequestIdLayer::new(HEADER, Ids(clock)),
    );
    let traced = (trace, PropagateRequestIdLayer::new(HEADER));
    match http.access_log {
        true => router.layer((new_id, from_fn(access_log::log_request), traced)),
        false => router.layer((new_id, traced)),
    }
}

fn without_given_id<B>(mut request: Request<B>) -> Request<B> {
    request.headers_mut().remove(HEADER);
    request
}

/// The id of a request; empty before it has one.
pub(super) fn id<B>(request: &Request<B>) -> &str {
    let id = request.extensions().get::<RequestId>();
    let id = id.and_then(|id| id.header_value().to_str().ok());
    id.unwrap_or_default()
}

/// The route of a request as it is declared; `none` if there is none.
pub(super) fn route<B>(request: &Request<B>) -> &str {
    let route = request.extensions().get::<MatchedPath>();
    route.map_or("none", MatchedPath::as_str)
}

/// The id of the trace of a request, in the extensions of its answer.
#[derive(Clone)]
pub(super) struct TraceOf(pub(super) String);

async fn note_trace(request: axum::extract::Request, next: Next) -> AxumResponse {
    let mut answer = next.run(request).await;
    if let Some(id) = parent::id(&Span::current()) {
        answer.extensions_mut().insert(TraceOf(id));
    }
    answer
}

fn span<B>(request: &Request<B>, trusted: &[IpNet]) -> Span {
    let span = tracing::info_span!(
        "request",
        id = id(request),
        method = %request.method(),
        route = route(request),
        issue = field::Empty,
        status = field::Empty,
        trace = field::Empty,
    );
    if traces::is_on() {
        if comes_from_proxy(request.extensions(), trusted) {
            parent::continue_trace(&span, request.headers());
        }
        span.record("trace", parent::id(&span));
    }
    span
}
