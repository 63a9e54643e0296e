//! Which requests of a connection are open, and how long it has had none.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio::sync::watch;
use tokio::time::timeout;

/// The requests of a connection that are open: until the last octet of their answers was handed over. Clones share
/// them.
#[derive(Clone)]
pub(super) struct OpenRequests(watch::Sender<usize>);

/// A request that is open until this is dropped.
pub(super) struct OpenRequest(watch::Sender<usize>);

impl OpenRequests {
    pub(super) fn none() -> Self {
        Self(watch::Sender::new(0))
    }

    /// One more.
    pub(super) fn begin(&self) -> OpenRequest {
        self.0.send_modify(|open| *open += 1);
        OpenRequest(self.0.clone())
    }

    /// Ends once none was open for so long.
    pub(super) async fn idle_for(&self, limit: Duration) {
        let mut open = self.0.subscribe();
        loop {
            // This holds a sender, so there is always one.
            if open.wait_for(|open| *open == 0).await.is_err() {
                return;
            }
            // Also one that came and ended meanwhile is a change.
            if timeout(limit, open.changed()).await.is_err() {
                return;
            }
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
        self.0.send_modify(|open| *open -= 1);
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
