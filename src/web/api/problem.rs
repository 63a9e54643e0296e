//! Errors as RFC 9457 describes them.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::publish::{Problem as ContentProblem, PublishError};
use crate::store::StoreError;
use crate::texts::OwnTextError;

/// What went wrong, for programs and for people.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: the status says the kind.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status.
    status: u16,
    /// What happened, and what to do.
    detail: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ContentProblem>,
    #[serde(skip)]
    retry_after: Option<i64>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// 422 for one field.
    pub(super) fn field(field: &str, why: impl std::fmt::Display) -> Self {
        let problem = ContentProblem {
            field: field.to_owned(),
            why: why.to_string(),
        };
        Self::fields(vec![problem])
    }

    pub(super) fn fields(errors: Vec<ContentProblem>) -> Self {
        let said: Vec<String> = errors
            .iter()
            .map(|e| format!("{}: {}", e.field, e.why))
            .collect();
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, said.join("; "));
        problem.errors = errors;
        problem
    }

    pub(super) fn retry_after(mut self, seconds: i64) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.is_transient() {
            tracing::warn!(%error, "answered 503");
            let detail =
                "the service cannot write or read its data at the moment; try again shortly";
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(5);
        }
        tracing::error!(%error, "answered 500");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "an error in the service; its operator finds it in the log",
        )
    }
}

impl From<PublishError> for Problem {
    fn from(error: PublishError) -> Self {
        let said = error.to_string();
        match error {
            PublishError::NoIssue(_) => Self::new(StatusCode::NOT_FOUND, said),
            PublishError::NoNewsletter(_) => Self::field("newsletter", said),
            PublishError::Invalid(problems) => Self::fields(problems),
            PublishError::Schedule(_) => Self::field("at", said),
            PublishError::Refused(_) | PublishError::Changed { .. } => {
                Self::new(StatusCode::CONFLICT, said)
            }
            PublishError::Text(OwnTextError::NotEditable(_)) => {
                Self::new(StatusCode::NOT_FOUND, said)
            }
            PublishError::Text(_) => Self::field("wording", said),
            PublishError::NoTexts(_) => Self::field("mail", said),
            PublishError::Store(error) => error.into(),
            PublishError::Template(error) => {
                tracing::error!(%error, "answered 500");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, said)
            }
        }
    }
}

pub(super) async fn no_such_call(uri: Uri) -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        format!("there is no call {}; see /docs", uri.path()),
    )
}

pub(super) async fn wrong_method(uri: Uri) -> Problem {
    let detail = format!("{} does not take this method; see /docs", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}
