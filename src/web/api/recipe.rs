//! The parts with which the issues of a newsletter begin.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::auth::{Editor, Viewer};
use super::json::{ApiJson, if_match};
use super::newsletters::{find, in_path, slug_of, with_etag};
use super::problem::Problem;
use crate::domain::{Actor, Newsletter, RecipePart};
use crate::publish;
use crate::service::Service;

/// The parts with which a new issue begins, in their order. The ETag is the newsletter's.
#[utoipa::path(get, operation_id = "get_newsletter_recipe", path = "/newsletters/{slug}/recipe", tag = "newsletters",
    params(("slug" = String, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The parts", body = Vec<RecipePart>, headers(("ETag")))))]
pub(crate) async fn show(
    State(service): State<Service>,
    _: Viewer,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    view(&service, &find(&service, &slug).await?).await
}

/// Begins new issues with these parts from now on. With If-Match, only if the newsletter is still at that version.
#[utoipa::path(put, operation_id = "set_newsletter_recipe", path = "/newsletters/{slug}/recipe", tag = "newsletters",
    params(("slug" = String, Path)), request_body = Vec<RecipePart>, security(("bearer" = [])),
    responses(
        (status = 200, description = "As they are now", body = Vec<RecipePart>, headers(("ETag"))),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn set(
    State(service): State<Service>,
    Editor(actor): Editor,
    Path(slug): Path<String>,
    headers: HeaderMap,
    ApiJson(recipe): ApiJson<Vec<RecipePart>>,
) -> Result<Response, Problem> {
    apply(&service, &slug, Some(&recipe), (&headers, &actor)).await
}

/// Goes back to the shipped recipe. With If-Match, only if the newsletter is still at that version.
#[utoipa::path(delete, operation_id = "reset_newsletter_recipe", path = "/newsletters/{slug}/recipe", tag = "newsletters",
    params(("slug" = String, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "As it is shipped", body = Vec<RecipePart>, headers(("ETag"))),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn reset(
    State(service): State<Service>,
    Editor(actor): Editor,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    apply(&service, &slug, None, (&headers, &actor)).await
}

async fn apply(
    service: &Service,
    slug: &str,
    recipe: Option<&[RecipePart]>,
    (headers, actor): (&HeaderMap, &Actor),
) -> Result<Response, Problem> {
    let (slug, version) = (slug_of(slug)?, if_match(headers)?);
    let changed = publish::set_recipe(service, &slug, recipe, version, actor).await;
    view(service, &changed.map_err(in_path)?).await
}

async fn view(service: &Service, newsletter: &Newsletter) -> Result<Response, Problem> {
    let (recipe, _) = publish::recipe(service, newsletter).await?;
    Ok(with_etag(newsletter, recipe))
}
