//! API tokens, for owners of all newsletters.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::people::{Place, newsletter_id, newsletters, places, role, whose};
use super::signing_in::go;
use super::{said, zone_of};
use crate::accounts::people;
use crate::accounts::token::{self, NewToken};
use crate::domain::{EditorId, Role};
use crate::service::Service;
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::{CsrfForm, DeskError, SignedIn, fresh};

/// For how many days a token may be good; 0 for ever.
const DAYS: [i64; 4] = [30, 90, 365, 0];
/// The choice of most.
const USUAL_DAYS: i64 = 90;

#[derive(Debug, Serialize)]
struct Listed {
    id: Uuid,
    name: String,
    role: Role,
    /// The titles of its newsletters; none for all.
    newsletters: Vec<String>,
    /// The name of the person whose it is; none where it is a program's, or the account is gone.
    whose: Option<String>,
    /// The name of who made it, likewise.
    made_by: Option<String>,
    expires: Option<String>,
}

#[derive(Debug, Serialize)]
struct Tokens {
    tokens: Vec<Listed>,
    places: Vec<Place>,
    roles: &'static [Role],
    /// Whose a token may be.
    people: Vec<Place>,
    days: [i64; 4],
    /// A token that was made just now: it is shown once.
    made: Option<String>,
    /// The form, as it was typed.
    typed: New,
    /// The field that did not do: `name` or `proof`; empty if all did.
    wrong: &'static str,
    /// What is wrong with it.
    why: String,
    /// The time zone of their times.
    zone: String,
    ask: bool,
}

impl DeskPage for Tokens {
    const TEMPLATE: &'static str = "desk/tokens.html";
}

pub(super) async fn list(
    State(service): State<Service>,
    signed_in: SignedIn,
) -> Result<Response, DeskError> {
    page(&service, &signed_in, None, None).await
}

/// The page, also again with a token that was just made, or with a form of which a field did not do, and why.
async fn page(
    service: &Service,
    signed_in: &SignedIn,
    made: Option<String>,
    refused: Option<(New, &'static str, String)>,
) -> Result<Response, DeskError> {
    signed_in.require_owner()?;
    let newsletters = newsletters(service).await?;
    let people = people::list(service).await?;
    let name = |id: Option<EditorId>| whose(&people, id).map(|editor| editor.name.clone());
    let listed = |one: token::Listed| {
        let scope = one.holder.newsletters.unwrap_or_default();
        let named = scope.iter().map(|id| {
            let found = newsletters.iter().find(|newsletter| newsletter.id == *id);
            found.map_or_else(|| id.to_string(), |found| found.title.clone())
        });
        Listed {
            id: one.holder.id,
            name: one.holder.name,
            role: one.holder.role,
            newsletters: named.collect(),
            whose: name(one.holder.editor),
            made_by: name(one.made_by),
            expires: one.expires_at.map(|at| at.to_string()),
        }
    };
    let tokens = token::list(service).await?;
    let places = places(&newsletters);
    let status = match refused {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (typed, wrong, why) = refused.unwrap_or_else(|| {
        let blank = New {
            newsletter: places.first().map(|one| one.id.clone()).unwrap_or_default(),
            person: signed_in.0.editor.id.to_string(),
            days: USUAL_DAYS,
            ..New::default()
        };
        (blank, "", String::new())
    });
    let page = Tokens {
        tokens: tokens.into_iter().map(listed).collect(),
        places,
        roles: Role::ALL,
        people: people
            .iter()
            .map(|account| Place {
                id: account.editor.id.to_string(),
                title: account.editor.name.clone(),
            })
            .collect(),
        days: DAYS,
        made,
        typed,
        wrong,
        why,
        zone: zone_of(signed_in, &newsletters),
        ask: fresh::ask(service, signed_in),
    };
    Ok(DeskLayout::new(signed_in, Section::People).answer(status, &page))
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct New {
    name: String,
    role: String,
    #[serde(default)]
    newsletter: String,
    /// Whose it is; empty for a program's.
    person: String,
    days: i64,
    #[serde(default, skip_serializing)]
    proof: String,
}

pub(super) async fn make(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<New>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    if let Some(why) = fresh::lacks(&service, &signed_in, &form.proof).await? {
        return page(&service, &signed_in, None, Some((form, "proof", why))).await;
    }
    let newsletter = newsletter_id(&service, &form.newsletter).await?;
    let editor = match form.person.as_str() {
        "" => None,
        id => {
            let id = id.parse().map_err(|_| DeskError::NotFound)?;
            let found = people::by_id(&service, EditorId(id)).await;
            let found = found.map_err(|refused| said(signed_in.0.editor.language, refused))?;
            Some(found.editor.id)
        }
    };
    let days = Some(form.days).filter(|days| DAYS.contains(days) && *days > 0);
    let new = NewToken {
        name: form.name.clone(),
        role: role(&form.role)?,
        newsletters: newsletter.map(|one| vec![one]),
        editor,
        lasts: days.map(|days| SignedDuration::from_hours(24 * days)),
    };
    let made = token::add(&service, new, &actor).await;
    match made.map_err(|refused| said(signed_in.0.editor.language, refused)) {
        Ok(made) => page(&service, &signed_in, Some(made), None).await,
        Err(DeskError::Invalid(why)) => {
            page(&service, &signed_in, None, Some((form, "name", why))).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Needs no fresh proof: to take a right away must be quick.
pub(super) async fn revoke(
    State(service): State<Service>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    CsrfForm(Nothing {}): CsrfForm<Nothing>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    if !token::revoke(&service, id, &actor).await? {
        return Err(DeskError::NotFound);
    }
    Ok(go("/desk/people/tokens"))
}
