//! ETag on what is read, and If-None-Match (RFC 9110 §13.1.2).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::problem::Problem;
use super::problem_kind::ProblemKind;

/// What stands between a version and the hash of what was shown of it.
pub(super) const HASH_MARK: char = '-';

/// Gives what is read an ETag, and answers 304 when the client has it already. A version does not say everything: the
/// counts of an issue change without it. So its hash stands behind it; If-Match looks at the version alone. HEAD is
/// answered like GET (RFC 9110 §9.3.2); the router drops the body.
pub(in crate::web) async fn of_what_is_read(mut request: Request, next: Next) -> Response {
    if request.method() == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
    let known = (request.method() == Method::GET).then(|| request.headers().clone());
    let response = next.run(request).await;
    match known {
        Some(known) if response.status() == StatusCode::OK => tagged(&known, response).await,
        _ => response,
    }
}

async fn tagged(known: &HeaderMap, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    // Only calls without streams come here.
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, "answered 500");
            return Problem::new(ProblemKind::Internal, "the answer broke off").into_response();
        }
    };
    let digest = Sha256::digest(&body);
    let hash = HEXLOWER.encode(digest.get(..8).unwrap_or_default());
    let version = parts.headers.get(ETAG).and_then(|tag| tag.to_str().ok());
    let tag = match version {
        Some(version) => format!("\"{}{HASH_MARK}{hash}\"", version.trim_matches('"')),
        None => format!("\"{hash}\""),
    };
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(ETAG, value);
    }
    if has(known, &tag) {
        for header in [CONTENT_TYPE, CONTENT_LENGTH] {
            parts.headers.remove(header);
        }
        parts.status = StatusCode::NOT_MODIFIED;
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}

/// Whether the client has what this ETag names; `W/` makes no difference here (RFC 9110 §13.1.2).
fn has(known: &HeaderMap, tag: &str) -> bool {
    let lines = known.get_all(IF_NONE_MATCH).iter();
    let tags = lines.filter_map(|line| line.to_str().ok());
    tags.flat_map(|line| line.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == "*" || one == tag)
}
