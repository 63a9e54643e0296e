//! What the writing page shows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Opened;
use super::form::Draft;
use super::undo::Gone;
use crate::domain::{
    ContentMarks, CountrySet, Issue, IssueContent, IssueState, Language, PartKind,
};
use crate::mail::GMAIL_CLIPS_AT;
use crate::publish;
use crate::service::Service;
use crate::texts::text;
use crate::web::desk::pages::DeskPage;
use crate::web::desk::{DeskError, SignedIn};

/// Of an issue that was sent, what is written corrects its page on the web.
pub(super) const PAGE: &str = "page";
/// Nothing is written any more.
pub(super) const OVER: &str = "over";

/// The writing page, and each of its parts that an answer replaces.
#[derive(Debug, Serialize)]
pub(super) struct WritePage<'a> {
    id: String,
    newsletter: String,
    newsletter_title: String,
    /// The language of the newsletter, and so of its texts.
    language: Language,
    zone: String,
    subject: &'a str,
    state: IssueState,
    /// What writing means for this issue.
    pub(super) mode: &'static str,
    is_erratum: bool,
    hidden: bool,
    pub(super) version: i64,
    /// The marks of the text that the fields of the page have from the issue.
    pub(super) base: String,
    /// Whether the issue has something that somebody else has written and the fields do not show.
    pub(super) merged: bool,
    newsletter_version: i64,
    content: &'a IssueContent,
    folded: &'a [Vec<bool>],
    kinds: &'static [PartKind],
    usual_titles: BTreeMap<&'static str, String>,
    with_items: BTreeMap<&'static str, bool>,
    inbox: Inbox,
    own_address: String,
    at: String,
    sent: i64,
    waiting: i64,
    /// A colleague who is writing too.
    pub(super) recent_editor: Option<String>,
    pub(super) conflict: Option<Conflict>,
    pub(super) error: Option<String>,
    /// When this person saved the text that the page shows and that is not in the issue.
    pub(super) unapplied: Option<String>,
    /// When this person saved a text that is neither in the issue nor on the page.
    pub(super) elsewhere: Option<String>,
    /// What was just removed and can be brought back.
    pub(super) undo: Option<Gone>,
    pub(super) test_sent: i64,
    /// Whether the parts of this issue became those of new ones.
    pub(super) recipe_kept: bool,
    /// Of an answer to a save: what became of it.
    pub(super) says: String,
    /// Whether the issue does not have it.
    pub(super) problem: bool,
    /// Of a page with a text that was not saved: `kept` when the history has it, else `yes`.
    pub(super) unsaved: Option<&'static str>,
    /// Whether the cards are part of the answer.
    pub(super) parts_too: bool,
}

impl DeskPage for WritePage<'_> {
    const TEMPLATE: &'static str = "desk/write.html";
}

/// Why the issue does not have what was typed, though the history does.
#[derive(Debug, Serialize)]
pub(super) struct Conflict {
    pub(super) says: String,
    /// What both have changed, in words; empty where that is not known.
    pub(super) fields: String,
    /// Whether the person chooses between two texts; otherwise it is too late.
    pub(super) decide: bool,
}

/// The issue as a mailbox lists it, and its size.
#[derive(Debug, Serialize)]
struct Inbox {
    sender: String,
    subject: String,
    preheader: String,
    kilobytes: usize,
    /// Of what Gmail shows.
    percent: usize,
    clipped: bool,
}

impl<'a> WritePage<'a> {
    pub(super) fn new(
        service: &Service,
        signed_in: &SignedIn,
        opened: &Opened,
        draft: &'a Draft,
    ) -> Result<Self, DeskError> {
        let (issue, newsletter) = (&opened.issue, &opened.newsletter);
        let content = &draft.content;
        let shown = Issue {
            content: content.clone(),
            ..issue.clone()
        };
        let mail = publish::render_preview(service, newsletter, &shown, CountrySet::default())
            .map_err(|error| DeskError::Internal(error.to_string()))?;
        let octets = mail.html.len();
        let kinds = PartKind::ALL.iter();
        let title = |kind: &PartKind| {
            let usual = text(newsletter.language, &format!("part-{kind}"), &[]);
            (kind.as_str(), usual)
        };
        Ok(Self {
            id: issue.id.to_string(),
            newsletter: newsletter.slug.to_string(),
            newsletter_title: newsletter.title.clone(),
            language: newsletter.language,
            zone: newsletter.zone_name().to_owned(),
            subject: &content.subject,
            state: issue.state,
            mode: match issue.state {
                IssueState::Scheduled => "scheduled",
                IssueState::Paused => "correction",
                IssueState::Draft => "draft",
                IssueState::Sent => PAGE,
                IssueState::Sending | IssueState::Cancelled => OVER,
            },
            is_erratum: issue.erratum.is_some(),
            hidden: issue.hidden_at.is_some(),
            version: issue.version,
            base: ContentMarks::of(content).to_string(),
            merged: false,
            newsletter_version: newsletter.version,
            content,
            folded: &draft.folded,
            kinds: PartKind::ALL,
            usual_titles: kinds.clone().map(title).collect(),
            with_items: kinds
                .map(|kind| (kind.as_str(), kind.has_items()))
                .collect(),
            inbox: Inbox {
                sender: newsletter.sender_name.clone(),
                // In safety mode neither is what was written.
                preheader: match newsletter.safety_mode {
                    true => mail.subject.clone(),
                    false => content.preheader.clone(),
                },
                subject: mail.subject,
                kilobytes: octets.div_ceil(1_000),
                percent: octets * 100 / GMAIL_CLIPS_AT,
                clipped: octets > GMAIL_CLIPS_AT,
            },
            own_address: signed_in.0.editor.email.to_string(),
            at: issue.scheduled_at.unwrap_or(issue.created_at).to_string(),
            sent: issue.counts.sent,
            waiting: issue.counts.waiting(),
            recent_editor: None,
            conflict: None,
            error: None,
            unapplied: None,
            elsewhere: None,
            undo: None,
            test_sent: 0,
            recipe_kept: false,
            says: String::new(),
            problem: false,
            unsaved: None,
            parts_too: false,
        })
    }
}
