//! The page behind the link that was mailed to a new address.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::errors;
use super::layout::{PageLayout, TokenInPath, private};
use crate::service::Service;
use crate::subscribe::LinkError;
use crate::subscribe::privacy::{self, Moved};
use crate::web::client_ip::Client;
use crate::web::pages;

/// GET: one button. Mail scanners follow links.
pub(super) async fn show(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let found = privacy::load_new_address(&service, &token).await;
    answer(&service, client, found).await
}

/// POST: changes the address.
pub(super) async fn submit(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let moved = privacy::move_to_new_address(&service, &token).await;
    answer(&service, client, moved).await
}

async fn answer(service: &Service, client: Client, found: Result<Moved, LinkError>) -> Response {
    let (membership, done) = match found {
        Ok(Moved::Waiting(membership)) => (membership, false),
        Ok(Moved::Done(membership)) => (membership, true),
        Err(error) => return errors::link(service, client.language, error).await,
    };
    let page = pages::NewAddress {
        newsletter_title: &membership.newsletter.title,
        done,
    };
    let language = membership.subscription.chosen.language;
    private(PageLayout::of(&membership.newsletter, language).answer(StatusCode::OK, &page))
}
