//! Test copies: the issue as a mail to oneself or to colleagues.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{IssueInPath, open};
use crate::domain::{CountrySet, DeliveryState, EmailAddress, OutboxId, Role};
use crate::publish;
use crate::service::Service;
use crate::store::{self, outbox::TestCopy};
use crate::texts::text;
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::refusal::refusal;
use crate::web::desk::signed_in::is_htmx;
use crate::web::desk::{CsrfForm, DeskError, SignedIn};
use crate::web::public::PageQuery;

/// How many copies one request sends at most.
const MAX_COPIES: usize = 20;

/// After this time nobody waits for what becomes of a copy.
const WAITED_FOR: SignedDuration = SignedDuration::from_mins(10);

const TEMPLATE: &str = "desk/_test_copies.html";

/// What became of test copies.
#[derive(Serialize)]
struct Copies {
    /// Where the page asks again; empty once all is known.
    ask: String,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    says: String,
    wrong: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(in crate::web::desk) struct CopiesQuery {
    #[serde(default)]
    mails: String,
}

/// GET /desk/issues/{id}/test: what became of test copies; 204 while that is not known.
pub(in crate::web::desk) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    PageQuery(query): PageQuery<CopiesQuery>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let language = signed_in.0.editor.language;
    let mails = query.mails.split(',').take(MAX_COPIES);
    let mails: Vec<OutboxId> = mails
        .filter_map(|id| id.parse().ok().map(OutboxId))
        .collect();
    let mut db = service.store.read().await?;
    let copies = store::outbox::test_copies(&mut db, opened.issue.id, &mails).await?;
    drop(db);
    let now = service.clock.now();
    let waits = |copy: &TestCopy| {
        let is_open = matches!(copy.state, DeliveryState::Queued | DeliveryState::Deferred);
        // A server that puts it off says why, which is worth reading.
        is_open && copy.reply.is_none() && now.duration_since(copy.at) < WAITED_FOR
    };
    if copies.iter().any(waits) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let line = |copy: &TestCopy| {
        let is_told = copy.reply.is_some();
        let key = match copy.state {
            DeliveryState::Sent => "desk-test-arrived",
            DeliveryState::Queued | DeliveryState::Deferred if is_told => "desk-test-waits",
            DeliveryState::Queued | DeliveryState::Deferred => "desk-test-waits-untold",
            _ if is_told => "desk-test-refused",
            _ => "desk-test-refused-untold",
        };
        let said = copy.reply.as_ref();
        let said = said.map(|reply| format!("{} {}", reply.code, reply.text));
        let values = [
            ("address", copy.to.as_str().into()),
            ("said", said.unwrap_or_default().into()),
        ];
        Line {
            says: text(language, key, &values),
            wrong: copy.state != DeliveryState::Sent,
        }
    };
    let page = Copies {
        ask: String::new(),
        lines: copies.iter().map(line).collect(),
    };
    let layout = DeskLayout::new(&signed_in, Section::Issues);
    Ok(layout.fragment(StatusCode::OK, TEMPLATE, &page))
}

#[derive(Debug, Deserialize)]
pub(in crate::web::desk) struct TestForm {
    #[serde(default)]
    to: String,
    #[serde(default)]
    countries: String,
}

/// POST /desk/issues/{id}/test
pub(in crate::web::desk) async fn send(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    headers: HeaderMap,
    CsrfForm(form): CsrfForm<TestForm>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let language = signed_in.0.editor.language;
    let named = form.to.split([',', ';', ' ', '\n']).map(str::trim);
    let named: Vec<&str> = named.filter(|one| !one.is_empty()).collect();
    if named.is_empty() || named.len() > MAX_COPIES {
        return Err(DeskError::Invalid(text(
            language,
            "desk-test-how-many",
            &[],
        )));
    }
    let mut to = Vec::new();
    for one in named {
        let wrong = |_| {
            let values = [("address", one.to_owned().into())];
            DeskError::Invalid(text(language, "desk-test-wrong-address", &values))
        };
        to.push(EmailAddress::parse(one).map_err(wrong)?);
    }
    let countries = CountrySet::parse(&form.countries).map_err(|_| DeskError::NotFound)?;
    let copies =
        publish::send_test_copies(&service, opened.issue.id, &to, countries, &opened.actor)
            .await
            .map_err(|error| refusal(language, error))?;
    let count = i64::try_from(copies.mails.len()).unwrap_or_default();
    if !copies.suppressed.is_empty() {
        let names: Vec<String> = copies.suppressed.iter().map(ToString::to_string).collect();
        let values = [
            ("addresses", names.join(", ").into()),
            ("count", count.into()),
        ];
        return Err(DeskError::Invalid(text(
            language,
            "desk-test-suppressed",
            &values,
        )));
    }
    if is_htmx(&headers) {
        let sent = text(language, "desk-test-sent", &[("count", count.into())]);
        let mails: Vec<String> = copies.mails.iter().map(ToString::to_string).collect();
        let page = Copies {
            ask: format!(
                "/desk/issues/{}/test?mails={}",
                opened.issue.id,
                mails.join(",")
            ),
            lines: vec![Line {
                says: sent,
                wrong: false,
            }],
        };
        let layout = DeskLayout::new(&signed_in, Section::Issues);
        return Ok(layout.fragment(StatusCode::OK, TEMPLATE, &page));
    }
    let back = format!("/desk/issues/{}/write?test={count}", opened.issue.id);
    Ok(Redirect::to(&back).into_response())
}
