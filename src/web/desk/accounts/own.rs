//! The own account: name, language, password, browsers.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::signing_in::{begin, from, go, weak_key};
use super::{said, zone_of};
use crate::accounts::{Refused, people, session};
use crate::domain::{Language, browser_name};
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
    refused: Refusal,
    ask: bool,
}

/// What did not do in a form that is shown again.
#[derive(Debug, Default, Serialize)]
pub(super) struct Refusal {
    /// Which form asked for a proof that was not given: `password` or `codes`.
    form: &'static str,
    /// What was wrong with the proof; empty if nothing.
    proof: String,
    /// What is wrong with the new password, as part of the key of a text.
    weak: Option<&'static str>,
    /// What is wrong with the name; empty if nothing.
    name: String,
    /// The name and the language that were typed; none where the account's own are shown.
    #[serde(skip)]
    typed: Option<(String, Language)>,
}

impl Refusal {
    /// What was wrong with the proof that a form asked for.
    pub(super) fn of_proof(form: &'static str, why: String) -> Self {
        Self {
            form,
            proof: why,
            ..Self::default()
        }
    }
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
    page(&service, &signed_in, done, None).await
}

/// The page, also again with what did not do in one of its forms.
pub(super) async fn page(
    service: &Service,
    signed_in: &SignedIn,
    done: &'static str,
    refused: Option<Refusal>,
) -> Result<Response, DeskError> {
    let editor = &signed_in.0.editor;
    let sessions = session::list(service, editor.id).await?;
    let mut db = service.store.read().await?;
    let codes_left = recovery_code::left(&mut db, editor.id).await?;
    let account = store::accounts::editor::by_id(&mut db, editor.id).await?;
    let newsletters = store::newsletter::list(&mut db).await?;
    drop(db);
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
    let status = match refused {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut refused = refused.unwrap_or_default();
    let typed = refused.typed.take();
    let (name, language) = typed.unwrap_or_else(|| (editor.name.clone(), editor.language));
    let page = Account {
        name,
        email: editor.email.to_string(),
        languages: languages.collect(),
        language,
        has_totp: account.is_some_and(|account| account.totp_salt.is_some()),
        totp_required: service.settings.desk.require_totp,
        codes_left,
        browsers: browsers.collect(),
        zone: zone_of(signed_in, &newsletters),
        done,
        refused,
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
    match saved.map_err(|refused| said(editor.language, refused)) {
        Ok(()) => Ok(go("/desk/account?done=saved")),
        Err(DeskError::Invalid(why)) => {
            let refused = Refusal {
                name: why,
                typed: Some((form.name, language)),
                ..Refusal::default()
            };
            page(&service, &signed_in, "", Some(refused)).await
        }
        Err(error) => Err(error),
    }
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
    if let Some(why) = fresh::lacks(&service, &signed_in, &form.proof).await? {
        let refused = Refusal::of_proof("password", why);
        return page(&service, &signed_in, "", Some(refused)).await;
    }
    let editor = &signed_in.0.editor;
    let from = from(&service, &client, &headers);
    match people::change_password(&service, &signed_in.0, &form.password, &from).await {
        Ok(cookies) => Ok(begin(&service, cookies, "/desk/account?done=password")),
        Err(Refused::Weak(weak)) => {
            let refused = Refusal {
                weak: Some(weak_key(weak)),
                ..Refusal::default()
            };
            page(&service, &signed_in, "", Some(refused)).await
        }
        Err(refused) => Err(said(editor.language, refused)),
    }
}
