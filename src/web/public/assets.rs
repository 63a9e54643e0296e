//! Files that never change while the process runs.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

use crate::web::pages::{ALTCHA_JS, ALTCHA_WORKER_JS, MARK_SVG, PROOF_JS, SITE_CSS};

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

fn script(source: &'static str) -> impl IntoResponse {
    (
        [
            (CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (CACHE_CONTROL, AN_HOUR),
        ],
        source,
    )
}

pub(super) async fn proof_js() -> impl IntoResponse {
    script(PROOF_JS)
}

pub(super) async fn altcha_js() -> impl IntoResponse {
    script(ALTCHA_JS)
}

pub(super) async fn altcha_worker_js() -> impl IntoResponse {
    script(ALTCHA_WORKER_JS)
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
