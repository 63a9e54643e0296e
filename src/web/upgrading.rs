//! What is answered while the schema is upgraded: that one has to come back shortly.

use axum::Router;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower::util::MapResponseLayer;
use tower_http::compression::CompressionLayer;

use super::api;
use super::client_ip::language;
use super::desk;
use super::headers;
use super::public::{assets, errors};
use crate::app::Upgrade;
use crate::domain::Language;

/// When to come back, in seconds.
const AGAIN_AFTER: u32 = 30;

/// The pages; `fallback` is the language of visitors whose browsers name none of ours.
pub fn router(fallback: Language) -> Router {
    Router::new()
        .merge(files())
        .route("/healthz", get("ok\n"))
        .route(
            "/readyz",
            get(|| async { not_ready("upgrading\n".to_owned()) }),
        )
        .fallback(move |uri: Uri, headers: HeaderMap| async move {
            if uri.path().starts_with("/api/") {
                return api::upgrading(AGAIN_AFTER);
            }
            let language = language(&headers).unwrap_or(fallback);
            if desk::is_desk(uri.path()) {
                return desk::error::upgrading(language, &headers, AGAIN_AFTER);
            }
            errors::upgrading(language, AGAIN_AFTER)
        })
        .layer((
            CompressionLayer::new(),
            MapResponseLayer::new(headers::secure),
        ))
}

/// The operators' own listener.
pub fn operators_router(upgrade: Upgrade) -> Router {
    Router::new()
        .route("/healthz", get("ok\n"))
        .fallback(|State(upgrade): State<Upgrade>| async move {
            not_ready(format!("upgrading\n{}\n", upgrade.now()))
        })
        .with_state(upgrade)
}

fn files() -> Router {
    Router::new()
        .route("/static/site.css", get(assets::site_css))
        .route("/static/mark.svg", get(assets::mark_svg))
        .route("/favicon.ico", get(assets::favicon_ico))
}

fn not_ready(why: String) -> Response {
    let headers = [(RETRY_AFTER, AGAIN_AFTER.to_string())];
    let said = format!("not ready\n{why}");
    (StatusCode::SERVICE_UNAVAILABLE, headers, said).into_response()
}
