//! The security headers of every answer.

use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::response::Response;

/// No script runs, and nothing but images is loaded from other sites.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' https: data:; \
    form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'self'";

/// The same for a page whose scripts solve a proof of work.
pub(super) const POLICY_WITH_PROOF_OF_WORK: &str = "default-src 'none'; style-src 'self'; \
    img-src 'self' https: data:; form-action 'self'; frame-src 'self'; base-uri 'none'; \
    frame-ancestors 'self'; script-src 'self'; worker-src 'self'; connect-src 'self'";

/// The same for a page whose script fetches pages of ours.
pub(super) const POLICY_WITH_SCRIPT: &str = "default-src 'none'; style-src 'self'; \
    img-src 'self' https: data:; form-action 'self'; frame-src 'self'; base-uri 'none'; \
    frame-ancestors 'self'; script-src 'self'; connect-src 'self'";

/// What a page with a sign-up form may do in addition, for the sites that its newsletter trusts.
#[derive(Debug, Clone)]
pub(super) enum Trust {
    /// Its form may redirect to a page of these sites.
    Return(Vec<String>),
    /// It may be framed by pages of these sites.
    Embed(Vec<String>),
}

impl Trust {
    /// The policy with these sites added to one of its directives.
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

/// In the extensions of an answer: it has its security headers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Secured;

/// Adds the security headers that the handler has not set.
pub(super) fn secure(mut response: Response) -> Response {
    if response.extensions_mut().remove::<Secured>().is_some() {
        return response;
    }
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
    // The token in the URL must not be sent to other sites.
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
