//! The page behind the unsubscribe link.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::errors;
use super::layout::{PageLayout, TokenInPath, private};
use crate::domain::{ConsentMethod, EndReason, Purpose, SubscriptionState};
use crate::service::Service;
use crate::subscribe::{self, LinkError, LinkedSubscription};
use crate::web::client_ip::Client;
use crate::web::pages::{Unsubscribe, Unsubscribed};

/// GET: a page with one button. Mail scanners follow links.
pub(super) async fn show(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let found = subscribe::load_unsubscribe(&service, &token).await;
    answer(&service, client, found).await
}

/// POST, from the button or from a mailbox provider (RFC 8058): ends the
/// subscription and answers 200, without a redirect.
pub(super) async fn submit(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    body: Bytes,
) -> Response {
    let one_click = body.windows(9).any(|window| window == b"One-Click");
    let method = if one_click {
        ConsentMethod::OneClick
    } else {
        ConsentMethod::Page
    };
    let ended = subscribe::unsubscribe(&service, &token, method, "/unsubscribe", client.ip).await;
    answer(&service, client, ended).await
}

async fn answer(
    service: &Service,
    client: Client,
    found: Result<LinkedSubscription, LinkError>,
) -> Response {
    let LinkedSubscription {
        subscription,
        newsletter,
    } = match found {
        Ok(found) => found,
        Err(error) => return errors::link(service, client.language, error).await,
    };
    let layout = PageLayout::of(&newsletter, subscription.chosen.language);
    let title = &newsletter.title;
    let now = service.clock.now();
    private(if subscription.state == SubscriptionState::Ended {
        let erased = subscription.end_reason == Some(EndReason::Erased);
        let data_href = service.links.data_request(subscription.id, now);
        let page = Unsubscribed {
            newsletter_title: title,
            data_href: (!erased).then_some(data_href),
        };
        layout.answer(StatusCode::OK, &page)
    } else {
        let preferences_href = service
            .links
            .personal(Purpose::Preferences, subscription.id, now);
        let page = Unsubscribe {
            newsletter_title: title,
            preferences_href: &preferences_href,
        };
        layout.answer(StatusCode::OK, &page)
    })
}
