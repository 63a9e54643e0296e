//! What sending an issue would mean, how it goes, what became of it, and what can be done about it.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Editor, Viewer};
use super::issues::view;
use super::json::{ApiQuery, IssuePath, NoBody, if_match};
use super::problem::Problem;
use crate::publish::{self, AudiencePlan, Counting, IssueReport, IssueView, Pace, Retry};
use crate::service::Service;
use crate::texts::CsvReader;

/// Who would get an issue now, who not and why, and how long that would take. Reads all subscriptions of the newsletter.
#[utoipa::path(get, operation_id = "get_audience", path = "/issues/{id}/audience", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "A table that adds up", body = AudiencePlan)))]
pub(crate) async fn audience(
    State(service): State<Service>,
    _: Viewer,
    IssuePath(id): IssuePath,
) -> Result<Json<AudiencePlan>, Problem> {
    Ok(Json(
        publish::audience_plan(&service, id, Counting::Now).await?,
    ))
}

/// How an issue is going out at this moment: how fast, until when, and for whom it has to wait.
#[utoipa::path(get, operation_id = "get_pace", path = "/issues/{id}/pace", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Empty where it is not being sent", body = Pace)))]
pub(crate) async fn pace(
    State(service): State<Service>,
    _: Viewer,
    IssuePath(id): IssuePath,
) -> Result<Json<Pace>, Problem> {
    let issue = publish::issue(&mut service.store.read().await?, id).await?;
    Ok(Json(publish::pace(&service, &issue).await?))
}

/// A form of the report.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it is in the document alone")]
enum ReportFormat {
    Json,
    Csv,
}

/// How to read the report.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportQuery {
    /// `json` (the default), or `csv`: results and causes by provider.
    #[param(value_type = Option<ReportFormat>, inline)]
    format: Option<String>,
}

/// What became of an issue: by provider and cause, over time, and beside earlier ones.
#[utoipa::path(get, operation_id = "get_report", path = "/issues/{id}/report", tag = "issues",
    params(("id" = Uuid, Path), ReportQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The report", content((IssueReport = "application/json"), (String = "text/csv")))))]
pub(crate) async fn report(
    State(service): State<Service>,
    _: Viewer,
    IssuePath(id): IssuePath,
    ApiQuery(query): ApiQuery<ReportQuery>,
) -> Result<Response, Problem> {
    let report = publish::report(&service, id).await?;
    match query.format.as_deref() {
        None | Some("json") => Ok(Json(report).into_response()),
        Some("csv") => {
            let kind = [(CONTENT_TYPE, "text/csv; charset=utf-8")];
            Ok((kind, publish::report_csv(&report, CsvReader::Program)).into_response())
        }
        Some(_) => Err(Problem::field("format", "must be json or csv")),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RetryQuery {
    /// Also to those whose mailbox a relay seemed to refuse. The default is false: bounced addresses are left alone.
    #[serde(default)]
    bounced: bool,
}

/// Sends an issue once more to those readers to whom it failed, under the same Message-IDs. With If-Match, only if it is still at that version.
#[utoipa::path(post, operation_id = "retry_failed", path = "/issues/{id}/retry-failed", tag = "issues",
    params(("id" = Uuid, Path), RetryQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "Being sent again, or as it was where nothing failed", body = IssueView, headers(("ETag"))),
        (status = 409, description = "Nothing of it was sent, or it was cancelled; or it was corrected since, and a second person must approve that"),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn retry_failed(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    ApiQuery(query): ApiQuery<RetryQuery>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, Problem> {
    let retry = match query.bounced {
        true => Retry::FailedAndBounced,
        false => Retry::Failed,
    };
    let issue = publish::retry_failed(&service, id, retry, if_match(&headers)?, &actor).await?;
    view(&service, issue).await
}

/// Begins an erratum: a draft for those readers alone who got a text that was corrected later, and no erratum to it. One that was not sent yet is returned instead of a second. With If-Match, only if the issue is still at that version.
#[utoipa::path(post, operation_id = "begin_erratum", path = "/issues/{id}/erratum", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 201, description = "The draft", body = IssueView, headers(("ETag"), ("Location"))),
        (status = 409, description = "It is not over, mails of it are under way, nobody got another text without an erratum, or it is not known any more who did"),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn erratum(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, Problem> {
    let issue = publish::erratum(&service, id, if_match(&headers)?, &actor).await?;
    let location = format!("/api/v1/issues/{}", issue.id);
    let mut response = view(&service, issue).await?;
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = location.parse() {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}
