//! A forgotten password, and the pages behind the links of mails, where a password is set.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum_extra::extract::{Form, FormRejection};
use serde::Deserialize;

use super::{begin, from, go, outside, unreadable};
use crate::accounts::sign_in::SignIn;
use crate::accounts::{Refused, WeakPassword, link};
use crate::links::DeskLink;
use crate::service::Service;
use crate::web::client_ip::Client;
use crate::web::desk::DeskError;
use crate::web::desk::signed_in::{HOME, SIGN_IN};
use crate::web::pages::{DeskForgot, DeskLinkInvalid, DeskNewPassword};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web::desk) struct Address {
    email: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web::desk) struct NewPassword {
    /// For the browser's store of passwords; the link says whose it is.
    #[serde(default)]
    #[allow(dead_code)]
    username: String,
    password: String,
}

pub(in crate::web::desk) async fn forgot(
    State(service): State<Service>,
    client: Client,
) -> Response {
    outside(&service, &client, StatusCode::OK, &DeskForgot::default())
}

pub(in crate::web::desk) async fn mail_reset(
    State(service): State<Service>,
    client: Client,
    headers: HeaderMap,
    form: Result<Form<Address>, FormRejection>,
) -> Result<Response, DeskError> {
    let Form(Address { email }) = form.map_err(unreadable)?;
    let limited = link::ask_reset(&service, &email, &from(&service, &client, &headers)).await?;
    let status = match limited {
        None => StatusCode::OK,
        Some(_) => StatusCode::TOO_MANY_REQUESTS,
    };
    let page = DeskForgot {
        email: &email,
        sent: limited.is_none(),
        minutes: limited.map_or(0, |limited| limited.minutes()),
    };
    Ok(outside(&service, &client, status, &page))
}

pub(in crate::web::desk) async fn show_invitation(
    state: State<Service>,
    client: Client,
    token: Path<String>,
) -> Result<Response, DeskError> {
    show(state, client, token, DeskLink::Invitation).await
}

pub(in crate::web::desk) async fn show_reset(
    state: State<Service>,
    client: Client,
    token: Path<String>,
) -> Result<Response, DeskError> {
    show(state, client, token, DeskLink::Reset).await
}

pub(in crate::web::desk) async fn accept_invitation(
    state: State<Service>,
    client: Client,
    headers: HeaderMap,
    token: Path<String>,
    form: Result<Form<NewPassword>, FormRejection>,
) -> Result<Response, DeskError> {
    let Form(form) = form.map_err(unreadable)?;
    save(state, (client, headers), token, form, DeskLink::Invitation).await
}

pub(in crate::web::desk) async fn reset(
    state: State<Service>,
    client: Client,
    headers: HeaderMap,
    token: Path<String>,
    form: Result<Form<NewPassword>, FormRejection>,
) -> Result<Response, DeskError> {
    let Form(form) = form.map_err(unreadable)?;
    save(state, (client, headers), token, form, DeskLink::Reset).await
}

async fn show(
    State(service): State<Service>,
    client: Client,
    Path(token): Path<String>,
    link: DeskLink,
) -> Result<Response, DeskError> {
    match link::open(&service, link, &token).await {
        Ok(account) => {
            let page = DeskNewPassword {
                link: link.as_str(),
                name: &account.editor.name,
                email: &account.editor.email.to_string(),
                weak: None,
            };
            Ok(outside(&service, &client, StatusCode::OK, &page))
        }
        Err(refused) => gone(&service, &client, refused),
    }
}

async fn save(
    State(service): State<Service>,
    (client, headers): (Client, HeaderMap),
    Path(token): Path<String>,
    form: NewPassword,
    link: DeskLink,
) -> Result<Response, DeskError> {
    let from = from(&service, &client, &headers);
    match link::set_password(&service, link, &token, &form.password, &from).await {
        Ok(Some(SignIn::Done(cookies, _))) => Ok(begin(&service, cookies, HOME)),
        Ok(_) => Ok(go(&format!("{SIGN_IN}?done=password"))),
        Err(Refused::Weak(weak)) => {
            let account = link::open(&service, link, &token).await;
            let account = match account {
                Ok(account) => account,
                Err(refused) => return gone(&service, &client, refused),
            };
            let page = DeskNewPassword {
                link: link.as_str(),
                name: &account.editor.name,
                email: &account.editor.email.to_string(),
                weak: Some(weak_key(weak)),
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(outside(&service, &client, status, &page))
        }
        Err(refused) => gone(&service, &client, refused),
    }
}

fn gone(service: &Service, client: &Client, refused: Refused) -> Result<Response, DeskError> {
    match refused {
        Refused::Store(error) => Err(error.into()),
        _ => {
            let page = DeskLinkInvalid {};
            Ok(outside(service, client, StatusCode::GONE, &page))
        }
    }
}

/// Part of the key of the text that says why a password is not good enough.
pub(in crate::web::desk) const fn weak_key(weak: WeakPassword) -> &'static str {
    match weak {
        WeakPassword::Short => "short",
        WeakPassword::Long => "long",
        WeakPassword::Personal => "personal",
        WeakPassword::Guessable => "guessable",
    }
}
