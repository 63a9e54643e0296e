//! Keeps mails from going over single relays.

use crate::domain::{Actor, AuditAction, AuditEvent};
use crate::mail::Relays;
use crate::service::Service;
use crate::store::delivery::relay_pause;
use crate::store::{self, StoreError};

/// Why a relay is paused if whoever pauses it gives no reason.
pub const BY_HAND: &str = "It was paused on the command line.";

/// Looks which relays are paused. A worker does so every half second.
///
/// # Errors
/// When the database cannot be used; what was seen before stays.
pub async fn look(service: &Service, relays: &Relays) -> Result<(), StoreError> {
    let paused = relay_pause::all(&mut service.store.read().await?).await?;
    for relay in relays.all() {
        let pause = paused.iter().find(|pause| pause.relay == relay.name());
        let was_paused = relay.set_paused(pause.is_some());
        match pause {
            Some(pause) if !was_paused => tracing::warn!(
                relay = relay.name(), since = %pause.since, why = pause.because,
                "the relay is paused and gets no mails; `xabar relay resume` ends that"
            ),
            None if was_paused => {
                tracing::info!(relay = relay.name(), "the relay gets mails again")
            }
            _ => {}
        }
    }
    Ok(())
}

/// Pauses a relay: no further mail begins over it, and what waits goes over others or waits for it. An
/// earlier pause stays with its reason. Returns whether it was not paused before.
///
/// # Errors
/// When the database cannot be used.
pub async fn pause(
    service: &Service,
    relay: &str,
    because: &str,
    actor: &Actor,
) -> Result<bool, StoreError> {
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let is_new = relay_pause::pause(&mut tx, relay, because, now).await?;
    if is_new {
        let event = AuditEvent::new(actor, AuditAction::RelayPaused, now);
        let event = event.on(format!("relay:{relay}")).saying(because);
        store::audit::append(&mut tx, service.links.key(), &event).await?;
        tx.commit().await?;
    }
    Ok(is_new)
}

/// Ends [`pause()`]; returns whether the relay was paused.
///
/// # Errors
/// When the database cannot be used.
pub async fn resume(service: &Service, relay: &str, actor: &Actor) -> Result<bool, StoreError> {
    let mut tx = service.store.write().await?;
    let was_paused = relay_pause::resume(&mut tx, relay).await?;
    if was_paused {
        let event = AuditEvent::new(actor, AuditAction::RelayResumed, service.clock.now());
        let event = event.on(format!("relay:{relay}"));
        store::audit::append(&mut tx, service.links.key(), &event).await?;
        tx.commit().await?;
    }
    Ok(was_paused)
}
