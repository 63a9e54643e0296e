//! The page before an issue goes out: who gets it, who not, how long it takes, and when.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;

use super::act::to;
use super::words::{clock_time, counted, lasts, rate, say, stopped};
use crate::domain::{IssueState, Language, Newsletter, Role, Severity};
use crate::publish::{
    self, ApprovalView, AskedBy, AudiencePlan, CheckList, Counting, Estimate, FindingView,
    PublishError, Trigger,
};
use crate::service::Service;
use crate::texts::{local_time, number};
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::refusal::refusal;
use crate::web::desk::writing::{IssueInPath, Opened, open};
use crate::web::desk::{DeskError, SignedIn, fresh};

#[derive(Serialize)]
struct SendPage {
    id: String,
    subject: String,
    /// The language of the newsletter, and so of its texts.
    language: Language,
    preheader: String,
    newsletter: String,
    state: IssueState,
    version: i64,
    /// Whether the person may send.
    may_act: bool,
    /// Why it cannot be sent as it is; empty when it can.
    blocked: String,
    /// What the checks found that has to be mended first.
    errors: Vec<FindingView>,
    /// What the checks found that somebody should look at first.
    warnings: Vec<FindingView>,
    /// What was wrong with the last attempt; empty if nothing.
    error: String,
    /// Whether the last attempt was made from a page with another text.
    changed: bool,
    /// Why the service took it back by itself; empty if it did not.
    held: String,
    is_erratum: bool,
    lead: String,
    button: String,
    /// What the button says when a later time is chosen.
    button_later: String,
    takes: String,
    left_out: Vec<LeftOut>,
    readers: String,
    candidates: String,
    zone: String,
    now_there: String,
    /// When it goes out, if that is planned.
    planned: Option<Time>,
    slot: Option<Time>,
    /// The field of the form, as it was typed or planned.
    at: String,
    /// Whether the warnings were ticked as seen.
    seen: bool,
    chosen: String,
    approval: ApprovalView,
    /// Whether this person has asked for it.
    asked: bool,
    /// Whether the password or a code is asked for.
    ask: bool,
    /// What was wrong with the password or code that was given; empty if nothing.
    proof_error: String,
}

/// Readers that do not get it for one reason.
#[derive(Serialize)]
struct LeftOut {
    reason: String,
    readers: String,
}

/// A time in the newsletter's zone.
#[derive(Serialize)]
struct Time {
    /// As a field of a form has it.
    value: String,
    local: String,
    offset: String,
    utc: String,
}

impl Time {
    fn new(language: Language, newsletter: &Newsletter, at: Timestamp) -> Self {
        let local = at.to_zoned_datetime(newsletter.time_zone.clone());
        Self {
            value: local.strftime("%Y-%m-%dT%H:%M").to_string(),
            local: local_time(language, local.datetime()),
            offset: local.strftime("%:z").to_string(),
            utc: at.strftime("%H:%M").to_string(),
        }
    }
}

/// When an issue goes out, so that nobody takes it for the time of another zone.
pub(in crate::web::desk) fn planned(
    language: Language,
    newsletter: &Newsletter,
    at: Timestamp,
) -> String {
    let time = Time::new(language, newsletter, at);
    let values = [
        ("time", time.local.into()),
        ("zone", newsletter.zone_name().into()),
        ("offset", time.offset.into()),
        ("utc", time.utc.into()),
    ];
    say(language, "planned", &values)
}

impl DeskPage for SendPage {
    const TEMPLATE: &'static str = "desk/sending/send.html";
}

/// GET /desk/issues/{id}/send
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Viewer).await?;
    match opened.issue.state {
        IssueState::Draft | IssueState::Scheduled => {}
        IssueState::Sending | IssueState::Paused => return Ok(to(&opened, "watch")),
        IssueState::Sent | IssueState::Cancelled => return Ok(to(&opened, "report")),
    }
    page(&service, &signed_in, &opened, None).await
}

/// What somebody typed that did not do.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// Empty where the time was not asked for.
    pub(super) when: String,
    pub(super) at: String,
    /// Whether the warnings were ticked as seen.
    pub(super) seen: bool,
    pub(super) error: String,
    pub(super) proof_error: String,
    /// Whether the text is another than that of the page that this comes from.
    pub(super) changed: bool,
    /// Whether the password or a code came with it.
    pub(super) proven: bool,
}

/// The page again, for an approval whose password or code did not do.
pub(super) async fn ask_again(
    service: &Service,
    signed_in: &SignedIn,
    opened: &Opened,
    proof_error: String,
) -> Result<Response, DeskError> {
    let typed = Typed {
        proof_error,
        ..Typed::default()
    };
    page(service, signed_in, opened, Some(typed)).await
}

pub(super) async fn page(
    service: &Service,
    signed_in: &SignedIn,
    opened: &Opened,
    typed: Option<Typed>,
) -> Result<Response, DeskError> {
    let layout = DeskLayout::new(signed_in, Section::Issues);
    let language = layout.language();
    let Opened {
        issue, newsletter, ..
    } = opened;
    let refused = |error: PublishError| refusal(language, error);
    let plan = publish::audience_plan(service, issue.id, Counting::Lately)
        .await
        .map_err(refused)?;
    let approval = publish::approval(service, issue, &opened.actor)
        .await
        .map_err(refused)?;
    let now = service.clock.now();
    let planned = issue
        .scheduled_at
        .filter(|_| issue.state == IssueState::Scheduled);
    let planned = planned.map(|at| Time::new(language, newsletter, at));
    let slot = plan.usual_slot.as_deref().and_then(|at| at.parse().ok());
    let slot = slot.map(|at| Time::new(language, newsletter, at));
    let status = match &typed {
        None => StatusCode::OK,
        Some(typed) if typed.changed => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut typed = typed.unwrap_or_default();
    if typed.when.is_empty() {
        let at = planned.as_ref().map(|time| time.value.clone());
        typed.when = if at.is_some() { "at" } else { "soon" }.to_owned();
        typed.at = at.unwrap_or_default();
    }
    let (errors, warnings) = findings(service, language, opened).await?;
    let mut db = service.store.read().await?;
    let asked = publish::approval_asked(&mut db, newsletter, issue, &opened.actor).await;
    drop(db);
    let asked = asked.map_err(refused)? == Some(AskedBy::Oneself);
    let held = issue.paused_because.as_ref();
    let held = held.filter(|_| issue.state == IssueState::Draft);
    let page = SendPage {
        errors,
        warnings,
        id: issue.id.to_string(),
        subject: issue.content.subject.clone(),
        language: newsletter.language,
        preheader: issue.content.preheader.clone(),
        newsletter: newsletter.title.clone(),
        state: issue.state,
        version: issue.version,
        may_act: signed_in.require(newsletter.id, Role::Editor).is_ok(),
        blocked: blocked(language, service, opened).await,
        held: held.map(|why| stopped(language, why)).unwrap_or_default(),
        is_erratum: issue.erratum.is_some(),
        lead: lead(language, &plan),
        button: say(language, "button", &counted(language, plan.readers)),
        button_later: match planned {
            Some(_) => say(language, "move", &[]),
            None => say(language, "button-later", &counted(language, plan.readers)),
        },
        takes: takes(language, plan.estimate.as_ref()),
        left_out: left_out(language, &plan),
        readers: number(language, plan.readers),
        candidates: number(
            language,
            plan.candidates + plan.not_subscribed.values().sum::<i64>(),
        ),
        zone: newsletter.zone_name().to_owned(),
        now_there: clock_time(newsletter, now),
        chosen: typed.when,
        at: typed.at,
        seen: typed.seen,
        changed: typed.changed,
        error: typed.error,
        proof_error: typed.proof_error,
        planned,
        slot,
        approval,
        asked,
        ask: fresh::ask(service, signed_in) && !typed.proven,
    };
    Ok(layout.answer(status, &page))
}

/// In words: how many people, in how many variants.
fn lead(language: Language, plan: &AudiencePlan) -> String {
    let variants = i64::try_from(plan.variants).unwrap_or(i64::MAX);
    let mut values = counted(language, plan.readers).to_vec();
    values.push(("variants", variants.into()));
    say(language, "lead", &values)
}

/// How long it takes, and how that is known.
fn takes(language: Language, estimate: Option<&Estimate>) -> String {
    let Some(estimate) = estimate else {
        return say(language, "takes-unknown", &[]);
    };
    let lasts = lasts(language, estimate.seconds);
    let rate = rate(language, estimate.per_minute);
    let mut values = vec![("lasts", lasts.into()), ("rate", rate.into())];
    match &estimate.earlier_issue {
        Some(subject) => {
            values.push(("subject", subject.as_str().into()));
            say(language, "takes-as-earlier", &values)
        }
        None => say(language, "takes-by-settings", &values),
    }
}

fn left_out(language: Language, plan: &AudiencePlan) -> Vec<LeftOut> {
    let rows = plan.excluded.iter().chain(&plan.not_subscribed);
    let rows = rows.filter(|(_, readers)| **readers > 0);
    rows.map(|(reason, readers)| LeftOut {
        reason: say(language, &format!("left-out-{reason}"), &[]),
        readers: number(language, *readers),
    })
    .collect()
}

/// Why it cannot be sent as it is, in the person's words; empty when it can.
async fn blocked(language: Language, service: &Service, opened: &Opened) -> String {
    if opened.issue.state != IssueState::Draft {
        return String::new();
    }
    match publish::check_send(service, opened.issue.id, &Trigger::InAMinute).await {
        Ok(_) => String::new(),
        Err(error) => match refusal(language, error) {
            DeskError::Invalid(said) | DeskError::Conflict(said) => said,
            error => error.to_string(),
        },
    }
}

/// What the checks found in an issue that has not gone out: what has to be mended, and what a person has to have seen.
pub(super) async fn findings(
    service: &Service,
    language: Language,
    opened: &Opened,
) -> Result<(Vec<FindingView>, Vec<FindingView>), DeskError> {
    let waits = matches!(
        opened.issue.state,
        IssueState::Draft | IssueState::Scheduled
    );
    if !waits {
        return Ok((Vec::new(), Vec::new()));
    }
    let checked = publish::check(service, opened.issue.id, None).await;
    let checked = checked.map_err(|error| refusal(language, error))?;
    let mut findings = CheckList::new(language, &checked).findings;
    findings.retain(|finding| finding.severity != Severity::Note);
    Ok(findings.into_iter().partition(FindingView::keeps_back))
}
