//! Sending an issue: trigger, stop button, ledger.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Editor, Viewer};
use super::issues::view;
use super::json::{ApiQuery, IssuePath, NoBody, OptionalJson, given, if_match};
use super::paging::Paging;
use super::problem::Problem;
use crate::domain::{DeliveryState, SubscriptionId};
use crate::publish::{self, IssueView, PublishError, Trigger};
use crate::service::Service;
use crate::store;
use crate::store::delivery::delivery_log::DeliveryEntry;

/// When to send.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendAt {
    /// RFC 3339, or local time in the newsletter's time zone, either with a zone of its own as in
    /// `2026-11-30T08:00[Asia/Almaty]`; at once when left out. At most two years ahead. `null` is refused.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    at: Option<String>,
    /// Sends it in a minute, so that it can be taken back until then; not together with `at`.
    #[serde(default)]
    in_a_minute: bool,
}

impl SendAt {
    fn trigger(self) -> Result<Trigger, Problem> {
        match (self.at, self.in_a_minute) {
            (None, false) => Ok(Trigger::Now),
            (None, true) => Ok(Trigger::InAMinute),
            (Some(at), false) => Ok(Trigger::At(at)),
            (Some(_), true) => {
                let why = "leave it out where a time is given";
                Err(Problem::field("in_a_minute", why))
            }
        }
    }
}

/// Sends, schedules, or moves what is scheduled. Repeating it changes nothing and says the same. With If-Match, only if the issue is still at that version.
#[utoipa::path(post, operation_id = "send_issue", path = "/issues/{id}/send", tag = "issues",
    params(("id" = Uuid, Path)), request_body(content = Option<SendAt>), security(("bearer" = [])),
    responses(
        (status = 202, description = "It is sent, or will be", body = IssueView, headers(("ETag"))),
        (status = 409, description = "It is being sent or was sent, and another time is asked for; or a second person must approve it"),
        (status = 412, description = "It has changed since that version"),
        (status = 422, description = "The time has passed, the issue is empty, or nobody would get it")))]
pub(crate) async fn send(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    OptionalJson(wish): OptionalJson<SendAt>,
) -> Result<Response, Problem> {
    let version = if_match(&headers)?;
    let trigger = wish.unwrap_or_default().trigger()?;
    let issue = publish::send(&service, id, &trigger, version, &actor).await?;
    let mut response = view(&service, issue).await?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

/// Takes a scheduled issue back: it is a draft again. With If-Match, only if it is still at that version.
#[utoipa::path(post, operation_id = "unschedule_issue", path = "/issues/{id}/unschedule", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "A draft again", body = IssueView, headers(("ETag"))),
        (status = 409, description = "It is not scheduled"),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn unschedule(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, Problem> {
    let version = if_match(&headers)?;
    let issue = publish::unschedule(&service, id, version, &actor).await?;
    view(&service, issue).await
}

/// Stops for the moment. With If-Match, only if the issue is still at that version.
#[utoipa::path(post, operation_id = "pause_issue", path = "/issues/{id}/pause", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Paused", body = IssueView, headers(("ETag"))),
        (status = 409, description = "It is not being sent"),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn pause(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, Problem> {
    let issue = publish::pause(&service, id, if_match(&headers)?, &actor).await?;
    view(&service, issue).await
}

/// Goes on. With If-Match, only if the issue is still at that version.
#[utoipa::path(post, operation_id = "resume_issue", path = "/issues/{id}/resume", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Being sent again", body = IssueView, headers(("ETag"))),
        (status = 409, description = "It is not paused"),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn resume(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, Problem> {
    let issue = publish::resume(&service, id, if_match(&headers)?, &actor).await?;
    view(&service, issue).await
}

/// Stops for good. One that was sent, and goes once more to those to whom it failed, is sent again, and has failed for them as before; so is one of which nothing waits any more. With If-Match, only if the issue is still at that version.
#[utoipa::path(post, operation_id = "cancel_issue", path = "/issues/{id}/cancel", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Cancelled, or sent", body = IssueView, headers(("ETag"))),
        (status = 409, description = "It has been sent already"),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn cancel(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, Problem> {
    let issue = publish::cancel(&service, id, if_match(&headers)?, &actor).await?;
    view(&service, issue).await
}

/// Takes the page of an issue off the web: its address answers 410, and lists, feed, search and sitemap leave it out. Mails that wait go out all the same. With If-Match, only if the issue is still at that version.
#[utoipa::path(post, operation_id = "hide_issue", path = "/issues/{id}/hide", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "Hidden", body = IssueView, headers(("ETag"))),
        (status = 409, description = "It has no page"),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn hide(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, Problem> {
    let issue = publish::hide(&service, id, if_match(&headers)?, &actor).await?;
    view(&service, issue).await
}

/// Puts the page of an issue back on the web. With If-Match, only if the issue is still at that version.
#[utoipa::path(post, operation_id = "unhide_issue", path = "/issues/{id}/unhide", tag = "issues",
    params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses(
        (status = 200, description = "On the web again", body = IssueView, headers(("ETag"))),
        (status = 409, description = "It has no page"),
        (status = 412, description = "It has changed since that version")))]
pub(crate) async fn unhide(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, Problem> {
    let issue = publish::unhide(&service, id, if_match(&headers)?, &actor).await?;
    view(&service, issue).await
}

/// Which lines of the ledger.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LedgerQuery {
    /// Only deliveries in this state.
    #[param(value_type = Option<DeliveryState>)]
    state: Option<String>,
}

/// Which page of the ledger.
type LedgerPaging = Paging<i64>;

/// One delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryView {
    subscription: i64,
    state: DeliveryState,
    attempts: i64,
    /// Which revision of the issue the last of them carried.
    revision: i64,
    /// Whether a worker has it at this moment.
    leased: bool,
    next_attempt_at: Option<String>,
    ended_at: Option<String>,
    /// The server's last words.
    reply: Option<ReplyView>,
}

/// What a server said; code 0 when no reply came.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplyView {
    code: u16,
    text: String,
}

/// A page of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LedgerPage {
    items: Vec<DeliveryView>,
    next: Option<i64>,
}

/// The ledger, a page at a time.
#[utoipa::path(get, operation_id = "list_deliveries", path = "/issues/{id}/deliveries", tag = "issues",
    params(("id" = Uuid, Path), LedgerQuery, LedgerPaging), security(("bearer" = [])),
    responses(
        (status = 200, description = "A page of the ledger", body = LedgerPage)))]
pub(crate) async fn deliveries(
    State(service): State<Service>,
    viewer: Viewer,
    IssuePath(id): IssuePath,
    ApiQuery(query): ApiQuery<LedgerQuery>,
    paging: LedgerPaging,
) -> Result<Json<LedgerPage>, Problem> {
    let state = query
        .state
        .as_deref()
        .filter(|s| !s.is_empty())
        .map(str::parse::<DeliveryState>);
    let state = state.transpose().map_err(|e| Problem::field("state", e))?;
    let after = SubscriptionId(paging.cursor.unwrap_or_default());
    let mut db = service.store.read().await?;
    if store::issue::state(&mut db, id).await?.is_none() {
        return Err(PublishError::NoIssue(id).into());
    }
    let most = paging.limit + 1;
    let mut lines = store::delivery::delivery_log::page(&mut db, id, state, after, most).await?;
    let next = paging.cut(&mut lines).map(|line| line.subscription.0);
    Ok(Json(LedgerPage {
        items: lines
            .into_iter()
            .map(|line| delivery_view(line, viewer.is_owner))
            .collect(),
        next,
    }))
}

fn delivery_view(line: DeliveryEntry, to_owner: bool) -> DeliveryView {
    DeliveryView {
        subscription: line.subscription.0,
        state: line.state,
        attempts: line.attempts,
        revision: line.revision,
        leased: line.leased,
        next_attempt_at: line.next_attempt_at.map(|at| at.to_string()),
        ended_at: line.ended_at.map(|at| at.to_string()),
        reply: line.reply.map(|reply| ReplyView {
            code: reply.code,
            text: match to_owner {
                true => reply.text,
                false => reply.for_viewers(),
            },
        }),
    }
}
