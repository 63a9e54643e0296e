//! Search in the public archive.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{ArchiveError, PageIndex, or_error_page, public_newsletters};
use crate::domain::{Newsletter, SearchQuery};
use crate::service::Service;
use crate::store;
use crate::store::issue::archive::Found;
use crate::web::client_ip::Client;
use crate::web::pages::{Search, SearchField, SearchResult};
use crate::web::public::layout::{PageLayout, PageQuery};

/// The query parameters.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web::public) struct SearchParams {
    q: Option<String>,
    newsletter: Option<String>,
    page: Option<String>,
}

/// GET /search?q=…
pub(in crate::web::public) async fn search(
    State(service): State<Service>,
    client: Client,
    PageQuery(params): PageQuery<SearchParams>,
) -> Response {
    let result = show(&service, client, &params).await;
    or_error_page(&service, client, result).await
}

async fn show(
    service: &Service,
    client: Client,
    params: &SearchParams,
) -> Result<Response, ArchiveError> {
    let number = PageIndex::parse(params.page.as_deref())?;
    let all = public_newsletters(service).await?;
    let within = match params.newsletter.as_deref().filter(|slug| !slug.is_empty()) {
        Some(slug) => Some(
            all.iter()
                .find(|newsletter| newsletter.slug.as_str() == slug)
                .ok_or(ArchiveError::NotFound)?,
        ),
        None => None,
    };
    let first = within.or(all.first()).ok_or(ArchiveError::NotFound)?;
    let typed = params.q.as_deref().unwrap_or_default().trim();
    let typed: String = typed.chars().take(SearchQuery::MAX_CHARS).collect();
    let query = SearchQuery::parse(&typed);
    let mut found = match &query {
        Some(query) => {
            let mut db = service.store.read().await?;
            store::issue::archive::find(&mut db, query, within.map(|n| n.id), number.slice())
                .await?
        }
        None => Vec::new(),
    };
    let field = SearchField {
        newsletter: within.map_or("", |newsletter| newsletter.slug.as_str()),
        typed: &typed,
    };
    let (newer_href, older_href) = number.neighbours(&address(field), &mut found);
    let several = within.is_none() && all.len() > 1;
    let page = Search {
        search: field,
        searched: query.is_some(),
        results: query
            .iter()
            .flat_map(|query| results(query, &found, &all, several))
            .collect(),
        newer_href,
        older_href,
        everywhere_href: (within.is_some() && all.len() > 1).then(|| {
            address(SearchField {
                newsletter: "",
                ..field
            })
        }),
        archive_href: within
            .map_or_else(|| "/archive".to_owned(), |n| format!("/archive/{}", n.slug)),
    };
    let language = match within {
        Some(newsletter) => newsletter.language,
        None => client.language.unwrap_or(first.language),
    };
    Ok(PageLayout::of(first, language).answer(StatusCode::OK, &page))
}

/// The URL of the first page of a search.
fn address(field: SearchField<'_>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", field.typed);
    if !field.newsletter.is_empty() {
        query.append_pair("newsletter", field.newsletter);
    }
    format!("/search?{}", query.finish())
}

fn results<'a>(
    query: &SearchQuery,
    found: &'a [Found],
    all: &'a [Newsletter],
    several: bool,
) -> Vec<SearchResult<'a>> {
    let result = |issue: &'a Found| {
        let newsletter = all.iter().find(|n| n.id == issue.newsletter)?;
        Some(SearchResult {
            href: format!("/archive/{}/{}", newsletter.slug, issue.slug),
            newsletter_title: several.then_some(newsletter.title.as_str()),
            language: newsletter.language,
            date: newsletter.day(issue.started_at),
            subject: query.mark(&issue.subject),
            excerpt: query.excerpt(&issue.shown),
        })
    };
    found.iter().filter_map(result).collect()
}
