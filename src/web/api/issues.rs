//! Issues: write, look, test, send, stop, watch.

use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::auth::{Editor, Viewer};
use super::json::{ApiJson, ApiPatch, ApiQuery, IssuePath, cursor, if_match};
use super::paging::Paging;
use super::problem::Problem;
use super::scope::Scope;
use crate::domain::{
    CountrySet, EmailAddress, Issue, IssueId, IssueState, Newsletter, PausedBecause, Slug,
    invalid_fields, null_as_default, without_addresses,
};
use crate::mail::GMAIL_CLIPS_AT;
use crate::publish::{
    self, ContentPatch, IssueDraft, IssueSummary, IssueView, Obstacles, PublishError, VariantCount,
};
use crate::service::Service;
use crate::store;
use crate::store::issue::IssueFilter;

/// An issue as those who are no owners see it: relays quote addresses in their answers.
fn for_viewers(issue: Issue) -> Issue {
    Issue {
        paused_because: issue
            .paused_because
            .map(|why| PausedBecause::saying(why.code, without_addresses(&why.said))),
        ..issue
    }
}

pub(super) async fn view(service: &Service, issue: Issue) -> Result<Response, Problem> {
    let issue = for_viewers(issue);
    let mut db = service.store.read().await?;
    let newsletter = store::newsletter::by_id(&mut db, issue.newsletter).await?;
    let etag = format!("\"{}\"", issue.version);
    let view = IssueView::new(&service.links, &newsletter, issue);
    Ok(([(ETAG, etag)], Json(view)).into_response())
}

/// Writes a new draft down.
#[utoipa::path(post, operation_id = "create_issue", path = "/issues", tag = "issues",
    request_body = IssueDraft, security(("bearer" = [])),
    responses(
        (status = 201, description = "The draft", body = IssueView, headers(("ETag"), ("Location")))))]
pub(crate) async fn create(
    State(service): State<Service>,
    Editor(actor): Editor,
    scope: Option<Extension<Scope>>,
    ApiJson(draft): ApiJson<IssueDraft>,
) -> Result<Response, Problem> {
    if let Some(Extension(scope)) = scope {
        let newsletter = publish::newsletter_named(&service, draft.newsletter()).await?;
        if !scope.0.contains(&newsletter.id) {
            return Err(outside(draft.newsletter()));
        }
    }
    let issue = publish::create(&service, draft, &actor).await?;
    let location = format!("/api/v1/issues/{}", issue.id);
    let mut response = view(&service, issue).await?;
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = location.parse() {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// The answer about a newsletter that is not one of the token's: as if there were none.
fn outside(slug: &str) -> Problem {
    match Slug::parse(slug) {
        Ok(slug) => PublishError::NoNewsletter(slug).into(),
        Err(error) => Problem::field("newsletter", error),
    }
}

/// An issue, and why deliveries of it wait or did not go out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IssueWithObstacles {
    #[serde(flatten)]
    issue: IssueView,
    #[serde(flatten)]
    obstacles: Obstacles,
}

/// Which issues, and which page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct IssuesQuery {
    /// Only those of the newsletter with this slug.
    newsletter: Option<String>,
    /// Only those that stand so: `draft`, `scheduled`, `sending`, `paused`, `sent` or `cancelled`.
    #[param(value_type = Option<IssueState>)]
    status: Option<String>,
}

/// Which page of the list.
type IssuesPaging = Paging<String>;

/// A page of issues.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IssuePage {
    items: Vec<IssueSummary>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

/// Issues without their content, the newest first.
#[utoipa::path(get, operation_id = "list_issues", path = "/issues", tag = "issues",
    params(IssuesQuery, IssuesPaging), security(("bearer" = [])),
    responses(
        (status = 200, description = "A page of the list", body = IssuePage),
        (status = 422, description = "There is no such newsletter, status or limit")))]
pub(crate) async fn list(
    State(service): State<Service>,
    viewer: Viewer,
    scope: Option<Extension<Scope>>,
    ApiQuery(query): ApiQuery<IssuesQuery>,
    paging: IssuesPaging,
) -> Result<Json<IssuePage>, Problem> {
    let before = cursor(paging.cursor.as_deref())?;
    let status = query.status.as_deref().map(str::parse::<IssueState>);
    let status = status
        .transpose()
        .map_err(|e| Problem::field("status", e))?;
    let newsletter = match query.newsletter.as_deref() {
        None => None,
        Some(slug) => Some(publish::newsletter_named(&service, slug).await?.id),
    };
    let newsletter = match (&scope, newsletter) {
        (None, newsletter) => newsletter,
        (Some(scope), Some(named)) if scope.0.0.contains(&named) => Some(named),
        (Some(_), Some(_)) => {
            return Err(outside(query.newsletter.as_deref().unwrap_or_default()));
        }
        (Some(scope), None) => match scope.0.0.as_slice() {
            [one] => Some(*one),
            _ => {
                let why = "must name one of the several newsletters of this token";
                return Err(Problem::field("newsletter", why));
            }
        },
    };
    let filter = IssueFilter {
        newsletter,
        state: status,
    };
    let mut db = service.store.read().await?;
    let most = paging.limit + 1;
    let mut issues = store::issue::list(&mut db, filter, before.map(IssueId), most).await?;
    let last = paging.cut(&mut issues);
    let next = last.map(|(issue, _)| issue.id.to_string());
    let summary = |(issue, newsletter): (Issue, Newsletter)| {
        let issue = if viewer.is_owner {
            issue
        } else {
            for_viewers(issue)
        };
        IssueSummary::new(&service.links, &newsletter, &issue)
    };
    let items = issues.into_iter().map(summary).collect();
    Ok(Json(IssuePage { items, next }))
}

/// One issue, with its counts, and why deliveries wait or did not go out.
#[utoipa::path(get, operation_id = "get_issue", path = "/issues/{id}", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The issue", body = IssueWithObstacles, headers(("ETag")))))]
pub(crate) async fn show(
    State(service): State<Service>,
    viewer: Viewer,
    IssuePath(id): IssuePath,
) -> Result<Response, Problem> {
    let mut db = service.store.read().await?;
    let mut issue = publish::issue(&mut db, id).await?;
    if !viewer.is_owner {
        issue = for_viewers(issue);
    }
    let newsletter = store::newsletter::by_id(&mut db, issue.newsletter).await?;
    drop(db);
    let obstacles = Obstacles::of(&service, &issue, viewer.is_owner).await?;
    let etag = format!("\"{}\"", issue.version);
    let issue = IssueView::new(&service.links, &newsletter, issue);
    let body = IssueWithObstacles { issue, obstacles };
    Ok(([(ETAG, etag)], Json(body)).into_response())
}

/// Changes a draft or a scheduled issue, corrects a paused issue for those who have not had it, or the page of one that was sent: nobody gets that as a mail. With If-Match, only if it is still at that version; for an issue that was sent If-Match is needed, and `*` is not enough.
#[utoipa::path(patch, operation_id = "edit_issue", path = "/issues/{id}", tag = "issues",
    params(("id" = Uuid, Path)), request_body = ContentPatch, security(("bearer" = [])),
    responses(
        (status = 200, description = "The issue as it is now", body = IssueView, headers(("ETag"))),
        (status = 409, description = "Its state does not allow changes"),
        (status = 412, description = "It has changed since that version"),
        (status = 428, description = "It was sent, and If-Match names no version")))]
pub(crate) async fn edit(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    ApiPatch(patch): ApiPatch<ContentPatch>,
) -> Result<Response, Problem> {
    let issue = publish::edit(&service, id, patch, if_match(&headers)?, &actor).await?;
    view(&service, issue).await
}

/// A form of the preview.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it is in the document alone")]
enum PreviewFormat {
    Html,
    Text,
}

/// How to look at an issue.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewQuery {
    /// `html` (the default) or `text`.
    #[param(value_type = Option<PreviewFormat>, inline)]
    format: Option<String>,
    /// The countries a reader follows, separated by commas.
    countries: Option<String>,
}

/// The issue as a reader gets it. The header `xabar-html-bytes` has the size of its HTML in octets, and
/// `xabar-warning` says when Gmail hides its end.
#[utoipa::path(get, operation_id = "preview_issue", path = "/issues/{id}/preview", tag = "issues",
    params(("id" = Uuid, Path), PreviewQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "HTML, or plain text", content((String = "text/html"), (String = "text/plain")), headers(("xabar-html-bytes"), ("xabar-warning")))))]
pub(crate) async fn preview(
    State(service): State<Service>,
    _: Viewer,
    IssuePath(id): IssuePath,
    ApiQuery(query): ApiQuery<PreviewQuery>,
) -> Result<Response, Problem> {
    let countries = CountrySet::parse(query.countries.as_deref().unwrap_or_default())
        .map_err(|e| Problem::field("countries", e))?;
    let mail = publish::preview(&service, id, countries).await?;
    let size = mail.html.len();
    let mut response = match query.format.as_deref() {
        None | Some("html") => crate::web::inert_html::inert_html(&mail.html),
        Some("text") => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], mail.text).into_response(),
        Some(_) => return Err(Problem::field("format", "must be html or text")),
    };
    let headers = response.headers_mut();
    headers.insert("xabar-html-bytes", HeaderValue::from(size));
    if size > GMAIL_CLIPS_AT {
        let warning =
            "Gmail hides the end of a mail with more than 102 KB of HTML: shorten the issue";
        headers.insert("xabar-warning", HeaderValue::from_static(warning));
    }
    Ok(response)
}

/// The letters that an issue becomes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Variants {
    variants: Vec<VariantCount>,
}

/// The letters that an issue becomes, with how many readers get each; `preview?countries=…` shows one.
#[utoipa::path(get, operation_id = "list_issue_variants", path = "/issues/{id}/variants", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Those with most readers first", body = Variants)))]
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
    #[schema(min_items = 1, max_items = 20)]
    #[validate(length(min = 1, max = 20))]
    to: Vec<String>,
    /// As somebody gets it who follows these countries, separated by commas; empty for everything.
    #[serde(default, deserialize_with = "null_as_default")]
    countries: String,
}

/// What became of test copies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TestCopiesView {
    /// Always `accepted`.
    status: &'static str,
    /// How many are on their way.
    copies: usize,
    /// The places in `to`, from 0, of those who get none: `xabar suppression add` has named them.
    suppressed: Vec<usize>,
}

/// Sends copies to editors.
///
/// A person or program sends at most 60 an hour and 200 a day for each newsletter.
#[utoipa::path(post, operation_id = "send_test_copies", path = "/issues/{id}/test", tag = "issues",
    params(("id" = Uuid, Path)), request_body = TestCopies, security(("bearer" = [])),
    responses(
        (status = 202, description = "In the outbox", body = TestCopiesView),
        (status = 429, description = "Too many copies; none was sent")))]
pub(crate) async fn test(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    ApiJson(copies): ApiJson<TestCopies>,
) -> Result<impl IntoResponse, Problem> {
    copies
        .validate()
        .map_err(|e| Problem::fields(invalid_fields(&e)))?;
    let mut to = Vec::with_capacity(copies.to.len());
    for (index, address) in copies.to.iter().enumerate() {
        let address = EmailAddress::parse(address);
        to.push(address.map_err(|e| Problem::field(&format!("to[{index}]"), e))?);
    }
    let countries =
        CountrySet::parse(&copies.countries).map_err(|e| Problem::field("countries", e))?;
    let copies = publish::send_test_copies(&service, id, &to, countries, &actor).await?;
    let view = TestCopiesView {
        status: "accepted",
        copies: copies.mails.len(),
        // Without addresses: the answer may be kept for an Idempotency-Key.
        suppressed: to
            .iter()
            .enumerate()
            .filter(|(_, address)| copies.suppressed.contains(address))
            .map(|(place, _)| place)
            .collect(),
    };
    Ok((StatusCode::ACCEPTED, Json(view)))
}
