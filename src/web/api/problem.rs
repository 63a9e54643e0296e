//! Errors as RFC 9457 describes them.

use axum::Json;
use axum::body::to_bytes;
use axum::http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem_kind::ProblemKind;
use crate::domain::InvalidField;
use crate::log_limiter::failures;
use crate::publish::{ApprovalRefused, PublishError};
use crate::store::StoreError;
use crate::texts::TextOverrideError;

const PROBLEM_JSON: &str = "application/problem+json";

/// The most fields that one answer names.
const MAX_ERRORS: usize = 50;

/// What went wrong, for programs and for people.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// The kind, as a place on the page `/docs`: one of those in the description of this schema. It never changes.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    kind: &'static str,
    /// The kind in words.
    title: &'static str,
    /// The status.
    status: u16,
    /// What happened, and what to do.
    detail: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<InvalidField>,
    #[serde(skip)]
    retry_after: Option<i64>,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind: kind.uri(),
            title: kind.title(),
            status: kind.status().as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// 422 for one field.
    pub(super) fn field(field: &str, why: impl std::fmt::Display) -> Self {
        Self::fields(vec![InvalidField::new(field, why)])
    }

    pub(super) fn fields(errors: Vec<InvalidField>) -> Self {
        Self::about_fields(ProblemKind::Invalid, errors)
    }

    /// A kind of problem of its own with one field.
    fn about_field(kind: ProblemKind, field: &str, why: impl std::fmt::Display) -> Self {
        Self::about_fields(kind, vec![InvalidField::new(field, why)])
    }

    fn about_fields(kind: ProblemKind, mut errors: Vec<InvalidField>) -> Self {
        errors.truncate(MAX_ERRORS);
        let said: Vec<String> = errors
            .iter()
            .map(|e| format!("{}: {}", e.field, e.why))
            .collect();
        let mut problem = Self::new(kind, said.join("; "));
        problem.errors = errors;
        problem
    }

    pub(super) fn retry_after(mut self, seconds: i64) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

/// The answer to every call while the schema is upgraded.
pub(in crate::web) fn upgrading(seconds: u32) -> Response {
    let detail = "the service is being upgraded; try again shortly";
    Problem::new(ProblemKind::Unavailable, detail)
        .retry_after(seconds.into())
        .into_response()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
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
            failures::warn("answered 503", &error);
            let detail =
                "the service cannot write or read its data at the moment; try again shortly";
            return Self::new(ProblemKind::Unavailable, detail).retry_after(5);
        }
        failures::error("answered 500", &error);
        Self::new(
            ProblemKind::Internal,
            "an error in the service; its operator finds it in the log",
        )
    }
}

impl From<PublishError> for Problem {
    fn from(error: PublishError) -> Self {
        let said = error.to_string();
        match error {
            PublishError::NoIssue(_) => Self::new(ProblemKind::NotFound, said),
            PublishError::NoNewsletter(_) => Self::field("newsletter", said),
            PublishError::Invalid(problems) => Self::fields(problems),
            PublishError::Schedule(_) => Self::about_field(ProblemKind::WrongTime, "at", said),
            PublishError::Empty => Self::about_field(ProblemKind::EmptyIssue, "parts", said),
            PublishError::NoAudience(_) => {
                Self::about_field(ProblemKind::NoAudience, "audience", said)
            }
            PublishError::Approval(ApprovalRefused::Given(_)) => {
                Self::new(ProblemKind::Conflict, said)
            }
            PublishError::Approval(_) => Self::new(ProblemKind::NeedsApproval, said),
            PublishError::VersionRequired => Self::new(ProblemKind::VersionRequired, said),
            PublishError::NothingWrong
            | PublishError::LedgerRemoved
            | PublishError::NoPage(_)
            | PublishError::Refused(_) => Self::new(ProblemKind::Conflict, said),
            PublishError::Changed { .. } => Self::new(ProblemKind::Stale, said),
            PublishError::Text(TextOverrideError::NotEditable(_)) => {
                Self::new(ProblemKind::NotFound, said)
            }
            PublishError::Text(_) => Self::field("wording", said),
            PublishError::StillUnderWay => Self::new(ProblemKind::Conflict, said),
            PublishError::TooManyCopies(limited) => {
                Self::new(ProblemKind::TooMany, said).retry_after(limited.retry_after)
            }
            PublishError::NoTexts(_) => Self::field("mail", said),
            PublishError::Store(error) => error.into(),
            PublishError::Template(error) => {
                tracing::error!(%error, "answered 500");
                Self::new(ProblemKind::Internal, said)
            }
        }
    }
}

/// The longest words of another layer that are passed on, in octets.
const MAX_DETAIL_OCTETS: usize = 1024;

/// Whatever went wrong before or behind a call, in the same form as what the calls say.
pub(in crate::web) async fn in_form(response: Response) -> Response {
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    let kind = response.headers().get(CONTENT_TYPE);
    if !failed || kind.is_some_and(|kind| kind == PROBLEM_JSON) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let words = to_bytes(body, MAX_DETAIL_OCTETS).await.unwrap_or_default();
    let words = String::from_utf8_lossy(&words);
    let detail = match (words.trim(), status) {
        (_, StatusCode::PAYLOAD_TOO_LARGE) => "the body is larger than this call takes",
        ("", StatusCode::BAD_REQUEST) => "the request broke off; send it again",
        ("", StatusCode::REQUEST_TIMEOUT) => "the request took too long to arrive; send it again",
        ("", StatusCode::SERVICE_UNAVAILABLE) => "there was no answer in time; try again shortly",
        ("", other) => other.canonical_reason().unwrap_or("Error"),
        (words, _) => words,
    };
    let mut problem = Problem::new(ProblemKind::of(status), detail);
    problem.status = status.as_u16();
    let mut problem = problem.into_response();
    for header in [CONTENT_TYPE, CONTENT_LENGTH] {
        parts.headers.remove(header);
    }
    problem.headers_mut().extend(parts.headers);
    problem
}

pub(super) async fn no_such_call(uri: Uri) -> Problem {
    let detail = format!("there is no call {}; see /docs", uri.path());
    Problem::new(ProblemKind::NoSuchCall, detail)
}

pub(super) async fn wrong_method(uri: Uri) -> Problem {
    let detail = format!("{} does not take this method; see /docs", uri.path());
    Problem::new(ProblemKind::WrongMethod, detail)
}
