//! Health checks for monitoring and load balancers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};

use crate::service::Service;
use crate::subscribe::{self, LastHour};

/// GET /healthz: the process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// GET /readyz: the database answers. Further lines report what the operator should know.
pub(super) async fn ready(State(service): State<Service>) -> Response {
    let last_hour = async {
        let mut db = service.store.read().await?;
        subscribe::last_hour(&service, &mut db).await
    };
    match last_hour.await {
        Ok(LastHour { rate, attack }) if attack => format!(
            "ready\nsign-ups: under attack; {} in the last hour, {} confirmations\n",
            rate.signups, rate.confirmations
        )
        .into_response(),
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
