//! The wording of a newsletter's mails.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Owner, Viewer};
use super::json::{ApiJson, ApiQuery};
use super::newsletters::find;
use super::problem::Problem;
use crate::domain::{Language, MailKind, Newsletter};
use crate::publish::{self, PublishError, TextView};
use crate::service::Service;
use crate::texts::TextOverrideError;

/// Which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LanguageQuery {
    /// The newsletter's own unless another is named.
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
) -> Result<Json<TextView>, Problem> {
    let all = publish::texts(service, newsletter, language).await?;
    let found = all.into_iter().find(|text| text.in_use().0 == key);
    let missing = || PublishError::Text(TextOverrideError::NotEditable(key.to_owned()));
    Ok(Json(found.ok_or_else(missing)?))
}

/// The texts of its mails that a newsletter may word itself, as they are shipped and as it words them.
#[utoipa::path(get, path = "/api/v1/newsletters/{slug}/texts", tag = "newsletters", params(("slug" = String, Path), LanguageQuery),
    security(("bearer" = [])), responses((status = 200, body = Vec<TextView>), (status = 404, body = Problem)))]
pub(crate) async fn list(
    State(service): State<Service>,
    _: Viewer,
    Path(slug): Path<String>,
    ApiQuery(query): ApiQuery<LanguageQuery>,
) -> Result<Json<Vec<TextView>>, Problem> {
    let newsletter = find(&service, &slug).await?;
    let wished = query.language.as_deref().map(language).transpose()?;
    let language = wished.unwrap_or(newsletter.language);
    Ok(Json(publish::texts(&service, &newsletter, language).await?))
}

/// Words a text; mails that are written from now on say it. Needs an owner.
#[utoipa::path(put, path = "/api/v1/newsletters/{slug}/texts/{language}/{key}", tag = "newsletters", request_body = Wording,
    params(("slug" = String, Path), ("language" = String, Path), ("key" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = TextView), (status = 404, body = Problem), (status = 422, description = "The wording does not fit", body = Problem)))]
pub(crate) async fn set(
    State(service): State<Service>,
    _: Owner,
    Path((slug, tag, key)): Path<(String, String, String)>,
    ApiJson(Wording { wording }): ApiJson<Wording>,
) -> Result<Json<TextView>, Problem> {
    let (newsletter, language) = (find(&service, &slug).await?, language(&tag)?);
    publish::set_text(&service, &newsletter, language, &key, &wording).await?;
    view(&service, &newsletter, language, &key).await
}

/// Goes back to the shipped wording. Needs an owner.
#[utoipa::path(delete, path = "/api/v1/newsletters/{slug}/texts/{language}/{key}", tag = "newsletters",
    params(("slug" = String, Path), ("language" = String, Path), ("key" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = TextView), (status = 404, body = Problem)))]
pub(crate) async fn reset(
    State(service): State<Service>,
    _: Owner,
    Path((slug, tag, key)): Path<(String, String, String)>,
) -> Result<Json<TextView>, Problem> {
    let (newsletter, language) = (find(&service, &slug).await?, language(&tag)?);
    publish::reset_text(&service, &newsletter, language, &key).await?;
    view(&service, &newsletter, language, &key).await
}

/// A mail as it would be sent, with the wordings to try, if any. Its links lead to nobody's subscription.
#[utoipa::path(post, path = "/api/v1/newsletters/{slug}/texts/{language}/preview", tag = "newsletters", request_body = PreviewRequest,
    params(("slug" = String, Path), ("language" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = MailPreview), (status = 404, body = Problem), (status = 422, body = Problem)))]
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
