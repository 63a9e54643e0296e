//! Newsletters: look, change.

use axum::Extension;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Owner, Viewer};
use super::json::{ApiPatch, ApiQuery, if_match};
use super::paging::Paging;
use super::problem::Problem;
use super::problem_kind::ProblemKind;
use super::scope::Scope;
use crate::domain::{
    Actor, Language, LogoFile, Newsletter, NewsletterInput, NewsletterPatch, Slug,
};
use crate::publish::{self, Change, PublishError};
use crate::service::Service;
use crate::store;
use crate::web::{self, Snippet};

/// A newsletter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewsletterView {
    /// Goes up with every change; the ETag begins with it.
    version: i64,
    #[serde(flatten)]
    words: NewsletterInput,
    /// Its sign-up page.
    subscribe_url: String,
    /// Its logo, if it has one.
    logo_url: Option<String>,
}

impl NewsletterView {
    fn new(service: &Service, newsletter: &Newsletter) -> Self {
        Self {
            version: newsletter.version,
            words: newsletter.into(),
            subscribe_url: service.links.signup(newsletter),
            logo_url: newsletter
                .logo
                .as_ref()
                .map(|logo| service.links.logo(logo)),
        }
    }
}

fn view(service: &Service, newsletter: &Newsletter) -> Response {
    with_etag(newsletter, NewsletterView::new(service, newsletter))
}

/// What is shown of a newsletter, with its ETag.
pub(super) fn with_etag(newsletter: &Newsletter, shown: impl Serialize) -> Response {
    let etag = format!("\"{}\"", newsletter.version);
    ([(ETAG, etag)], Json(shown)).into_response()
}

/// The slug of a path; what is none names no newsletter.
pub(super) fn slug_of(text: &str) -> Result<Slug, Problem> {
    Slug::parse(text).map_err(|e| Problem::new(ProblemKind::NotFound, e.to_string()))
}

/// A page of newsletters.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewsletterList {
    items: Vec<NewsletterView>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

/// Which page of the list.
type NewslettersPaging = Paging<String>;

/// All newsletters, private ones too, the oldest first.
#[utoipa::path(get, operation_id = "list_newsletters", path = "/newsletters", tag = "newsletters",
    params(NewslettersPaging), security(("bearer" = [])),
    responses(
        (status = 200, description = "A page of the list", body = NewsletterList)))]
pub(crate) async fn list(
    State(service): State<Service>,
    _: Viewer,
    scope: Option<Extension<Scope>>,
    paging: NewslettersPaging,
) -> Result<Json<NewsletterList>, Problem> {
    let mut all = store::newsletter::list(&mut service.store.read().await?).await?;
    if let Some(Extension(scope)) = scope {
        all.retain(|newsletter| scope.0.contains(&newsletter.id));
    }
    if let Some(last) = &paging.cursor {
        let place = all.iter().position(|one| one.id.to_string() == *last);
        let wrong = || Problem::field("cursor", "is not a cursor of this list");
        all.drain(..=place.ok_or_else(wrong)?);
    }
    let next = paging.cut(&mut all).map(|last| last.id.to_string());
    let items = all.iter().map(|one| NewsletterView::new(&service, one));
    Ok(Json(NewsletterList {
        items: items.collect(),
        next,
    }))
}

/// One newsletter.
#[utoipa::path(get, operation_id = "get_newsletter", path = "/newsletters/{slug}", tag = "newsletters",
    params(("slug" = String, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The newsletter", body = NewsletterView, headers(("ETag")))))]
pub(crate) async fn show(
    State(service): State<Service>,
    _: Viewer,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    Ok(view(&service, &find(&service, &slug).await?))
}

/// Changes a newsletter. With If-Match, only if it is still at that version.
#[utoipa::path(patch, operation_id = "change_newsletter", path = "/newsletters/{slug}", tag = "newsletters",
    params(("slug" = String, Path)), request_body = NewsletterPatch, security(("bearer" = [])),
    responses(
        (status = 200, description = "As it is now", body = NewsletterView, headers(("ETag"))),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn change(
    State(service): State<Service>,
    Owner(actor): Owner,
    Path(slug): Path<String>,
    headers: HeaderMap,
    ApiPatch(patch): ApiPatch<NewsletterPatch>,
) -> Result<Response, Problem> {
    apply(&service, &slug, Change::Words(patch), &headers, &actor).await
}

/// The octets of a picture.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it is in the document alone")]
pub(crate) struct Picture(Vec<u8>);

/// Sets the logo: a PNG, JPEG or GIF of at most 100 KB as the body.
#[utoipa::path(put, operation_id = "set_newsletter_logo", path = "/newsletters/{slug}/logo", tag = "newsletters",
    params(("slug" = String, Path)), request_body(content = Picture, description = "PNG, JPEG or GIF", content_type = "application/octet-stream"), security(("bearer" = [])),
    responses(
        (status = 200, description = "With its new logo", body = NewsletterView, headers(("ETag"))),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn set_logo(
    State(service): State<Service>,
    Owner(actor): Owner,
    Path(slug): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let file = LogoFile::read(body.to_vec()).map_err(|e| Problem::field("body", e))?;
    apply(&service, &slug, Change::Logo(Some(file)), &headers, &actor).await
}

/// Takes the logo away.
#[utoipa::path(delete, operation_id = "remove_newsletter_logo", path = "/newsletters/{slug}/logo", tag = "newsletters",
    params(("slug" = String, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Without a logo", body = NewsletterView, headers(("ETag"))),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn remove_logo(
    State(service): State<Service>,
    Owner(actor): Owner,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    apply(&service, &slug, Change::Logo(None), &headers, &actor).await
}

/// In which language, and where to afterwards.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SnippetQuery {
    /// The language of the form; the newsletter's when left out.
    #[param(value_type = Option<Language>)]
    lang: Option<String>,
    /// The page of a trusted site to which people come after the sign-up.
    #[serde(rename = "return")]
    return_to: Option<String>,
}

/// The sign-up form as another site pastes it.
#[utoipa::path(get, operation_id = "get_signup_snippet", path = "/newsletters/{slug}/snippet", tag = "newsletters",
    params(("slug" = String, Path), SnippetQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The snippets", body = Snippet)))]
pub(crate) async fn snippet(
    State(service): State<Service>,
    _: Viewer,
    Path(slug): Path<String>,
    ApiQuery(query): ApiQuery<SnippetQuery>,
) -> Result<Json<Snippet>, Problem> {
    let newsletter = find(&service, &slug).await?;
    let language = query.lang.as_deref().map(Language::from_tag).transpose();
    let language = language.map_err(|e| Problem::field("lang", e))?;
    let return_to = query.return_to.unwrap_or_default();
    if !return_to.is_empty() && newsletter.answer_at(&return_to).is_none() {
        let why = "is on no site that the newsletter trusts; see its `sites`";
        return Err(Problem::field("return", why));
    }
    let language = language.unwrap_or(newsletter.language);
    web::snippet(&service, &newsletter, language, &return_to)
        .map(Json)
        .map_err(|error| {
            tracing::error!(%error, "answered 500");
            Problem::new(ProblemKind::Internal, error.to_string())
        })
}

/// The newsletter of a path.
pub(super) async fn find(service: &Service, slug: &str) -> Result<Newsletter, Problem> {
    let slug = slug_of(slug)?;
    let found = store::newsletter::by_slug(&mut service.store.read().await?, &slug).await?;
    let missing = |slug| PublishError::NoNewsletter(slug).to_string();
    found.ok_or_else(|| Problem::new(ProblemKind::NotFound, missing(slug)))
}

async fn apply(
    service: &Service,
    slug: &str,
    change: Change,
    headers: &HeaderMap,
    actor: &Actor,
) -> Result<Response, Problem> {
    let version = if_match(headers)?;
    let changed =
        publish::change_newsletter(service, &slug_of(slug)?, change, version, actor).await;
    Ok(view(service, &changed.map_err(in_path)?))
}

/// The problem with a newsletter that the path names.
pub(super) fn in_path(error: PublishError) -> Problem {
    match error {
        PublishError::NoNewsletter(_) => Problem::new(ProblemKind::NotFound, error.to_string()),
        error => error.into(),
    }
}
