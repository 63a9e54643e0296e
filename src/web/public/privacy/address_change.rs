//! The page behind the link that was mailed to a new address.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::domain::Purpose;
use crate::service::Service;
use crate::subscribe::privacy::{self, AddressChange};
use crate::subscribe::{LinkError, LinkedSubscription};
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
    answer(&service, client, &token, found).await
}

/// POST: changes the address.
pub(in crate::web::public) async fn submit(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let changed = privacy::confirm_address_change(&service, &token).await;
    answer(&service, client, &token, changed).await
}

/// POST, by the decline button: the owner of the address is not that reader.
pub(in crate::web::public) async fn decline(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let declined = privacy::decline_address_change(&service, &token).await;
    answer(&service, client, &token, declined).await
}

async fn answer(
    service: &Service,
    client: Client,
    token: &str,
    found: Result<AddressChange, LinkError>,
) -> Response {
    let (linked, done) = match found {
        Ok(AddressChange::Waiting(linked)) => (linked, false),
        Ok(AddressChange::Done(linked)) => (linked, true),
        Ok(AddressChange::Declined(linked, undo)) => {
            let page = pages::NotMe {
                silenced: true,
                undo: Some(undo),
                newsletter: String::new(),
                of_change: true,
            };
            return private(layout(&linked).answer(StatusCode::OK, &page));
        }
        Err(error) => {
            return errors::link(
                service,
                client.language,
                (Purpose::NewAddress, token),
                error,
            )
            .await;
        }
    };
    let page = pages::NewAddress {
        newsletter_title: &linked.newsletter.title,
        done,
        confirm_href: &format!("/new-address/{token}"),
        decline_href: &format!("/new-address/{token}/decline"),
    };
    private(layout(&linked).answer(StatusCode::OK, &page))
}

fn layout(linked: &LinkedSubscription) -> PageLayout {
    PageLayout::of(&linked.newsletter, linked.subscription.chosen.language)
}
