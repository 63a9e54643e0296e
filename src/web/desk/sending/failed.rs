//! Who did not get an issue, and why.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::report::{Row, meaning};
use super::words::{say, when};
use crate::domain::{DeliveryState, Language, Newsletter, ReplyMeaning, Role, SubscriptionId};
use crate::service::Service;
use crate::store;
use crate::store::delivery::delivery_log::{self, DeliveryEntry};
use crate::texts::number;
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::pages::DeskPage;
use crate::web::desk::writing::{IssueInPath, open};
use crate::web::desk::{DeskError, SignedIn};
use crate::web::public::PageQuery;

/// How many deliveries stand on one page.
const PAGE: i64 = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct FailedQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: i64,
}

#[derive(Serialize)]
struct FailedPage {
    id: String,
    subject: String,
    /// The language of the newsletter, and so of its texts.
    language: Language,
    state: DeliveryState,
    /// The kinds that the page can show, with their names and how many there are.
    states: Vec<Kind>,
    /// Whether the times are those of the next try.
    is_tried_again: bool,
    /// The time zone of the times.
    zone: String,
    rows: Vec<Row>,
    next: Option<i64>,
}

#[derive(Serialize)]
struct Kind {
    state: DeliveryState,
    name: String,
}

impl DeskPage for FailedPage {
    const TEMPLATE: &'static str = "desk/sending/failed.html";
}

/// GET /desk/issues/{id}/failed
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    PageQuery(query): PageQuery<FailedQuery>,
) -> Result<Response, DeskError> {
    use DeliveryState::{Bounced, Deferred, Failed, Unknown};
    let opened = open(&service, &signed_in, id, Role::Viewer).await?;
    let layout = DeskLayout::new(&signed_in, Section::Issues);
    let language = layout.language();
    let kinds = [Failed, Bounced, Unknown, Deferred];
    let counts = opened.issue.counts;
    let state = kinds.into_iter().find(|kind| kind.as_str() == query.state);
    // Where none is asked for: the first that somebody is in.
    let state = state.or_else(|| kinds.into_iter().find(|kind| counts.of(*kind) > 0));
    let state = state.unwrap_or(Failed);
    let to_owner = signed_in.require(opened.newsletter.id, Role::Owner).is_ok();
    let mut db = service.store.read().await?;
    let after = SubscriptionId(query.after);
    let found = delivery_log::page(&mut db, opened.issue.id, Some(state), after, PAGE).await?;
    let addresses = match to_owner {
        true => {
            let of: Vec<SubscriptionId> = found.iter().map(|one| one.subscription).collect();
            store::subscriber::addresses(&mut db, &of).await?
        }
        false => HashMap::new(),
    };
    drop(db);
    let is_full = found.len() == usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = found
        .last()
        .filter(|_| is_full)
        .map(|last| last.subscription.0);
    let now = service.clock.now();
    let row = |one: &DeliveryEntry| {
        let name = match addresses.get(&one.subscription) {
            Some(address) => address.to_string(),
            None => reader_number(language, one.subscription),
        };
        row(language, (&opened.newsletter, now), one, name, to_owner)
    };
    let kind = |state: DeliveryState| {
        let name = say(language, &format!("state-{state}"), &[]);
        Kind {
            name: format!("{name} ({})", number(language, counts.of(state))),
            state,
        }
    };
    let page = FailedPage {
        id: opened.issue.id.to_string(),
        subject: opened.issue.content.subject.clone(),
        language: opened.newsletter.language,
        state,
        is_tried_again: state == Deferred,
        zone: opened.newsletter.zone_name().to_owned(),
        states: kinds.map(kind).into(),
        rows: found.iter().map(row).collect(),
        next,
    };
    Ok(layout.answer(StatusCode::OK, &page))
}

/// What a reader is called for those who may not see addresses.
fn reader_number(language: Language, subscription: SubscriptionId) -> String {
    let values = [("number", subscription.0.to_string().into())];
    say(language, "reader-number", &values)
}

/// A delivery; what a relay said may quote an address, and is for owners alone.
fn row(
    language: Language,
    (newsletter, now): (&Newsletter, Timestamp),
    one: &DeliveryEntry,
    name: String,
    to_owner: bool,
) -> Row {
    let at = one.ended_at.or(one.next_attempt_at);
    let at = at.map(|at| when(language, newsletter, now, &at.to_string()));
    let (why, said) = match &one.reply {
        None => (String::new(), String::new()),
        Some(reply) => {
            let text = match to_owner {
                true => reply.text.clone(),
                false => reply.for_viewers(),
            };
            let said = match reply.code {
                0 => text,
                code => format!("{code} {text}"),
            };
            let found = ReplyMeaning::of(reply, one.state);
            (meaning(language, found), said)
        }
    };
    let attempts = one.attempts.to_string();
    Row::new(name, vec![why, said, attempts, at.unwrap_or_default()])
}
