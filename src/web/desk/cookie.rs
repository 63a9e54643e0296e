//! The cookies of a session, and of a browser that signed in before.

use axum::http::HeaderMap;
use axum::http::header::HeaderValue;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use cookie::time::Duration;

use crate::accounts::browser::KNOWN_FOR;
use crate::accounts::sign_in::Cookies;
use crate::service::Service;

/// What the browser gives back only over TLS and only to this very host.
const NAME: &str = "__Host-xabar-desk";
/// Where the service is reached without TLS: browsers do not take `__Host-` there, as it demands `Secure`.
const NAME_WITHOUT_TLS: &str = "xabar-desk";

/// By which a browser is known, with TLS and without.
const BROWSER: &str = "__Host-xabar-browser";
const BROWSER_WITHOUT_TLS: &str = "xabar-browser";

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

fn browser_name(service: &Service) -> &'static str {
    if is_secure(service) {
        BROWSER
    } else {
        BROWSER_WITHOUT_TLS
    }
}

/// The value of the cookie of a session that the browser has sent.
pub(super) fn value(service: &Service, headers: &HeaderMap) -> Option<String> {
    read(headers, name(service))
}

/// The value of the cookie by which the browser is known.
pub(super) fn browser(service: &Service, headers: &HeaderMap) -> Option<String> {
    read(headers, browser_name(service))
}

fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(name).map(|cookie| cookie.value().to_owned())
}

/// `Set-Cookie` for both after somebody has signed in.
pub(super) fn signed_in(service: &Service, cookies: Cookies) -> Vec<HeaderValue> {
    let known_for = Duration::seconds(KNOWN_FOR.as_secs());
    let browser = of(service, browser_name(service), cookies.browser, known_for);
    set(service, cookies.session)
        .into_iter()
        .chain(browser)
        .collect()
}

/// `Set-Cookie` for a session that has begun.
pub(in crate::web) fn set(service: &Service, value: String) -> Option<HeaderValue> {
    let days = service.settings.desk.absolute_days;
    of(service, name(service), value, Duration::days(days.into()))
}

/// `Set-Cookie` for a session that has ended.
pub(super) fn clear(service: &Service) -> Option<HeaderValue> {
    of(service, name(service), String::new(), Duration::ZERO)
}

fn of(
    service: &Service,
    name: &'static str,
    value: String,
    max_age: Duration,
) -> Option<HeaderValue> {
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(is_secure(service))
        // Lax: a link in a mail to the desk opens it signed in.
        .same_site(SameSite::Lax)
        .max_age(max_age);
    HeaderValue::from_str(&cookie.build().to_string()).ok()
}
