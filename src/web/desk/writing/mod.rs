//! The page on which an issue is written.

mod answer;
mod arrange;
mod correction;
mod form;
mod history;
mod page;
mod preview;
mod saving;
mod test_copy;
mod undo;

pub(super) use history::{look, restore, show as show_history};
pub(super) use preview::show as show_preview;
pub(super) use saving::save;
pub(super) use test_copy::{send as send_test_copy, show as show_test_copies};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use self::form::Draft;
use self::page::WritePage;
use super::layout::{DeskLayout, Section};
use super::refusal::refusal;
use super::{DeskError, SignedIn};
use crate::domain::{Actor, Issue, IssueContent, IssueId, IssueState, Language, Newsletter, Role};
use crate::publish;
use crate::service::Service;
use crate::store;
use crate::web::public::PageQuery;

/// An issue that somebody has opened, with its newsletter.
pub(in crate::web) struct Opened {
    pub(in crate::web) issue: Issue,
    pub(in crate::web) newsletter: Newsletter,
    pub(in crate::web) actor: Actor,
}

impl Opened {
    /// What this person has written and is not in the issue yet, where `own` asks for it; a draft has all of it.
    pub(super) async fn own_text(
        &self,
        service: &Service,
        own: &str,
        language: Language,
    ) -> Result<Option<IssueContent>, DeskError> {
        if own.is_empty() || self.issue.state == IssueState::Draft {
            return Ok(None);
        }
        let own = publish::unapplied(service, &self.issue, &self.actor).await;
        let own = own.map_err(|error| refusal(language, error))?;
        Ok(own.map(|state| state.content))
    }
}

/// Opens an issue for a person with at least `role` in its newsletter.
pub(in crate::web) async fn open(
    service: &Service,
    signed_in: &SignedIn,
    id: Uuid,
    role: Role,
) -> Result<Opened, DeskError> {
    let mut db = service.store.read().await?;
    let issue = store::issue::by_id(&mut db, IssueId(id)).await?;
    let issue = issue.ok_or(DeskError::NotFound)?;
    let actor = signed_in.require(issue.newsletter, role)?;
    let newsletter = store::newsletter::by_id(&mut db, issue.newsletter).await?;
    Ok(Opened {
        issue,
        newsletter,
        actor,
    })
}

/// The path of an identifier; another text is the path of nothing.
pub(in crate::web) struct IssueInPath(pub(in crate::web) Uuid);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for IssueInPath {
    type Rejection = DeskError;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        state: &S,
    ) -> Result<Self, DeskError> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let path = path.map_err(|_| DeskError::NotFound)?;
        let id = path.first().and_then(|(_, id)| id.parse().ok());
        id.map(Self).ok_or(DeskError::NotFound)
    }
}

#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct WriteQuery {
    #[serde(default)]
    test: i64,
    #[serde(default)]
    recipe: String,
    /// `issue` for what the issue says, whatever this person has aside.
    #[serde(default)]
    text: String,
}

/// GET /desk/issues/{id}/write
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    PageQuery(query): PageQuery<WriteQuery>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    if opened.issue.edit().is_err() {
        let page = if opened.issue.state == IssueState::Sending {
            "watch"
        } else {
            "report"
        };
        return Ok(Redirect::to(&format!("/desk/issues/{id}/{page}")).into_response());
    }
    let layout = DeskLayout::new(&signed_in, Section::Issues);
    let colleague = publish::also_writing(&service, opened.issue.id, &opened.actor).await;
    let colleague = colleague.map_err(|error| refusal(layout.language(), error))?;
    let aside = publish::unapplied(&service, &opened.issue, &opened.actor).await;
    let aside = aside.map_err(|error| refusal(layout.language(), error))?;
    let at = aside.as_ref().map(|state| state.saved_at.to_string());
    // A draft takes what is typed: its page must not put into it by itself what was kept aside.
    let goes_on = opened.issue.state != IssueState::Draft && query.text != "issue";
    let aside = aside.filter(|_| goes_on).map(|state| state.content);
    let draft = Draft::opened(aside.unwrap_or_else(|| opened.issue.content.clone()));
    let mut page = WritePage::new(&service, &signed_in, &opened, &draft)?;
    (page.unapplied, page.elsewhere) = if goes_on { (at, None) } else { (None, at) };
    page.recent_editor = colleague;
    page.test_sent = query.test;
    page.recipe_kept = query.recipe == "kept";
    Ok(layout.answer(StatusCode::OK, &page))
}
