//! What was removed in its time.

use axum::Json;
use axum::extract::State;

use super::auth::Owner;
use super::problem::Problem;
use crate::service::Service;
use crate::store;
use crate::store::retention::log::Removal;

/// Lists what retention has removed, the latest first.
#[utoipa::path(get, operation_id = "list_removals", path = "/retention", tag = "consent",
    security(("bearer" = [])),
    responses(
        (status = 403, description = "Only an owner may"),
        (status = 200, description = "At most 500 lines", body = Vec<Removal>)))]
pub(crate) async fn log(
    _: Owner,
    State(service): State<Service>,
) -> Result<Json<Vec<Removal>>, Problem> {
    let mut db = service.store.read().await?;
    Ok(Json(store::retention::log::latest(&mut db).await?))
}
