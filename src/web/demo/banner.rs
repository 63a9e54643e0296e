//! The banner on the pages of a demo.

use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::response::{IntoResponse, Response};

use crate::web::pages;
use crate::web::public::HeadedPage;

/// Where the head of a page begins, or else what it has instead.
const HEADS: [&str; 3] = [
    "<header class=\"site-head\">",
    "<header class=\"desk-head\">",
    "<main ",
];
/// No page is longer.
const MAX_PAGE_OCTETS: usize = 16 * 1024 * 1024;

/// Puts the banner above the head of a page. What has no head stays as it is: mails, and forms in
/// frames of other sites.
pub(in crate::web) async fn with_banner(mut answer: Response) -> Response {
    let Some(HeadedPage(language)) = answer.extensions_mut().remove() else {
        return answer;
    };
    let banner = match pages::render_demo_banner(language) {
        Ok(banner) => banner,
        Err(error) => {
            tracing::error!(%error, "the banner could not be rendered");
            return answer;
        }
    };
    let (mut parts, body) = answer.into_parts();
    let Ok(page) = to_bytes(body, MAX_PAGE_OCTETS).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let page = String::from_utf8_lossy(&page);
    // The answer to HEAD has none.
    let page = match HEADS.iter().find_map(|head| page.find(head)) {
        Some(place) => format!("{}{banner}{}", &page[..place], &page[place..]),
        None => page.into_owned(),
    };
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(page))
}
