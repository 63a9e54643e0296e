//! The buttons. Each may be pressed twice: the second time changes nothing.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{report, send, watch};
use crate::domain::{Issue, IssueState, RefusedTransition, Role};
use crate::publish::{self, PublishError, Retry};
use crate::service::Service;
use crate::web::desk::csrf::CsrfForm;
use crate::web::desk::refusal::refusal;
use crate::web::desk::writing::{IssueInPath, Opened, open};
use crate::web::desk::{DeskError, SignedIn, fresh};

/// A form that is nothing but a button.
#[derive(Debug, Deserialize)]
pub(super) struct Button {}

/// A button that cannot be undone.
#[derive(Debug, Deserialize)]
pub(super) struct Proven {
    #[serde(default)]
    proof: String,
}

/// A form that acts on what somebody has seen.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    version: i64,
    #[serde(default)]
    proof: String,
}

/// The next page of the same issue.
pub(super) fn to(opened: &Opened, page: &str) -> Response {
    Redirect::to(&format!("/desk/issues/{}/{page}", opened.issue.id)).into_response()
}

/// POST /desk/issues/{id}/approve
pub(super) async fn approve(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(seen): CsrfForm<Seen>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    if let Some(why) = fresh::lacks(&service, &signed_in, &seen.proof).await? {
        return match opened.issue.state {
            IssueState::Draft | IssueState::Scheduled => {
                send::ask_again(&service, &signed_in, &opened, why).await
            }
            IssueState::Paused => watch::page(&service, &signed_in, opened, why).await,
            IssueState::Sent => report::page(&service, &signed_in, opened, why).await,
            // There is nothing to approve any more.
            _ => Ok(to(&opened, "watch")),
        };
    }
    let version = Some(seen.version);
    let done = publish::approve(&service, opened.issue.id, version, &opened.actor).await;
    then(&signed_in, &opened, done, "send")
}

/// POST /desk/issues/{id}/ask-approval: colleagues find it on their first page.
pub(super) async fn ask_approval(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(seen): CsrfForm<Seen>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let version = Some(seen.version);
    let done = publish::ask_approval(&service, opened.issue.id, version, &opened.actor).await;
    then(&signed_in, &opened, done, "send")
}

/// POST /desk/issues/{id}/take-back
pub(super) async fn take_back(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(Button {}): CsrfForm<Button>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let done = publish::unschedule(&service, opened.issue.id, None, &opened.actor).await;
    then(&signed_in, &opened, done, "send")
}

/// POST /desk/issues/{id}/pause
pub(super) async fn pause(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(Button {}): CsrfForm<Button>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let done = publish::pause(&service, opened.issue.id, None, &opened.actor).await;
    then(&signed_in, &opened, done, "watch")
}

/// POST /desk/issues/{id}/resume
pub(super) async fn resume(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(Button {}): CsrfForm<Button>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let done = publish::resume(&service, opened.issue.id, None, &opened.actor).await;
    then(&signed_in, &opened, done, "watch")
}

/// POST /desk/issues/{id}/cancel
pub(super) async fn cancel(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(Button {}): CsrfForm<Button>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let done = publish::cancel(&service, opened.issue.id, None, &opened.actor).await;
    then(&signed_in, &opened, done, "report")
}

/// POST /desk/issues/{id}/hide: takes its page off the web. It asks nothing, as the page can be put back.
pub(super) async fn hide(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(Button {}): CsrfForm<Button>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let done = publish::hide(&service, opened.issue.id, None, &opened.actor).await;
    then(&signed_in, &opened, done, "watch")
}

/// POST /desk/issues/{id}/unhide
pub(super) async fn unhide(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(Button {}): CsrfForm<Button>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let done = publish::unhide(&service, opened.issue.id, None, &opened.actor).await;
    then(&signed_in, &opened, done, "watch")
}

/// POST /desk/issues/{id}/throw-away: cancels a draft. What a colleague has sent or scheduled meanwhile stays as it is.
pub(super) async fn throw_away(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(Button {}): CsrfForm<Button>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let from = opened.issue.state;
    if !matches!(from, IssueState::Draft | IssueState::Cancelled) {
        let wish = "thrown away";
        return Err(refused(&signed_in, RefusedTransition { from, wish }.into()));
    }
    let version = Some(opened.issue.version);
    publish::cancel(&service, opened.issue.id, version, &opened.actor)
        .await
        .map_err(|error| refused(&signed_in, error))?;
    Ok(Redirect::to("/desk/issues?done=thrown-away").into_response())
}

/// POST /desk/issues/{id}/retry
pub(super) async fn retry(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(proven): CsrfForm<Proven>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    if let Some(why) = fresh::lacks(&service, &signed_in, &proven.proof).await? {
        return report::page(&service, &signed_in, opened, why).await;
    }
    let done = publish::retry_failed(
        &service,
        opened.issue.id,
        Retry::Failed,
        None,
        &opened.actor,
    )
    .await;
    then(&signed_in, &opened, done, "watch")
}

/// POST /desk/issues/{id}/erratum
pub(super) async fn erratum(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(Button {}): CsrfForm<Button>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let begun = publish::erratum(&service, opened.issue.id, None, &opened.actor)
        .await
        .map_err(|error| refused(&signed_in, error))?;
    Ok(Redirect::to(&format!("/desk/issues/{}/write", begun.id)).into_response())
}

/// Leads to a page of the issue once a step is done.
fn then(
    signed_in: &SignedIn,
    opened: &Opened,
    done: Result<Issue, PublishError>,
    page: &str,
) -> Result<Response, DeskError> {
    done.map_err(|error| refused(signed_in, error))?;
    Ok(to(opened, page))
}

fn refused(signed_in: &SignedIn, error: PublishError) -> DeskError {
    refusal(signed_in.0.editor.language, error)
}
