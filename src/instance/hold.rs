//! Holds everything that the service would mail.

use crate::domain::{
    Actor, AuditAction, AuditEvent, Issue, IssueId, IssueState, PauseCode, PausedBecause,
};
use crate::service::Service;
use crate::store::instance::Held;
use crate::store::{self, StoreError, Write};

/// Why sending is held if whoever holds it gives no reason.
pub const BY_HAND: &str = "It was held on the command line.";

/// Looks whether sending is held, for [`Service::hold`]. A worker does so every half second.
///
/// # Errors
/// When the database cannot be used; what was seen before stays.
pub async fn look(service: &Service) -> Result<Option<Held>, StoreError> {
    let known = store::instance::read(&mut service.store.read().await?).await?;
    let held = known.and_then(|known| known.held);
    let before = service.hold.set(held.is_some());
    match &held {
        Some(Held { since, why }) if before != Some(true) => {
            tracing::warn!(%since, why, "all sending is held; `xabar resume --all` ends that");
        }
        None if before == Some(true) => tracing::info!("sending goes on"),
        _ => {}
    }
    Ok(held)
}

/// Pauses every issue that is being sent, and keeps schedules, summaries and single mails from going
/// out, until [`release`]. Returns whether that was not so before, and the issues that this call paused.
///
/// # Errors
/// When the database cannot be used.
pub async fn hold_all(
    service: &Service,
    why: &str,
    actor: &Actor,
) -> Result<(bool, Vec<Issue>), StoreError> {
    let mut tx = service.store.write().await?;
    let is_new = store::instance::hold(&mut tx, why, service.clock.now()).await?;
    let because = PausedBecause::saying(PauseCode::Held, why);
    let ids = pause_all(&mut tx, &because).await?;
    let done = (AuditAction::Paused, why);
    let paused = log_issues(service, &mut tx, &ids, done, Some(actor)).await?;
    if is_new {
        let event = AuditEvent::new(actor, AuditAction::SendingHeld, service.clock.now());
        store::audit::append(&mut tx, service.links.key(), &event.saying(why)).await?;
    }
    tx.commit().await?;
    look(service).await?;
    Ok((is_new, paused))
}

/// Ends [`hold_all`]; the issues that it paused stay so. Returns whether sending was held.
///
/// # Errors
/// When the database cannot be used.
pub async fn release(service: &Service, actor: &Actor) -> Result<bool, StoreError> {
    let mut tx = service.store.write().await?;
    let was_held = store::instance::release(&mut tx).await?;
    if was_held {
        tx.makes_work();
        let event = AuditEvent::new(actor, AuditAction::SendingReleased, service.clock.now());
        store::audit::append(&mut tx, service.links.key(), &event).await?;
    }
    tx.commit().await?;
    look(service).await?;
    Ok(was_held)
}

/// Holds what a restored or copied database would send: it takes overdue issues off the schedule, and
/// pauses those that are being sent.
pub(super) async fn hold_copy(
    service: &Service,
    tx: &mut Write,
    why: &str,
) -> Result<(), StoreError> {
    let now = service.clock.now();
    store::instance::hold(tx, why, now).await?;
    let overdue = PausedBecause::new(PauseCode::Overdue);
    let mut taken_back = Vec::new();
    for id in store::issue::due(tx, now).await? {
        // One that another worker starts meanwhile is among those that are paused next.
        if store::issue::unschedule(tx, id, Some(&overdue)).await? {
            taken_back.push(id);
        }
    }
    let paused = pause_all(tx, &PausedBecause::new(PauseCode::Copied)).await?;
    for (ids, action) in [
        (paused, AuditAction::Paused),
        (taken_back, AuditAction::TakenBack),
    ] {
        log_issues(service, tx, &ids, (action, why), None).await?;
    }
    let event = AuditEvent::by_nobody(AuditAction::SendingHeld, now).saying(why);
    store::audit::append(tx, service.links.key(), &event).await
}

/// Pauses every issue that is being sent; returns those that this call paused. They are not logged here: the
/// log comes after all other rows.
async fn pause_all(tx: &mut Write, because: &PausedBecause) -> Result<Vec<IssueId>, StoreError> {
    let mut paused = Vec::new();
    for id in store::issue::with_state(tx, IssueState::Sending).await? {
        // It may have ended since.
        if store::issue::pause_because(tx, id, because).await? {
            paused.push(id);
        }
    }
    Ok(paused)
}

/// Logs what was done with these issues, and why; returns them as they are now.
async fn log_issues(
    service: &Service,
    tx: &mut Write,
    ids: &[IssueId],
    (action, why): (AuditAction, &str),
    actor: Option<&Actor>,
) -> Result<Vec<Issue>, StoreError> {
    let now = service.clock.now();
    let mut issues = Vec::new();
    for id in ids {
        let Some(issue) = store::issue::by_id(tx, *id).await? else {
            continue;
        };
        let event = match actor {
            Some(actor) => AuditEvent::new(actor, action, now),
            None => AuditEvent::by_nobody(action, now),
        };
        let event = event.on_issue(&issue).saying(why);
        store::audit::append(tx, service.links.key(), &event).await?;
        issues.push(issue);
    }
    Ok(issues)
}
