//! What an operator changes of what waits: mails that go at once, and throttles that end.

use crate::domain::{Actor, AuditAction, AuditEvent, OutboxId, Scope};
use crate::service::Service;
use crate::store::delivery::throttle;
use crate::store::outbox::again;
use crate::store::{StoreError, audit};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ByHandError {
    /// There is no such mail.
    #[error(
        "no mail {0} waits for an attempt or was given up; nothing was done (`xabar outbox list` shows them; those to an \
         address that was erased or not confirmed cannot be sent again)"
    )]
    NoMail(OutboxId),
    /// There is no such throttle.
    #[error("there is no throttle of the {0} {1}; `xabar throttle list` shows them")]
    NoThrottle(Scope, String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes transactional mails due at once: those that wait for their next attempt, and those that were given up. All or
/// none.
///
/// # Errors
/// When one of them is no such mail.
pub async fn retry_mails(
    service: &Service,
    ids: &[OutboxId],
    actor: &Actor,
) -> Result<(), ByHandError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    for id in ids {
        if !again::retry(&mut tx, *id, now).await? {
            return Err(ByHandError::NoMail(*id));
        }
    }
    for id in ids {
        let event = AuditEvent::new(actor, AuditAction::MailRetried, now);
        let event = event.on(format!("mail:{id}"));
        audit::append(&mut tx, service.links.key(), &event).await?;
    }
    Ok(tx.commit().await?)
}

/// Forgets that a relay or provider has asked us to slow down. What was used of a quota stays.
///
/// # Errors
/// When it has no throttle.
pub async fn reset_throttle(
    service: &Service,
    scope: Scope,
    name: &str,
    actor: &Actor,
) -> Result<(), ByHandError> {
    let all = throttle::all(&mut service.store.read().await?).await?;
    if !all.iter().any(|one| one.scope == scope && one.name == name) {
        return Err(ByHandError::NoThrottle(scope, name.to_owned()));
    }
    let mut tx = service.store.write().await?;
    let mut one = throttle::lock(&mut tx, scope, name).await?;
    one.slowed = None;
    throttle::save(&mut tx, &one).await?;
    let now = service.clock.now();
    let event = AuditEvent::new(actor, AuditAction::ThrottleReset, now);
    let event = event.on(format!("{scope}:{name}"));
    audit::append(&mut tx, service.links.key(), &event).await?;
    Ok(tx.commit().await?)
}
