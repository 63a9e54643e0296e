//! A reader's own data: the way to a fresh link, and the page behind it.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::errors;
use super::layout::{PageLayout, TokenInPath, private};
use super::preferences::masked;
use crate::domain::{Certificate, Language, Purpose, TokenError};
use crate::service::Service;
use crate::subscribe::privacy::{self, MyData, NewAddress};
use crate::subscribe::{LinkError, Membership};
use crate::web::client_ip::Client;
use crate::web::pages::{self, MyDataNotice};

/// GET: one button. The link in every mail leads here, and no further.
pub(super) async fn show_request(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let found = privacy::look_before_mailing(&service, &token).await;
    ask_page(&service, client.language, found, false).await
}

/// POST: mails the fresh link.
pub(super) async fn ask(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let found = privacy::mail_data_link(&service, &token).await;
    ask_page(&service, client.language, found, true).await
}

async fn ask_page(
    service: &Service,
    language: Option<Language>,
    found: Result<Membership, LinkError>,
    asked: bool,
) -> Response {
    let Membership {
        subscription,
        newsletter,
    } = match found {
        Ok(found) => found,
        Err(error) => return errors::link(service, language, error).await,
    };
    let page = pages::MyDataAsk {
        email: &masked(&subscription.address.to_string()),
        hours: Purpose::MY_DATA_HOURS,
        asked,
    };
    private(PageLayout::of(&newsletter, subscription.chosen.language).answer(StatusCode::OK, &page))
}

/// GET: all that is held.
pub(super) async fn show(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    page(&service, client.language, &token, None).await
}

/// POST: corrects the name.
pub(super) async fn correct_name(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    body: Bytes,
) -> Response {
    let notice = match privacy::correct_name(&service, &token, &field(&body, "name")).await {
        Ok(true) => MyDataNotice::Saved,
        Ok(false) => MyDataNotice::NameWrong,
        Err(error) => return not_opened(&service, client.language, error).await,
    };
    page(&service, client.language, &token, Some(notice)).await
}

/// POST: mails a link to the new address.
pub(super) async fn change_address(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    body: Bytes,
) -> Response {
    let notice = match privacy::ask_for_new_address(&service, &token, &field(&body, "email")).await
    {
        Ok(NewAddress::Asked) => MyDataNotice::AddressAsked,
        Ok(NewAddress::Same) => MyDataNotice::AddressSame,
        Ok(NewAddress::TooOften) => MyDataNotice::AddressTooOften,
        Ok(NewAddress::Invalid(why)) => MyDataNotice::AddressWrong(why.code()),
        Err(error) => return not_opened(&service, client.language, error).await,
    };
    page(&service, client.language, &token, Some(notice)).await
}

/// What a form says in one of its fields.
fn field(body: &Bytes, wanted: &str) -> String {
    url::form_urlencoded::parse(body)
        .find(|(name, _)| name == wanted)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// POST: erases.
pub(super) async fn erase(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    match privacy::erase_by_link(&service, &token).await {
        Ok((membership, certificate)) => erased(&membership, &certificate),
        Err(error) => not_opened(&service, client.language, error).await,
    }
}

fn erased(membership: &Membership, certificate: &Certificate) -> Response {
    let language = membership.subscription.chosen.language;
    let page = pages::Erased { certificate };
    private(PageLayout::of(&membership.newsletter, language).answer(StatusCode::OK, &page))
}

/// GET: the same as a file, for programs.
pub(super) async fn json(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    download(&service, client, &token, |found| {
        let text = serde_json::to_string_pretty(&found.dossier)?;
        Ok(file(text, "application/json", "json"))
    })
    .await
}

/// GET: the same as a file, for people.
pub(super) async fn text(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    download(&service, client, &token, |found| {
        let language = found.membership.subscription.chosen.language;
        let text = found.dossier.to_text(language)?;
        Ok(file(text, "text/plain; charset=utf-8", "txt"))
    })
    .await
}

async fn download(
    service: &Service,
    client: Client,
    token: &str,
    write: impl FnOnce(&MyData) -> Result<Response, Box<dyn std::error::Error>>,
) -> Response {
    let found = match privacy::load_my_data(service, token).await {
        Ok(found) => found,
        Err(error) => return not_opened(service, client.language, error).await,
    };
    write(&found).unwrap_or_else(|error| {
        tracing::error!(%error, "a reader's data could not be written down");
        errors::plain()
    })
}

fn file(content: String, kind: &'static str, ending: &str) -> Response {
    let mut response = private(content.into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = format!("attachment; filename=\"my-data.{ending}\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    response
}

async fn page(
    service: &Service,
    language: Option<Language>,
    token: &str,
    notice: Option<MyDataNotice>,
) -> Response {
    let MyData {
        membership,
        dossier,
    } = match privacy::load_my_data(service, token).await {
        Ok(found) => found,
        Err(error) => return not_opened(service, language, error).await,
    };
    let status = match notice {
        Some(MyDataNotice::AddressWrong(_) | MyDataNotice::NameWrong) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Some(MyDataNotice::AddressTooOften) => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::OK,
    };
    let page = pages::MyData {
        dossier: &dossier,
        notice,
        proof_until: privacy::proof_until(service),
        here: format!("/my-data/{token}"),
    };
    let surroundings = PageLayout::of(
        &membership.newsletter,
        membership.subscription.chosen.language,
    );
    private(surroundings.answer(status, &page))
}

/// A link that has run out leads to a fresh one; every other does what other links do.
async fn not_opened(service: &Service, language: Option<Language>, error: LinkError) -> Response {
    let LinkError::Token(TokenError::Expired(token)) = error else {
        return errors::link(service, language, error).await;
    };
    let now = service.clock.now();
    let page = pages::MyDataExpired {
        ask_href: service.links.data_request(token.subscription, now),
    };
    match PageLayout::of_first(service, language).await {
        Ok(surroundings) => private(surroundings.answer(StatusCode::GONE, &page)),
        Err(error) => errors::store(service, language, &error).await,
    }
}
