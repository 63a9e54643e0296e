//! What is to be looked at before an issue is sent.

use axum::Json;
use axum::extract::State;

use super::auth::{Editor, Viewer};
use super::json::{IssuePath, NoBody};
use super::problem::Problem;
use crate::domain::Language;
use crate::publish::{self, CheckList};
use crate::service::Service;

/// What is to be looked at before the issue is sent. Sending by the API does not depend on it.
#[utoipa::path(get, operation_id = "list_issue_checks", path = "/issues/{id}/checks", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "What was found", body = CheckList)))]
pub(crate) async fn list(
    State(service): State<Service>,
    _: Viewer,
    IssuePath(id): IssuePath,
) -> Result<Json<CheckList>, Problem> {
    let checked = publish::check(&service, id, None).await?;
    Ok(Json(CheckList::new(Language::En, &checked)))
}

/// The same, after links and pictures were tried, the DNS and the relays asked: it takes up to a minute.
/// For ten minutes, or until the issue changes, the list has what was found.
#[utoipa::path(post, operation_id = "check_issue_thoroughly", path = "/issues/{id}/checks", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "What was found", body = CheckList)))]
pub(crate) async fn ask(
    State(service): State<Service>,
    Editor(_): Editor,
    IssuePath(id): IssuePath,
    _: NoBody,
) -> Result<Json<CheckList>, Problem> {
    let checked = publish::check_thoroughly(&service, id, None).await?;
    Ok(Json(CheckList::new(Language::En, &checked)))
}
