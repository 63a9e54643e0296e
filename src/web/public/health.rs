//! Health checks for monitoring and load balancers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};

use crate::service::Service;
use crate::subscribe::{self, LastHour};

/// GET /healthz: the process answers, and each of its loops has turned lately.
pub(in crate::web) async fn alive(State(service): State<Service>) -> Response {
    let late = service.heartbeats.late();
    if late.is_empty() {
        return "ok\n".into_response();
    }
    let mut said = "not live; restart this process\n".to_owned();
    for last in late {
        said += &format!(
            "{}: has not turned for {} seconds\n",
            last.name,
            last.ago.as_secs()
        );
    }
    (StatusCode::SERVICE_UNAVAILABLE, said).into_response()
}

/// GET /readyz: the database answers. Further lines report what the operator should know.
pub(in crate::web) async fn ready(State(service): State<Service>) -> Response {
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
