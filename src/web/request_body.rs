//! Reads a request body to its end before the handler answers.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::EXPECT;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::time::timeout;

use crate::config::Http;
use crate::service::Service;

/// The largest form. Two hundred answers of a thousand letters fit in.
pub(super) const MAX_FORM_OCTETS: usize = 512 * 1024;
/// How much of an oversized body is read and discarded, as a multiple of the limit.
const MAX_DISCARDED: usize = 16;

/// How much of a body is kept, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    octets: usize,
    time: Duration,
}

impl Bounds {
    /// Those of any body.
    pub(super) fn of(http: &Http) -> Self {
        Self {
            octets: http.body_limit,
            time: Duration::from_secs(http.request_seconds),
        }
    }

    /// Those of a form, which is never large.
    pub(super) fn of_forms(http: &Http) -> Self {
        let bounds = Self::of(http);
        Self {
            octets: bounds.octets.min(MAX_FORM_OCTETS),
            ..bounds
        }
    }
}

/// Buffers the body. Of an oversized one, one octet more than the limit is kept, so that the
/// handler refuses it; the rest is read and discarded, because a client that is still sending
/// would see a broken connection instead of the answer.
pub(super) async fn buffer(State(bounds): State<Bounds>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    // Nothing was sent yet, so nothing has to be discarded.
    if waits_for_leave(&request) && request.body().size_hint().lower() > bounds.octets as u64 {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let (parts, body) = request.into_parts();
    let kept = match timeout(bounds.time, read(body, bounds.octets)).await {
        Ok(Ok(kept)) => kept,
        // A truncated form must not be processed as a complete one.
        Ok(Err(_)) => return StatusCode::BAD_REQUEST.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    next.run(Request::from_parts(parts, Body::from(kept))).await
}

/// Whether the client sends its body once it is told to (RFC 9110 §10.1.1).
fn waits_for_leave(request: &Request) -> bool {
    let expected = request.headers().get(EXPECT);
    expected.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

/// How much longer than a form an upload may take.
const UPLOAD_TIMES: u64 = 6;

/// A whole large body, for handlers that know who sends it.
///
/// # Errors
/// With the status of the answer: 413, 408, or 400 where it breaks off.
pub(super) async fn whole(
    service: &Service,
    limit: usize,
    body: Body,
) -> Result<Vec<u8>, StatusCode> {
    let time = Duration::from_secs(service.settings.http.request_seconds * UPLOAD_TIMES);
    match timeout(time, read(body, limit)).await {
        Ok(Ok(octets)) if octets.len() > limit => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Ok(octets)) => Ok(octets),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

async fn read(body: Body, limit: usize) -> Result<Vec<u8>, axum::Error> {
    let mut chunks = body.into_data_stream();
    let mut kept = Vec::new();
    let mut total = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        total += chunk.len();
        let room = (limit + 1).saturating_sub(kept.len());
        kept.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if total > limit.saturating_mul(MAX_DISCARDED) {
            break;
        }
    }
    Ok(kept)
}
