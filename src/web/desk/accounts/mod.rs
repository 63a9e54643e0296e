//! Signing in, the own account, people, tokens, and the audit log.

mod signing_in;

use axum::Router;
use axum::routing::{get, post};

use crate::service::Service;

/// The routes.
pub(super) fn routes() -> Router<Service> {
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
