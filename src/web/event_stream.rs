//! Answers that are streams of server-sent events (WHATWG HTML §9.2).

use std::convert::Infallible;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt};
use tokio_util::sync::CancellationToken;

/// The answer with these events, until `stopping`: whoever watches connects again, to a process that stays.
pub(super) fn answer(
    stopping: CancellationToken,
    events: impl Stream<Item = Event> + Send + 'static,
) -> Response {
    let events = events.map(Ok::<_, Infallible>);
    let events = events.take_until(stopping.cancelled_owned());
    let stream = Sse::new(events).keep_alive(KeepAlive::default());
    // nginx would hold the events back.
    ([("x-accel-buffering", "no")], stream).into_response()
}
