//! Unsubscribing: by the button on the page, or by the mailbox provider's one click (RFC 8058).

use std::net::IpAddr;

use super::{LinkError, LinkedSubscription, linked_subscription};
use crate::domain::{ConsentMethod, Purpose};
use crate::membership::{self, Evidence, Withdrawal};
use crate::service::Service;
use crate::store;
use crate::texts;

/// What the page of the link shows; changes nothing.
///
/// # Errors
/// When the link is not genuine.
pub async fn load_unsubscribe(
    service: &Service,
    token: &str,
) -> Result<LinkedSubscription, LinkError> {
    let token = service.links.key().verify(Purpose::Unsubscribe, token)?;
    let mut db = service.store.read().await?;
    linked_subscription(&mut db, token.subscription).await
}

/// Ends the subscription. Idempotent: a second call changes nothing and returns the same.
///
/// # Errors
/// When the link is not genuine.
pub async fn unsubscribe(
    service: &Service,
    token: &str,
    method: ConsentMethod,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<LinkedSubscription, LinkError> {
    let token = service.links.key().verify(Purpose::Unsubscribe, token)?;
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let how = Withdrawal::Unsubscribed;
    let withdrawn = membership::withdraw(&mut tx, token.subscription, how, now).await?;
    let linked = linked_subscription(&mut tx, token.subscription).await?;
    if let Some(withdrawn) = withdrawn {
        let subscription = &linked.subscription;
        let evidence = Evidence {
            method,
            at: now,
            wording: texts::action_wording(subscription.chosen.language, "unsubscribe-button"),
            page: page.to_owned(),
            ip,
        };
        let event = withdrawn.event(service.links.address_hash(&subscription.address), evidence);
        store::consent::append(&mut tx, service.links.key(), &[event]).await?;
        tx.commit().await?;
    }
    Ok(linked)
}
