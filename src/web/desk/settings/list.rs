//! Whose settings a person may open.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::{SlugInPath, Tab, role_in, to};
use crate::domain::{Newsletter, Role};
use crate::service::Service;
use crate::store;
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::{DeskError, SignedIn};

#[derive(Serialize)]
struct List {
    newsletters: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    slug: String,
    title: String,
    description: String,
    language: &'static str,
    is_owner: bool,
    accent: String,
}

impl DeskPage for List {
    const TEMPLATE: &'static str = "desk/settings/list.html";
}

/// GET /desk/settings: straight to the only one.
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
) -> Result<Response, DeskError> {
    let mut newsletters = store::newsletter::list(&mut service.store.read().await?).await?;
    newsletters.retain(|newsletter| role_in(&signed_in, newsletter.id).is_some());
    if let [only] = newsletters.as_slice() {
        return to(&format!("/desk/settings/{}/basics", only.slug));
    }
    let line = |newsletter: &Newsletter| Line {
        slug: newsletter.slug.to_string(),
        title: newsletter.title.clone(),
        description: newsletter.description.clone(),
        language: newsletter.language.as_str(),
        is_owner: role_in(&signed_in, newsletter.id) == Some(Role::Owner),
        accent: newsletter
            .accent
            .map(|accent| accent.to_string())
            .unwrap_or_default(),
    };
    let page = List {
        newsletters: newsletters.iter().map(line).collect(),
    };
    Ok(DeskLayout::new(&signed_in, Section::Settings).answer(StatusCode::OK, &page))
}

/// GET /desk/settings/{slug}
pub(super) async fn first_page(
    _: SignedIn,
    SlugInPath(slug): SlugInPath,
) -> Result<Response, DeskError> {
    to(&format!("/desk/settings/{slug}/{}", Tab::Basics.name()))
}
