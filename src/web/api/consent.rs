//! The record of consent.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::auth::Owner;
use super::json::{ApiJson, ApiQuery};
use super::problem::Problem;
use crate::domain::{EmailAddress, Language};
use crate::service::Service;
use crate::subscribe::{self, ConsentProof, LedgerReport};

/// What to look for besides.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyQuery {
    /// An end of the chain that was noted earlier, as `EVENT:HASH`: it has to be in the chain still.
    noted: Option<String>,
}

/// Reads the whole record of consent and says whether it is still what was recorded.
#[utoipa::path(get, path = "/api/v1/consent/verify", tag = "consent", params(VerifyQuery), security(("bearer" = [])), responses(
    (status = 200, description = "What was found; `intact` says whether it is in order", body = LedgerReport),
    (status = 403, description = "Only an owner may", body = Problem)))]
pub(crate) async fn verify(
    _: Owner,
    State(service): State<Service>,
    ApiQuery(query): ApiQuery<VerifyQuery>,
) -> Result<Json<LedgerReport>, Problem> {
    let noted = query.noted.as_deref().map(str::parse).transpose();
    let noted = noted.map_err(|why| Problem::field("noted", why))?;
    Ok(Json(
        subscribe::verify_ledger(&service, noted.as_ref()).await?,
    ))
}

/// Whom it is about. It stands in the body: the address of a call ends up in the logs of proxies.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// The address.
    address: String,
}

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormQuery {
    /// `json`, or `text` for a file that people can read.
    format: Option<String>,
    /// The language of the text; that of the person when left out.
    language: Option<String>,
}

/// Gives the proof of one person's consent: when, from where, to which exact words, and every change.
#[utoipa::path(post, path = "/api/v1/consent/proof", tag = "consent", params(FormQuery), request_body = Person,
    security(("bearer" = [])), responses(
    (status = 200, description = "The proof", body = ConsentProof),
    (status = 403, description = "Only an owner may", body = Problem),
    (status = 404, description = "Nothing is held of this address", body = Problem)))]
pub(crate) async fn proof(
    _: Owner,
    State(service): State<Service>,
    ApiQuery(query): ApiQuery<FormQuery>,
    ApiJson(person): ApiJson<Person>,
) -> Result<Response, Problem> {
    let language = query
        .language
        .as_deref()
        .map(Language::from_tag)
        .transpose();
    let language = language.map_err(|e| Problem::field("language", e))?;
    let address = EmailAddress::parse(&person.address).map_err(|e| Problem::field("address", e))?;
    let proof = subscribe::proof_of_consent(&service, &address).await?;
    let nobody = || Problem::new(StatusCode::NOT_FOUND, "nothing is held of this address");
    let proof = proof.ok_or_else(nobody)?;
    match query.format.as_deref() {
        None | Some("json") => Ok(Json(proof).into_response()),
        Some("text") => {
            let text = proof.to_text(language.unwrap_or(proof.language));
            let text = text.map_err(|error| {
                tracing::error!(%error, "answered 500");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "it cannot be written")
            })?;
            Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
        }
        Some(_) => Err(Problem::field("format", "must be json or text")),
    }
}
