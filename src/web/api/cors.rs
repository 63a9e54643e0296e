//! Sign-ups from the pages of other sites (the Fetch standard's CORS protocol).

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{Method, request};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::service::Service;
use crate::subscribe;

/// How long a browser need not ask again.
const BELIEVED: Duration = Duration::from_secs(600);

/// Lets the sites that a newsletter trusts read the answer to a sign-up, and the challenge that
/// it may need. No cookie or other credential is ever part of one.
pub(super) fn of_trusted_sites(service: Service) -> CorsLayer {
    let trusted =
        AllowOrigin::async_predicate(move |origin: HeaderValue, _: &request::Parts| async move {
            let Ok(origin) = origin.to_str() else {
                return false;
            };
            match subscribe::is_trusted_origin(&service, origin).await {
                Ok(trusted) => trusted,
                Err(error) => {
                    tracing::warn!(%error, "another site is not answered");
                    false
                }
            }
        });
    CorsLayer::new()
        .allow_origin(trusted)
        .allow_methods([Method::POST])
        .allow_headers([CONTENT_TYPE])
        .expose_headers([RETRY_AFTER])
        .max_age(BELIEVED)
}
