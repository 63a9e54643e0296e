//! An issue as the API and the command line show it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    Counts, Exclusion, Issue, IssueState, Month, Newsletter, Part, PauseCode, zoned_time,
};
use crate::links::Links;

/// An issue without its content.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssueSummary {
    /// Its identity, a UUID.
    pub id: String,
    /// The newsletter's slug.
    pub newsletter: String,
    /// Its name in the archive.
    pub slug: String,
    /// The Subject line.
    pub subject: String,
    /// Where it stands.
    pub status: IssueState,
    /// Goes up with every change; the ETag begins with it.
    pub version: i64,
    /// Goes up with every correction after mails have gone out, also with those of its page alone.
    pub revision: i64,
    /// The month of which it is the summary, as in `2026-11`; null for every other issue.
    #[schema(value_type = Option<String>)]
    pub month: Option<Month>,
    /// Deliveries by state.
    pub counts: Counts,
    /// Who read the newsletter when the audience was frozen: `counts.audience` and `excluded` together.
    pub candidates: i64,
    /// Readers who were left out of the audience, by reason: `paused`; `monthly`, who get the summary of the month
    /// instead; of a summary `each`, who get each issue.
    #[schema(value_type = std::collections::BTreeMap<String, i64>)]
    pub excluded: BTreeMap<Exclusion, i64>,
    /// Its permanent page, public once it is being sent; it answers 410 while it is hidden.
    pub url: String,
    /// RFC 3339, as all times here.
    pub created_at: String,
    /// When it is to be sent.
    pub scheduled_at: Option<String>,
    /// The same as people of the newsletter's time zone read it, with offset, zone and UTC.
    pub scheduled_local: Option<String>,
    /// When its audience was frozen.
    pub started_at: Option<String>,
    /// When the last delivery ended.
    pub finished_at: Option<String>,
    /// When its page was taken off the web; null while it is there, or before there is one.
    pub hidden_at: Option<String>,
    /// The kind of reason for which the service stopped it by itself.
    pub paused_code: Option<PauseCode>,
    /// Why the service stopped it by itself, in English.
    pub paused_because: Option<String>,
}

/// An issue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssueView {
    /// All but the content.
    #[serde(flatten)]
    pub summary: IssueSummary,
    /// The words that mail programs show beside the subject.
    pub preheader: String,
    /// The editor's greeting, Markdown.
    pub intro: String,
    /// The parts, in the order of the mail.
    pub parts: Vec<Part>,
}

impl IssueSummary {
    /// What is shown of an issue of this newsletter.
    #[must_use]
    pub fn new(links: &Links, newsletter: &Newsletter, issue: &Issue) -> Self {
        let time = |at: Timestamp| at.to_string();
        Self {
            id: issue.id.to_string(),
            newsletter: newsletter.slug.to_string(),
            slug: issue.slug.to_string(),
            subject: issue.content.subject.clone(),
            status: issue.state,
            version: issue.version,
            revision: issue.revision,
            month: issue.month,
            counts: issue.counts,
            candidates: issue.candidates(),
            excluded: issue.excluded.clone(),
            url: links.issue(newsletter, issue),
            created_at: time(issue.created_at),
            scheduled_at: issue.scheduled_at.map(time),
            scheduled_local: issue
                .scheduled_at
                .map(|at| zoned_time(at, &newsletter.time_zone)),
            started_at: issue.started_at.map(time),
            finished_at: issue.ended_at().map(time),
            hidden_at: issue.hidden_at.map(time),
            paused_code: issue.paused_because.as_ref().map(|why| why.code),
            paused_because: issue.paused_because.as_ref().map(ToString::to_string),
        }
    }
}

impl IssueView {
    /// The issue with all that it says.
    #[must_use]
    pub fn new(links: &Links, newsletter: &Newsletter, issue: Issue) -> Self {
        Self {
            summary: IssueSummary::new(links, newsletter, &issue),
            preheader: issue.content.preheader,
            intro: issue.content.intro,
            parts: issue.content.parts,
        }
    }
}
