//! Error pages.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::layout::{PageLayout, private, retry_after};
use crate::domain::{Language, TokenError};
use crate::log_limiter::failures;
use crate::service::Service;
use crate::store::StoreError;
use crate::subscribe::LinkError;
use crate::web::client_ip::Client;
use crate::web::page_cache::vary_by_language;
use crate::web::pages::{ErrorPage, LinkFault, LinkInvalid};

pub(in crate::web) async fn not_found(State(service): State<Service>, client: Client) -> Response {
    let page = page(&service, client.language, StatusCode::NOT_FOUND).await;
    vary_by_language(page)
}

pub(super) async fn wrong_method(State(service): State<Service>, client: Client) -> Response {
    private(page(&service, client.language, StatusCode::METHOD_NOT_ALLOWED).await)
}

/// The error page for a status.
pub(super) async fn page(
    service: &Service,
    language: Option<Language>,
    status: StatusCode,
) -> Response {
    let fallback = PageLayout::bare(language.unwrap_or(service.settings.newsletter.language));
    let layout = PageLayout::of_first(service, language)
        .await
        .unwrap_or(fallback);
    let page = ErrorPage::of(status.as_u16());
    layout.answer(status, &page)
}

/// The page while the schema is upgraded, without the database.
pub(in crate::web) fn upgrading(language: Language, seconds: u32) -> Response {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let page = PageLayout::bare(language).answer(status, &ErrorPage::of(status.as_u16()));
    private(retry_after(page, seconds.into()))
}

/// The page for an error of the database; a transient one has Retry-After.
pub(in crate::web) async fn store(
    service: &Service,
    language: Option<Language>,
    error: &StoreError,
) -> Response {
    if error.is_transient() {
        failures::warn("answered 503", error);
        return come_back(service, language);
    }
    failures::error("answered 500", error);
    page(service, language, StatusCode::INTERNAL_SERVER_ERROR).await
}

/// The page that tells to come back in a few seconds. Nothing is read for it: the newsletter's own frame would let
/// the visitor wait once more, for nothing.
pub(super) fn come_back(service: &Service, language: Option<Language>) -> Response {
    let layout = PageLayout::bare(language.unwrap_or(service.settings.newsletter.language));
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let page = layout.answer(status, &ErrorPage::of(status.as_u16()));
    retry_after(page, 5)
}

/// The page for a link that does not work.
pub(super) async fn link(
    service: &Service,
    language: Option<Language>,
    error: LinkError,
) -> Response {
    let mut of = None;
    let (status, why) = match error {
        LinkError::Store(error) => return store(service, language, &error).await,
        LinkError::Token(TokenError::Expired(token)) => {
            of = Some(token.subscription);
            (StatusCode::GONE, LinkFault::Expired)
        }
        LinkError::Gone => (StatusCode::GONE, LinkFault::Gone),
        // To whom the copy was sent may press what a reader may press: a mail program expects success.
        LinkError::Copy => (StatusCode::OK, LinkFault::Copy),
        LinkError::Token(TokenError::Invalid) => (StatusCode::NOT_FOUND, LinkFault::Forged),
    };
    match PageLayout::of_subscription(service, of, language).await {
        Ok(layout) => private(layout.answer(status, &LinkInvalid { why })),
        Err(error) => store(service, language, &error).await,
    }
}

/// The answer when no page can be rendered.
pub(in crate::web) fn plain() -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "An error in the service. Please try again later.\n",
    )
        .into_response()
}
