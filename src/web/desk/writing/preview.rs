//! The preview: the issue as a mail program shows it.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{IssueInPath, open};
use crate::domain::{CountrySet, Issue, Role};
use crate::publish;
use crate::service::Service;
use crate::web::desk::{DeskError, SignedIn};
use crate::web::inert_html::preview_html;
use crate::web::public::PageQuery;

#[derive(Debug, Default, Deserialize)]
pub(in crate::web::desk) struct PreviewQuery {
    #[serde(default)]
    pub(super) view: String,
    #[serde(default)]
    pub(super) countries: String,
    /// Not empty for what this person has written and is not in the issue yet.
    #[serde(default)]
    pub(super) own: String,
}

/// GET /desk/issues/{id}/preview
pub(in crate::web::desk) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    PageQuery(query): PageQuery<PreviewQuery>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Viewer).await?;
    let language = signed_in.0.editor.language;
    let own = opened.own_text(&service, &query.own, language).await?;
    let mut issue = opened.issue;
    issue.content = own.unwrap_or(issue.content);
    render(&service, &opened.newsletter, &issue, &query)
}

/// An issue as somebody who follows some countries gets it.
fn render(
    service: &Service,
    newsletter: &crate::domain::Newsletter,
    issue: &Issue,
    query: &PreviewQuery,
) -> Result<Response, DeskError> {
    let countries = CountrySet::parse(&query.countries).map_err(|_| DeskError::NotFound)?;
    let mail = publish::render_preview(service, newsletter, issue, countries)
        .map_err(|error| DeskError::Internal(error.to_string()))?;
    Ok(match query.view.as_str() {
        "text" => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], mail.text).into_response(),
        "dark" => preview_html(&in_theme(&mail.html, "all", "dark")),
        _ => preview_html(&in_theme(&mail.html, "not all", "light")),
    })
}

/// What a mail program with this theme shows, whatever theme this browser has: `applies` is the query in the place
/// of the one for dark themes.
fn in_theme(html: &str, applies: &str, theme: &str) -> String {
    html.replace("(prefers-color-scheme:dark)", applies)
        .replace("(prefers-color-scheme: dark)", applies)
        .replace("content=\"light dark\"", &format!("content=\"{theme}\""))
        .replace(
            "color-scheme: light dark",
            &format!("color-scheme: {theme}"),
        )
}
