//! The trigger.

use jiff::{SignedDuration, Timestamp};

use super::approval;
use super::archive::make_findable;
use super::draft::check;
use super::erratum::is_known;
use super::history::{Step, record};
use super::stop::require_ended;
use super::summary::remake;
use super::{PublishError, check_version, issue, log, newsletter_of};
use crate::domain::{
    Actor, AuditAction, CountrySet, Exclusion, Issue, IssueId, IssueState, Newsletter,
    check_schedule, parse_schedule, zoned_time,
};
use crate::mail::render_editors_copy;
use crate::service::Service;
use crate::store::issue::audience::Excluded;
use crate::store::{self, Read, Write};

/// So long an issue that is sent from the desk can be taken back.
pub const TAKE_BACK_TIME: SignedDuration = SignedDuration::from_mins(1);

/// When to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// At once.
    Now,
    /// In a minute, during which it can be taken back. What goes out sooner stays as it is.
    InAMinute,
    /// At this time, as [`parse_schedule`] reads it.
    At(String),
}

/// Sends or schedules an issue, or moves one that is scheduled. Asking for the same again, however
/// often and from wherever, changes nothing and returns where the issue stands. `version`, when given,
/// must be that of the issue.
///
/// # Errors
/// When it was cancelled, is empty, would reach nobody or has changed; needs the approval of a second
/// person; or the time makes no sense, has passed by more than a minute, or is another than the one at
/// which it goes out already.
pub async fn send(
    service: &Service,
    id: IssueId,
    trigger: &Trigger,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, id).await?;
    let Some(begin) = begin(service, &mut tx, &current, trigger, version).await? else {
        return Ok(current);
    };
    let current = tidy(service, &mut tx, current, actor).await?;
    approval::require(&mut tx, &current, actor).await?;
    let by = actor.person();
    let mut action = AuditAction::Scheduled;
    if begin.at_once {
        store::issue::approval::set_triggered_by(&mut tx, id, &by).await?;
        action = start(service, &mut tx, current, begin.at).await?.action();
    } else {
        store::issue::schedule(&mut tx, id, begin.at, &by).await?;
    }
    let after = issue(&mut tx, id).await?;
    log(service, &mut tx, actor, action, &after).await?;
    tx.commit().await?;
    let (audience, at) = (after.counts.audience, begin.at_local);
    tracing::info!(issue = %id, %actor, state = %after.state, at, audience, "issue triggered");
    Ok(after)
}

/// The issue without the cards that were left empty.
async fn tidy(
    service: &Service,
    tx: &mut Write,
    before: Issue,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let content = before.content.without_blanks();
    if content == before.content {
        return Ok(before);
    }
    store::issue::set_content(tx, before.id, &content).await?;
    let tidied = issue(tx, before.id).await?;
    record(service, tx, (&before, &tidied), Step::Own, actor).await?;
    Ok(tidied)
}

/// What sending an issue would do at this moment.
#[derive(Debug, Clone)]
pub struct SendPlan {
    /// The issue as it is.
    pub issue: Issue,
    /// When it would go out.
    pub at: Timestamp,
    /// The same for people.
    pub at_local: String,
    /// How many readers would get it.
    pub audience: i64,
    /// The active readers who would not, by reason.
    pub excluded: Excluded,
}

/// What [`send`] would do for `actor`; `None` if it would change nothing. Nothing is written.
///
/// # Errors
/// Those of [`send`].
pub async fn plan_send(
    service: &Service,
    id: IssueId,
    trigger: &Trigger,
    actor: &Actor,
) -> Result<Option<SendPlan>, PublishError> {
    let mut db = service.store.read().await?;
    let issue = issue(&mut db, id).await?;
    let Some(begin) = begin(service, &mut db, &issue, trigger, None).await? else {
        return Ok(None);
    };
    approval::require(&mut db, &issue, actor).await?;
    let (wanted, now) = (issue.audience(), service.clock.now());
    let everybody = store::issue::audience::everybody(&mut db, wanted, now).await?;
    Ok(Some(SendPlan {
        audience: everybody.readers(),
        excluded: store::issue::audience::excluded(&mut db, wanted, now).await?,
        at: begin.at,
        at_local: begin.at_local,
        issue,
    }))
}

/// Whether [`send`] would do anything now, apart from the approval of a second person. Nothing is written.
///
/// # Errors
/// Those of [`send`].
pub async fn check_send(
    service: &Service,
    id: IssueId,
    trigger: &Trigger,
) -> Result<bool, PublishError> {
    let mut db = service.store.read().await?;
    let issue = issue(&mut db, id).await?;
    let begin = begin(service, &mut db, &issue, trigger, None).await?;
    Ok(begin.is_some())
}

/// When an issue goes out that may.
struct Begin {
    at: Timestamp,
    at_local: String,
    at_once: bool,
}

/// Checks all that [`send`] asks for; `None` if it would change nothing.
async fn begin(
    service: &Service,
    db: &mut Read,
    current: &Issue,
    trigger: &Trigger,
    version: Option<i64>,
) -> Result<Option<Begin>, PublishError> {
    let now = service.clock.now();
    let newsletter = newsletter_of(db, current.newsletter).await?;
    let zone = &newsletter.time_zone;
    let soon = now.saturating_add(TAKE_BACK_TIME).unwrap_or(now);
    let wanted = match trigger {
        Trigger::Now => None,
        Trigger::InAMinute => match current.state {
            IssueState::Draft => Some(soon),
            IssueState::Scheduled if current.scheduled_at.is_some_and(|at| at <= soon) => {
                return Ok(None);
            }
            IssueState::Scheduled => Some(soon),
            _ => None,
        },
        Trigger::At(text) => Some(parse_schedule(text, zone)?),
    };
    if !current.send(wanted)? {
        return Ok(None);
    }
    check_version(current, version)?;
    if let Some(at) = wanted {
        check_schedule(at, now, zone)?;
    }
    // Within the minute of grace it is now, and not then.
    let at = wanted.map_or(now, |at| at.max(now));
    check_sendable(service, db, &newsletter, current, at).await?;
    Ok(Some(Begin {
        at,
        at_local: zoned_time(at, zone),
        at_once: at == now,
    }))
}

/// Refuses what would go out by mistake, while the editor is looking.
pub(super) async fn check_sendable(
    service: &Service,
    db: &mut Read,
    newsletter: &Newsletter,
    issue: &Issue,
    at: Timestamp,
) -> Result<(), PublishError> {
    if issue.content.is_empty() {
        return Err(PublishError::Empty);
    }
    if let Some(erratum) = issue.erratum {
        require_ended(&super::issue(db, erratum.of).await?)?;
    }
    // A draft of the desk may be unfinished.
    check(&issue.content.without_blanks())?;
    let (wanted, now) = (issue.audience(), service.clock.now());
    if !store::issue::audience::has_readers(db, wanted, now).await? {
        if let Some(erratum) = issue.erratum {
            let wrong = super::issue(db, erratum.of).await?;
            if !is_known(db, &wrong).await? {
                return Err(PublishError::LedgerRemoved);
            }
        }
        let excluded = store::issue::audience::excluded(db, wanted, now).await?;
        // Who reads the summary of the month gets the issue in that.
        let in_summary = issue.month.is_none() && issue.erratum.is_none();
        if !in_summary || !excluded.contains_key(&Exclusion::Monthly) {
            return Err(PublishError::NoAudience(excluded));
        }
    }
    render_editors_copy(&service.links, newsletter, issue, CountrySet::default(), at)?;
    Ok(())
}

/// Takes a scheduled issue back: it is a draft again.
///
/// # Errors
/// When its sending has begun, it was cancelled, or it has changed since `version`.
pub async fn unschedule(
    service: &Service,
    id: IssueId,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, id).await?;
    if current.state.unschedule()?.is_none() {
        return Ok(current);
    }
    check_version(&current, version)?;
    if !store::issue::unschedule(&mut tx, id, None).await? {
        return Ok(current);
    }
    let after = issue(&mut tx, id).await?;
    log(service, &mut tx, actor, AuditAction::TakenBack, &after).await?;
    tx.commit().await?;
    tracing::info!(issue = %id, %actor, "scheduled issue taken back");
    Ok(after)
}

/// What [`start`] came to.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Started {
    /// Every reader has a delivery.
    Sent,
    /// It was a summary of nothing, and is cancelled.
    Cancelled,
}

impl Started {
    /// What the audit log says of it.
    pub(super) fn action(self) -> AuditAction {
        match self {
            Self::Sent => AuditAction::Sent,
            Self::Cancelled => AuditAction::Cancelled,
        }
    }
}

/// Freezes the audience: from here on every reader has a delivery.
pub(super) async fn start(
    service: &Service,
    tx: &mut Write,
    mut issue: Issue,
    now: Timestamp,
) -> Result<Started, PublishError> {
    let newsletter = newsletter_of(tx, issue.newsletter).await?;
    if !remake(service, tx, &newsletter, &mut issue).await? {
        store::issue::set_state(tx, issue.id, IssueState::Cancelled).await?;
        return Ok(Started::Cancelled);
    }
    let audience = issue.audience();
    let readers = store::issue::audience::freeze(tx, issue.id, audience, now).await?;
    let left_out = store::issue::audience::excluded(tx, audience, now).await?;
    store::issue::start(tx, issue.id, readers, &left_out, now).await?;
    store::issue::sample::take_one(tx, issue.id, now).await?;
    make_findable(tx, &issue, newsletter.language).await?;
    store::delivery::refresh_statistics(tx).await?;
    if readers == 0 {
        store::issue::progress::finish(tx, issue.id, now).await?;
    }
    Ok(Started::Sent)
}

pub(super) async fn lock(tx: &mut Write, id: IssueId) -> Result<Issue, PublishError> {
    store::issue::lock(tx, id)
        .await?
        .ok_or(PublishError::NoIssue(id))
}
