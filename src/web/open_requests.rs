//! Which requests of a connection are open, and how long it has had none.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, sleep};

/// The requests of a connection that are open: until the last octet of their answers was handed over. Clones share
/// them. Nobody is woken by a request: there are many, and one waiter, which has time.
#[derive(Clone)]
pub(super) struct OpenRequests(Arc<State>);

/// A request that is open until this is dropped.
pub(super) struct OpenRequest(Arc<State>);

struct State {
    connected_at: Instant,
    open: AtomicUsize,
    /// When the last one ended, in nanoseconds since the connection.
    ended_after: AtomicU64,
}

impl State {
    fn age(&self) -> Duration {
        self.connected_at.elapsed()
    }
}

impl OpenRequests {
    pub(super) fn none() -> Self {
        Self(Arc::new(State {
            connected_at: Instant::now(),
            open: AtomicUsize::new(0),
            ended_after: AtomicU64::new(0),
        }))
    }

    /// One more.
    pub(super) fn begin(&self) -> OpenRequest {
        self.0.open.fetch_add(1, Ordering::AcqRel);
        OpenRequest(Arc::clone(&self.0))
    }

    /// Ends once none was open for so long.
    pub(super) async fn idle_for(&self, limit: Duration) {
        loop {
            let left = match self.0.open.load(Ordering::Acquire) {
                0 => {
                    let ended = Duration::from_nanos(self.0.ended_after.load(Ordering::Acquire));
                    limit.saturating_sub(self.0.age().saturating_sub(ended))
                }
                // Whenever it ends, its time is not over before the next look.
                _ => limit,
            };
            if left.is_zero() {
                return;
            }
            sleep(left).await;
        }
    }
}

impl OpenRequest {
    /// The answer, with which the request ends.
    pub(super) fn until_sent(self, response: Response) -> Response {
        response.map(|body| Body::new(Answer { body, _open: self }))
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let age = u64::try_from(self.0.age().as_nanos()).unwrap_or(u64::MAX);
        self.0.ended_after.fetch_max(age, Ordering::AcqRel);
        self.0.open.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A body whose request is open.
struct Answer {
    body: Body,
    _open: OpenRequest,
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::OpenRequests;

    #[tokio::test(start_paused = true)]
    async fn idleness_begins_anew_after_each_answer() {
        let requests = OpenRequests::none();
        let begun = Instant::now();
        let asking = async {
            sleep(Duration::from_secs(10)).await;
            let open = requests.begin();
            sleep(Duration::from_secs(60)).await;
            drop(open);
            sleep(Duration::from_secs(10)).await;
            drop(requests.begin());
        };
        tokio::join!(asking, requests.idle_for(Duration::from_secs(15)));
        assert_eq!(begun.elapsed().as_secs(), 95);
    }
}
