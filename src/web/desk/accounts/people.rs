//! People: who has an account, and inviting somebody. For owners of all newsletters.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::said;
use super::signing_in::go;
use crate::accounts::Refused;
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
pub(super) struct Given {
    /// The title of the newsletter; empty for all.
    title: String,
    newsletter: String,
    role: Role,
}

#[derive(Debug, Serialize)]
pub(super) struct Person {
    id: EditorId,
    pub(super) name: String,
    email: String,
    roles: Vec<Given>,
    /// Nobody has set a password yet.
    invited: bool,
    has_totp: bool,
    own: bool,
    is_owner: bool,
}

#[derive(Debug, Serialize)]
struct People {
    people: Vec<Person>,
    places: Vec<Place>,
    roles: &'static [Role],
    languages: Vec<(Language, String)>,
    /// The form, as it was typed.
    typed: Invitation,
    /// The field that did not do: `name`, `email` or `proof`; empty if all did.
    wrong: &'static str,
    /// What is wrong with it.
    why: String,
    done: &'static str,
    ask: bool,
}

impl DeskPage for People {
    const TEMPLATE: &'static str = "desk/people.html";
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    pub(super) done: String,
}

pub(super) fn notice(done: &str) -> &'static str {
    match done {
        "invited" => "desk-people-invited",
        "saved" => "desk-account-saved",
        "removed" => "desk-people-removed",
        "totp-off" => "desk-people-totp-is-off",
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

/// The person with this account, while there is one.
pub(super) fn whose(people: &[Account], id: Option<EditorId>) -> Option<&Editor> {
    let mut all = people.iter().map(|account| &account.editor);
    all.find(|editor| Some(editor.id) == id)
}

pub(super) fn person(
    account: &Account,
    newsletters: &[Newsletter],
    signed_in: &SignedIn,
) -> Person {
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
        is_owner: editor.roles.is_owner_everywhere(),
    }
}

pub(super) async fn list(
    State(service): State<Service>,
    signed_in: SignedIn,
    PageQuery(Done { done }): PageQuery<Done>,
) -> Result<Response, DeskError> {
    signed_in.require_owner()?;
    page(&service, &signed_in, notice(&done), None).await
}

/// The page, also again with an invitation of which a field did not do, and why.
async fn page(
    service: &Service,
    signed_in: &SignedIn,
    done: &'static str,
    refused: Option<(Invitation, &'static str, String)>,
) -> Result<Response, DeskError> {
    let newsletters = newsletters(service).await?;
    let all = people::list(service).await?;
    let one = |account| person(account, &newsletters, signed_in);
    let languages = Language::ALL.iter();
    let places = places(&newsletters);
    let status = match refused {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (typed, wrong, why) = refused.unwrap_or_else(|| {
        let blank = Invitation {
            role: Role::Editor.to_string(),
            newsletter: places.first().map(|one| one.id.clone()).unwrap_or_default(),
            language: signed_in.0.editor.language.to_string(),
            ..Invitation::default()
        };
        (blank, "", String::new())
    });
    let page = People {
        people: all.iter().map(one).collect(),
        places,
        roles: Role::ALL,
        languages: languages
            .map(|code| (*code, language_name(*code)))
            .collect(),
        typed,
        wrong,
        why,
        done,
        ask: fresh::ask(service, signed_in),
    };
    Ok(DeskLayout::new(signed_in, Section::People).answer(status, &page))
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Invitation {
    email: String,
    name: String,
    role: String,
    #[serde(default)]
    newsletter: String,
    language: String,
    #[serde(default, skip_serializing)]
    proof: String,
}

pub(super) async fn invite(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<Invitation>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    if let Some(why) = fresh::lacks(&service, &signed_in, &form.proof).await? {
        return page(&service, &signed_in, "", Some((form, "proof", why))).await;
    }
    let speaks = signed_in.0.editor.language;
    let email = match EmailAddress::parse(&form.email) {
        Ok(email) => email,
        Err(wrong) => {
            let letter = wrong.mixed_letter();
            let values = [
                ("letter", letter.map_or("", |_| "").into()),
                ("script", letter.map_or("", |(_, script)| script).into()),
            ];
            let why = text(speaks, wrong.code(), &values);
            return page(&service, &signed_in, "", Some((form, "email", why))).await;
        }
    };
    let new = NewEditor {
        email,
        name: form.name.clone(),
        language: form.language.parse().unwrap_or(speaks),
        newsletter: newsletter_id(&service, &form.newsletter).await?,
        role: role(&form.role)?,
    };
    let Err(refused) = people::add(&service, new, true, &actor).await else {
        return Ok(go("/desk/people?done=invited"));
    };
    let field = match refused {
        Refused::BadName => "name",
        _ => "email",
    };
    match said(speaks, refused) {
        DeskError::Invalid(why) => page(&service, &signed_in, "", Some((form, field, why))).await,
        error => Err(error),
    }
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
