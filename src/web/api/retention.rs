//! What was removed in its time.

use axum::Json;
use axum::extract::State;

use super::auth::Owner;
use super::paging::Paging;
use super::problem::Problem;
use crate::service::Service;
use crate::store;
use crate::store::retention::log::{MAX_ENTRIES, Removal};

/// Which page of the list.
type RemovalsPaging = Paging<i64, MAX_ENTRIES>;

/// Lists what retention has removed, the latest first. The `id` of the last line is the cursor of the next page.
#[utoipa::path(get, operation_id = "list_removals", path = "/retention", tag = "consent",
    params(RemovalsPaging), security(("bearer" = [])),
    responses(
        (status = 403, description = "Only an owner may"),
        (status = 200, description = "A page of the list", body = Vec<Removal>)))]
pub(crate) async fn log(
    _: Owner,
    State(service): State<Service>,
    paging: RemovalsPaging,
) -> Result<Json<Vec<Removal>>, Problem> {
    let mut db = service.store.read().await?;
    let page = store::retention::log::page(&mut db, paging.cursor, paging.limit).await?;
    Ok(Json(page))
}
