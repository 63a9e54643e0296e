//! Showing the HTML of a mail in a browser.

use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::{Html, IntoResponse, Response};

/// The HTML of a mail under a policy that runs no script and loads nothing but images; mails carry
/// their styles inline.
pub(super) fn inert_html(html: String) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; \
        sandbox allow-popups allow-top-navigation-by-user-activation; frame-ancestors 'self'";
    let mut response = Html(html).into_response();
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}
