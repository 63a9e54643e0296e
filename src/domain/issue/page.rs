//! The page of an issue on the web.

use super::{Issue, IssueState};

/// An issue without a page on the web, which therefore cannot be hidden or put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an issue that is {state} has no page on the web{}", self.why())]
pub struct NoPage {
    /// Where it stands.
    pub state: IssueState,
}

impl NoPage {
    fn why(self) -> &'static str {
        match self.state {
            IssueState::Draft | IssueState::Scheduled => {
                " before it is sent, so there is nothing to take down or put back"
            }
            _ => ", as it was stopped before anybody had got it",
        }
    }
}

impl Issue {
    /// Whether it was made public: its mails lead to its page, so one that was stopped keeps that if somebody has got
    /// it.
    #[must_use]
    pub fn is_published(&self) -> bool {
        match self.state {
            IssueState::Draft | IssueState::Scheduled => false,
            IssueState::Sending | IssueState::Paused | IssueState::Sent => true,
            IssueState::Cancelled => self.counts.sent + self.counts.unknown > 0,
        }
    }

    /// Whether it has a page on the web: it was published, and nobody has taken its page down.
    #[must_use]
    pub fn has_page(&self) -> bool {
        self.is_published() && self.hidden_at.is_none()
    }

    /// Take its page off the web, or put it back. Returns false when it is so already.
    ///
    /// # Errors
    /// When it has no page.
    pub fn hide(&self, hidden: bool) -> Result<bool, NoPage> {
        // What was hidden may be put back, even if nobody has got it and it was stopped since.
        if self.is_published() || self.hidden_at.is_some() {
            Ok(self.hidden_at.is_some() != hidden)
        } else {
            Err(NoPage { state: self.state })
        }
    }

    /// Whether lists, feed and search engines lead to its page. A monthly summary only repeats its issues, an erratum is
    /// for a few readers, and what was stopped may have a mistake.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.has_page()
            && self.state != IssueState::Cancelled
            && self.month.is_none()
            && self.erratum.is_none()
    }
}
