//! The cookie by which the browser that signed up is known when it opens the link of the mail.
//!
//! It holds a time and a keyed hash of it with the address, and so says nothing to whoever reads it.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use subtle::ConstantTimeEq;

use crate::domain::EmailAddress;
use crate::service::Service;

const NAME: &str = "xabar_signup";
/// For how long such a browser confirms with the click on the link alone, in seconds.
const VALID_SECONDS: i64 = 2 * 3600;

/// The `Set-Cookie` for a browser that has just signed up with this address, whatever is known of the
/// address.
pub(super) fn issue(service: &Service, address: &EmailAddress) -> String {
    let now = service.clock.now().as_second();
    let value = format!("{now}.{}", signature(service, address, now));
    let secure = match service.settings.http.public_url.scheme() {
        "https" => "; Secure",
        _ => "",
    };
    // Lax: it is sent with a link that is followed from a mail on another site.
    format!("{NAME}={value}; Path=/; Max-Age={VALID_SECONDS}; HttpOnly; SameSite=Lax{secure}")
}

/// When this browser signed up with this address, if it did so lately.
pub(super) fn signed_up_at(
    service: &Service,
    headers: &HeaderMap,
    address: &EmailAddress,
) -> Option<Timestamp> {
    let jar = CookieJar::from_headers(headers);
    let value = jar
        .get(NAME)
        .and_then(|cookie| cookie.value().split_once('.'));
    let (issued, given) = value?;
    let issued: i64 = issued.parse().ok()?;
    let age = service.clock.now().as_second().saturating_sub(issued);
    let expected = signature(service, address, issued);
    let genuine = bool::from(expected.as_bytes().ct_eq(given.as_bytes()));
    let valid = genuine && (0..=VALID_SECONDS).contains(&age);
    Timestamp::from_second(issued).ok().filter(|_| valid)
}

fn signature(service: &Service, address: &EmailAddress, issued: i64) -> String {
    let parts = [address.key(), issued.to_string()];
    let [address, issued] = parts.each_ref().map(String::as_bytes);
    service
        .links
        .key()
        .short_name("signup-browser", &[address, issued])
}
