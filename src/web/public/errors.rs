//! Error pages.

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::layout::{PageLayout, private, retry_after};
use crate::domain::{
    EndReason, Language, LinkToken, Purpose, Subscription, SubscriptionState, TokenError,
};
use crate::log_limiter::failures;
use crate::service::Service;
use crate::store::StoreError;
use crate::subscribe::LinkError;
use crate::web::client_ip::Client;
use crate::web::page_cache::vary_by_language;
use crate::web::pages::{ErrorPage, LinkAdvice, LinkFault, LinkInvalid};

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
    not_kept(layout.answer(status, &page))
}

/// What is not there may be there a moment later, and caches may keep a 404 that says nothing of it.
fn not_kept(mut page: Response) -> Response {
    let headers = page.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    page
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
    retry_after(not_kept(page), 5)
}

/// What a link that does not work was for, and its token.
pub(super) type Opened<'a> = (Purpose, &'a str);

/// The page for a link that does not work: that of its newsletter, if the link is genuine.
pub(super) async fn link(
    service: &Service,
    language: Option<Language>,
    (purpose, token): Opened<'_>,
    error: LinkError,
) -> Response {
    let (status, why) = match error {
        // Nothing more is asked of it.
        LinkError::Store(error) => return store(service, language, &error).await,
        LinkError::Token(TokenError::Expired(_)) => match purpose {
            Purpose::NewAddress => (StatusCode::GONE, LinkFault::ExpiredAddress),
            Purpose::Undo => (StatusCode::GONE, LinkFault::ExpiredUndo),
            _ => (StatusCode::GONE, LinkFault::Expired),
        },
        LinkError::Gone => (StatusCode::GONE, LinkFault::Gone),
        // To whom the copy was sent may press what a reader may press: a mail program expects success.
        LinkError::Copy => (StatusCode::OK, LinkFault::Copy),
        LinkError::Token(TokenError::Invalid) => (StatusCode::NOT_FOUND, LinkFault::Forged),
    };
    let opened = service.links.key().verify_with(purpose, token).ok();
    let opened = opened.map(|(token, _)| token);
    let found = match of_token(service, opened).await {
        Ok(found) => found,
        Err(error) => return store(service, language, &error).await,
    };
    let is_confirmed =
        purpose == Purpose::Confirm && why == LinkFault::Expired && is_active(found.as_ref());
    let (status, why) = match is_confirmed {
        true => (StatusCode::OK, LinkFault::Confirmed),
        false => (status, why),
    };
    let page = LinkInvalid {
        why,
        advice: advice(purpose, why),
        data_href: data_href(service, purpose, found.as_ref().zip(opened)),
    };
    let layout = PageLayout::of_subscription(service, found.as_ref(), language).await;
    match layout {
        Ok(layout) => private(layout.answer(status, &page)),
        Err(error) => store(service, language, &error).await,
    }
}

/// The subscription of a genuine link, if it still exists.
pub(super) async fn of_token(
    service: &Service,
    token: Option<LinkToken>,
) -> Result<Option<Subscription>, StoreError> {
    let Some(token) = token else {
        return Ok(None);
    };
    let mut db = service.store.read().await?;
    crate::store::subscription::by_id(&mut db, token.subscription).await
}

fn is_active(subscription: Option<&Subscription>) -> bool {
    subscription.is_some_and(|one| one.state == SubscriptionState::Active)
}

fn advice(purpose: Purpose, why: LinkFault) -> LinkAdvice {
    match (why, purpose) {
        (LinkFault::Copy | LinkFault::Confirmed, _) => LinkAdvice::Nothing,
        // Somebody who wants to leave is not asked to sign up.
        (LinkFault::Forged, purpose) if purpose != Purpose::Confirm => LinkAdvice::OtherMail,
        (_, Purpose::NewAddress) => LinkAdvice::NewAddress,
        _ => LinkAdvice::SignUp,
    }
}

/// Only the preferences link leads to it: the others may be in the mailbox of somebody else.
fn data_href(
    service: &Service,
    purpose: Purpose,
    found: Option<(&Subscription, LinkToken)>,
) -> Option<String> {
    let (subscription, token) = found.filter(|_| purpose == Purpose::Preferences)?;
    let is_left = subscription.state == SubscriptionState::Ended
        && subscription.end_reason != Some(EndReason::Erased);
    let (id, at) = (token.subscription, token.issued_at);
    is_left.then(|| service.links.data_request(id, at))
}

/// The answer when no page can be rendered.
pub(in crate::web) fn plain() -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "An error in the service. Please try again later.\n",
    )
        .into_response()
}
