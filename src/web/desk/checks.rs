//! The checks of an issue: a panel beside the text, and a page of its own without script.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::layout::{DeskLayout, Section};
use super::pages::DeskPage;
use super::refusal::refusal;
use super::signed_in::is_htmx;
use super::writing::{IssueInPath, Opened, open};
use super::{CsrfForm, DeskError, SignedIn};
use crate::domain::{Language, Role, Severity};
use crate::publish::{self, CheckList, Checked, FindingView};
use crate::service::Service;
use crate::web::public::PageQuery;

/// Which text is checked.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Which {
    /// Not empty for what this person has written and is not in the issue yet.
    #[serde(default)]
    own: String,
}

#[derive(Serialize)]
struct Checks {
    id: String,
    subject: String,
    /// The language of the newsletter, and so of its texts.
    language: Language,
    /// The time zone of the newsletter.
    zone: String,
    /// `yes` where the text of this person is checked; else empty.
    own: &'static str,
    /// What the links to places begin with; nothing beside the text itself.
    write: String,
    groups: Vec<Group>,
    thorough_at: Option<String>,
    untried: usize,
    may_ask: bool,
}

#[derive(Serialize)]
struct Group {
    severity: Severity,
    findings: Vec<FindingView>,
}

impl DeskPage for Checks {
    const TEMPLATE: &'static str = "desk/checks.html";
}

/// Only the panel.
const PANEL: &str = "desk/_checks.html";

/// GET /desk/issues/{id}/checks
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    PageQuery(which): PageQuery<Which>,
    headers: HeaderMap,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Viewer).await?;
    let language = signed_in.0.editor.language;
    let text = opened.own_text(&service, &which.own, language).await?;
    let checked = publish::check(&service, opened.issue.id, text.as_ref()).await;
    let checked = checked.map_err(|error| refusal(language, error))?;
    Ok(answer(&signed_in, &opened, (&checked, &which), &headers))
}

/// POST /desk/issues/{id}/checks: tries links, and asks the DNS and the relays.
pub(super) async fn ask(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    headers: HeaderMap,
    CsrfForm(which): CsrfForm<Which>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let language = signed_in.0.editor.language;
    let text = opened.own_text(&service, &which.own, language).await?;
    let id = opened.issue.id;
    let checked = publish::check_thoroughly(&service, id, text.as_ref()).await;
    let checked = checked.map_err(|error| refusal(language, error))?;
    if is_htmx(&headers) {
        return Ok(answer(&signed_in, &opened, (&checked, &which), &headers));
    }
    let own = if which.own.is_empty() { "" } else { "?own=yes" };
    let back = format!("/desk/issues/{id}/checks{own}");
    Ok(Redirect::to(&back).into_response())
}

fn answer(
    signed_in: &SignedIn,
    opened: &Opened,
    (checked, which): (&Checked, &Which),
    headers: &HeaderMap,
) -> Response {
    let layout = DeskLayout::new(signed_in, Section::Issues);
    let list = CheckList::new(layout.language(), checked);
    let id = opened.issue.id;
    let in_panel = is_htmx(headers);
    let groups = Severity::ALL.iter().map(|severity| Group {
        severity: *severity,
        findings: list
            .findings
            .iter()
            .filter(|finding| finding.severity == *severity)
            .cloned()
            .collect(),
    });
    let role = signed_in.0.editor.roles.in_newsletter(opened.newsletter.id);
    let page = Checks {
        id: id.to_string(),
        subject: opened.issue.content.subject.clone(),
        language: opened.newsletter.language,
        zone: opened.newsletter.zone_name().to_owned(),
        own: if which.own.is_empty() { "" } else { "yes" },
        write: match in_panel {
            true => String::new(),
            false => format!("/desk/issues/{id}/write"),
        },
        groups: groups.filter(|group| !group.findings.is_empty()).collect(),
        thorough_at: list.thorough_at,
        untried: list.untried_links,
        may_ask: role >= Some(Role::Editor),
    };
    if in_panel {
        layout.fragment(StatusCode::OK, PANEL, &page)
    } else {
        layout.answer(StatusCode::OK, &page)
    }
}
