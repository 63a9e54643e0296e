//! Sending an issue: trigger, stop button, ledger, live counts.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Editor, Viewer};
use super::issues::{PAGE, view};
use super::json::{ApiJson, ApiQuery, IssuePath, cursor, if_match};
use super::problem::Problem;
use crate::domain::{DeliveryState, IssueId, IssueState, SubscriptionId};
use crate::publish::{self, IssueView, PublishError, Trigger};
use crate::service::Service;
use crate::store;
use crate::store::delivery::delivery_log::DeliveryEntry;

/// How often watchers get news.
const NEWS: Duration = Duration::from_millis(500);

/// When to send.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendAt {
    /// RFC 3339, or local time in the newsletter's time zone, either with a zone of its own as in
    /// `2026-11-30T08:00[Asia/Almaty]`; at once when left out. At most two years ahead.
    at: Option<String>,
}

/// Sends, schedules, or moves what is scheduled. Repeating it changes nothing and says the same. With If-Match, only if the issue is still at that version.
#[utoipa::path(post, path = "/issues/{id}/send", tag = "issues", params(("id" = String, Path)), request_body(content = Option<SendAt>),
    security(("bearer" = [])), responses((status = 202, body = IssueView), (status = 409, body = Problem), (status = 412, body = Problem),
        (status = 422, description = "The time has passed, the issue is empty, or nobody would get it", body = Problem)))]
pub(crate) async fn send(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    use axum::extract::FromRequest;
    let version = if_match(request.headers())?;
    let is_empty = request.headers().get(CONTENT_TYPE).is_none()
        && request
            .headers()
            .get("content-length")
            .is_none_or(|length| length == "0");
    let wish = if is_empty {
        SendAt::default()
    } else {
        ApiJson::<SendAt>::from_request(request, &service).await?.0
    };
    let trigger = wish.at.map_or(Trigger::Now, Trigger::At);
    let issue = publish::send(&service, id, &trigger, version, &actor).await?;
    let mut response = view(&service, issue).await?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

/// Takes a scheduled issue back: it is a draft again. With If-Match, only if it is still at that version.
#[utoipa::path(post, path = "/issues/{id}/unschedule", tag = "issues", params(("id" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = IssueView), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub(crate) async fn unschedule(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let version = if_match(&headers)?;
    let issue = publish::unschedule(&service, id, version, &actor).await?;
    view(&service, issue).await
}

/// Stops for the moment.
#[utoipa::path(post, path = "/issues/{id}/pause", tag = "issues", params(("id" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = IssueView), (status = 409, body = Problem)))]
pub(crate) async fn pause(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
) -> Result<Response, Problem> {
    view(&service, publish::pause(&service, id, &actor).await?).await
}

/// Goes on.
#[utoipa::path(post, path = "/issues/{id}/resume", tag = "issues", params(("id" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = IssueView), (status = 409, body = Problem)))]
pub(crate) async fn resume(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
) -> Result<Response, Problem> {
    view(&service, publish::resume(&service, id, &actor).await?).await
}

/// Stops for good.
#[utoipa::path(post, path = "/issues/{id}/cancel", tag = "issues", params(("id" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = IssueView), (status = 409, body = Problem)))]
pub(crate) async fn cancel(
    State(service): State<Service>,
    Editor(actor): Editor,
    IssuePath(id): IssuePath,
) -> Result<Response, Problem> {
    view(&service, publish::cancel(&service, id, &actor).await?).await
}

/// Which lines of the ledger.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LedgerQuery {
    /// Only deliveries in this state.
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

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
#[utoipa::path(get, path = "/issues/{id}/deliveries", tag = "issues", params(("id" = String, Path), LedgerQuery),
    security(("bearer" = [])), responses((status = 200, body = LedgerPage)))]
pub(crate) async fn deliveries(
    State(service): State<Service>,
    viewer: Viewer,
    IssuePath(id): IssuePath,
    ApiQuery(query): ApiQuery<LedgerQuery>,
) -> Result<Json<LedgerPage>, Problem> {
    let state = query
        .state
        .as_deref()
        .filter(|s| !s.is_empty())
        .map(str::parse::<DeliveryState>);
    let state = state.transpose().map_err(|e| Problem::field("state", e))?;
    let after = SubscriptionId(cursor(query.cursor.as_deref())?.unwrap_or_default());
    let mut db = service.store.read().await?;
    if store::issue::state(&mut db, id).await?.is_none() {
        return Err(PublishError::NoIssue(id).into());
    }
    let lines = store::delivery::delivery_log::page(&mut db, id, state, after, PAGE).await?;
    let next = (lines.len() == PAGE as usize).then(|| lines.last().map(|line| line.subscription.0));
    Ok(Json(LedgerPage {
        items: lines
            .into_iter()
            .map(|line| delivery_view(line, viewer.is_owner))
            .collect(),
        next: next.flatten(),
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

/// Server-sent events with status and counts, until the issue has ended.
#[utoipa::path(get, path = "/issues/{id}/events", tag = "issues", params(("id" = String, Path)), security(("bearer" = [])),
    responses((status = 200, description = "text/event-stream", body = String)))]
pub(crate) async fn events(
    State(service): State<Service>,
    _: Viewer,
    IssuePath(id): IssuePath,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    if store::issue::state(&mut service.store.read().await?, id)
        .await?
        .is_none()
    {
        return Err(PublishError::NoIssue(id).into());
    }
    let news = futures_util::stream::unfold((service, false), move |(service, ended)| async move {
        if ended {
            return None;
        }
        let (event, ended) = news_of(&service, id).await;
        tokio::time::sleep(if ended { Duration::ZERO } else { NEWS }).await;
        Some((Ok(event), (service, ended)))
    });
    Ok(Sse::new(news).keep_alive(KeepAlive::default()))
}

async fn news_of(service: &Service, id: IssueId) -> (Event, bool) {
    let issue = async {
        let mut db = service.store.read().await?;
        store::issue::by_id(&mut db, id).await
    };
    match issue.await {
        Ok(Some(issue)) => {
            let ended = matches!(issue.state, IssueState::Sent | IssueState::Cancelled);
            let data = serde_json::json!({ "id": issue.id, "status": issue.state, "counts": issue.counts });
            (
                Event::default().event("counts").data(data.to_string()),
                ended,
            )
        }
        Ok(None) => (Event::default().event("gone").data("{}"), true),
        Err(error) => (Event::default().comment(format!("{error}")), false),
    }
}
