//! Signing in and out, and the pages behind the links of mails.

mod password_link;

use axum::extract::State;
use axum::http::header::{HeaderMap, HeaderValue, LOCATION, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use serde::Deserialize;

pub(super) use password_link::{
    accept_invitation, forgot, mail_reset, reset, show_invitation, show_reset, weak_key,
};

use crate::accounts::sign_in::{self, Cookies, SignIn, SignInOrigin};
use crate::domain::Language;
use crate::service::Service;
use crate::web::client_ip::Client;
use crate::web::desk::signed_in::{HOME, SIGN_IN, local_path};
use crate::web::desk::{CsrfForm, DeskError, SignedIn, cookie};
use crate::web::pages::{DeskCode, DeskSignIn, Page, SignInFault};
use crate::web::public::{PageLayout, PageQuery};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
    /// What has just been done.
    #[serde(default)]
    done: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WithPassword {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WithCode {
    step: String,
    code: String,
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

pub(super) async fn show(
    State(service): State<Service>,
    signed_in: Option<SignedIn>,
    client: Client,
    PageQuery(asked): PageQuery<Asked>,
) -> Response {
    let next = local_path(&asked.next);
    if signed_in.is_some() {
        return go(next);
    }
    let notice = match asked.done.as_str() {
        "signed-out" => "desk-signed-out-done",
        "everywhere" => "desk-signed-out-everywhere-done",
        "password" => "desk-password-set-done",
        _ => "",
    };
    let page = DeskSignIn {
        next,
        notice,
        ..DeskSignIn::default()
    };
    outside(&service, &client, StatusCode::OK, &page)
}

pub(super) async fn submit(
    State(service): State<Service>,
    client: Client,
    headers: HeaderMap,
    form: Result<Form<WithPassword>, axum_extra::extract::FormRejection>,
) -> Result<Response, DeskError> {
    let Form(form) = form.map_err(unreadable)?;
    let from = from(&service, &client, &headers);
    let next = local_path(&form.next);
    let tried = sign_in::with_password(&service, &form.email, &form.password, &from).await?;
    let refused = |status, fault, minutes| {
        let page = DeskSignIn {
            email: &form.email,
            next,
            fault: Some(fault),
            minutes,
            notice: "",
        };
        outside(&service, &client, status, &page)
    };
    Ok(match tried {
        SignIn::Done(cookies, _) => begin(&service, cookies, next),
        SignIn::NeedsCode(step) => {
            let page = DeskCode {
                step: &step,
                next,
                fault: None,
                minutes: 0,
            };
            outside(&service, &client, StatusCode::OK, &page)
        }
        SignIn::Limited(limited) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            refused(status, SignInFault::Limited, limited.minutes())
        }
        SignIn::Wrong => refused(StatusCode::UNPROCESSABLE_ENTITY, SignInFault::Wrong, 0),
        SignIn::Expired => refused(StatusCode::UNPROCESSABLE_ENTITY, SignInFault::Expired, 0),
    })
}

pub(super) async fn submit_code(
    State(service): State<Service>,
    client: Client,
    headers: HeaderMap,
    form: Result<Form<WithCode>, axum_extra::extract::FormRejection>,
) -> Result<Response, DeskError> {
    let Form(form) = form.map_err(unreadable)?;
    let from = from(&service, &client, &headers);
    let next = local_path(&form.next);
    let tried = sign_in::with_code(&service, &form.step, &form.code, &from).await?;
    let again = |status, fault, minutes| {
        let page = DeskCode {
            step: &form.step,
            next,
            fault: Some(fault),
            minutes,
        };
        outside(&service, &client, status, &page)
    };
    Ok(match tried {
        SignIn::Done(cookies, _) => begin(&service, cookies, next),
        SignIn::Limited(limited) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            again(status, SignInFault::Limited, limited.minutes())
        }
        SignIn::Wrong => again(StatusCode::UNPROCESSABLE_ENTITY, SignInFault::Code, 0),
        SignIn::Expired | SignIn::NeedsCode(_) => {
            let page = DeskSignIn {
                next,
                fault: Some(SignInFault::Expired),
                ..DeskSignIn::default()
            };
            outside(&service, &client, StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    })
}

pub(super) async fn sign_out(
    State(service): State<Service>,
    SignedIn(session): SignedIn,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, DeskError> {
    sign_in::sign_out(&service, &session.editor, session.id).await?;
    Ok(ended(&service, "signed-out"))
}

pub(super) async fn sign_out_everywhere(
    State(service): State<Service>,
    SignedIn(session): SignedIn,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, DeskError> {
    sign_in::sign_out_everywhere(&service, &session.editor).await?;
    Ok(ended(&service, "everywhere"))
}

/// To the page where one signs in, without a session.
fn ended(service: &Service, done: &str) -> Response {
    let mut answer = go(&format!("{SIGN_IN}?done={done}"));
    if let Some(cookie) = cookie::clear(service) {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
    // What the browser has kept of the desk's pages is not for the next person.
    answer.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\""),
    );
    answer
}

/// With the cookies of a session that has begun.
pub(super) fn begin(service: &Service, cookies: Cookies, next: &str) -> Response {
    let mut answer = go(next);
    for cookie in cookie::signed_in(service, cookies) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

/// 303 to a page of ours.
pub(super) fn go(path: &str) -> Response {
    let mut answer = StatusCode::SEE_OTHER.into_response();
    let to = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static(HOME));
    answer.headers_mut().insert(LOCATION, to);
    answer
}

/// A page for somebody who is not signed in, in the language of the browser.
pub(super) fn outside(
    service: &Service,
    client: &Client,
    status: StatusCode,
    page: &impl Page,
) -> Response {
    PageLayout::bare(language(service, client)).answer(status, page)
}

fn language(service: &Service, client: &Client) -> Language {
    let default = service.settings.newsletter.language;
    client.language.unwrap_or(default)
}

pub(super) fn from(service: &Service, client: &Client, headers: &HeaderMap) -> SignInOrigin {
    let name = headers.get(USER_AGENT).and_then(|name| name.to_str().ok());
    SignInOrigin {
        ip: client.ip,
        browser: name.unwrap_or_default().to_owned(),
        known: cookie::browser(service, headers),
    }
}

fn unreadable(refused: axum_extra::extract::FormRejection) -> DeskError {
    DeskError::Unreadable(refused.into_response().status())
}
