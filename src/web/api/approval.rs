//! The second person.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::auth::{Editor, Viewer};
use super::issues::view;
use super::json::{IssuePath, NoBody, if_match};
use super::problem::Problem;
use crate::publish::{self, ApprovalView};
use crate::service::Service;

/// Approves what an issue says now, for a newsletter that needs a second person; every change of it voids that. With If-Match, only if it is still at that version.
#[utoipa::path(post, operation_id = "approve_issue", path = "/issues/{id}/approve", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Approved", body = publish::IssueView, headers(("ETag"))),
        (status = 409, description = "It is being sent or has ended, or the same person scheduled it, or another has approved it"),
        (status = 412, description = "It has changed since that version"),
        (status = 422, description = "It is empty or unfinished")))]
pub(crate) async fn approve(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, Problem> {
    let issue = publish::approve(&service, id, if_match(&headers)?, &actor).await?;
    view(&service, issue).await
}

/// Whether an issue is approved, and what the holder of the token may do about it.
#[utoipa::path(get, operation_id = "get_approval", path = "/issues/{id}/approve", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Where the approval stands", body = ApprovalView)))]
pub(crate) async fn show(
    State(service): State<Service>,
    viewer: Viewer,
    IssuePath(id): IssuePath,
) -> Result<Json<ApprovalView>, Problem> {
    let issue = publish::issue(&mut service.store.read().await?, id).await?;
    let mut view = publish::approval(&service, &issue, &viewer.actor).await?;
    view.may_send &= viewer.may_write;
    view.may_approve &= viewer.may_write;
    Ok(Json(view))
}
