//! Writes the outcome of a transactional mail.

use crate::domain::{ConsentEvent, LeaseId, OutboxId, Scope};
use crate::mail::Relay;
use crate::service::Service;
use crate::store::outbox::MailOutcome;
use crate::store::{self, StoreError};

/// Records an outcome with the proof of consent, under the lease of the claim. Records nothing if the lease has
/// ended.
///
/// # Errors
/// When the database cannot be used.
pub(super) async fn record(
    service: &Service,
    mail: OutboxId,
    lease: LeaseId,
    outcome: &MailOutcome,
    relay: Option<&Relay>,
    proof: &[ConsentEvent],
) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    let at = service.clock.now();
    let mut kept = Vec::with_capacity(proof.len());
    // Subscriptions are locked in the order of their ids everywhere.
    let mut proof: Vec<&ConsentEvent> = proof.iter().collect();
    proof.sort_by_key(|event| event.subscription);
    for event in proof {
        if store::subscription::lock(&mut tx, event.subscription).await? {
            let mut event = event.clone();
            event.at = at;
            kept.push(event);
        }
    }
    // A transactional mail does not wait for a limit, but it counts, and issues wait for it.
    if let Some(relay) = relay.filter(|relay| outcome.attempted && relay.limits().any()) {
        let mut throttle =
            store::delivery::throttle::lock(&mut tx, Scope::Relay, relay.name()).await?;
        throttle.take(relay.limits(), service.clock.now(), 1);
        store::delivery::throttle::save(&mut tx, &throttle).await?;
    }
    if store::outbox::record(&mut tx, mail, lease, outcome).await? {
        store::consent::append(&mut tx, service.links.key(), &kept).await?;
    } else if store::outbox::is_known(&mut tx, mail).await? {
        tracing::error!(%mail, "the outcome came after its lease had ended and was not recorded; the mail may be sent twice");
    } else {
        tracing::info!(%mail, "the mail was removed with its reader's data while it was being sent; its outcome is not kept");
    }
    tx.commit().await
}

/// Puts mails back that were not sent, under the lease of the claim: all in one transaction.
///
/// # Errors
/// When the database cannot be used.
pub(super) async fn put_back(
    service: &Service,
    lease: LeaseId,
    outcomes: &[(OutboxId, MailOutcome)],
) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    for (mail, outcome) in outcomes {
        // Where the lease has ended, another worker has it already.
        store::outbox::record(&mut tx, *mail, lease, outcome).await?;
    }
    tx.commit().await
}
