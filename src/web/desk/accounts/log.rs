//! The audit log, for owners of all newsletters.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::log_words::detail;
use super::people::newsletters;
use super::zone_of;
use crate::accounts::audit_log::{self, AuditReport};
use crate::accounts::{people, token};
use crate::domain::{Actor, AuditAction};
use crate::service::Service;
use crate::store::audit::{EventFilter, LoggedEvent};
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::{DeskError, SignedIn};
use crate::web::public::PageQuery;

/// The events on a page.
const PAGE: i64 = 50;

#[derive(Debug, Serialize)]
struct Line {
    number: i64,
    at: String,
    /// The name; empty when nobody is known.
    name: String,
    /// The kind of actor, as part of the key of a text.
    by: &'static str,
    action: Option<AuditAction>,
    newsletter: String,
    /// The page of what it is about, if it has one.
    href: String,
    detail: String,
}

#[derive(Debug, Serialize)]
struct Log {
    lines: Vec<Line>,
    /// The number from which the next page goes back.
    older: Option<i64>,
    /// Whether there are newer events than these.
    is_older: bool,
    report: Option<AuditReport>,
    /// Whose events can be asked for: the identity of the actor and the name.
    people: Vec<(String, String)>,
    tokens: Vec<(String, String)>,
    actions: &'static [AuditAction],
    filter: Filter,
    /// The time zone of the times.
    zone: String,
}

/// What somebody chose to see; empty for all.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Filter {
    #[serde(default)]
    who: String,
    #[serde(default)]
    action: String,
}

impl Filter {
    pub(super) fn events(&self) -> EventFilter {
        EventFilter {
            who: self.who.clone(),
            action: self.action.parse().ok(),
        }
    }
}

impl DeskPage for Log {
    const TEMPLATE: &'static str = "desk/log.html";
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    action: String,
    before: Option<i64>,
    /// Whether the whole log is to be checked.
    #[serde(default)]
    check: String,
}

pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    PageQuery(asked): PageQuery<Asked>,
) -> Result<Response, DeskError> {
    signed_in.require_owner()?;
    let newsletters = newsletters(&service).await?;
    let language = signed_in.0.editor.language;
    let filter = Filter {
        who: asked.who,
        action: asked.action,
    };
    let events = audit_log::newest(&service, &filter.events(), asked.before, PAGE).await?;
    let full = i64::try_from(events.len()).is_ok_and(|found| found == PAGE);
    let older = events.last().filter(|_| full).map(|last| last.number);
    let line = |logged: &LoggedEvent| {
        let event = logged.event.as_ref();
        let newsletter = event.and_then(|event| event.newsletter);
        let newsletter = newsletters.iter().find(|one| Some(one.id) == newsletter);
        let object = event.and_then(|event| event.object.split_once(':'));
        Line {
            number: logged.number,
            at: event.map(|event| event.at.to_string()).unwrap_or_default(),
            name: event
                .map(|event| event.actor_name.clone())
                .unwrap_or_default(),
            by: event.map_or("nobody", |event| kind(&event.actor)),
            action: event.map(|event| event.action),
            newsletter: newsletter.map(|one| one.title.clone()).unwrap_or_default(),
            href: match object {
                Some(("issue", id)) => format!("/desk/issues/{id}/write"),
                Some(("editor", id)) => format!("/desk/people/{id}"),
                _ => String::new(),
            },
            detail: event
                .map(|event| detail(language, event))
                .unwrap_or_default(),
        }
    };
    let report = match asked.check.as_str() {
        "" => None,
        _ => Some(audit_log::verify(&service).await?),
    };
    let all = people::list(&service).await?.into_iter();
    let person = |editor: crate::domain::Editor| (editor.actor().identity(), editor.name);
    let tokens = token::list(&service).await?.into_iter();
    let token = |one: token::Listed| (format!("token:{}", one.holder.id), one.holder.name);
    let page = Log {
        lines: events.iter().map(line).collect(),
        older,
        is_older: asked.before.is_some(),
        report,
        people: all.map(|account| person(account.editor)).collect(),
        tokens: tokens.map(token).collect(),
        actions: AuditAction::ALL,
        filter,
        zone: zone_of(&signed_in, &newsletters),
    };
    Ok(DeskLayout::new(&signed_in, Section::People).answer(StatusCode::OK, &page))
}

fn kind(actor: &str) -> &'static str {
    let command_line = Actor::CommandLine.identity();
    let schedule = Actor::Schedule.identity();
    match actor {
        "" => "nobody",
        other if other == command_line => "command-line",
        other if other == schedule => "schedule",
        other if other.starts_with("token:") => "token",
        _ => "editor",
    }
}
