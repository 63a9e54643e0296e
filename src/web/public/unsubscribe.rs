//! The page behind the unsubscribe link.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::errors;
use super::form_body::AnyBody;
use super::layout::{PageLayout, TokenInPath, issued_at, private};
use crate::domain::{ConsentMethod, EndReason, Purpose, SubscriptionState};
use crate::service::Service;
use crate::subscribe::{self, LeaveScope, Leaving, LinkError, LinkedSubscription};
use crate::web::client_ip::Client;
use crate::web::pages::{LeftHow, NewsletterOption, Undone, Unsubscribe, Unsubscribed};

/// GET: a page with one button. Mail scanners follow links.
pub(super) async fn show(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let found = subscribe::load_unsubscribe(&service, &token).await;
    answer(&service, client, &token, LeaveScope::This, found).await
}

/// POST, from the button or from a mailbox provider (RFC 8058): ends the
/// subscription and answers 200, without a redirect.
pub(super) async fn submit(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    AnyBody(body): AnyBody,
) -> Response {
    let one_click = body.windows(9).any(|window| window == b"One-Click");
    let method = if one_click {
        ConsentMethod::OneClick
    } else {
        ConsentMethod::Page
    };
    let scope = match body.as_ref() {
        _ if one_click => LeaveScope::This,
        body if url::form_urlencoded::parse(body).any(|(name, _)| name == "all") => LeaveScope::All,
        _ => LeaveScope::This,
    };
    let page = "/unsubscribe";
    let left = subscribe::unsubscribe(&service, &token, scope, method, page, client.ip).await;
    answer(&service, client, &token, scope, left).await
}

/// POST, from the button on the page after unsubscribing: takes it back.
pub(super) async fn undo(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let back = subscribe::undo_unsubscribe(&service, &token, "/unsubscribe", client.ip).await;
    let back = match back {
        Ok(back) => back,
        Err(error) => {
            return errors::link(&service, client.language, (Purpose::Undo, &token), error).await;
        }
    };
    let LinkedSubscription {
        subscription,
        newsletter,
    } = &back.linked;
    // The link is younger than the mail that led to it, and tells nothing of that: as old as can be.
    let (id, at) = (subscription.id, Timestamp::UNIX_EPOCH);
    let page = Undone {
        several: back.active.iter().map(option).collect(),
        preferences_href: &service.links.personal(Purpose::Preferences, id, at),
    };
    let layout = PageLayout::of(newsletter, subscription.chosen.language);
    private(layout.answer(StatusCode::OK, &page))
}

fn option(one: &LinkedSubscription) -> NewsletterOption<'_> {
    NewsletterOption::new(&one.newsletter, true)
}

async fn answer(
    service: &Service,
    client: Client,
    token: &str,
    scope: LeaveScope,
    found: Result<Leaving, LinkError>,
) -> Response {
    let Leaving {
        linked,
        others,
        undo,
    } = match found {
        Ok(found) => found,
        Err(error) => {
            return errors::link(
                service,
                client.language,
                (Purpose::Unsubscribe, token),
                error,
            )
            .await;
        }
    };
    let LinkedSubscription {
        subscription,
        newsletter,
    } = &linked;
    let layout = PageLayout::of(newsletter, subscription.chosen.language);
    let title = &newsletter.title;
    let several = others.iter().map(option).collect();
    let at = issued_at(service, Purpose::Unsubscribe, token);
    private(if subscription.state == SubscriptionState::Ended {
        let erased = subscription.end_reason == Some(EndReason::Erased);
        let data_href = service.links.data_request(subscription.id, at);
        let page = Unsubscribed {
            newsletter_title: title,
            several,
            ended: Vec::new(),
            how: match subscription.end_reason {
                Some(EndReason::Unsubscribed) if scope == LeaveScope::All => LeftHow::All,
                Some(EndReason::Unsubscribed) => LeftHow::One,
                _ => LeftHow::Ended,
            },
            undo_href: undo.as_deref().unwrap_or_default(),
            data_href: (!erased).then_some(data_href),
        };
        layout.answer(StatusCode::OK, &page)
    } else {
        let preferences_href = service
            .links
            .personal(Purpose::Preferences, subscription.id, at);
        let page = Unsubscribe {
            newsletter_title: title,
            several,
            preferences_href: &preferences_href,
        };
        layout.answer(StatusCode::OK, &page)
    })
}
