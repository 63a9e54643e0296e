//! Issues: write, look, test, send, stop, watch.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::auth::{Viewer, Writer};
use super::json::{ApiJson, ApiQuery, IssuePath, cursor, if_match};
use super::problem::Problem;
use crate::domain::{
    CountrySet, Counts, EmailAddress, Exclusion, Issue, IssueContent, IssueId, IssueState, Month,
    Newsletter, Part, Slug,
};
use crate::publish::{self, ContentPatch, PublishError, VariantCount};
use crate::service::Service;
use crate::store;

/// The largest page of a list.
pub(super) const PAGE: i64 = 100;

/// A new issue. What `xabar issue new --file` reads, too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIssue {
    /// The newsletter's slug.
    newsletter: String,
    /// The Subject line.
    subject: String,
    /// The words that mail programs show beside the subject.
    #[serde(default)]
    preheader: String,
    /// The editor's greeting, Markdown.
    #[serde(default)]
    intro: String,
    /// The letter, in its order.
    #[serde(default)]
    parts: Vec<Part>,
}

/// An issue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IssueView {
    id: String,
    /// The newsletter's slug.
    newsletter: String,
    /// Its name in the archive.
    slug: String,
    status: IssueState,
    /// Goes up with every change; also the ETag.
    version: i64,
    /// Goes up with every correction after mails have gone out.
    revision: i64,
    /// The month of which it is the summary, as in `2026-11`; null for one of the issues.
    #[schema(value_type = Option<String>)]
    month: Option<Month>,
    #[serde(flatten)]
    content: IssueContent,
    counts: Counts,
    /// Who read the newsletter when the audience was frozen: `counts.audience` and `excluded` together.
    candidates: i64,
    /// Readers who were left out of the audience, by reason: `paused`; `monthly`, who get the summary of the month
    /// instead; of a summary `each`, who get each issue.
    #[schema(value_type = std::collections::BTreeMap<String, i64>)]
    excluded: BTreeMap<Exclusion, i64>,
    /// Its permanent page, public once it is being sent.
    url: String,
    created_at: String,
    scheduled_at: Option<String>,
    started_at: Option<String>,
    finished_at: Option<String>,
    /// Why the service paused it by itself.
    paused_because: Option<String>,
}

impl IssueView {
    pub(crate) fn new(service: &Service, newsletter: &Newsletter, issue: Issue) -> Self {
        let time = |at: jiff::Timestamp| at.to_string();
        Self {
            id: issue.id.to_string(),
            newsletter: newsletter.slug.to_string(),
            slug: issue.slug.to_string(),
            status: issue.state,
            version: issue.version,
            revision: issue.revision,
            month: issue.month,
            counts: issue.counts,
            candidates: issue.candidates(),
            url: service.links.issue(newsletter, &issue),
            excluded: issue.excluded,
            created_at: time(issue.created_at),
            scheduled_at: issue.scheduled_at.map(time),
            started_at: issue.started_at.map(time),
            finished_at: issue.finished_at.map(time),
            paused_because: issue.paused_because,
            content: issue.content,
        }
    }
}

pub(super) async fn view(service: &Service, issue: Issue) -> Result<Response, Problem> {
    let mut db = service.store.read().await?;
    let newsletter = store::newsletter::by_id(&mut db, issue.newsletter).await?;
    let etag = format!("\"{}\"", issue.version);
    let view = IssueView::new(service, &newsletter, issue);
    Ok(([(ETAG, etag)], Json(view)).into_response())
}

/// Writes a new draft down.
#[utoipa::path(post, path = "/api/v1/issues", tag = "issues", request_body = NewIssue, security(("bearer" = [])), responses(
    (status = 201, body = IssueView), (status = 422, description = "A field is wrong", body = Problem)))]
pub(crate) async fn create(
    State(service): State<Service>,
    _: Writer,
    ApiJson(new): ApiJson<NewIssue>,
) -> Result<Response, Problem> {
    let issue = create_issue(&service, new).await?;
    let location = format!("/api/v1/issues/{}", issue.id);
    let mut response = view(&service, issue).await?;
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = location.parse() {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Writes a new draft down.
///
/// # Errors
/// When the newsletter is unknown or the content does not fit.
pub async fn create_issue(service: &Service, new: NewIssue) -> Result<Issue, PublishError> {
    let slug = Slug::parse(&new.newsletter).map_err(|e| {
        let problem = publish::InvalidField {
            field: "newsletter".into(),
            why: e.to_string(),
        };
        PublishError::Invalid(vec![problem])
    })?;
    let newsletter = store::newsletter::by_slug(&mut service.store.read().await?, &slug).await?;
    let newsletter = newsletter.ok_or(PublishError::NoNewsletter(slug))?;
    let content = IssueContent {
        subject: new.subject,
        preheader: new.preheader,
        intro: new.intro,
        parts: new.parts,
    };
    publish::create(service, &newsletter, &content).await
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of issues.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IssuePage {
    items: Vec<IssueView>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

/// Issues, the newest first.
#[utoipa::path(get, path = "/api/v1/issues", tag = "issues", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = IssuePage)))]
pub(crate) async fn list(
    State(service): State<Service>,
    _: Viewer,
    ApiQuery(query): ApiQuery<PageQuery>,
) -> Result<Json<IssuePage>, Problem> {
    let before = cursor(query.cursor.as_deref())?;
    let mut db = service.store.read().await?;
    let issues = store::issue::list(&mut db, before.map(IssueId), PAGE).await?;
    let next = (issues.len() == PAGE as usize).then(|| issues.last().map(|i| i.id.to_string()));
    let mut items = Vec::with_capacity(issues.len());
    for issue in issues {
        let newsletter = store::newsletter::by_id(&mut db, issue.newsletter).await?;
        items.push(IssueView::new(&service, &newsletter, issue));
    }
    Ok(Json(IssuePage {
        items,
        next: next.flatten(),
    }))
}

/// One issue, with its counts.
#[utoipa::path(get, path = "/api/v1/issues/{id}", tag = "issues", params(("id" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = IssueView), (status = 404, body = Problem)))]
pub(crate) async fn show(
    State(service): State<Service>,
    _: Viewer,
    IssuePath(id): IssuePath,
) -> Result<Response, Problem> {
    let issue = store::issue::by_id(&mut service.store.read().await?, id).await?;
    view(&service, issue.ok_or(PublishError::NoIssue(id))?).await
}

/// Changes a draft or the scheduled summary of a month, or corrects a paused issue for those who have not had it. With If-Match, only if it is still at that version.
#[utoipa::path(patch, path = "/api/v1/issues/{id}", tag = "issues", params(("id" = String, Path)), request_body = ContentPatch,
    security(("bearer" = [])), responses((status = 200, body = IssueView), (status = 409, body = Problem)))]
pub(crate) async fn edit(
    State(service): State<Service>,
    _: Writer,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    ApiJson(patch): ApiJson<ContentPatch>,
) -> Result<Response, Problem> {
    let issue = publish::edit(&service, id, patch, if_match(&headers)?).await?;
    view(&service, issue).await
}

/// How to look at an issue.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewQuery {
    /// `html` (the default) or `text`.
    format: Option<String>,
    /// The countries a reader follows, separated by commas.
    countries: Option<String>,
}

/// The issue as a reader gets it.
#[utoipa::path(get, path = "/api/v1/issues/{id}/preview", tag = "issues", params(("id" = String, Path), PreviewQuery),
    security(("bearer" = [])), responses((status = 200, description = "HTML or plain text")))]
pub(crate) async fn preview(
    State(service): State<Service>,
    _: Viewer,
    IssuePath(id): IssuePath,
    ApiQuery(query): ApiQuery<PreviewQuery>,
) -> Result<Response, Problem> {
    let countries = CountrySet::parse(query.countries.as_deref().unwrap_or_default())
        .map_err(|e| Problem::field("countries", e))?;
    let mail = publish::preview(&service, id, countries).await?;
    match query.format.as_deref() {
        None | Some("html") => Ok(crate::web::inert_html::inert_html(mail.html)),
        Some("text") => {
            Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], mail.text).into_response())
        }
        Some(_) => Err(Problem::field("format", "must be html or text")),
    }
}

/// The letters that an issue becomes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Variants {
    variants: Vec<VariantCount>,
}

/// The letters that an issue becomes, with how many readers get each; `preview?countries=…` shows one.
#[utoipa::path(get, path = "/api/v1/issues/{id}/variants", tag = "issues", params(("id" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = Variants), (status = 404, body = Problem)))]
pub(crate) async fn variants(
    State(service): State<Service>,
    _: Viewer,
    IssuePath(id): IssuePath,
) -> Result<Json<Variants>, Problem> {
    let variants = publish::variants(&service, id).await?;
    Ok(Json(Variants { variants }))
}

/// Who gets test copies.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestCopies {
    /// 1 to 20 addresses.
    #[validate(length(min = 1, max = 20))]
    to: Vec<String>,
}

/// Sends copies to editors.
#[utoipa::path(post, path = "/api/v1/issues/{id}/test", tag = "issues", params(("id" = String, Path)), request_body = TestCopies,
    security(("bearer" = [])), responses((status = 202, description = "In the outbox")))]
pub(crate) async fn test(
    State(service): State<Service>,
    _: Writer,
    IssuePath(id): IssuePath,
    ApiJson(copies): ApiJson<TestCopies>,
) -> Result<impl IntoResponse, Problem> {
    copies
        .validate()
        .map_err(|e| Problem::fields(publish::validation_errors(&e)))?;
    let mut to = Vec::with_capacity(copies.to.len());
    for (index, address) in copies.to.iter().enumerate() {
        let address = EmailAddress::parse(address);
        to.push(address.map_err(|e| Problem::field(&format!("to[{index}]"), e))?);
    }
    publish::send_test_copies(&service, id, &to).await?;
    Ok((
        StatusCode::ACCEPTED,
        Json(serde_json::json!({ "status": "accepted" })),
    ))
}
