//! For search engines: the sitemap and robots.txt.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;

use super::{ArchiveError, or_error_page, public_newsletters};
use crate::service::Service;
use crate::store;
use crate::store::issue::archive::Slice;
use crate::web::client_ip::Client;
use crate::web::public::layout::NamesInPath;

/// Issues in one part; the protocol allows 50,000 addresses and 50 MB.
const ISSUES_PER_PART: i64 = 10_000;

const XMLNS: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

#[derive(Serialize)]
struct UrlSet {
    #[serde(rename = "@xmlns")]
    xmlns: &'static str,
    url: Vec<Place>,
}

#[derive(Serialize)]
struct SitemapIndex {
    #[serde(rename = "@xmlns")]
    xmlns: &'static str,
    sitemap: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    loc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    lastmod: Option<String>,
}

/// GET /sitemap.xml: every public page, or the list of the parts where there are many.
pub(in crate::web::public) async fn sitemap(
    State(service): State<Service>,
    client: Client,
) -> Response {
    let result = show(&service).await;
    or_error_page(&service, client, result).await
}

async fn show(service: &Service) -> Result<Response, ArchiveError> {
    let count = store::issue::archive::count(&mut service.store.read().await?).await?;
    match parts(count) {
        1 => show_part(service, 0).await,
        parts => {
            let part = |number| Place {
                loc: service.links.page(&format!("/sitemap/{number}")),
                lastmod: None,
            };
            let index = SitemapIndex {
                xmlns: XMLNS,
                sitemap: (0..parts).map(part).collect(),
            };
            Ok(xml("sitemapindex", &index))
        }
    }
}

/// The number of parts for so many issues.
fn parts(issues: i64) -> i64 {
    issues
        .unsigned_abs()
        .div_ceil(ISSUES_PER_PART.unsigned_abs())
        .max(1)
        .cast_signed()
}

/// GET /sitemap/{part}: some of the issues; the first part also has the other pages.
pub(in crate::web::public) async fn sitemap_part(
    State(service): State<Service>,
    client: Client,
    NamesInPath([part]): NamesInPath<1>,
) -> Response {
    let result = match part.parse::<u16>() {
        Ok(part) => show_part(&service, part.into()).await,
        Err(_) => Err(ArchiveError::NotFound),
    };
    or_error_page(&service, client, result).await
}

async fn show_part(service: &Service, part: i64) -> Result<Response, ArchiveError> {
    let newsletters = public_newsletters(service).await?;
    let slice = Slice {
        limit: ISSUES_PER_PART,
        offset: part * ISSUES_PER_PART,
    };
    let issues = store::issue::archive::listed(&mut service.store.read().await?, slice).await?;
    if part > 0 && issues.is_empty() {
        return Err(ArchiveError::NotFound);
    }
    let page = |loc| Place { loc, lastmod: None };
    let mut url = Vec::with_capacity(issues.len());
    for newsletter in newsletters.iter().filter(|_| part == 0) {
        let signup = service.links.signup(newsletter);
        url.push(page(format!("{signup}&lang={}", newsletter.language)));
        url.push(page(service.links.archive(newsletter)));
    }
    url.extend(issues.iter().map(|issue| {
        Place {
            loc: service
                .links
                .page(&format!("/archive/{}/{}", issue.newsletter, issue.issue)),
            lastmod: Timestamp::from_microsecond(issue.changed_at)
                .ok()
                .map(|at| at.to_string()),
        }
    }));
    Ok(xml("urlset", &UrlSet { xmlns: XMLNS, url }))
}

fn xml(root: &str, document: &impl Serialize) -> Response {
    match quick_xml::se::to_string_with_root(root, document) {
        Ok(body) => (
            [(CONTENT_TYPE, "application/xml; charset=utf-8")],
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}\n"),
        )
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "a sitemap could not be written");
            crate::web::public::errors::plain()
        }
    }
}

/// GET /robots.txt: personal links and searches must not be indexed.
pub(in crate::web::public) async fn robots_txt(State(service): State<Service>) -> String {
    let closed = [
        "/confirm/",
        "/unsubscribe/",
        "/preferences/",
        "/search",
        "/api/",
    ];
    let closed: String = closed.map(|path| format!("Disallow: {path}\n")).concat();
    let sitemap = service.links.page("/sitemap.xml");
    format!("User-agent: *\n{closed}\nSitemap: {sitemap}\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn many_issues_come_in_parts() {
        let parts = [0, 1, 10_000, 10_001, 25_000].map(super::parts);
        assert_eq!(parts, [1, 1, 1, 2, 3]);
    }
}
