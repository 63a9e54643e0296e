//! The end of an issue: that of its last delivery.

use jiff::Timestamp;

use super::{Issue, IssueState, RefusedTransition};

impl Issue {
    /// When its last delivery ended; none while some are under way, also of an issue that was stopped.
    #[must_use]
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.finished_at.filter(|_| self.is_over())
    }

    /// Whether nothing of it changes any more by itself: it was sent or stopped, and its last delivery has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.is_over() && (self.started_at.is_none() || self.finished_at.is_some())
    }

    fn is_over(&self) -> bool {
        matches!(self.state, IssueState::Sent | IssueState::Cancelled)
    }

    /// Stop for good. One that had been sent, and goes once more to those to whom it failed, is sent again; so is one of
    /// which nothing waits any more.
    ///
    /// # Errors
    /// When it has all gone out already.
    pub fn cancel(&self) -> Result<Option<IssueState>, RefusedTransition> {
        match self.state {
            IssueState::Sending | IssueState::Paused
                if self.finished_at.is_some() || self.counts.waiting() == 0 =>
            {
                Ok(Some(IssueState::Sent))
            }
            // Its last deliveries end at this moment.
            IssueState::Sent if self.finished_at.is_none() => Ok(None),
            state => state.cancel(),
        }
    }
}
