//! The trigger and the stop button.

use jiff::Timestamp;

use super::archive::make_findable;
use super::summary::remake;
use super::{PublishError, issue, newsletter_of};
use crate::domain::{
    Actor, CountrySet, Counts, DeliveryState, Issue, IssueId, IssueState, RefusedTransition,
    parse_schedule,
};
use crate::mail::render_editors_copy;
use crate::service::Service;
use crate::store::{self, Write};

/// When to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// At once.
    Now,
    /// At this time: RFC 3339, or local time in the newsletter's time zone.
    At(String),
}

/// Sends or schedules an issue. Asking again, however often and from wherever,
/// changes nothing and returns where the issue stands.
///
/// # Errors
/// When it was cancelled, or the time makes no sense.
pub async fn send(
    service: &Service,
    id: IssueId,
    trigger: &Trigger,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, id).await?;
    let begins = current.send()?.is_some();
    let newsletter = newsletter_of(&mut tx, current.newsletter).await?;
    let at = match trigger {
        Trigger::Now => now,
        Trigger::At(text) => parse_schedule(text, &newsletter.time_zone)?,
    };
    if !begins {
        // Whoever asks for another time must not believe to have got it.
        return match (current.state, current.scheduled_at) {
            (from @ IssueState::Scheduled, Some(planned)) if planned != at => {
                let wish = "sent at another time";
                Err(RefusedTransition { from, wish }.into())
            }
            _ => Ok(current),
        };
    }
    // What cannot be rendered is refused here, while the editor is looking.
    render_editors_copy(
        &service.links,
        &newsletter,
        &current,
        CountrySet::default(),
        at,
    )?;
    if at > now {
        store::issue::schedule(&mut tx, id, at).await?;
    } else {
        start(service, &mut tx, current, now).await?;
    }
    let after = issue(&mut tx, id).await?;
    tx.commit().await?;
    let audience = after.counts.audience;
    tracing::info!(issue = %id, %actor, state = %after.state, %at, audience, "issue triggered");
    Ok(after)
}

/// Starts every scheduled issue whose time has come; returns which.
///
/// # Errors
/// When the database cannot be used.
pub async fn start_due(service: &Service) -> Result<Vec<IssueId>, PublishError> {
    let now = service.clock.now();
    let due = store::issue::due(&mut service.store.read().await?, now).await?;
    let mut started = Vec::new();
    for id in due {
        let mut tx = service.store.write().await?;
        let current = lock(&mut tx, id).await?;
        // Another process may have been quicker, or an editor may have cancelled.
        let still_due = current.state == IssueState::Scheduled
            && current.scheduled_at.is_some_and(|at| at <= now);
        if still_due {
            start(service, &mut tx, current, now).await?;
            tx.commit().await?;
            tracing::info!(issue = %id, actor = %Actor::Schedule, "issue started");
            started.push(id);
        }
    }
    Ok(started)
}

/// Freezes the audience: from here on every reader has a row in the ledger.
async fn start(
    service: &Service,
    tx: &mut Write,
    mut issue: Issue,
    now: Timestamp,
) -> Result<(), PublishError> {
    let newsletter = newsletter_of(tx, issue.newsletter).await?;
    if !remake(service, tx, &newsletter, &mut issue).await? {
        return Ok(store::issue::set_state(tx, issue.id, IssueState::Cancelled).await?);
    }
    let audience = (issue.newsletter, issue.frequency());
    let readers = store::issue::audience::freeze(tx, issue.id, audience, now).await?;
    let left_out = store::issue::audience::excluded(tx, audience, now).await?;
    store::issue::start(tx, issue.id, readers, &left_out, now).await?;
    make_findable(tx, &issue, newsletter.language).await?;
    store::delivery::refresh_statistics(tx).await?;
    if readers == 0 {
        store::issue::progress::finish(tx, issue.id, now).await?;
    }
    Ok(())
}

/// Stops for the moment; takes effect within a second on every worker.
///
/// # Errors
/// When nothing is being sent.
pub async fn pause(service: &Service, id: IssueId, actor: &Actor) -> Result<Issue, PublishError> {
    change(service, id, IssueState::pause, actor).await
}

/// Goes on after a pause.
///
/// # Errors
/// When the issue is not paused.
pub async fn resume(service: &Service, id: IssueId, actor: &Actor) -> Result<Issue, PublishError> {
    change(service, id, IssueState::resume, actor).await
}

/// Stops for good; who has not had it will not get it.
///
/// # Errors
/// When all of it has gone out.
pub async fn cancel(service: &Service, id: IssueId, actor: &Actor) -> Result<Issue, PublishError> {
    change(service, id, IssueState::cancel, actor).await?;
    settle_cancelled(service, id).await
}

/// Ends what waits of a cancelled issue. What a worker holds at this moment is
/// ended by its record, or here once its lease has passed.
///
/// # Errors
/// When the database cannot be used.
pub async fn settle_cancelled(service: &Service, id: IssueId) -> Result<Issue, PublishError> {
    use DeliveryState::{Deferred, Queued, Skipped, Unknown};
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let queued = store::delivery::end_waiting(&mut tx, id, Queued, Skipped, now).await?;
    let deferred = store::delivery::end_waiting(&mut tx, id, Deferred, Skipped, now).await?;
    store::delivery::end_waiting(&mut tx, id, Unknown, Unknown, now).await?;
    let delta = Counts {
        queued: -queued,
        deferred: -deferred,
        skipped: queued + deferred,
        ..Counts::default()
    };
    store::issue::progress::add_counts(&mut tx, id, delta).await?;
    let after = issue(&mut tx, id).await?;
    tx.commit().await?;
    Ok(after)
}

async fn change(
    service: &Service,
    id: IssueId,
    transition: impl FnOnce(IssueState) -> Result<Option<IssueState>, RefusedTransition>,
    actor: &Actor,
) -> Result<Issue, PublishError> {
    let mut tx = service.store.write().await?;
    let current = lock(&mut tx, id).await?;
    let Some(state) = transition(current.state)? else {
        return Ok(current);
    };
    store::issue::set_state(&mut tx, id, state).await?;
    if state == IssueState::Sending {
        // Everything may have ended while it was paused.
        store::issue::progress::finish(&mut tx, id, service.clock.now()).await?;
    }
    let after = issue(&mut tx, id).await?;
    tx.commit().await?;
    tracing::info!(issue = %id, %actor, from = %current.state, to = %state, "issue state changed");
    Ok(after)
}

async fn lock(tx: &mut Write, id: IssueId) -> Result<Issue, PublishError> {
    store::issue::lock(tx, id)
        .await?
        .ok_or(PublishError::NoIssue(id))
}
