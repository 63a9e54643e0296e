//! The page behind the link that was mailed to a new address.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::service::Service;
use crate::subscribe::LinkError;
use crate::subscribe::privacy::{self, AddressChange};
use crate::web::client_ip::Client;
use crate::web::pages;
use crate::web::public::errors;
use crate::web::public::layout::{PageLayout, TokenInPath, private};

/// GET: a page with one button. Mail scanners follow links.
pub(in crate::web::public) async fn show(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let found = privacy::load_address_change(&service, &token).await;
    answer(&service, client, found).await
}

/// POST: changes the address.
pub(in crate::web::public) async fn submit(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let changed = privacy::confirm_address_change(&service, &token).await;
    answer(&service, client, changed).await
}

async fn answer(
    service: &Service,
    client: Client,
    found: Result<AddressChange, LinkError>,
) -> Response {
    let (linked, done) = match found {
        Ok(AddressChange::Waiting(linked)) => (linked, false),
        Ok(AddressChange::Done(linked)) => (linked, true),
        Err(error) => return errors::link(service, client.language, error).await,
    };
    let page = pages::NewAddress {
        newsletter_title: &linked.newsletter.title,
        done,
    };
    let language = linked.subscription.chosen.language;
    private(PageLayout::of(&linked.newsletter, language).answer(StatusCode::OK, &page))
}
