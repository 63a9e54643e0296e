//! The page of an issue on the web, as the desk shows it.

use serde::Serialize;

use crate::domain::{Issue, IssueState, Language, Newsletter};
use crate::service::Service;
use crate::texts::local_time;

/// Where the page is, and what can be done about it.
#[derive(Debug, Serialize)]
pub(super) struct WebPage {
    /// Its address; empty where not everybody may read it.
    href: String,
    /// Since when it has been off the web; empty while it is there.
    hidden_since: String,
    /// Whether it can be corrected by itself: an issue that is being sent is paused first.
    may_correct: bool,
}

impl WebPage {
    /// None for an issue that has no page.
    pub(super) fn of(
        service: &Service,
        language: Language,
        newsletter: &Newsletter,
        issue: &Issue,
    ) -> Option<Self> {
        // One that was hidden can always be put back.
        if !issue.is_published() && issue.hidden_at.is_none() {
            return None;
        }
        let since = issue.hidden_at;
        let since = since.map(|at| local_time(language, newsletter.time_zone.to_datetime(at)));
        Some(Self {
            href: match newsletter.is_public() && issue.has_page() {
                true => service.links.issue(newsletter, issue),
                false => String::new(),
            },
            hidden_since: since.unwrap_or_default(),
            may_correct: issue.state == IssueState::Sent,
        })
    }
}
