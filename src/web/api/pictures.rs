//! Pictures for issues.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::Editor;
use super::json::parse;
use super::newsletters::Picture;
use super::problem::Problem;
use super::problem_kind::ProblemKind;
use crate::log_limiter::failures;
use crate::publish::{self, MAX_PICTURE_OCTETS, PictureError, PictureView};
use crate::service::Service;
use crate::web::request_body;

/// Where a picture is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PictureAddress {
    /// Its address on another site.
    url: String,
}

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Store(error) => error.into(),
            PictureError::Bucket(error) => {
                failures::error("a picture could not be stored", &error);
                let detail = "the picture could not be stored; try again in a minute";
                Self::new(ProblemKind::Unavailable, detail).retry_after(60)
            }
            PictureError::Interrupted | PictureError::NoBucket => {
                Self::new(ProblemKind::Unavailable, error.to_string()).retry_after(5)
            }
            PictureError::Fetch(_) | PictureError::NoAddress => Self::field("url", error),
            PictureError::Unfit(_) => Self::field("body", error),
        }
    }
}

/// Keeps a picture for an issue: a JPEG, PNG, GIF or WebP of at most 10 MB as the body, or the address of one
/// as JSON. It is turned upright, shrunk to 1,200 pixels, and has no metadata any more. The same picture
/// again gets the same address; one that no issue has is removed after 30 days.
#[utoipa::path(post, operation_id = "add_picture", path = "/pictures", tag = "issues",
    request_body(content((Picture = "application/octet-stream"), (PictureAddress = "application/json"))),
    security(("bearer" = [])),
    responses(
        (status = 201, description = "Where it is", body = PictureView)))]
pub(crate) async fn add(
    State(service): State<Service>,
    Editor(actor): Editor,
    request: Request,
) -> Result<(StatusCode, Json<PictureView>), Problem> {
    let kind = request.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.starts_with("application/json"));
    let body = request_body::whole(&service, MAX_PICTURE_OCTETS, request.into_body());
    let body = body.await.map_err(|status| {
        let detail = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "a picture may have at most 10 MB",
            StatusCode::REQUEST_TIMEOUT => "the request took too long to arrive; send it again",
            _ => "the request broke off; send it again",
        };
        Problem::new(ProblemKind::of(status), detail)
    })?;
    let kept = if is_json {
        let PictureAddress { url } = parse(&body)?;
        publish::fetch_picture(&service, &url, &actor).await?
    } else {
        publish::keep_picture(&service, body, &actor).await?
    };
    Ok((StatusCode::CREATED, Json(kept)))
}
