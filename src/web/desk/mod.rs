//! The editors' desk: pages below `/desk`, for people who are signed in.
//!
//! [`signed_in::of_request`] finds the session of each request once; the extractor [`SignedIn`] demands
//! it. A handler returns a [`DeskError`], and [`error::in_words`] makes a page of it, or a fragment for htmx,
//! in the language of the person.

mod cookie;
pub(in crate::web) mod csrf;
pub(in crate::web) mod error;
pub(in crate::web) mod signed_in;
mod signing_in;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::REFERRER_POLICY;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tower_http::set_header::SetResponseHeaderLayer;

pub(in crate::web) use csrf::CsrfForm;
pub(in crate::web) use error::DeskError;
pub(in crate::web) use signed_in::SignedIn;

use super::request_body;
use crate::service::Service;

/// The routes. Bodies of forms are read up to the limit of forms.
pub(super) fn routes(service: &Service) -> Router<Service> {
    let forms = from_fn_with_state(service.clone(), request_body::buffer_form);
    // With `no-referrer`, browsers would send `Origin: null` with our own forms.
    let referrer = HeaderValue::from_static("same-origin");
    Router::new()
        .merge(form_routes().layer(forms))
        .method_not_allowed_fallback(error::wrong_method)
        .layer(csrf::from_own_pages(service))
        .layer(from_fn_with_state(service.clone(), error::in_words))
        .layer(from_fn_with_state(service.clone(), signed_in::of_request))
        .layer(SetResponseHeaderLayer::if_not_present(
            REFERRER_POLICY,
            referrer,
        ))
}

/// Pages and forms.
fn form_routes() -> Router<Service> {
    Router::new().merge(account_routes())
}

/// Signing in, accounts, people and tokens.
fn account_routes() -> Router<Service> {
    Router::new()
        .route(
            "/desk/sign-in",
            get(signing_in::show).post(signing_in::submit),
        )
        .route("/desk/sign-in/code", post(signing_in::submit_code))
        .route("/desk/sign-out", post(signing_in::sign_out))
        .route(
            "/desk/sign-out-everywhere",
            post(signing_in::sign_out_everywhere),
        )
        .route(
            "/desk/forgot",
            get(signing_in::forgot).post(signing_in::mail_reset),
        )
        .route(
            "/desk/invitation/{token}",
            get(signing_in::show_invitation).post(signing_in::accept_invitation),
        )
        .route(
            "/desk/reset/{token}",
            get(signing_in::show_reset).post(signing_in::reset),
        )
}
