//! What cannot be undone asks for the password or a code again, unless that was given a moment ago.

use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use url::form_urlencoded;

use super::SignedIn;
use crate::service::Service;

/// So long a proof of who somebody is counts as fresh.
const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);
/// The page that asks for the proof and goes on to `next`.
const PROVE: &str = "/desk/prove";

/// Whether the person gave the password or a code within the last five minutes.
pub(super) fn is_fresh(service: &Service, signed_in: &SignedIn) -> bool {
    let since = service.clock.now().duration_since(signed_in.0.proven_at);
    since.abs() <= FRESH_FOR
}

/// The address that asks for the proof and comes back to `next`, a path of the desk.
pub(super) fn prove(next: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish();
    format!("{PROVE}?{query}")
}

/// Sends a person without a fresh proof to give it, and back to `next`.
///
/// # Errors
/// The answer to give instead.
pub(super) fn require(
    service: &Service,
    signed_in: &SignedIn,
    next: &str,
) -> Result<(), Box<Response>> {
    if is_fresh(service, signed_in) {
        Ok(())
    } else {
        Err(Box::new(Redirect::to(&prove(next)).into_response()))
    }
}
