//! The audit log as a file, for owners of all newsletters. Who fetches it is in the log.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;

use super::log::Filter;
use super::log_words::detail;
use super::people::newsletters;
use crate::accounts::audit_log;
use crate::domain::{AuditAction, AuditEvent, Language, Newsletter};
use crate::service::Service;
use crate::store::StoreError;
use crate::store::audit::{EventFilter, LoggedEvent};
use crate::texts::CsvReader;
use crate::web::desk::{CsrfForm, DeskError, SignedIn};

/// The events in one read: memory use does not depend on the size of the log.
const PAGE: i64 = 1_000;

const COLUMNS: [&str; 8] = [
    "number",
    "at",
    "actor",
    "name",
    "action",
    "newsletter",
    "object",
    "detail",
];

/// POST /desk/people/log.csv: the events that the page shows, the newest first, with times in UTC.
pub(super) async fn send(
    State(service): State<Service>,
    signed_in: SignedIn,
    CsrfForm(form): CsrfForm<Filter>,
) -> Result<Response, DeskError> {
    let actor = signed_in.require_owner()?;
    let newsletters = newsletters(&service).await?;
    let now = service.clock.now();
    let exported = AuditEvent::new(&actor, AuditAction::Exported, now);
    audit_log::note(&service, &exported.saying(audit_log::EXPORTED)).await?;
    let log = Log {
        service,
        language: signed_in.0.editor.language,
        newsletters,
        filter: form.events(),
    };
    let body = try_unfold((log, Some(i64::MAX)), |(log, before)| async move {
        let Some(before) = before else {
            return Ok::<_, StoreError>(None);
        };
        let (page, next) = log.page(before).await?;
        Ok(Some((page, (log, next))))
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"log.csv\""),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

struct Log {
    service: Service,
    /// Of the owner who fetches it.
    language: Language,
    newsletters: Vec<Newsletter>,
    filter: EventFilter,
}

impl Log {
    /// The events before a number, and the number from which to go on; none at the end.
    async fn page(&self, before: i64) -> Result<(String, Option<i64>), StoreError> {
        let events = audit_log::newest(&self.service, &self.filter, Some(before), PAGE).await?;
        let is_full = i64::try_from(events.len()).is_ok_and(|found| found == PAGE);
        let next = events.last().filter(|_| is_full).map(|last| last.number);
        let is_first = before == i64::MAX;
        let head = is_first.then(|| COLUMNS.map(str::to_owned));
        let reader = CsvReader::Spreadsheet(self.language);
        let start = if is_first { reader.file_start() } else { "" };
        let rows = events.iter().map(|logged| self.row(logged));
        let rows = reader.rows(head.into_iter().chain(rows));
        Ok((format!("{start}{rows}"), next))
    }

    fn row(&self, logged: &LoggedEvent) -> [String; 8] {
        let number = logged.number.to_string();
        let Some(event) = &logged.event else {
            let mut row = [const { String::new() }; 8];
            row[0] = number;
            return row;
        };
        let mut all = self.newsletters.iter();
        let newsletter = all.find(|one| Some(one.id) == event.newsletter);
        [
            number,
            event.at.to_string(),
            event.actor.clone(),
            event.actor_name.clone(),
            event.action.to_string(),
            newsletter
                .map(|one| one.slug.to_string())
                .unwrap_or_default(),
            event.object.clone(),
            detail(self.language, event),
        ]
    }
}
