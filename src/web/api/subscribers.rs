//! Single readers, for owners. Addresses stand in bodies: the address of a call ends up in the
//! logs of proxies.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::auth::Owner;
use super::json::{ApiJson, ApiQuery};
use super::problem::Problem;
use super::problem_kind::ProblemKind;
use crate::accounts::audit_log;
use crate::domain::{Actor, AuditAction, AuditEvent, Certificate, EmailAddress, Language};
use crate::service::Service;
use crate::subscribe::privacy::{self, Dossier, Extent};

/// Whom it is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// The address.
    address: String,
}

/// A form of what is held.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it is in the document alone")]
enum PersonFormat {
    Json,
    Text,
}

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormQuery {
    /// `json`, or `text` for a file that people can read.
    #[param(value_type = Option<PersonFormat>, inline)]
    format: Option<String>,
    /// The language of the text; that of the person when left out.
    #[param(value_type = Option<Language>)]
    language: Option<String>,
}

/// Gives the proof of one person's consent: who, when, from where, to which exact words, and every change.
#[utoipa::path(post, operation_id = "prove_consent", path = "/consent/proof", tag = "consent",
    params(FormQuery), request_body = Person, security(("bearer" = [])),
    responses(
        (status = 200, description = "The proof; of an erased person what is left of it", content((Dossier = "application/json"), (String = "text/plain"))),
        (status = 404, description = "Nothing is held of this address")))]
pub(crate) async fn proof(
    Owner(actor): Owner,
    State(service): State<Service>,
    ApiQuery(query): ApiQuery<FormQuery>,
    ApiJson(person): ApiJson<Person>,
) -> Result<Response, Problem> {
    note(&service, &actor, AuditAction::Exported).await?;
    found(&service, &person, Extent::Consent, &query).await
}

/// Gives everything that is held of one person.
#[utoipa::path(post, operation_id = "show_subscriber", path = "/subscribers/show", tag = "readers",
    params(FormQuery), request_body = Person, security(("bearer" = [])),
    responses(
        (status = 200, description = "What is held", content((Dossier = "application/json"), (String = "text/plain"))),
        (status = 404, description = "Nothing is held of this address")))]
pub(crate) async fn show(
    Owner(actor): Owner,
    State(service): State<Service>,
    ApiQuery(query): ApiQuery<FormQuery>,
    ApiJson(person): ApiJson<Person>,
) -> Result<Response, Problem> {
    note(&service, &actor, AuditAction::Exported).await?;
    found(&service, &person, Extent::All, &query).await
}

/// Erases one person, at once and for good. The person is told by a mail.
#[utoipa::path(post, operation_id = "erase_subscriber", path = "/subscribers/erase", tag = "readers",
    request_body = Person, security(("bearer" = [])),
    responses(
        (status = 200, description = "What was deleted, what remains, and until when", body = Certificate),
        (status = 404, description = "Nothing is held of this address")))]
pub(crate) async fn erase(
    Owner(actor): Owner,
    State(service): State<Service>,
    ApiJson(person): ApiJson<Person>,
) -> Result<Json<Certificate>, Problem> {
    let certificate = privacy::erase_by_owner(&service, &address(&person)?, &actor).await?;
    certificate.map(Json).ok_or_else(nobody)
}

/// Logs what was done about one reader; the log does not name the reader.
async fn note(service: &Service, actor: &Actor, action: AuditAction) -> Result<(), Problem> {
    let event = AuditEvent::about_a_reader(actor, action, service.clock.now());
    Ok(audit_log::note(service, &event).await?)
}

async fn found(
    service: &Service,
    person: &Person,
    extent: Extent,
    query: &FormQuery,
) -> Result<Response, Problem> {
    let language = query
        .language
        .as_deref()
        .map(Language::from_tag)
        .transpose();
    let language = language.map_err(|e| Problem::field("language", e))?;
    let dossier = privacy::dossier_of_address(service, &address(person)?, extent).await?;
    let dossier = dossier.ok_or_else(nobody)?;
    match query.format.as_deref() {
        None | Some("json") => Ok(Json(dossier).into_response()),
        Some("text") => {
            let text = dossier.to_text(language.unwrap_or(dossier.language));
            let text = text.map_err(|error| {
                tracing::error!(%error, "answered 500");
                Problem::new(ProblemKind::Internal, "it cannot be written down")
            })?;
            Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
        }
        Some(_) => Err(Problem::field("format", "must be json or text")),
    }
}

fn address(person: &Person) -> Result<EmailAddress, Problem> {
    EmailAddress::parse(&person.address).map_err(|e| Problem::field("address", e))
}

fn nobody() -> Problem {
    Problem::new(ProblemKind::NotFound, "nothing is held of this address")
}
