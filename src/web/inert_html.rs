//! Showing the HTML of a mail in a browser.

use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::{Html, IntoResponse, Response};

/// What the HTML of a mail may do in a browser: open a link in a window of its own, which is then a
/// page like any other. A frame and the policy of what it shows must say the same: the browser
/// allows only what both allow.
pub(super) const SANDBOX: &str = "allow-popups allow-popups-to-escape-sandbox";

/// The HTML of a mail under a policy that runs no script and loads nothing but images; mails carry
/// their styles inline. Every link opens a new window, as in a mail program.
pub(super) fn inert_html(html: &str) -> Response {
    in_sandbox(html, SANDBOX)
}

/// The same inside a page of the desk, which may look how far it is scrolled: it has the origin of the page,
/// and still runs no script.
pub(super) fn preview_html(html: &str) -> Response {
    in_sandbox(html, &format!("allow-same-origin {SANDBOX}"))
}

fn in_sandbox(html: &str, sandbox: &str) -> Response {
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; \
        sandbox {sandbox}; frame-ancestors 'self'"
    );
    let html = html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    let mut response = Html(html).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
