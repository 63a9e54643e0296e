//! The states of an issue: who saved what when, and the way back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::{IssueInPath, open};
use crate::domain::{ContentChanges, CountrySet, Issue, IssueState, Language, Role};
use crate::publish::{self, Base, HistoryEntry, Step};
use crate::service::Service;
use crate::texts::text;
use crate::web::desk::above_mail::line_above;
use crate::web::desk::csrf::CsrfBody;
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::refusal::refusal;
use crate::web::desk::{DeskError, SignedIn};
use crate::web::inert_html::preview_html;

#[derive(Serialize)]
struct History {
    id: String,
    subject: String,
    /// The language of the newsletter, and so of its texts.
    language: Language,
    zone: String,
    may_restore: bool,
    states: Vec<StateLine>,
}

impl DeskPage for History {
    const TEMPLATE: &'static str = "desk/history.html";
}

#[derive(Serialize)]
struct StateLine {
    number: i64,
    at: String,
    who: String,
    aside: bool,
    changes: Vec<String>,
}

/// GET /desk/issues/{id}/history
pub(in crate::web::desk) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Viewer).await?;
    let layout = DeskLayout::new(&signed_in, Section::Issues);
    let language = layout.language();
    let states = publish::issue_history(&service, opened.issue.id).await;
    let states = states.map_err(|error| refusal(language, error))?;
    let role = signed_in.0.editor.roles.in_newsletter(opened.newsletter.id);
    let state = |entry: &HistoryEntry| StateLine {
        number: entry.state.number,
        at: entry.state.saved_at.to_string(),
        who: entry.state.actor_name.clone(),
        aside: entry.state.version.is_none(),
        changes: words(language, entry.changes),
    };
    let page = History {
        id: opened.issue.id.to_string(),
        subject: opened.issue.content.subject.clone(),
        language: opened.newsletter.language,
        zone: opened.newsletter.zone_name().to_owned(),
        may_restore: role >= Some(Role::Editor) && opened.issue.state == IssueState::Draft,
        states: states.iter().map(state).collect(),
    };
    Ok(layout.answer(StatusCode::OK, &page))
}

/// What was changed, in words.
fn words(language: Language, changes: ContentChanges) -> Vec<String> {
    let mut words = Vec::new();
    let mut say = |holds: bool, key: &str, count: usize| {
        if holds {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            words.push(text(language, key, &[("count", count.into())]));
        }
    };
    say(changes.subject, "desk-changed-subject", 0);
    say(changes.preheader, "desk-changed-preheader", 0);
    say(changes.intro, "desk-changed-intro", 0);
    say(changes.added > 0, "desk-changed-added", changes.added);
    say(changes.removed > 0, "desk-changed-removed", changes.removed);
    say(changes.edited > 0, "desk-changed-edited", changes.edited);
    say(changes.arranged, "desk-changed-arranged", 0);
    if changes.is_none() {
        words.push(text(language, "desk-changed-nothing", &[]));
    }
    words
}

/// The number in the path of a state.
#[derive(Debug, Deserialize)]
pub(in crate::web::desk) struct StatePath {
    number: i64,
}

/// GET /desk/issues/{id}/history/{number}: the issue as it was, as a mail.
pub(in crate::web::desk) async fn look(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    path: Option<Path<StatePath>>,
) -> Result<Response, DeskError> {
    let Some(Path(path)) = path else {
        return Err(DeskError::NotFound);
    };
    let opened = open(&service, &signed_in, id, Role::Viewer).await?;
    let state = publish::saved_state(&service, opened.issue.id, path.number).await;
    let language = signed_in.0.editor.language;
    let state = state.map_err(|error| refusal(language, error))?;
    let old = OldState {
        name: state.actor_name,
        at: state.saved_at.to_string(),
        zone: opened.newsletter.zone_name(),
    };
    let issue = Issue {
        content: state.content,
        ..opened.issue
    };
    let everything = CountrySet::default();
    let mail = publish::render_preview(&service, &opened.newsletter, &issue, everything)
        .map_err(|error| DeskError::Internal(error.to_string()))?;
    let html = line_above(language, &mail.html, "desk/_old_state.html", old)?;
    Ok(preview_html(&html))
}

/// Whose state of an issue it is, above the mail that it would be.
#[derive(Serialize)]
struct OldState<'a> {
    name: String,
    at: String,
    zone: &'a str,
}

/// POST /desk/issues/{id}/history/{number}: back to this state; the present one stays in the history.
pub(in crate::web::desk) async fn restore(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    path: Option<Path<StatePath>>,
    _: CsrfBody,
) -> Result<Response, DeskError> {
    let Some(Path(path)) = path else {
        return Err(DeskError::NotFound);
    };
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let refused = |error| refusal(signed_in.0.editor.language, error);
    let id = opened.issue.id;
    let state = publish::saved_state(&service, id, path.number).await;
    let state = state.map_err(refused)?;
    let step = (Base::Anything, Step::Own);
    // Before anything is kept: going back into an issue that goes out would change nothing.
    opened.issue.edit().map_err(|error| refused(error.into()))?;
    let saved = publish::save(&service, id, &state.content, step, &opened.actor).await;
    saved.map_err(refused)?;
    Ok(Redirect::to(&format!("/desk/issues/{id}/write")).into_response())
}
