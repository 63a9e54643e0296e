//! The consent audit, for owners.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::errors;
use super::form_body::TypedForm;
use super::layout::{PageLayout, private};
use crate::accounts;
use crate::domain::{Language, Role};
use crate::service::Service;
use crate::store::StoreError;
use crate::subscribe::{self, NotedEnd};
use crate::web::client_ip::Client;
use crate::web::pages::ConsentAudit;

/// How much of a typed noted end is shown again.
const MAX_SHOWN_CHARS: usize = 100;

/// The form's fields.
#[derive(Default, Deserialize)]
pub(crate) struct AuditRequest {
    #[serde(default)]
    token: String,
    #[serde(default)]
    noted: String,
    #[serde(default)]
    lang: String,
}

/// GET: the form.
pub(crate) async fn show(State(service): State<Service>, client: Client) -> Response {
    let page = ConsentAudit::default();
    match PageLayout::of_first(&service, client.language).await {
        Ok(layout) => private(
            layout
                .here("/consent-record".to_owned())
                .answer(StatusCode::OK, &page),
        ),
        Err(error) => errors::store(&service, client.language, &error).await,
    }
}

/// POST: runs the audit. The token is not stored: there is no cookie.
pub(crate) async fn run(
    State(service): State<Service>,
    client: Client,
    TypedForm(request): TypedForm<AuditRequest>,
) -> Response {
    let language = Language::from_tag(&request.lang).ok().or(client.language);
    match answer(&service, &request, language).await {
        Ok(answer) => private(answer),
        Err(error) => errors::store(&service, language, &error).await,
    }
}

async fn answer(
    service: &Service,
    request: &AuditRequest,
    language: Option<Language>,
) -> Result<Response, StoreError> {
    let layout = PageLayout::of_first(service, language).await?;
    let holder = accounts::holder_of(service, request.token.trim()).await?;
    // The audit is of all newsletters.
    let is_owner =
        holder.is_some_and(|holder| holder.role == Role::Owner && holder.newsletters.is_none());
    let noted = Some(request.noted.trim()).filter(|noted| !noted.is_empty());
    let noted = noted.map(str::parse::<NotedEnd>).transpose();
    let (true, Ok(noted)) = (is_owner, &noted) else {
        let typed: String = request.noted.chars().take(MAX_SHOWN_CHARS).collect();
        let page = ConsentAudit {
            token_wrong: !is_owner,
            noted_wrong: noted.is_err(),
            noted: &typed,
            ..ConsentAudit::default()
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(layout
            .here("/consent-record".to_owned())
            .answer(status, &page));
    };
    let report = subscribe::audit_consents(service, noted.as_ref()).await?;
    let page = ConsentAudit {
        report: Some(report),
        ..ConsentAudit::default()
    };
    Ok(layout.answer(StatusCode::OK, &page))
}
