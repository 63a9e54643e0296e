//! The wording of a newsletter's mails.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Owner, Viewer};
use super::json::{ApiJson, ApiQuery, if_match};
use super::newsletters::{find, in_path, with_etag};
use super::problem::Problem;
use crate::domain::{Actor, Language, MailKind, Newsletter};
use crate::publish::{self, PublishError, TextView};
use crate::service::Service;
use crate::texts::TextOverrideError;

/// Which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LanguageQuery {
    /// The newsletter's own unless another is named.
    #[param(value_type = Option<Language>)]
    language: Option<String>,
}

/// A wording.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wording {
    /// Plain text on one line, with values as in `{ $newsletter }`.
    wording: String,
}

/// A mail to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewRequest {
    mail: MailKind,
    /// Wordings to try, by key; they are not kept.
    #[serde(default)]
    texts: BTreeMap<String, String>,
}

/// A mail as it would be sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailPreview {
    subject: String,
    text: String,
    html: String,
}

fn language(tag: &str) -> Result<Language, Problem> {
    Language::from_tag(tag).map_err(|e| Problem::field("language", e))
}

async fn view(
    service: &Service,
    newsletter: &Newsletter,
    language: Language,
    key: &str,
) -> Result<Response, Problem> {
    let all = publish::texts(service, newsletter, language).await?;
    let found = all.into_iter().find(|text| text.in_use().0 == key);
    let missing = || PublishError::Text(TextOverrideError::NotEditable(key.to_owned()));
    Ok(with_etag(newsletter, found.ok_or_else(missing)?))
}

/// The texts of its mails that a newsletter may word itself, as they are shipped and as it words them.
#[utoipa::path(get, operation_id = "list_mail_texts", path = "/newsletters/{slug}/texts", tag = "newsletters",
    params(("slug" = String, Path), LanguageQuery), security(("bearer" = [])),
    responses(
        (status = 200, description = "The texts of one language", body = Vec<TextView>, headers(("ETag")))))]
pub(crate) async fn list(
    State(service): State<Service>,
    _: Viewer,
    Path(slug): Path<String>,
    ApiQuery(query): ApiQuery<LanguageQuery>,
) -> Result<Response, Problem> {
    let newsletter = find(&service, &slug).await?;
    let wished = query.language.as_deref().map(language).transpose()?;
    let language = wished.unwrap_or(newsletter.language);
    let texts = publish::texts(&service, &newsletter, language).await?;
    Ok(with_etag(&newsletter, texts))
}

/// Words a text; mails that are written from now on say it. Needs an owner. With If-Match, only if the newsletter is still at that version.
#[utoipa::path(put, operation_id = "set_mail_text", path = "/newsletters/{slug}/texts/{language}/{key}", tag = "newsletters",
    request_body = Wording, params(("slug" = String, Path), ("language" = Language, Path), ("key" = String, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "As it is now", body = TextView, headers(("ETag"))),
        (status = 412, description = "It has changed since that version"),
        (status = 422, description = "The wording does not fit")))]
pub(crate) async fn set(
    State(service): State<Service>,
    Owner(actor): Owner,
    Path((slug, tag, key)): Path<(String, String, String)>,
    headers: HeaderMap,
    ApiJson(Wording { wording }): ApiJson<Wording>,
) -> Result<Response, Problem> {
    word(
        &service,
        (&slug, &tag, &key),
        Some(&wording),
        &headers,
        &actor,
    )
    .await
}

/// Goes back to the shipped wording. Needs an owner.
#[utoipa::path(delete, operation_id = "reset_mail_text", path = "/newsletters/{slug}/texts/{language}/{key}", tag = "newsletters",
    params(("slug" = String, Path), ("language" = Language, Path), ("key" = String, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "As it is shipped", body = TextView, headers(("ETag"))),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn reset(
    State(service): State<Service>,
    Owner(actor): Owner,
    Path((slug, tag, key)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    word(&service, (&slug, &tag, &key), None, &headers, &actor).await
}

async fn word(
    service: &Service,
    (slug, tag, key): (&str, &str, &str),
    wording: Option<&str>,
    headers: &HeaderMap,
    actor: &Actor,
) -> Result<Response, Problem> {
    let version = if_match(headers)?;
    let (slug, language) = (find(service, slug).await?.slug, language(tag)?);
    let text = (language, key);
    let changed = publish::set_text(service, &slug, text, wording, version, actor).await;
    view(service, &changed.map_err(in_path)?, language, key).await
}

/// A mail as it would be sent, with the wordings to try, if any. Its links lead to nobody's subscription.
#[utoipa::path(post, operation_id = "preview_mail", path = "/newsletters/{slug}/texts/{language}/preview", tag = "newsletters",
    request_body = PreviewRequest, params(("slug" = String, Path), ("language" = Language, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "The mail", body = MailPreview),
        (status = 422, description = "A wording does not fit, or the mail is not about a subscription")))]
pub(crate) async fn preview(
    State(service): State<Service>,
    _: Viewer,
    Path((slug, tag)): Path<(String, String)>,
    ApiJson(PreviewRequest { mail, texts }): ApiJson<PreviewRequest>,
) -> Result<Json<MailPreview>, Problem> {
    let (newsletter, language) = (find(&service, &slug).await?, language(&tag)?);
    let mail = publish::preview_mail(&service, &newsletter, language, mail, &texts).await?;
    Ok(Json(MailPreview {
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
    }))
}
