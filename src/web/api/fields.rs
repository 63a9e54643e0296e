//! What a newsletter asks its readers besides the address.

use axum::Json;
use axum::extract::{Path, State};

use super::auth::{Owner, Viewer};
use super::json::ApiJson;
use super::newsletters::find;
use super::problem::Problem;
use crate::domain::{Field, Fields};
use crate::publish;
use crate::service::Service;

/// What a newsletter asks its readers besides the address.
#[utoipa::path(get, path = "/api/v1/newsletters/{slug}/fields", tag = "newsletters", params(("slug" = String, Path)),
    security(("bearer" = [])), responses((status = 200, body = Vec<Field>), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(service): State<Service>,
    _: Viewer,
    Path(slug): Path<String>,
) -> Result<Json<Fields>, Problem> {
    Ok(Json(find(&service, &slug).await?.fields))
}

/// Asks these from now on, in this order, on the sign-up form and among the reader's preferences. Needs an owner.
#[utoipa::path(put, path = "/api/v1/newsletters/{slug}/fields", tag = "newsletters", params(("slug" = String, Path)),
    request_body = Vec<Field>, security(("bearer" = [])),
    responses((status = 200, body = Vec<Field>), (status = 404, body = Problem), (status = 422, description = "A field does not fit", body = Problem)))]
pub(crate) async fn set(
    State(service): State<Service>,
    _: Owner,
    Path(slug): Path<String>,
    ApiJson(fields): ApiJson<Vec<Field>>,
) -> Result<Json<Fields>, Problem> {
    let newsletter = find(&service, &slug).await?;
    let fields = Fields::try_from(fields).map_err(|e| Problem::field("fields", e))?;
    publish::set_fields(&service, &newsletter, &fields).await?;
    Ok(Json(fields))
}
