//! The page that mails a fresh link to a person's own data, and the page behind that link.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::domain::{Certificate, Language, Purpose, TokenError};
use crate::service::Service;
use crate::subscribe::privacy::{self, AddressChangeRequest, DataRequest, MyData};
use crate::subscribe::{LinkError, LinkedSubscription};
use crate::web::client_ip::Client;
use crate::web::pages::{self, AddressFault, AddressLimits, MyDataNotice};
use crate::web::public::errors;
use crate::web::public::form_body::Fields;
use crate::web::public::layout::{PageLayout, TokenInPath, private, retry_after};
use crate::web::public::preferences::masked;

/// GET: one button. The link in every mail opens this page and nothing more.
pub(in crate::web::public) async fn show_request(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let found = privacy::load_data_request(&service, &token).await;
    request_page(&service, client.language, &token, found, false).await
}

/// POST: mails the fresh link.
pub(in crate::web::public) async fn mail_link(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let found = privacy::mail_data_link(&service, &token).await;
    request_page(&service, client.language, &token, found, true).await
}

async fn request_page(
    service: &Service,
    language: Option<Language>,
    token: &str,
    found: Result<DataRequest, LinkError>,
    sent: bool,
) -> Response {
    let DataRequest {
        linked,
        shows_address,
    } = match found {
        Ok(found) => found,
        Err(error) => {
            let opened = (Purpose::Preferences, token);
            return errors::link(service, language, opened, error).await;
        }
    };
    let LinkedSubscription {
        subscription,
        newsletter,
    } = linked;
    let page = pages::DataLinkRequest {
        email: shows_address.then(|| masked(&subscription.address.to_string())),
        hours: Purpose::MY_DATA_HOURS,
        sent,
    };
    private(PageLayout::of(&newsletter, subscription.chosen.language).answer(StatusCode::OK, &page))
}

/// GET: everything that is stored.
pub(in crate::web::public) async fn show(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    page(&service, client.language, &token, None, "").await
}

/// POST: corrects the name.
pub(in crate::web::public) async fn correct_name(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    fields: Fields,
) -> Response {
    let typed = fields.value("name");
    let notice = match privacy::correct_name(&service, &token, &typed).await {
        Ok(true) => MyDataNotice::Saved,
        Ok(false) => MyDataNotice::NameWrong,
        Err(error) => return link_error(&service, client.language, &token, error).await,
    };
    page(&service, client.language, &token, Some(notice), &typed).await
}

/// POST: mails a link to the new address.
pub(in crate::web::public) async fn change_address(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    fields: Fields,
) -> Response {
    let typed = fields.value("email");
    let requested = privacy::request_address_change(&service, &token, &typed, client.ip).await;
    let requested = match requested {
        Ok(requested) => requested,
        Err(error) => return link_error(&service, client.language, &token, error).await,
    };
    let wrong = |key| MyDataNotice::AddressWrong(AddressFault::of(key));
    let mut wait = None;
    let notice = match requested {
        AddressChangeRequest::Accepted => MyDataNotice::AddressRequested,
        AddressChangeRequest::Postponed(at) => MyDataNotice::AddressPostponed(at.to_string()),
        AddressChangeRequest::Same => MyDataNotice::AddressSame,
        AddressChangeRequest::TooOften => MyDataNotice::AddressTooOften,
        AddressChangeRequest::Invalid(why) => MyDataNotice::AddressWrong(why.into()),
        AddressChangeRequest::Disposable => wrong("address-disposable"),
        AddressChangeRequest::Undeliverable => wrong("address-no-mail"),
        AddressChangeRequest::Limited(limited) => {
            wait = Some(limited.retry_after);
            MyDataNotice::AddressLimited(limited.minutes())
        }
    };
    let page = page(&service, client.language, &token, Some(notice), &typed).await;
    match wait {
        Some(wait) => retry_after(page, wait),
        None => page,
    }
}

/// POST: erases, if the box beside the button was ticked.
pub(in crate::web::public) async fn erase(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    fields: Fields,
) -> Response {
    if fields.value("sure").is_empty() {
        let notice = Some(MyDataNotice::EraseUnticked);
        return page(&service, client.language, &token, notice, "").await;
    }
    match privacy::erase_by_link(&service, &token).await {
        Ok((linked, certificate)) => erased(&linked, &certificate),
        Err(error) => link_error(&service, client.language, &token, error).await,
    }
}

fn erased(linked: &LinkedSubscription, certificate: &Certificate) -> Response {
    let language = linked.subscription.chosen.language;
    let page = pages::Erased { certificate };
    private(PageLayout::of(&linked.newsletter, language).answer(StatusCode::OK, &page))
}

/// GET: the same as a JSON file.
pub(in crate::web::public) async fn json(
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

/// GET: the same as a text file.
pub(in crate::web::public) async fn text(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    download(&service, client, &token, |found| {
        let language = found.linked.subscription.chosen.language;
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
        Err(error) => return link_error(service, client.language, token, error).await,
    };
    write(&found).unwrap_or_else(|error| {
        tracing::error!(%error, "the file with a person's data could not be written");
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
    typed: &str,
) -> Response {
    let MyData { linked, dossier } = match privacy::load_my_data(service, token).await {
        Ok(found) => found,
        Err(error) => return link_error(service, language, token, error).await,
    };
    let status = match &notice {
        Some(
            MyDataNotice::AddressWrong(_) | MyDataNotice::NameWrong | MyDataNotice::EraseUnticked,
        ) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(MyDataNotice::AddressTooOften | MyDataNotice::AddressLimited(_)) => {
            StatusCode::TOO_MANY_REQUESTS
        }
        _ => StatusCode::OK,
    };
    let page = pages::MyData {
        dossier: &dossier,
        typed,
        notice,
        proof_until: privacy::proof_until(service),
        limits: AddressLimits::of(&service.settings.signup),
        time_zone: linked.newsletter.zone_name(),
        here: format!("/my-data/{token}"),
    };
    let layout = PageLayout::of(&linked.newsletter, linked.subscription.chosen.language);
    private(layout.answer(status, &page))
}

/// The page for an expired link offers a fresh one; other errors are as with every link.
async fn link_error(
    service: &Service,
    language: Option<Language>,
    token: &str,
    error: LinkError,
) -> Response {
    let LinkError::Token(TokenError::Expired(token)) = error else {
        return errors::link(service, language, (Purpose::MyData, token), error).await;
    };
    let (id, at) = (token.subscription, token.issued_at);
    let page = pages::MyDataExpired {
        request_href: service.links.data_request(id, at),
    };
    let layout = match errors::of_token(service, Some(token)).await {
        Ok(found) => PageLayout::of_subscription(service, found.as_ref(), language).await,
        Err(error) => Err(error),
    };
    match layout {
        Ok(layout) => private(layout.answer(StatusCode::GONE, &page)),
        Err(error) => errors::store(service, language, &error).await,
    }
}
