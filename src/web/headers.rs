//! Headers that every answer carries.

use axum::extract::Request;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

/// Nothing runs, nothing is fetched from elsewhere but pictures of issues.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' https: data:; \
    form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'self'";

/// The same for a page that has the browser work by scripts of ours.
pub(super) const POLICY_WITH_WORK: &str = "default-src 'none'; style-src 'self'; \
    img-src 'self' https: data:; form-action 'self'; frame-src 'self'; base-uri 'none'; \
    frame-ancestors 'self'; script-src 'self'; worker-src 'self'; connect-src 'self'";
/// What a page with the sign-up form may do besides, for the sites that its newsletter trusts.
#[derive(Debug, Clone)]
pub(super) enum Trust {
    /// Its form may end on a page of these sites.
    Return(Vec<String>),
    /// It may stand in a frame on pages of these sites.
    Embed(Vec<String>),
}

impl Trust {
    /// The policy with these sites in one of its rules.
    fn widen(&self, policy: &str) -> String {
        let (rule, sites) = match self {
            Self::Return(sites) => ("form-action 'self'", sites),
            Self::Embed(sites) => ("frame-ancestors 'self'", sites),
        };
        let sites = sites.iter().map(String::as_str);
        let widened: Vec<&str> = std::iter::once(rule).chain(sites).collect();
        policy.replace(rule, &widened.join(" "))
    }
}

/// Adds them where a handler has not set its own.
pub(super) async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let trust = response.extensions_mut().remove::<Trust>();
    let headers = response.headers_mut();
    if let Some(trust) = &trust {
        let own = headers.get(CONTENT_SECURITY_POLICY);
        let own = own.and_then(|policy| policy.to_str().ok());
        if let Ok(policy) = trust.widen(own.unwrap_or(POLICY)).parse() {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(CONTENT_SECURITY_POLICY, POLICY);
    // A link's token must not reach the next site.
    set(REFERRER_POLICY, "no-referrer");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    if !matches!(trust, Some(Trust::Embed(_))) {
        set(X_FRAME_OPTIONS, "SAMEORIGIN");
    }
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    response
}
