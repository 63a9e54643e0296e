//! The counts of an issue as server-sent events (WHATWG HTML §9.2), while it is sent.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use futures_util::stream::unfold;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::auth::Viewer;
use super::json::IssuePath;
use super::problem::Problem;
use crate::domain::{Issue, IssueId};
use crate::publish;
use crate::service::Service;
use crate::store;
use crate::web::event_stream;

/// How often it is looked for news.
const LOOK: Duration = Duration::from_millis(500);

/// After so long whoever watches connects anew, and shows again that it may watch.
const STREAM_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// What an id ends in that belongs to the last event.
const END_MARK: &str = "-end";

/// Server-sent events with status and counts, until the issue has ended.
///
/// An event `counts` comes at once and with each change; the last event is `end`, with the same data. Who connects
/// again sends the id of the last event as Last-Event-ID, as browsers do, and gets what has changed since; after `end`
/// the answer is 204, which tells browsers to stop. `gone` comes instead of `end` when the issue was removed. The stream
/// ends after five minutes even where the issue goes on: connect again then.
#[utoipa::path(get, operation_id = "watch_issue", path = "/issues/{id}/events", tag = "issues",
    params(("id" = Uuid, Path),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that arrived.")),
    security(("bearer" = [])),
    responses(
        (status = 200, description = "A stream of events", body = String, content_type = "text/event-stream"),
        (status = 204, description = "It has ended, and Last-Event-ID is the id of its last event")))]
pub(crate) async fn events(
    State(service): State<Service>,
    _: Viewer,
    IssuePath(id): IssuePath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let issue = publish::issue(&mut service.store.read().await?, id).await?;
    let last = headers.get("last-event-id");
    let last = last.and_then(|id| id.to_str().ok()).unwrap_or_default();
    let now = News::of(&issue);
    if now.is_last && last.strip_suffix(END_MARK) == Some(&now.id) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let stopping = service.stopping.clone();
    let now = service.clock.now();
    let watch = Watch {
        until: now.saturating_add(STREAM_LASTS).unwrap_or(now),
        service,
        issue: id,
        last: last.trim_end_matches(END_MARK).to_owned(),
        stage: Stage::First,
    };
    let events = unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((event, watch))
    });
    Ok(event_stream::answer(stopping, events))
}

/// What there is to say about an issue at one moment.
struct News {
    /// The same for the same data, in every process.
    id: String,
    data: String,
    is_last: bool,
}

impl News {
    fn of(issue: &Issue) -> Self {
        let data = serde_json::json!({
            "id": issue.id, "status": issue.state, "counts": issue.counts,
        });
        let data = data.to_string();
        let digest = Sha256::digest(data.as_bytes());
        Self {
            id: HEXLOWER.encode(digest.get(..8).unwrap_or_default()),
            data,
            is_last: issue.has_ended(),
        }
    }

    fn counts(&self) -> Event {
        Event::default()
            .event("counts")
            .id(&self.id)
            .data(&self.data)
    }

    fn end(&self) -> Event {
        let id = format!("{}{END_MARK}", self.id);
        Event::default().event("end").id(id).data(&self.data)
    }
}

/// Somebody who watches an issue.
struct Watch {
    service: Service,
    issue: IssueId,
    /// When the stream ends.
    until: Timestamp,
    /// The id of the counts that arrived last.
    last: String,
    stage: Stage,
}

enum Stage {
    /// Nothing was sent yet.
    First,
    /// Something was sent.
    Later,
    /// The last event was sent.
    Over,
}

impl Watch {
    /// The next event, once there is one; none after the last, and when it is time to connect anew.
    async fn next(&mut self) -> Option<Event> {
        loop {
            match self.stage {
                Stage::First => self.stage = Stage::Later,
                Stage::Later => tokio::time::sleep(LOOK).await,
                Stage::Over => return None,
            }
            if self.service.clock.now() >= self.until {
                return None;
            }
            match self.look().await {
                Ok(Some(issue)) => {
                    let news = News::of(&issue);
                    if news.id != self.last {
                        self.last.clone_from(&news.id);
                        return Some(news.counts());
                    }
                    if news.is_last {
                        self.stage = Stage::Over;
                        return Some(news.end());
                    }
                }
                Ok(None) => {
                    self.stage = Stage::Over;
                    return Some(Event::default().event("gone").data("{}"));
                }
                // It goes on when the database can be read again.
                Err(error) => return Some(Event::default().comment(error.to_string())),
            }
        }
    }

    async fn look(&self) -> Result<Option<Issue>, store::StoreError> {
        let mut db = self.service.store.read().await?;
        store::issue::by_id(&mut db, self.issue).await
    }
}
