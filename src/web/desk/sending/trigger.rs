//! Sending an issue: at once, at the usual time, or at another.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use super::act::to;
use super::send::{Typed, findings, page};
use super::words::say;
use crate::domain::{IssueState, Language, Newsletter, Role, check_schedule, parse_schedule};
use crate::publish::{self, PublishError, TAKE_BACK_TIME, Trigger};
use crate::service::Service;
use crate::web::desk::csrf::CsrfForm;
use crate::web::desk::refusal::refusal;
use crate::web::desk::writing::{IssueInPath, Opened, open};
use crate::web::desk::{DeskError, SignedIn, fresh};

/// Why the checks keep an issue from being sent now; empty when they do not.
async fn kept_by_checks(
    service: &Service,
    language: Language,
    opened: &Opened,
    seen: bool,
) -> Result<String, DeskError> {
    let (errors, warnings) = findings(service, language, opened).await?;
    Ok(if !errors.is_empty() {
        say(language, "errors-first", &[])
    } else if !warnings.is_empty() && !seen {
        say(language, "warnings-first", &[])
    } else {
        String::new()
    })
}

/// When to send.
#[derive(Debug, Deserialize)]
pub(super) struct SendForm {
    version: i64,
    when: String,
    #[serde(default)]
    at: String,
    /// What stood in `at` when the page was made.
    #[serde(default)]
    at_before: String,
    #[serde(default)]
    slot: String,
    #[serde(default)]
    proof: String,
    /// Present when the person has seen the warnings of the checks.
    #[serde(default)]
    seen: String,
}

/// POST /desk/issues/{id}/send
pub(super) async fn trigger(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    CsrfForm(form): CsrfForm<SendForm>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let typed = |error: String, proof_error: String| Typed {
        when: form.when.clone(),
        at: form.at.clone(),
        seen: !form.seen.is_empty(),
        error,
        proof_error,
        ..Typed::default()
    };
    if form.when != "at" && !form.at.is_empty() && form.at != form.at_before {
        // A time was typed, and another answer is chosen still: which is meant?
        let mut typed = typed(
            say(signed_in.0.editor.language, "time-or-choice", &[]),
            String::new(),
        );
        "at".clone_into(&mut typed.when);
        return page(&service, &signed_in, &opened, Some(typed)).await;
    }
    if let Some(why) = fresh::lacks(&service, &signed_in, &form.proof).await? {
        // What was chosen stays.
        let typed = typed(String::new(), why);
        return page(&service, &signed_in, &opened, Some(typed)).await;
    }
    let typed = |error: String| Typed {
        proven: true,
        ..typed(error, String::new())
    };
    let language = signed_in.0.editor.language;
    if opened.issue.state == IssueState::Draft && form.version != opened.issue.version {
        // What was chosen stays; what the checks found in another text was not seen.
        let typed = Typed {
            changed: true,
            seen: false,
            ..typed(String::new())
        };
        return page(&service, &signed_in, &opened, Some(typed)).await;
    }
    let kept = kept_by_checks(&service, language, &opened, !form.seen.is_empty()).await?;
    if !kept.is_empty() {
        return page(&service, &signed_in, &opened, Some(typed(kept))).await;
    }
    let trigger = match form.when.as_str() {
        "soon" => Trigger::InAMinute,
        "slot" => at(&service, &opened.newsletter, &form.slot),
        "at" => at(&service, &opened.newsletter, &form.at),
        _ => return Err(DeskError::Unreadable(StatusCode::UNPROCESSABLE_ENTITY)),
    };
    // What was triggered already by a click before, or by somebody else, is not sent twice, and needs
    // no version.
    let version = (opened.issue.state == IssueState::Draft).then_some(form.version);
    let sent = publish::send(&service, opened.issue.id, &trigger, version, &opened.actor).await;
    match sent {
        Ok(_) => Ok(to(&opened, "watch")),
        Err(error) => {
            let is_time = matches!(error, PublishError::Schedule(_));
            match refusal(language, error) {
                DeskError::Invalid(said) if is_time => {
                    let typed = typed(said);
                    page(&service, &signed_in, &opened, Some(typed)).await
                }
                error => Err(error),
            }
        }
    }
}

/// At this time, or in a minute if it is nearer than that: whatever is sent here can be taken back.
fn at(service: &Service, newsletter: &Newsletter, text: &str) -> Trigger {
    let (zone, now) = (&newsletter.time_zone, service.clock.now());
    let is_near = |at: Timestamp| {
        check_schedule(at, now, zone).is_ok() && at.duration_since(now) < TAKE_BACK_TIME
    };
    match parse_schedule(text, zone) {
        Ok(at) if is_near(at) => Trigger::InAMinute,
        _ => Trigger::At(text.to_owned()),
    }
}
