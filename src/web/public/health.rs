//! For whatever watches over the process.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};

use crate::service::Service;
use crate::store;

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The process can do its work: the database answers.
pub(super) async fn ready(State(service): State<Service>) -> Response {
    let look = async {
        let mut db = service.store.read().await?;
        store::newsletter::list(&mut db).await
    };
    match look.await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                [(RETRY_AFTER, "5")],
                "the database cannot be used\n",
            )
                .into_response()
        }
    }
}
