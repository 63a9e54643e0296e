//! The settings of a newsletter, a page for each matter. Owners change them; everybody else with a role may look.
//!
//! Each page is a form that carries the version it was made from. What is refused stays on the page as it was typed.

mod arrange;
mod basics;
mod fields;
mod fields_form;
mod list;
mod look;
mod page;
mod recipe;
mod safety;
mod signup;
mod text_label;
mod texts;
mod trouble;
mod upload;

pub(super) use text_label::{mail_label, text_label};

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::header::{HeaderMap, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;

use basics::Basics;
use page::{post_words, show_words};
use safety::Safety;

use super::layout::{DeskLayout, Section};
use super::typed::one_line;
use super::{DeskError, SignedIn};
use crate::domain::{Actor, Language, Newsletter, NewsletterId, Role, Slug};
use crate::service::Service;
use crate::store;

/// The routes, all of them forms.
pub(super) fn routes() -> Router<Service> {
    Router::new()
        .route("/desk/settings", get(list::show))
        .route("/desk/settings/{slug}", get(list::first_page))
        .route(
            "/desk/settings/{slug}/basics",
            get(show_words::<Basics>).post(post_words::<Basics>),
        )
        .route(
            "/desk/settings/{slug}/look",
            get(look::show).post(look::save),
        )
        .route("/desk/settings/{slug}/look/contrast", get(look::contrast))
        .route(
            "/desk/settings/{slug}/look/preview",
            get(look::preview).post(look::preview_typed),
        )
        .route(
            "/desk/settings/{slug}/recipe",
            get(recipe::show).post(recipe::save),
        )
        .route(
            "/desk/settings/{slug}/fields",
            get(fields::show).post(fields::save),
        )
        .route(
            "/desk/settings/{slug}/fields/preview",
            get(fields::preview).post(fields::preview_typed),
        )
        .route(
            "/desk/settings/{slug}/texts",
            get(texts::show).post(texts::save),
        )
        .route(
            "/desk/settings/{slug}/texts/preview",
            get(texts::preview).post(texts::preview_typed),
        )
        .route(
            "/desk/settings/{slug}/signup",
            get(signup::show).post(signup::save),
        )
        .route(
            "/desk/settings/{slug}/safety",
            get(show_words::<Safety>).post(post_words::<Safety>),
        )
        .route(
            "/desk/settings/{slug}/safety/preview",
            get(safety::preview).post(safety::preview_typed),
        )
}

/// One of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Tab {
    Basics,
    Look,
    Recipe,
    Fields,
    Texts,
    Signup,
    Safety,
}

impl Tab {
    const ALL: [Self; 7] = [
        Self::Basics,
        Self::Look,
        Self::Recipe,
        Self::Fields,
        Self::Texts,
        Self::Signup,
        Self::Safety,
    ];

    /// Its last step in the address.
    fn name(self) -> &'static str {
        match self {
            Self::Basics => "basics",
            Self::Look => "look",
            Self::Recipe => "recipe",
            Self::Fields => "fields",
            Self::Texts => "texts",
            Self::Signup => "signup",
            Self::Safety => "safety",
        }
    }

    /// Who may change it: those who write keep the recipe of what they write.
    fn role(self) -> Role {
        match self {
            Self::Recipe => Role::Editor,
            _ => Role::Owner,
        }
    }
}

/// A newsletter whose settings somebody has opened.
struct Opened {
    newsletter: Newsletter,
    role: Role,
    layout: DeskLayout,
    signed_in: SignedIn,
}

impl Opened {
    /// The newsletter of a path, for anybody who has a role in it.
    async fn find(service: &Service, signed_in: SignedIn, slug: &str) -> Result<Self, DeskError> {
        let slug = Slug::parse(slug).map_err(|_| DeskError::NotFound)?;
        let mut db = service.store.read().await?;
        let found = store::newsletter::by_slug(&mut db, &slug).await?;
        let newsletter = found.ok_or(DeskError::NotFound)?;
        let role = role_in(&signed_in, newsletter.id).ok_or(DeskError::NotFound)?;
        Ok(Self {
            newsletter,
            role,
            layout: DeskLayout::new(&signed_in, Section::Settings),
            signed_in,
        })
    }

    fn language(&self) -> Language {
        self.layout.language()
    }

    /// Who acts, if the person may change this page.
    fn may_change(&self, tab: Tab) -> Result<Actor, DeskError> {
        self.signed_in.require(self.newsletter.id, tab.role())
    }

    fn path(&self, tab: Tab) -> String {
        format!("/desk/settings/{}/{}", self.newsletter.slug, tab.name())
    }

    /// Back to the page, which says that it is saved. `more` is added to its query.
    fn saved(&self, tab: Tab, more: &str) -> Result<Response, DeskError> {
        to(&format!("{}?saved=1{more}", self.path(tab)))
    }
}

fn role_in(signed_in: &SignedIn, newsletter: NewsletterId) -> Option<Role> {
    signed_in.0.editor.roles.in_newsletter(newsletter)
}

/// 303, so that a reload does not send the form again.
fn to(path: &str) -> Result<Response, DeskError> {
    let path = HeaderValue::from_str(path).map_err(|e| DeskError::Internal(e.to_string()))?;
    let headers: HeaderMap = [(LOCATION, path)].into_iter().collect();
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// The slug of a path.
struct SlugInPath(String);

impl<S: Send + Sync> FromRequestParts<S> for SlugInPath {
    type Rejection = DeskError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, DeskError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(slug) = path.map_err(|_| DeskError::NotFound)?;
        Ok(Self(slug))
    }
}

/// A text of several lines.
fn lines(typed: &str) -> String {
    let lines = typed.lines().map(one_line);
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
