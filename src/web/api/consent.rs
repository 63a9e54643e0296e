//! The record of consent.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::auth::Owner;
use super::json::ApiQuery;
use super::problem::Problem;
use crate::service::Service;
use crate::subscribe::{self, ConsentAuditReport};

/// What to look for besides.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyQuery {
    /// An end of the chain that was noted earlier, as `EVENT:HASH`: it has to be in the chain still.
    noted: Option<String>,
}

/// Reads the whole record of consent and says whether it is still what was recorded.
#[utoipa::path(get, operation_id = "verify_consent_record", path = "/consent/verify", tag = "consent",
    params(VerifyQuery), security(("bearer" = [])),
    responses(
        (status = 403, description = "Only an owner may"),
        (status = 200, description = "What was found; `intact` says whether it is in order", body = ConsentAuditReport)))]
pub(crate) async fn verify(
    _: Owner,
    State(service): State<Service>,
    ApiQuery(query): ApiQuery<VerifyQuery>,
) -> Result<Json<ConsentAuditReport>, Problem> {
    let noted = query.noted.as_deref().map(str::parse).transpose();
    let noted = noted.map_err(|why| Problem::field("noted", why))?;
    Ok(Json(
        subscribe::audit_consents(&service, noted.as_ref()).await?,
    ))
}
