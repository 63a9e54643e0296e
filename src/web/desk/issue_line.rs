//! An issue in a list.

use serde::Serialize;

use crate::domain::{Issue, IssueState, Language};

/// What a list shows of an issue.
#[derive(Debug, Serialize)]
pub(super) struct IssueLine {
    href: String,
    subject: String,
    /// Of the subject.
    language: Language,
    state: IssueState,
    /// Whether its page was taken off the web.
    hidden: bool,
    /// The time that matters in this state.
    at: String,
    sent: i64,
    audience: i64,
    /// How many did not get it.
    lost: i64,
}

impl IssueLine {
    pub(super) fn new(issue: &Issue, language: Language) -> Self {
        let page = match issue.state {
            IssueState::Draft => "write",
            IssueState::Scheduled => "send",
            IssueState::Sending | IssueState::Paused => "watch",
            IssueState::Sent | IssueState::Cancelled => "report",
        };
        let at = match issue.state {
            IssueState::Draft => issue.created_at,
            IssueState::Scheduled => issue.scheduled_at.unwrap_or(issue.created_at),
            _ => issue.started_at.unwrap_or(issue.created_at),
        };
        let counts = issue.counts;
        Self {
            href: format!("/desk/issues/{}/{page}", issue.id),
            subject: issue.content.subject.clone(),
            language,
            state: issue.state,
            hidden: issue.hidden_at.is_some(),
            at: at.to_string(),
            sent: counts.sent,
            audience: counts.audience,
            lost: counts.bounced + counts.failed + counts.unknown,
        }
    }
}
