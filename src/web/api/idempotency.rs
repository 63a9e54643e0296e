//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a POST request that is repeated with its key gets
//! its first answer again.

use std::panic::resume_unwind;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::auth::holder_of;
use super::openapi_rules::takes_idempotency_key;
use super::problem::Problem;
use super::problem_kind::ProblemKind;
use crate::accounts::{Begun, Reservation, begin};
use crate::log_limiter::failures;
use crate::service::Service;
use crate::store::accounts::idempotency_key::KeptAnswer;

const HEADER: &str = "idempotency-key";

/// The longest key, in octets.
pub(super) const MAX_KEY_OCTETS: usize = 255;

/// When a request that runs may be repeated, in seconds.
const RUNNING_RETRY_AFTER: i64 = 1;

/// The headers that belong to an answer.
const KEPT_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];

/// Does a request that has a key once. Without a token it passes on: the keys of one token are not those of another.
pub(super) async fn once(
    State(service): State<Service>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().as_str().to_ascii_lowercase();
    let has_key = request.headers().contains_key(HEADER);
    if !has_key || !takes_idempotency_key(path.as_str(), &method) {
        return next.run(request).await;
    }
    match keyed(&service, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn keyed(service: &Service, request: Request, next: Next) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    // What comes here is in memory already, and no larger than the limit.
    let broken = |_| {
        Problem::new(
            ProblemKind::Malformed,
            "the request broke off; send it again",
        )
    };
    let body = to_bytes(body, usize::MAX).await.map_err(broken)?;
    let Some(holder) = holder_of(&parts, service).await? else {
        let request = Request::from_parts(parts, Body::from(body));
        return Ok(next.run(request).await);
    };
    let request = fingerprint(&parts, &body);
    let request: Vec<&[u8]> = request.iter().map(Vec::as_slice).collect();
    match begin(service, holder.id, &key(&parts)?, &request).await? {
        Begun::New(reservation) => {
            let request = Request::from_parts(parts, Body::from(body));
            Ok(in_task(service.clone(), reservation, next, request).await)
        }
        Begun::Done(answer) => Ok(again(answer)),
        Begun::Running => {
            let detail = "a request with this Idempotency-Key is still running";
            let problem = Problem::new(ProblemKind::StillRunning, detail);
            Err(problem.retry_after(RUNNING_RETRY_AFTER))
        }
        Begun::Other => {
            let detail = "this Idempotency-Key was used for another request; take a new one";
            Err(Problem::new(ProblemKind::KeyReused, detail))
        }
    }
}

/// The key: a text in quotes (RFC 9651 §3.3.3), which many send without.
fn key(parts: &Parts) -> Result<String, Problem> {
    let wrong = || {
        let why = "must be one text of 1 to 255 printable ASCII characters";
        Problem::field("Idempotency-Key", why)
    };
    let mut values = parts.headers.get_all(HEADER).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(wrong());
    };
    let key = value.to_str().map_err(|_| wrong())?.trim();
    let key = key
        .strip_prefix('"')
        .and_then(|key| key.strip_suffix('"'))
        .unwrap_or(key);
    if key.is_empty() || key.len() > MAX_KEY_OCTETS {
        return Err(wrong());
    }
    Ok(key.to_owned())
}

/// What makes two requests the same.
fn fingerprint(parts: &Parts, body: &Bytes) -> [Vec<u8>; 3] {
    [
        parts.method.as_str().into(),
        parts.uri.to_string().into_bytes(),
        body.to_vec(),
    ]
}

/// Does the request to its end, even when its client goes away: what was done has to be known.
async fn in_task(
    service: Service,
    reservation: Reservation,
    next: Next,
    request: Request,
) -> Response {
    let work = async move {
        let response = next.run(request).await;
        settle(&service, reservation, response).await
    };
    match tokio::spawn(work.in_current_span()).await {
        Ok(response) => response,
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => {
                let detail = "the service is stopping; try again shortly";
                Problem::new(ProblemKind::Unavailable, detail).into_response()
            }
        },
    }
}

/// Keeps the answer of a request that was done; one that was refused gives its key back.
async fn settle(service: &Service, reservation: Reservation, response: Response) -> Response {
    if !response.status().is_success() {
        if let Err(error) = reservation.release(service).await {
            failures::warn("an Idempotency-Key stays in use for some minutes", &error);
        }
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, "answered 500");
            return Problem::new(ProblemKind::Internal, "the answer broke off").into_response();
        }
    };
    let headers = KEPT_HEADERS.iter().filter_map(|name| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    let answer = KeptAnswer {
        status: parts.status.as_u16(),
        headers: headers.collect(),
        body: body.to_vec(),
    };
    if let Err(error) = reservation.keep(service, &answer).await {
        failures::warn("an answer to an Idempotency-Key is not kept", &error);
    }
    Response::from_parts(parts, Body::from(body))
}

fn again(answer: KeptAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, answer.body).into_response();
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
