//! The mail whose commands travel behind the text of the one before.

use tracing::Instrument;

use super::connection::LaneState;
use super::{Lane, PendingText, RecorderGone};
use crate::domain::Verdict;
use crate::mail::Opened;

impl Lane {
    /// The next delivery of the queue that may begin, if one waits there.
    pub(super) async fn next_at_hand(&self) -> Result<Option<PendingText>, RecorderGone> {
        while let Ok(job) = self.jobs.try_recv() {
            let span = job.span();
            match self.prepare(job).instrument(span).await {
                Ok(pending) => return Ok(Some(pending)),
                Err((job, verdict)) => {
                    self.report(job, verdict).await?;
                }
            }
        }
        Ok(None)
    }

    /// Reads the replies to commands that were pipelined behind a text.
    pub(super) async fn read_next_replies(
        &self,
        next: PendingText,
        state: &mut LaneState,
    ) -> Result<(), RecorderGone> {
        let Some(connection) = &mut state.connection else {
            state.retry_now = Some(next.job);
            return Ok(());
        };
        let opened = self
            .preflight
            .wait_for_reply(&next.job, connection.next_opened())
            .await;
        match opened {
            Some(Some(Opened::Ready)) => state.awaiting_text = Some(next),
            Some(Some(Opened::Refused(verdict))) => {
                self.report(next.job, verdict).await?;
            }
            // Nothing of it was sent.
            Some(Some(Opened::Lost(end))) => {
                self.preflight.relay.learn_session_limit(&end);
                state.retry_now = Some(next.job);
            }
            Some(None) => state.retry_now = Some(next.job),
            None => {
                state.disconnect("too many lanes wait for this provider");
                self.report(next.job, Verdict::PutBack).await?;
            }
        }
        Ok(())
    }

    /// Puts a delivery back whose commands were pipelined behind a text.
    pub(super) async fn put_back(&self, next: Option<PendingText>) -> Result<(), RecorderGone> {
        if let Some(next) = next {
            self.report(next.job, Verdict::PutBack).await?;
        }
        Ok(())
    }
}
