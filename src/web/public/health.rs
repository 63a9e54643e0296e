//! Health checks for monitoring and load balancers.

use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::accounts;
use crate::domain::Role;
use crate::log_limiter::failures;
use crate::monitoring::readiness::{self, Readiness};
use crate::service::Service;
use crate::web::api::auth::bearer;

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

/// GET /readyz: the database can be read and written. Why not, and what an operator should know, is for the
/// owner of all newsletters, by token.
pub(in crate::web) async fn ready(State(service): State<Service>, headers: HeaderMap) -> Response {
    let found = readiness::look(&service).await;
    let to_owner = match bearer(&headers) {
        Some(token) => matches!(
            accounts::holder_of(&service, token).await,
            Ok(Some(holder)) if holder.newsletters.is_none() && holder.role == Role::Owner
        ),
        None => false,
    };
    answer(&found, !found.unready_because.is_empty(), to_owner)
}

/// The same for operators: with all reasons, and a worker is not ready either while an issue is late.
pub(in crate::web) async fn ready_for_operators(State(service): State<Service>) -> Response {
    let found = readiness::look(&service).await;
    let is_late = !found.late.is_empty();
    answer(&found, is_late || !found.unready_because.is_empty(), true)
}

fn answer(found: &Readiness, obstructed: bool, with_reasons: bool) -> Response {
    let mut said = match obstructed {
        true => "not ready\n".to_owned(),
        false => "ready\n".to_owned(),
    };
    if with_reasons {
        for reason in [&found.unready_because, &found.late, &found.notes]
            .into_iter()
            .flatten()
        {
            said += &format!("{reason}\n");
        }
    }
    if !obstructed {
        return said.into_response();
    }
    // How late it is changes with each look, so it would be another cause each time.
    let late = found
        .late
        .first()
        .map(|_| "an issue has not started in time".to_owned());
    let causes: Vec<_> = found.unready_because.iter().cloned().chain(late).collect();
    failures::warn("not ready", &causes.join("; "));
    let headers = [(RETRY_AFTER, "5")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, said).into_response()
}
