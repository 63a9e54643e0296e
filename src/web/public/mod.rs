//! stub
use crate::service::Service;
use axum::Router;
pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route(
            "/openapi.json",
            axum::routing::get(super::api::openapi_json),
        )
        .route("/docs", axum::routing::get(super::api::docs_page))
}
pub(super) async fn not_found() -> axum::http::StatusCode {
    axum::http::StatusCode::NOT_FOUND
}
