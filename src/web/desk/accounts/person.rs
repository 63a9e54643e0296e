//! One person: roles, another invitation, removing the account. For owners of all newsletters.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::people::{
    Done, Person, Place, newsletter_id, newsletters, notice, person, places, role,
};
use super::said;
use super::signing_in::go;
use crate::accounts::people::{self, TokensOfPerson};
use crate::accounts::{Refused, second_factor, token};
use crate::domain::{EditorId, Role};
use crate::service::Service;
use crate::web::desk::fresh::{self, Proof};
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::{CsrfForm, DeskError, SignedIn};
use crate::web::public::PageQuery;

#[derive(Debug, Serialize)]
struct One {
    person: Person,
    /// The names of the tokens that this person has or has made.
    tokens: Vec<String>,
    places: Vec<Place>,
    roles: &'static [Role],
    /// The form of the role, as it was typed.
    typed: NewRole,
    refused: Refusal,
    done: &'static str,
    ask: bool,
}

impl DeskPage for One {
    const TEMPLATE: &'static str = "desk/person.html";
}

/// What did not do in a form that is shown again.
#[derive(Debug, Default, Serialize)]
struct Refusal {
    /// Which form: `role`, `totp` or `remove`; empty for none.
    form: &'static str,
    /// What was wrong with the proof; empty if nothing.
    proof: String,
    /// What else was wrong; empty if nothing.
    why: String,
}

impl Refusal {
    fn of_proof(form: &'static str, why: String) -> Self {
        Self {
            form,
            proof: why,
            why: String::new(),
        }
    }
}

pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    PageQuery(Done { done }): PageQuery<Done>,
) -> Result<Response, DeskError> {
    signed_in.require_owner()?;
    let blank = (NewRole::default(), Refusal::default());
    page(&service, &signed_in, id, notice(&done), blank).await
}

/// The page, also again with what was typed and what of it did not do.
async fn page(
    service: &Service,
    signed_in: &SignedIn,
    id: Uuid,
    done: &'static str,
    (typed, refused): (NewRole, Refusal),
) -> Result<Response, DeskError> {
    let newsletters = newsletters(service).await?;
    let account = people::by_id(service, EditorId(id)).await;
    let account = account.map_err(|refused| said(signed_in.0.editor.language, refused))?;
    let status = match refused.form {
        "" => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let tokens = token::of_person(service, EditorId(id)).await?;
    let page = One {
        tokens: tokens.into_iter().map(|one| one.holder.name).collect(),
        person: person(&account, &newsletters, signed_in),
        places: places(&newsletters),
        roles: Role::ALL,
        typed,
        refused,
        done,
        ask: fresh::ask(service, signed_in),
    };
    Ok(DeskLayout::new(signed_in, Section::People).answer(status, &page))
}

/// Leads on when a step was done; shows its form again when it was refused.
async fn then(
    service: &Service,
    signed_in: &SignedIn,
    id: Uuid,
    (form, typed): (&'static str, NewRole),
    (step, next): (Result<(), Refused>, &str),
) -> Result<Response, DeskError> {
    match step.map_err(|refused| said(signed_in.0.editor.language, refused)) {
        Ok(()) => Ok(go(next)),
        Err(DeskError::Invalid(why)) => {
            let refused = Refusal {
                form,
                proof: String::new(),
                why,
            };
            page(service, signed_in, id, "", (typed, refused)).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRole {
    role: String,
    #[serde(default)]
    newsletter: String,
    /// `revoke`, or empty.
    #[serde(default)]
    tokens: String,
    #[serde(default, skip_serializing)]
    proof: String,
}

pub(super) async fn set_role(
    State(service): State<Service>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<NewRole>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    if let Some(why) = fresh::lacks(&service, &signed_in, &form.proof).await? {
        let refused = Refusal::of_proof("role", why);
        return page(&service, &signed_in, id, "", (form, refused)).await;
    }
    let newsletter = newsletter_id(&service, &form.newsletter).await?;
    let new = match form.role.as_str() {
        "none" => None,
        word => Some(role(word)?),
    };
    let (given, tokens) = ((newsletter, new), tokens_of(&form.tokens));
    let set = people::set_role(&service, EditorId(id), given, tokens, &actor).await;
    let next = format!("/desk/people/{id}?done=saved");
    then(&service, &signed_in, id, ("role", form), (set, &next)).await
}

fn tokens_of(box_of_form: &str) -> TokensOfPerson {
    match box_of_form {
        "revoke" => TokensOfPerson::Revoke,
        _ => TokensOfPerson::Keep,
    }
}

/// The form of what is done with the whole account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfAccount {
    /// `revoke`, or empty.
    #[serde(default)]
    tokens: String,
    #[serde(default)]
    proof: String,
}

impl OfAccount {
    /// As the page shows it again.
    fn typed(&self) -> NewRole {
        NewRole {
            tokens: self.tokens.clone(),
            ..NewRole::default()
        }
    }
}

/// The page again, where there is no proof for a form that asks for nothing else.
async fn unproven(
    service: &Service,
    signed_in: &SignedIn,
    id: Uuid,
    (form, proof): (&'static str, &str),
    typed: NewRole,
) -> Result<Option<Response>, DeskError> {
    let Some(why) = fresh::lacks(service, signed_in, proof).await? else {
        return Ok(None);
    };
    let refused = (typed, Refusal::of_proof(form, why));
    let again = page(service, signed_in, id, "", refused).await?;
    Ok(Some(again))
}

pub(super) async fn invite_again(
    State(service): State<Service>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<OfAccount>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    let proof = ("remove", form.proof.as_str());
    if let Some(again) = unproven(&service, &signed_in, id, proof, form.typed()).await? {
        return Ok(again);
    }
    let sent = people::invite_again(&service, EditorId(id), &actor).await;
    sent.map_err(|refused| said(signed_in.0.editor.language, refused))?;
    Ok(go(&format!("/desk/people/{id}?done=invited")))
}

/// For who has lost both phone and recovery codes.
pub(super) async fn turn_codes_off(
    State(service): State<Service>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<Proof>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    let proof = ("totp", form.proof.as_str());
    if let Some(again) = unproven(&service, &signed_in, id, proof, NewRole::default()).await? {
        return Ok(again);
    }
    let off = second_factor::turn_off_for(&service, EditorId(id), &actor).await;
    off.map_err(|refused| said(signed_in.0.editor.language, refused))?;
    Ok(go(&format!("/desk/people/{id}?done=totp-off")))
}

pub(super) async fn remove(
    State(service): State<Service>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    CsrfForm(form): CsrfForm<OfAccount>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    let proof = ("remove", form.proof.as_str());
    if let Some(again) = unproven(&service, &signed_in, id, proof, form.typed()).await? {
        return Ok(again);
    }
    let removed = people::remove(&service, EditorId(id), tokens_of(&form.tokens), &actor).await;
    let form = ("remove", form.typed());
    then(
        &service,
        &signed_in,
        id,
        form,
        (removed, "/desk/people?done=removed"),
    )
    .await
}
