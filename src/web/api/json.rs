//! Reading JSON bodies, with errors that name the place.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::conditional::HASH_MARK;
use super::problem::Problem;
use super::problem_kind::ProblemKind;
use crate::domain::{InvalidField, IssueId};
use crate::json_input::{self, JsonError};
use crate::service::Service;

/// Where a page of a list begins; empty is as left out.
pub(super) fn cursor<T: FromStr>(given: Option<&str>) -> Result<Option<T>, Problem> {
    let given = given.filter(|text| !text.is_empty()).map(str::parse);
    let wrong = |_| Problem::field("cursor", "is not a cursor of this list");
    given.transpose().map_err(wrong)
}

/// A JSON body of this shape.
pub(super) struct ApiJson<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Service> for ApiJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        require_json(request.headers())?;
        parse(&body_of(request, service).await?).map(Self)
    }
}

/// A JSON object with what is to be different. A member is left out or has a value: `null` would change nothing here,
/// and remove the member elsewhere (RFC 7396).
pub(super) struct ApiPatch<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Service> for ApiPatch<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        require_json(request.headers())?;
        let body = body_of(request, service).await?;
        let patch = parse(&body)?;
        let members: BTreeMap<String, Option<IgnoredAny>> = parse(&body)?;
        let nulls = members.into_iter().filter(|(_, value)| value.is_none());
        let nulls: Vec<InvalidField> = nulls
            .map(|(name, _)| InvalidField::new(&name, "must not be null; leave it out to keep it"))
            .collect();
        if !nulls.is_empty() {
            return Err(Problem::fields(nulls));
        }
        Ok(Self(patch))
    }
}

/// A JSON body of this shape, or none: one of no octets is none, whatever its media type.
pub(super) struct OptionalJson<T>(pub(super) Option<T>);

impl<T: DeserializeOwned> FromRequest<Service> for OptionalJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        let is_json = require_json(request.headers());
        let body = body_of(request, service).await?;
        if body.is_empty() {
            return Ok(Self(None));
        }
        is_json?;
        // Not `Option<T>`: `null` is a body, and says nothing that can be done.
        parse(&body).map(|read| Self(Some(read)))
    }
}

/// No body: nothing, or an empty object. A call that knows no fields must not overlook a `dry_run`.
pub(super) struct NoBody;

impl FromRequest<Service> for NoBody {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}

        let body = body_of(request, service).await?;
        if !body.trim_ascii().is_empty() {
            let Nothing {} = parse(&body)?;
        }
        Ok(Self)
    }
}

/// Reads a member that may be left out, but is not `null`: what a client computes wrongly is often `null`, as an
/// invalid date of JavaScript is.
pub(super) fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let encoding = headers.get(CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding != "identity") {
        let detail = "send the body without Content-Encoding";
        return Err(Problem::new(ProblemKind::WrongMediaType, detail));
    }
    let kind = headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|value| value.to_str().ok());
    let is_json = kind.is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default();
        let kind = kind.trim().to_ascii_lowercase();
        kind == "application/json" || kind.ends_with("+json")
    });
    let detail = "send the body with Content-Type: application/json";
    is_json
        .then_some(())
        .ok_or_else(|| Problem::new(ProblemKind::WrongMediaType, detail))
}

async fn body_of(request: Request, service: &Service) -> Result<Bytes, Problem> {
    let body = Bytes::from_request(request, service).await;
    body.map_err(|refused| match refused.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let most = service.settings.http.body_limit;
            let detail = format!("the body may have at most {most} octets");
            Problem::new(ProblemKind::TooLarge, detail)
        }
        status => Problem::new(ProblemKind::of(status), refused.body_text()),
    })
}

pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    json_input::read(body).map_err(|error| match error {
        JsonError::Field { field, why } => Problem::field(&field, why),
        JsonError::Syntax(why) => Problem::new(
            ProblemKind::Malformed,
            format!("the body is not JSON: {why}"),
        ),
    })
}

/// The issue that the path names.
pub(super) struct IssuePath(pub(super) IssueId);

impl<S: Send + Sync> FromRequestParts<S> for IssuePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|e| Problem::new(ProblemKind::NotFound, e.body_text()))?;
        let id = uuid::Uuid::parse_str(&text)
            .map_err(|_| Problem::new(ProblemKind::NotFound, "an issue's id is a UUID"))?;
        Ok(Self(IssueId(id)))
    }
}

/// The version that a change was made from, if the client says so.
pub(super) fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let unknown = || Problem::field("If-Match", "is not an ETag that was given here");
    let mut all = headers.get_all(IF_MATCH).iter();
    let first = all.next().map(|value| value.to_str());
    let version = first.transpose().map_err(|_| unknown())?;
    if all.next().is_some() || version.is_some_and(|text| text.contains(',')) {
        return Err(Problem::field("If-Match", "give one version"));
    }
    // `*` is whatever there is (RFC 9110 §13.1.1).
    let version = version.filter(|text| text.trim() != "*");
    let version = version.map(|text| text.trim_start_matches("W/").trim_matches('"'));
    // The hash of what was shown stands behind it.
    let version = version.map(|text| text.split(HASH_MARK).next().unwrap_or_default().parse());
    version.transpose().map_err(|_| unknown())
}

/// The query of this shape.
pub(super) struct ApiQuery<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(query) = Query::<T>::from_request_parts(parts, state)
            .await
            .map_err(|e| Problem::field("query", e.body_text()))?;
        Ok(Self(query))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::domain::IssueContent;
    use axum::response::IntoResponse;

    fn status(body: &[u8]) -> u16 {
        match parse::<IssueContent>(body) {
            Ok(_) => 200,
            Err(problem) => problem.into_response().status().as_u16(),
        }
    }

    #[test]
    fn broken_json_and_wrong_fields_are_told_apart() {
        assert_eq!(status(br#"{"subject":"s"}"#), 200);
        assert_eq!(status(br#"{"subject":"s""#), 400);
        assert_eq!(status(br#"{"subject":"s"} x"#), 400);
        assert_eq!(status(b"\xff\xfe"), 400);
        assert_eq!(status(br#"{"subject":1}"#), 422);
        assert_eq!(status(br#"{"subject":"s","sbject":"t"}"#), 422);
        assert_eq!(status(br"[]"), 422);
    }
}
