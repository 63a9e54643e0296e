//! What operators ask: whether the process lives, whether it is ready, and its metrics.
//!
//! On a listener of their own ([`router`]) nobody is asked who they are: it is for a private network. On
//! the public one, `/metrics` needs a token, as it tells how many readers there are and how mails go out.

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::api::auth::bearer;
use super::client_ip;
use super::public::health;
use crate::log_limiter::failures;
use crate::monitoring::proxy_probe;
use crate::service::Service;
use crate::{accounts, monitoring};

/// The routes of the operators' own listener.
pub fn router(service: Service) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready_for_operators))
        .route("/metrics", get(metrics))
        .with_state(service)
}

/// What operators ask the public listener: `/metrics`, unless they have one of their own, and the doctor's
/// probe.
pub(super) fn public_routes(service: &Service) -> Router<Service> {
    let probe = Router::new().route("/proxy-probe/{token}", get(probe_proxy));
    match service.settings.metrics.listen {
        Some(_) => probe,
        None => probe.route("/metrics", get(metrics_with_token)),
    }
}

/// GET /proxy-probe/{token}: whom the service takes for the visitor; for the holder of the key.
async fn probe_proxy(
    State(service): State<Service>,
    Path(token): Path<String>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Response {
    let (key, now) = (service.links.key(), service.clock.now());
    if !proxy_probe::is_genuine(key, &token, now) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let seen = client_ip::seen(&extensions, &headers, &service);
    ([(CACHE_CONTROL, "no-store")], Json(seen)).into_response()
}

/// GET /metrics
async fn metrics(State(service): State<Service>) -> Response {
    match monitoring::text(&service).await {
        Ok(text) => {
            let headers = [
                (CONTENT_TYPE, monitoring::CONTENT_TYPE),
                (CACHE_CONTROL, "no-store"),
            ];
            (headers, text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            let said = "the metrics cannot be written; the log says why\n";
            (StatusCode::INTERNAL_SERVER_ERROR, said).into_response()
        }
    }
}

/// GET /metrics with the token of somebody who may read all newsletters.
async fn metrics_with_token(state: State<Service>, headers: HeaderMap) -> Response {
    let State(service) = &state;
    let Some(token) = bearer(&headers) else {
        return unauthorized();
    };
    match accounts::holder_of(service, token).await {
        Ok(Some(holder)) if holder.newsletters.is_none() => metrics(state).await,
        Ok(Some(_)) => {
            let said = "the metrics are of all newsletters; the token is for some\n";
            (StatusCode::FORBIDDEN, said).into_response()
        }
        Ok(None) => unauthorized(),
        Err(error) => {
            failures::warn("the token for the metrics cannot be looked up", &error);
            let said = "the database cannot be used\n";
            (StatusCode::SERVICE_UNAVAILABLE, said).into_response()
        }
    }
}

fn unauthorized() -> Response {
    let said = "send Authorization: Bearer TOKEN; `xabar token add` makes a token, and metrics.listen \
                a listener that needs none\n";
    let headers = [(WWW_AUTHENTICATE, "Bearer")];
    (StatusCode::UNAUTHORIZED, headers, said).into_response()
}
