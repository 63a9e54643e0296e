//! One line a request under the target `xabar::access`, if `http.access_log` is on.
//!
//! It has the route as it is declared and neither path nor address: a path holds tokens, and both are
//! data about a person.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio::time::Instant;

use super::request_log;

/// Under which target the lines stand, so that settings can choose them.
const TARGET: &str = "xabar::access";

/// Logs a request once its answer has gone out, or its client has gone away.
pub(super) async fn log_request(request: Request, next: Next) -> Response {
    let mut line = Line::of(&request);
    let answer = next.run(request).await;
    line.status = Some(answer.status().as_u16());
    let trace = answer.extensions().get::<request_log::TraceOf>();
    line.trace = trace.map(|trace| trace.0.clone());
    answer.map(|body| Body::new(CountedBody { body, line }))
}

/// Written when it is dropped, so that no request is without its line.
struct Line {
    id: String,
    method: Method,
    route: String,
    began: Instant,
    /// None where nobody waited for the answer.
    status: Option<u16>,
    octets: u64,
    /// None where spans are not sent.
    trace: Option<String>,
}

impl Line {
    fn of(request: &Request) -> Self {
        Self {
            id: request_log::id(request).to_owned(),
            method: request.method().clone(),
            route: request_log::route(request).to_owned(),
            began: Instant::now(),
            status: None,
            octets: 0,
            trace: None,
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        tracing::info!(
            target: TARGET,
            id = self.id,
            method = %self.method,
            route = self.route,
            status = self.status,
            milliseconds = self.began.elapsed().as_secs_f64() * 1000.0,
            octets = self.octets,
            trace = self.trace,
            "request"
        );
    }
}

/// The body of an answer, with the line that ends with it.
struct CountedBody {
    body: Body,
    line: Line,
}

impl HttpBody for CountedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let own = self.get_mut();
        let polled = Pin::new(&mut own.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let octets = frame.data_ref().map_or(0, Bytes::len);
            own.line.octets += u64::try_from(octets).unwrap_or_default();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
