//! The cookie of a session.

use axum::http::HeaderMap;
use axum::http::header::HeaderValue;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use cookie::time::Duration;

use crate::service::Service;

/// What the browser gives back only over TLS and only to this very host.
const NAME: &str = "__Host-xabar-desk";
/// Where the service is reached without TLS: browsers do not take `__Host-` there, as it demands `Secure`.
const NAME_WITHOUT_TLS: &str = "xabar-desk";

fn is_secure(service: &Service) -> bool {
    service.settings.http.public_url.scheme() == "https"
}

fn name(service: &Service) -> &'static str {
    if is_secure(service) {
        NAME
    } else {
        NAME_WITHOUT_TLS
    }
}

/// The value of the cookie that the browser has sent.
pub(super) fn value(service: &Service, headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(name(service))
        .map(|cookie| cookie.value().to_owned())
}

/// `Set-Cookie` for a session that has begun.
pub(in crate::web) fn set(service: &Service, value: String) -> Option<HeaderValue> {
    let days = service.settings.desk.absolute_days;
    of(service, value, Duration::days(days.into()))
}

/// `Set-Cookie` for a session that has ended.
pub(super) fn clear(service: &Service) -> Option<HeaderValue> {
    of(service, String::new(), Duration::ZERO)
}

fn of(service: &Service, value: String, max_age: Duration) -> Option<HeaderValue> {
    let cookie = Cookie::build((name(service), value))
        .path("/")
        .http_only(true)
        .secure(is_secure(service))
        // Lax: a link in a mail to the desk opens it signed in.
        .same_site(SameSite::Lax)
        .max_age(max_age);
    HeaderValue::from_str(&cookie.build().to_string()).ok()
}
