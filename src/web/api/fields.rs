//! What a newsletter asks its readers besides the address.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::auth::{Owner, Viewer};
use super::json::{ApiJson, if_match};
use super::newsletters::{find, in_path, slug_of, with_etag};
use super::problem::Problem;
use crate::domain::{Field, Fields};
use crate::publish;
use crate::service::Service;

/// What a newsletter asks its readers besides the address. The ETag is the newsletter's.
#[utoipa::path(get, operation_id = "get_newsletter_fields", path = "/newsletters/{slug}/fields", tag = "newsletters",
    params(("slug" = String, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "In the order of the form", body = Vec<Field>, headers(("ETag")))))]
pub(crate) async fn show(
    State(service): State<Service>,
    _: Viewer,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    let newsletter = find(&service, &slug).await?;
    Ok(with_etag(&newsletter, &newsletter.fields))
}

/// Asks these from now on, in this order, on the sign-up form and among the reader's preferences. Needs an owner.
/// With If-Match, only if the newsletter is still at that version.
#[utoipa::path(put, operation_id = "set_newsletter_fields", path = "/newsletters/{slug}/fields", tag = "newsletters",
    params(("slug" = String, Path)), request_body = Vec<Field>, security(("bearer" = [])),
    responses(
        (status = 200, description = "As they are now", body = Vec<Field>, headers(("ETag"))),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn set(
    State(service): State<Service>,
    Owner(actor): Owner,
    Path(slug): Path<String>,
    headers: HeaderMap,
    ApiJson(fields): ApiJson<Vec<Field>>,
) -> Result<Response, Problem> {
    let (slug, version) = (slug_of(&slug)?, if_match(&headers)?);
    let fields = Fields::try_from(fields).map_err(|e| Problem::field("fields", e))?;
    let changed = publish::set_fields(&service, &slug, &fields, version, &actor).await;
    let changed = changed.map_err(in_path)?;
    Ok(with_etag(&changed, &changed.fields))
}
