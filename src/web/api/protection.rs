//! How often the protection of the sign-up form acted.

use axum::Json;
use axum::extract::State;

use super::auth::Owner;
use super::problem::Problem;
use crate::domain::ProtectionCount;
use crate::service::Service;
use crate::store::protection::daily_count;

/// Lists how often the protection of the sign-up form acted in the last 90 days, the latest day first.
#[utoipa::path(get, path = "/signups/protection", tag = "readers", security(("bearer" = [])), responses(
    (status = 200, description = "The counts by day and cause", body = Vec<ProtectionCount>),
    (status = 403, description = "Only an owner may", body = Problem)))]
pub(crate) async fn counts(
    _: Owner,
    State(service): State<Service>,
) -> Result<Json<Vec<ProtectionCount>>, Problem> {
    let mut db = service.store.read().await?;
    Ok(Json(daily_count::list(&mut db).await?))
}
