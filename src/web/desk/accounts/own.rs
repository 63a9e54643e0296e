//! The own account: name, language, password, codes, browsers.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::said;
use super::signing_in::{begin, from, go, weak_key};
use crate::accounts::second_factor::{self, Setup};
use crate::accounts::{Refused, people, session};
use crate::domain::{Language, Newsletter, browser_name};
use crate::service::Service;
use crate::store;
use crate::store::accounts::recovery_code;
use crate::texts::language_name;
use crate::web::client_ip::Client;
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::{CsrfForm, DeskError, SignedIn, fresh};
use crate::web::public::PageQuery;

pub(super) const ACCOUNT: &str = "/desk/account";

#[derive(Debug, Serialize)]
struct LanguageChoice {
    code: Language,
    name: String,
}

#[derive(Debug, Serialize)]
struct Browser {
    name: String,
    began: String,
    seen: String,
    here: bool,
}

#[derive(Debug, Serialize)]
struct Account {
    name: String,
    email: String,
    languages: Vec<LanguageChoice>,
    language: Language,
    has_totp: bool,
    totp_required: bool,
    codes_left: i64,
    browsers: Vec<Browser>,
    /// The time zone of their times.
    zone: String,
    done: &'static str,
    weak: Option<&'static str>,
    ask: bool,
}

impl DeskPage for Account {
    const TEMPLATE: &'static str = "desk/account.html";
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    PageQuery(Done { done }): PageQuery<Done>,
) -> Result<Response, DeskError> {
    let done = match done.as_str() {
        "saved" => "desk-account-saved",
        "password" => "desk-account-password-saved",
        "totp-off" => "desk-totp-off-done",
        _ => "",
    };
    page(&service, &signed_in, StatusCode::OK, done, None).await
}

async fn page(
    service: &Service,
    signed_in: &SignedIn,
    status: StatusCode,
    done: &'static str,
    weak: Option<&'static str>,
) -> Result<Response, DeskError> {
    let editor = &signed_in.0.editor;
    let sessions = session::list(service, editor.id).await?;
    let mut db = service.store.read().await?;
    let codes_left = recovery_code::left(&mut db, editor.id).await?;
    let account = store::accounts::editor::by_id(&mut db, editor.id).await?;
    let newsletters = store::newsletter::list(&mut db).await?;
    drop(db);
    let of_theirs = newsletters
        .iter()
        .find(|one| editor.roles.in_newsletter(one.id).is_some());
    let zone = of_theirs.map_or("UTC", Newsletter::zone_name).to_owned();
    let browsers = sessions.into_iter().map(|one| Browser {
        name: Some(browser_name(&one.browser))
            .filter(|name| !name.is_empty())
            .unwrap_or(one.browser),
        began: one.created_at.to_string(),
        seen: one.last_seen_at.to_string(),
        here: one.id == signed_in.0.id,
    });
    let languages = Language::ALL.iter().map(|code| LanguageChoice {
        code: *code,
        name: language_name(*code),
    });
    let page = Account {
        name: editor.name.clone(),
        email: editor.email.to_string(),
        languages: languages.collect(),
        language: editor.language,
        has_totp: account.is_some_and(|account| account.totp_salt.is_some()),
        totp_required: service.settings.desk.require_totp,
        codes_left,
        browsers: browsers.collect(),
        zone,
        done,
        weak,
        ask: fresh::ask(service, signed_in),
    };
    Ok(DeskLayout::new(signed_in, Section::Account).answer(status, &page))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    name: String,
    language: String,
}

pub(super) async fn save(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<Words>,
) -> Result<Response, DeskError> {
    let editor = &signed_in.0.editor;
    let language = form.language.parse().unwrap_or(editor.language);
    let saved = people::change(&service, editor.id, &form.name, language).await;
    saved.map_err(|refused| said(editor.language, refused))?;
    Ok(go("/desk/account?done=saved"))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    password: String,
    #[serde(default)]
    proof: String,
}

pub(super) async fn change_password(
    State(service): State<Service>,
    signed_in: SignedIn,
    client: Client,
    headers: HeaderMap,
    CsrfForm(form): CsrfForm<NewPassword>,
) -> Result<Response, DeskError> {
    fresh::require(&service, &signed_in, &form.proof).await?;
    let editor = &signed_in.0.editor;
    let from = from(&service, &client, &headers);
    match people::change_password(&service, editor, &form.password, &from).await {
        Ok(cookies) => Ok(begin(&service, cookies, "/desk/account?done=password")),
        Err(Refused::Weak(weak)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(&service, &signed_in, status, "", Some(weak_key(weak))).await
        }
        Err(refused) => Err(said(editor.language, refused)),
    }
}

#[derive(Debug, Serialize)]
struct Totp {
    salt: String,
    secret: String,
    qr: String,
    url: String,
    wrong: bool,
    required: bool,
    ask: bool,
}

impl DeskPage for Totp {
    const TEMPLATE: &'static str = "desk/totp.html";
}

#[derive(Debug, Serialize)]
struct Codes {
    codes: Vec<String>,
}

impl DeskPage for Codes {
    const TEMPLATE: &'static str = "desk/recovery_codes.html";
}

pub(super) async fn show_totp(
    State(service): State<Service>,
    signed_in: SignedIn,
) -> Result<Response, DeskError> {
    let editor = &signed_in.0.editor;
    let setup = second_factor::propose(&service, editor);
    let setup = setup.map_err(|refused| said(editor.language, refused))?;
    Ok(totp(&service, &signed_in, setup, false))
}

fn totp(service: &Service, signed_in: &SignedIn, setup: Setup, wrong: bool) -> Response {
    let page = Totp {
        salt: setup.salt,
        secret: setup.secret,
        qr: setup.qr,
        url: setup.url,
        wrong,
        required: signed_in.0.needs_second_factor,
        ask: fresh::ask(service, signed_in),
    };
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    DeskLayout::new(signed_in, Section::Account).answer(status, &page)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FirstCode {
    salt: String,
    code: String,
    #[serde(default)]
    proof: String,
}

pub(super) async fn turn_on(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<FirstCode>,
) -> Result<Response, DeskError> {
    fresh::require(&service, &signed_in, &form.proof).await?;
    let editor = &signed_in.0.editor;
    match second_factor::turn_on(&service, editor, &form.salt, &form.code).await {
        Ok(codes) => Ok(show_codes(&signed_in, codes)),
        Err(Refused::WrongCode) => {
            let setup = second_factor::proposed(&service, editor, &form.salt);
            let setup = setup.map_err(|refused| said(editor.language, refused))?;
            Ok(totp(&service, &signed_in, setup, true))
        }
        Err(refused) => Err(said(editor.language, refused)),
    }
}

fn show_codes(signed_in: &SignedIn, codes: Vec<String>) -> Response {
    let layout = DeskLayout::new(signed_in, Section::Account);
    layout.answer(StatusCode::OK, &Codes { codes })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proof {
    #[serde(default)]
    proof: String,
}

pub(super) async fn turn_off(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<Proof>,
) -> Result<Response, DeskError> {
    fresh::require(&service, &signed_in, &form.proof).await?;
    let editor = &signed_in.0.editor;
    let off = second_factor::turn_off(&service, editor).await;
    off.map_err(|refused| said(editor.language, refused))?;
    Ok(go("/desk/account?done=totp-off"))
}

pub(super) async fn renew_codes(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<Proof>,
) -> Result<Response, DeskError> {
    fresh::require(&service, &signed_in, &form.proof).await?;
    let codes = second_factor::renew_codes(&service, &signed_in.0.editor).await?;
    Ok(show_codes(&signed_in, codes))
}
