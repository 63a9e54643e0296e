//! The reader's choices.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::errors;
use super::frame::{Surroundings, TokenInPath, private};
use crate::domain::{CountrySet, Language};
use crate::service::Service;
use crate::subscribe::{self, LinkError};
use crate::web::client::Client;
use crate::web::pages;

/// GET: the choices as they are.
pub(super) async fn look(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let found = subscribe::look_at_preferences(&service, &token).await;
    answer(&service, client, found, false).await
}

/// POST: saves them.
pub(super) async fn save(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    body: Bytes,
) -> Response {
    let mut language = None;
    let mut codes = Vec::new();
    for (name, value) in url::form_urlencoded::parse(&body) {
        match &*name {
            "language" => language = Language::from_tag(&value).ok(),
            "countries" => codes.push(value.into_owned()),
            _ => {}
        }
    }
    let countries = CountrySet::from_codes(codes.iter().map(String::as_str));
    let (Some(language), Ok(countries)) = (language, countries) else {
        return match subscribe::look_at_preferences(&service, &token).await {
            Ok(_) => {
                errors::page(&service, client.language, StatusCode::UNPROCESSABLE_ENTITY).await
            }
            Err(error) => errors::link(&service, client.language, error).await,
        };
    };
    let saved = subscribe::choose(
        &service,
        &token,
        language,
        countries,
        "/preferences",
        client.ip,
    )
    .await;
    answer(&service, client, saved, true).await
}

async fn answer(
    service: &Service,
    client: Client,
    found: Result<subscribe::Preferences, LinkError>,
    saved: bool,
) -> Response {
    let found = match found {
        Ok(found) => found,
        Err(error) => return errors::link(service, client.language, error).await,
    };
    let (newsletter, subscription) = (&found.membership.newsletter, &found.membership.subscription);
    let email = masked(&subscription.address.to_string());
    let page = pages::Preferences {
        newsletter_title: &newsletter.title,
        email: &email,
        countries: subscription.countries,
        language: subscription.language,
        languages: pages::LanguageChoice::all(),
        saved,
        unsubscribe_href: &found.unsubscribe_link,
    };
    private(Surroundings::of(newsletter, subscription.language).answer(StatusCode::OK, &page))
}

/// Enough to recognise one's own address; mails with this link get forwarded.
fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}
