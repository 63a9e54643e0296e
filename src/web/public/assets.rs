//! Files that never change while the process runs.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

use crate::web::pages::{MARK_SVG, SITE_CSS};

const AN_HOUR: &str = "public, max-age=3600";

pub(super) async fn site_css() -> impl IntoResponse {
    (
        [
            (CONTENT_TYPE, "text/css; charset=utf-8"),
            (CACHE_CONTROL, AN_HOUR),
        ],
        SITE_CSS,
    )
}

pub(super) async fn mark_svg() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, AN_HOUR)],
        MARK_SVG,
    )
}

/// Links of mails are nobody's to index.
pub(super) async fn robots_txt() -> &'static str {
    "User-agent: *\nDisallow: /confirm/\nDisallow: /unsubscribe/\nDisallow: /preferences/\nDisallow: /api/\n"
}
