//! Requests that change something must come from our own pages.
//!
//! Two guards: the browser says from which site a request comes (`Sec-Fetch-Site`, `Origin`), and every
//! form carries a token, in the field `csrf` or the header `x-csrf-token`.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use serde::de::DeserializeOwned;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use url::form_urlencoded;

use super::error::DeskError;
use super::signed_in::SignedIn;
use crate::accounts;
use crate::service::Service;

/// The name of the field.
pub(in crate::web) const FIELD: &str = "csrf";
/// The header that htmx sends instead.
pub(in crate::web) const HEADER: &str = "x-csrf-token";

/// The answer to a request from another site.
type Refusal = fn(ProtectionError) -> Response;

/// Refuses what the browser says comes from another site.
pub(super) fn from_own_pages(service: &Service) -> CsrfLayer<Refusal> {
    let layer = CsrfLayer::new();
    // A proxy may send another `Host`.
    let own = service
        .settings
        .http
        .public_url
        .origin()
        .ascii_serialization();
    let layer = layer.clone().add_trusted_origin(own).unwrap_or(layer);
    layer.with_rejection_response(refusal)
}

fn refusal(error: ProtectionError) -> Response {
    tracing::warn!(%error, "a request to the desk from another site was refused");
    DeskError::Forged.into_response()
}

/// The fields of a form that has come from a page of the signed-in person. `T` does not have the field
/// `csrf`; fields may be repeated.
#[derive(Debug)]
pub(in crate::web) struct CsrfForm<T>(pub(in crate::web) T);

impl<T: DeserializeOwned> FromRequest<Service> for CsrfForm<T> {
    type Rejection = DeskError;

    async fn from_request(request: Request, service: &Service) -> Result<Self, DeskError> {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let CsrfBody(body) = CsrfBody::from_request(whole, service).await?;
        let request = Request::from_parts(parts, Body::from(without_token(&body)));
        let form = Form::<T>::from_request(request, service).await;
        let Form(form) = form.map_err(|refused| {
            let status = refused.into_response().status();
            DeskError::Unreadable(status)
        })?;
        Ok(Self(form))
    }
}

/// The fields of such a form as they came, in their order.
pub(in crate::web) struct CsrfBody(pub(in crate::web) Bytes);

impl FromRequest<Service> for CsrfBody {
    type Rejection = DeskError;

    async fn from_request(request: Request, service: &Service) -> Result<Self, DeskError> {
        let (mut parts, body) = request.into_parts();
        let signed_in = SignedIn::from_request_parts(&mut parts, service).await?;
        let in_header = token_in(&parts.headers).map(str::to_owned);
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, service).await;
        let body = body.map_err(|refused| DeskError::Unreadable(refused.status()))?;
        let in_field = || {
            let mut fields = form_urlencoded::parse(&body);
            let field = fields.find(|(name, _)| name == FIELD);
            field.map(|(_, value)| value.into_owned())
        };
        let given = in_header.or_else(in_field).unwrap_or_default();
        check(service, &signed_in, &given)?;
        Ok(Self(body))
    }
}

/// A form without its token.
fn without_token(body: &[u8]) -> String {
    let fields = form_urlencoded::parse(body).filter(|(name, _)| name != FIELD);
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// Refuses a token that is not one of this person; for those that read their bodies themselves.
///
/// # Errors
/// [`DeskError::Forged`].
pub(in crate::web) fn check(
    service: &Service,
    signed_in: &SignedIn,
    given: &str,
) -> Result<(), DeskError> {
    if accounts::csrf::is_valid(service, signed_in.0.editor.id, given) {
        Ok(())
    } else {
        Err(DeskError::Forged)
    }
}

fn token_in(headers: &HeaderMap) -> Option<&str> {
    headers.get(HEADER)?.to_str().ok()
}
