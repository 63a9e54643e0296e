//! For whatever watches over the process.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};

use crate::service::Service;
use crate::subscribe::{self, LastHour};

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The process can do its work: the database answers. What the operator should know is said
/// in further lines.
pub(super) async fn ready(State(service): State<Service>) -> Response {
    let look = async {
        let mut db = service.store.read().await?;
        subscribe::last_hour(&service, &mut db).await
    };
    match look.await {
        Ok(LastHour { turnout, attack }) if attack => format!(
            "ready\nsign-ups: under attack; {} in the last hour, {} confirmations\n",
            turnout.asked, turnout.confirmed
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
