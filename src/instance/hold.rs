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
/// out, until [`release`]. Returns whether that was not so before, and the issues that are paused now.
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
    let paused = pause_all(service, &mut tx, (&because, why), Some(actor)).await?;
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

/// Holds what a restored or copied database would send: it pauses issues, and takes overdue ones off
/// the schedule.
pub(super) async fn hold_copy(
    service: &Service,
    tx: &mut Write,
    why: &str,
) -> Result<(), StoreError> {
    let now = service.clock.now();
    store::instance::hold(tx, why, now).await?;
    let paused = PausedBecause::new(PauseCode::Copied);
    pause_all(service, tx, (&paused, why), None).await?;
    let overdue = PausedBecause::new(PauseCode::Overdue);
    for id in store::issue::due(tx, now).await? {
        store::issue::unschedule(tx, id, Some(&overdue)).await?;
        log_issue(service, tx, id, AuditAction::TakenBack, None, why).await?;
    }
    let event = AuditEvent::by_nobody(AuditAction::SendingHeld, now).saying(why);
    store::audit::append(tx, service.links.key(), &event).await
}

async fn pause_all(
    service: &Service,
    tx: &mut Write,
    (because, logged): (&PausedBecause, &str),
    actor: Option<&Actor>,
) -> Result<Vec<Issue>, StoreError> {
    let mut paused = Vec::new();
    for id in store::issue::with_state(tx, IssueState::Sending).await? {
        store::issue::pause_because(tx, id, because).await?;
        paused.extend(log_issue(service, tx, id, AuditAction::Paused, actor, logged).await?);
    }
    Ok(paused)
}

async fn log_issue(
    service: &Service,
    tx: &mut Write,
    id: IssueId,
    action: AuditAction,
    actor: Option<&Actor>,
    why: &str,
) -> Result<Option<Issue>, StoreError> {
    let Some(issue) = store::issue::by_id(tx, id).await? else {
        return Ok(None);
    };
    let now = service.clock.now();
    let event = match actor {
        Some(actor) => AuditEvent::new(actor, action, now),
        None => AuditEvent::by_nobody(action, now),
    };
    let event = event.on_issue(&issue).saying(why);
    store::audit::append(tx, service.links.key(), &event).await?;
    Ok(Some(issue))
}
