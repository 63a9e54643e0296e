//! From texts to an issue that goes out: draft, look, test, send, stop.

mod approval;
mod archive;
mod ask_approval;
mod audience;
mod check;
mod draft;
mod edited;
mod erratum;
mod fields;
mod history;
mod newsletter;
mod obstacles;
mod pace;
mod page;
mod picture;
mod preview;
mod readers;
mod recipe;
mod report;
mod retry;
mod schedule;
mod send;
mod stop;
mod summary;
mod test_copies;
mod text_overrides;
mod view;
mod write;

pub use approval::{ApprovalRefused, ApprovalView, approval, approve};
pub use archive::make_all_findable;
pub use ask_approval::{AskedBy, approval_asked, ask_approval};
pub use audience::{AudiencePlan, Counting, Estimate, audience_plan};
pub use check::{CheckList, Checked, FindingView, check, check_thoroughly};
pub use draft::{ContentPatch, IssueDraft, create, edit};
pub use edited::Edited;
pub use erratum::{erratum, knows_who_got_what};
pub use fields::set_fields;
pub use history::{
    HistoryEntry, Step, also_writing, issue_history, saved_state, state_with, unapplied,
};
pub use newsletter::{Change, LogoChange, add_newsletter, change_newsletter, changed_newsletter};
pub use obstacles::{CauseView, Obstacles, RelayLimitView};
pub use pace::{Pace, ProviderWait, RateView, pace, pace_of, take_samples};
pub use page::{hide, unhide};
pub use picture::{
    MAX_PICTURE_OCTETS, PictureError, PicturePlace, PictureView, ShownPicture, Unfit,
    fetch_picture, keep_picture, move_pictures, picture, removal_due, remove_leftovers,
};
pub use preview::{VariantCount, preview, preview_look, render_preview, variants};
pub use readers::reader_figures;
pub use recipe::{recipe, set_recipe};
pub use report::{
    CauseCount, Course, CoursePoint, EarlierIssue, IssueReport, LeftAfter, ProviderResult, report,
    report_csv, write_reports,
};
pub use retry::{Retry, check_retry, retry_failed};
pub use schedule::start_due;
pub use send::{SendPlan, TAKE_BACK_TIME, Trigger, check_send, plan_send, send, unschedule};
pub use stop::{cancel, check_cancel, pause, resume, settle_stopped};
pub use summary::prepare_summaries;
pub use test_copies::{TestCopies, send_test_copies};
pub use text_overrides::{TextView, preview_mail, set_text, set_texts, texts};
pub use view::{IssueSummary, IssueView};
pub use write::{Base, Saved, Start, apply, save, start_draft};

use crate::domain::{
    Actor, AuditAction, AuditEvent, Exclusion, InvalidField, Issue, IssueId, MailKind, Newsletter,
    NewsletterId, NoPage, RateLimited, RefusedTransition, ScheduleError, Slug,
};
use crate::mail::TemplateError;
use crate::service::Service;
use crate::store::issue::audience::Excluded;
use crate::store::{self, Read, StoreError, Write};
use crate::texts::TextOverrideError;

/// Why a step of publishing was refused.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// There is no such newsletter.
    #[error("there is no newsletter `{0}`; `xabar newsletter list` shows those there are")]
    NoNewsletter(Slug),
    /// There is no such issue.
    #[error("there is no issue {0}; `xabar issue list` shows those there are")]
    NoIssue(IssueId),
    /// The content does not fit.
    #[error("what you wrote does not fit: {}", .0.iter().map(|p| format!("{}: {}", p.field, p.why)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<InvalidField>),
    /// The state of the issue does not allow it.
    #[error(transparent)]
    Refused(#[from] RefusedTransition),
    /// Somebody else changed it in the meantime.
    #[error(
        "the {what} has changed since you read it (it is at version {version}); read it again and repeat your change"
    )]
    Changed {
        /// What it was.
        what: &'static str,
        /// Where it stands now.
        version: i64,
    },
    /// A change of what was sent already, by somebody who does not say which version they have read.
    #[error(
        "the issue was sent: whoever corrects its page says which version they have read (`If-Match` with the ETag of \
         the issue), so that no other issue is changed by a slip; read it and repeat your change with that"
    )]
    VersionRequired,
    /// It has no page.
    #[error(transparent)]
    NoPage(#[from] NoPage),
    /// It says nothing but its subject.
    #[error(
        "the issue has a subject and nothing else; write an intro or a part before you send it"
    )]
    Empty,
    /// Nobody would get it.
    #[error("nobody would get it: {}", no_audience(.0))]
    NoAudience(Excluded),
    /// A second person has to approve it.
    #[error(transparent)]
    Approval(#[from] ApprovalRefused),
    /// An erratum where nobody got a wrong text, or all who did got one.
    #[error(
        "nobody got another text than the present one without an erratum since, so there is nothing to put right"
    )]
    NothingWrong,
    /// An erratum where nobody knows any more who got the wrong text.
    #[error(
        "who got the wrong text is not known any more: deliveries are removed after `retention.delivery_days`, and \
         after a week in safety mode; write a new issue to all readers instead"
    )]
    LedgerRemoved,
    /// The time makes no sense.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// An erratum while it is not known yet who got the wrong text.
    #[error(
        "mails of the issue that it corrects are still under way, and who got the wrong text is known once they have \
         ended; try again then, at the latest when `worker.lease_seconds` have passed"
    )]
    StillUnderWay,
    /// More test copies than one person or program may send for a newsletter.
    #[error(
        "too many test copies: 60 an hour and 200 a day for each newsletter; none was sent, try again in {} minutes",
        .0.minutes()
    )]
    TooManyCopies(RateLimited),
    /// A wording that a mail cannot have.
    #[error(transparent)]
    Text(#[from] TextOverrideError),
    /// A mail without texts of its own.
    #[error("the mail `{0}` is not about a subscription and has no texts to change")]
    NoTexts(MailKind),
    /// It could not be rendered.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an audience is empty.
fn no_audience(excluded: &Excluded) -> String {
    if excluded.is_empty() {
        return "the newsletter has no active readers".to_owned();
    }
    let reason =
        |(reason, readers): (&Exclusion, &i64)| format!("{readers} {}", reason.described());
    let reasons: Vec<String> = excluded.iter().map(reason).collect();
    format!("of those it is for, {}", reasons.join(", "))
}

/// Logs what somebody did with an issue, as the last statement before the commit.
async fn log(
    service: &Service,
    tx: &mut Write,
    actor: &Actor,
    action: AuditAction,
    issue: &Issue,
) -> Result<(), StoreError> {
    let event = AuditEvent::new(actor, action, service.clock.now()).on_issue(issue);
    store::audit::append(tx, service.links.key(), &event).await
}

/// Logs that somebody changed a newsletter.
async fn log_newsletter(
    service: &Service,
    tx: &mut Write,
    actor: &Actor,
    newsletter: NewsletterId,
    what: &Edited,
) -> Result<(), StoreError> {
    let now = service.clock.now();
    let event = AuditEvent::new(actor, AuditAction::NewsletterEdited, now);
    let event = event
        .in_newsletter(Some(newsletter))
        .saying(what.to_string());
    store::audit::append(tx, service.links.key(), &event).await
}

/// An issue.
///
/// # Errors
/// [`PublishError::NoIssue`] when there is none.
pub async fn issue(db: &mut Read, id: IssueId) -> Result<Issue, PublishError> {
    store::issue::by_id(db, id)
        .await?
        .ok_or(PublishError::NoIssue(id))
}

async fn newsletter_of(db: &mut Read, id: NewsletterId) -> Result<Newsletter, PublishError> {
    Ok(store::newsletter::by_id(db, id).await?)
}

/// The newsletter that a field `newsletter` names by its slug.
///
/// # Errors
/// When there is none.
pub async fn newsletter_named(service: &Service, slug: &str) -> Result<Newsletter, PublishError> {
    let slug = Slug::parse(slug)
        .map_err(|e| PublishError::Invalid(vec![InvalidField::new("newsletter", e)]))?;
    let found = store::newsletter::by_slug(&mut service.store.read().await?, &slug).await?;
    found.ok_or(PublishError::NoNewsletter(slug))
}

/// Refuses a change that was made from another version than the present one.
fn check_version(issue: &Issue, version: Option<i64>) -> Result<(), PublishError> {
    if version.is_some_and(|version| version != issue.version) {
        return Err(PublishError::Changed {
            what: "issue",
            version: issue.version,
        });
    }
    Ok(())
}
