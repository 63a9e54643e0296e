//! People: who has an account, with which roles. For owners of all newsletters.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::said;
use super::signing_in::go;
use crate::accounts::people::{self, NewEditor};
use crate::domain::{Editor, EditorId, EmailAddress, Language, Newsletter, NewsletterId, Role};
use crate::service::Service;
use crate::store;
use crate::store::accounts::editor::Account;
use crate::texts::{language_name, text};
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::{CsrfForm, DeskError, SignedIn, fresh};
use crate::web::public::PageQuery;

/// A newsletter to choose; an empty identifier means all of them.
#[derive(Debug, Serialize)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) title: String,
}

#[derive(Debug, Serialize)]
struct Given {
    /// The title of the newsletter; empty for all.
    title: String,
    newsletter: String,
    role: Role,
}

#[derive(Debug, Serialize)]
struct Person {
    id: EditorId,
    name: String,
    email: String,
    roles: Vec<Given>,
    /// Nobody has set a password yet.
    invited: bool,
    has_totp: bool,
    own: bool,
}

#[derive(Debug, Serialize)]
struct People {
    people: Vec<Person>,
    places: Vec<Place>,
    roles: &'static [Role],
    languages: Vec<(Language, String)>,
    language: Language,
    done: &'static str,
    ask: bool,
}

impl DeskPage for People {
    const TEMPLATE: &'static str = "desk/people.html";
}

#[derive(Debug, Serialize)]
struct One {
    person: Person,
    places: Vec<Place>,
    roles: &'static [Role],
    done: &'static str,
    ask: bool,
}

impl DeskPage for One {
    const TEMPLATE: &'static str = "desk/person.html";
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

fn notice(done: &str) -> &'static str {
    match done {
        "invited" => "desk-people-invited",
        "saved" => "desk-account-saved",
        "removed" => "desk-people-removed",
        _ => "",
    }
}

pub(super) async fn newsletters(service: &Service) -> Result<Vec<Newsletter>, DeskError> {
    Ok(store::newsletter::list(&mut service.store.read().await?).await?)
}

pub(super) fn places(newsletters: &[Newsletter]) -> Vec<Place> {
    let place = |newsletter: &Newsletter| Place {
        id: newsletter.id.to_string(),
        title: newsletter.title.clone(),
    };
    newsletters.iter().map(place).collect()
}

fn person(account: &Account, newsletters: &[Newsletter], signed_in: &SignedIn) -> Person {
    let editor: &Editor = &account.editor;
    let given = editor.roles.given().map(|(newsletter, role)| {
        let found = newsletters.iter().find(|one| Some(one.id) == newsletter);
        Given {
            title: found.map(|one| one.title.clone()).unwrap_or_default(),
            newsletter: newsletter.map(|id| id.to_string()).unwrap_or_default(),
            role,
        }
    });
    Person {
        id: editor.id,
        name: editor.name.clone(),
        email: editor.email.to_string(),
        roles: given.collect(),
        invited: account.password_hash.is_none(),
        has_totp: account.totp_salt.is_some(),
        own: editor.id == signed_in.0.editor.id,
    }
}

pub(super) async fn list(
    State(service): State<Service>,
    signed_in: SignedIn,
    PageQuery(Done { done }): PageQuery<Done>,
) -> Result<Response, DeskError> {
    signed_in.require_owner()?;
    let newsletters = newsletters(&service).await?;
    let all = people::list(&service).await?;
    let one = |account| person(account, &newsletters, &signed_in);
    let languages = Language::ALL.iter();
    let page = People {
        people: all.iter().map(one).collect(),
        places: places(&newsletters),
        roles: Role::ALL,
        languages: languages
            .map(|code| (*code, language_name(*code)))
            .collect(),
        language: signed_in.0.editor.language,
        done: notice(&done),
        ask: fresh::ask(&service, &signed_in),
    };
    Ok(DeskLayout::new(&signed_in, Section::People).answer(StatusCode::OK, &page))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Invitation {
    email: String,
    name: String,
    role: String,
    #[serde(default)]
    newsletter: String,
    language: String,
    #[serde(default)]
    proof: String,
}

pub(super) async fn invite(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<Invitation>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    fresh::require(&service, &signed_in, &form.proof).await?;
    let speaks = signed_in.0.editor.language;
    let email = EmailAddress::parse(&form.email).map_err(|wrong| {
        let letter = wrong.mixed_letter();
        let values = [
            ("letter", letter.map_or("", |_| "").into()),
            ("script", letter.map_or("", |(_, script)| script).into()),
        ];
        DeskError::Invalid(text(speaks, wrong.code(), &values))
    })?;
    let new = NewEditor {
        email,
        name: form.name,
        language: form.language.parse().unwrap_or(speaks),
        newsletter: newsletter_id(&service, &form.newsletter).await?,
        role: role(&form.role)?,
    };
    let added = people::add(&service, new, true, &actor).await;
    added.map_err(|refused| said(speaks, refused))?;
    Ok(go("/desk/people?done=invited"))
}

pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    PageQuery(Done { done }): PageQuery<Done>,
) -> Result<Response, DeskError> {
    signed_in.require_owner()?;
    let newsletters = newsletters(&service).await?;
    let account = people::by_id(&service, EditorId(id)).await;
    let account = account.map_err(|refused| said(signed_in.0.editor.language, refused))?;
    let page = One {
        person: person(&account, &newsletters, &signed_in),
        places: places(&newsletters),
        roles: Role::ALL,
        done: notice(&done),
        ask: fresh::ask(&service, &signed_in),
    };
    Ok(DeskLayout::new(&signed_in, Section::People).answer(StatusCode::OK, &page))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRole {
    role: String,
    #[serde(default)]
    newsletter: String,
    #[serde(default)]
    proof: String,
}

pub(super) async fn set_role(
    State(service): State<Service>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<NewRole>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    fresh::require(&service, &signed_in, &form.proof).await?;
    let newsletter = newsletter_id(&service, &form.newsletter).await?;
    let new = match form.role.as_str() {
        "none" => None,
        word => Some(role(word)?),
    };
    let set = people::set_role(&service, EditorId(id), newsletter, new, &actor).await;
    set.map_err(|refused| said(signed_in.0.editor.language, refused))?;
    Ok(go(&format!("/desk/people/{id}?done=saved")))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proof {
    #[serde(default)]
    proof: String,
}

pub(super) async fn invite_again(
    State(service): State<Service>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<Proof>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    fresh::require(&service, &signed_in, &form.proof).await?;
    let sent = people::invite_again(&service, EditorId(id), &actor).await;
    sent.map_err(|refused| said(signed_in.0.editor.language, refused))?;
    Ok(go(&format!("/desk/people/{id}?done=invited")))
}

pub(super) async fn remove(
    State(service): State<Service>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<Proof>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    fresh::require(&service, &signed_in, &form.proof).await?;
    let removed = people::remove(&service, EditorId(id), &actor).await;
    removed.map_err(|refused| said(signed_in.0.editor.language, refused))?;
    Ok(go("/desk/people?done=removed"))
}

pub(super) fn role(word: &str) -> Result<Role, DeskError> {
    word.parse()
        .map_err(|_| DeskError::Unreadable(StatusCode::BAD_REQUEST))
}

/// The newsletter that a form names; none for all of them.
pub(super) async fn newsletter_id(
    service: &Service,
    id: &str,
) -> Result<Option<NewsletterId>, DeskError> {
    if id.is_empty() {
        return Ok(None);
    }
    let all = newsletters(service).await?;
    let found = all.iter().find(|one| one.id.to_string() == id);
    found.map(|one| Some(one.id)).ok_or(DeskError::NotFound)
}
