//! The codes of an app for the own account, and the recovery codes.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::own::{self, Refusal};
use super::said;
use super::signing_in::go;
use crate::accounts::Refused;
use crate::accounts::second_factor::{self, Setup};
use crate::service::Service;
use crate::web::desk::fresh::{self, Proof};
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::{CsrfForm, DeskError, SignedIn};

#[derive(Debug, Serialize)]
struct Totp {
    salt: String,
    secret: String,
    qr: String,
    url: String,
    required: bool,
    /// The code that was typed with a proof that did not do.
    code: String,
    /// Whether the code was wrong.
    wrong: bool,
    ask: bool,
    proof_error: String,
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

pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
) -> Result<Response, DeskError> {
    let editor = &signed_in.0.editor;
    let setup = second_factor::propose(&service, editor);
    let setup = setup.map_err(|refused| said(editor.language, refused))?;
    let page = Totp::new(&service, &signed_in, setup);
    Ok(DeskLayout::new(&signed_in, Section::Account).answer(StatusCode::OK, &page))
}

impl Totp {
    fn new(service: &Service, signed_in: &SignedIn, setup: Setup) -> Self {
        Self {
            salt: setup.salt,
            secret: setup.secret,
            qr: setup.qr,
            url: setup.url,
            required: signed_in.0.needs_second_factor,
            code: String::new(),
            wrong: false,
            ask: fresh::ask(service, signed_in),
            proof_error: String::new(),
        }
    }

    /// The same secret again, which the person's app may have already.
    fn again(service: &Service, signed_in: &SignedIn, salt: &str) -> Result<Self, DeskError> {
        let editor = &signed_in.0.editor;
        let setup = second_factor::proposed(service, editor, salt);
        let setup = setup.map_err(|refused| said(editor.language, refused))?;
        Ok(Self::new(service, signed_in, setup))
    }
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
    let layout = DeskLayout::new(&signed_in, Section::Account);
    if let Some(why) = fresh::lacks(&service, &signed_in, &form.proof).await? {
        let page = Totp {
            code: form.code,
            proof_error: why,
            ..Totp::again(&service, &signed_in, &form.salt)?
        };
        return Ok(layout.answer(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let editor = &signed_in.0.editor;
    match second_factor::turn_on(&service, editor, &form.salt, &form.code).await {
        Ok(codes) => Ok(show_codes(&signed_in, codes)),
        Err(Refused::WrongCode) => {
            let page = Totp {
                wrong: true,
                ..Totp::again(&service, &signed_in, &form.salt)?
            };
            Ok(layout.answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(refused) => Err(said(editor.language, refused)),
    }
}

fn show_codes(signed_in: &SignedIn, codes: Vec<String>) -> Response {
    let layout = DeskLayout::new(signed_in, Section::Account);
    layout.answer(StatusCode::OK, &Codes { codes })
}

/// The account's page again, where there is no proof.
async fn unproven(
    service: &Service,
    signed_in: &SignedIn,
    form: &Proof,
) -> Result<Option<Response>, DeskError> {
    let Some(why) = fresh::lacks(service, signed_in, &form.proof).await? else {
        return Ok(None);
    };
    let refused = Refusal::of_proof("codes", why);
    let again = own::page(service, signed_in, "", Some(refused)).await?;
    Ok(Some(again))
}

pub(super) async fn turn_off(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<Proof>,
) -> Result<Response, DeskError> {
    if let Some(again) = unproven(&service, &signed_in, &form).await? {
        return Ok(again);
    }
    let editor = &signed_in.0.editor;
    let off = second_factor::turn_off(&service, editor).await;
    off.map_err(|refused| said(editor.language, refused))?;
    Ok(go("/desk/account?done=totp-off"))
}

pub(super) async fn renew(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<Proof>,
) -> Result<Response, DeskError> {
    if let Some(again) = unproven(&service, &signed_in, &form).await? {
        return Ok(again);
    }
    let codes = second_factor::renew_codes(&service, &signed_in.0.editor).await?;
    Ok(show_codes(&signed_in, codes))
}
