//! Leaving: at once, by one press or by the mailbox provider's one click (RFC 8058).

use std::net::IpAddr;

use super::{LinkError, Membership, membership};
use crate::domain::{ConsentEvent, ConsentKind, ConsentMethod, EndReason, Purpose};
use crate::service::Service;
use crate::store;
use crate::texts;

/// What the page of the link shows; changes nothing.
///
/// # Errors
/// When the link is not genuine.
pub async fn load_unsubscribe(service: &Service, token: &str) -> Result<Membership, LinkError> {
    let token = service.links.key().verify(Purpose::Unsubscribe, token)?;
    let mut db = service.store.read().await?;
    membership(&mut db, token.subscription).await
}

/// Ends the subscription. Doing it again does nothing more and says the same.
///
/// # Errors
/// When the link is not genuine.
pub async fn unsubscribe(
    service: &Service,
    token: &str,
    method: ConsentMethod,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<Membership, LinkError> {
    let token = service.links.key().verify(Purpose::Unsubscribe, token)?;
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let ended =
        store::subscription::end(&mut tx, token.subscription, EndReason::Unsubscribed, now).await?;
    let membership = membership(&mut tx, token.subscription).await?;
    if ended {
        let language = membership.subscription.chosen.language;
        let wording = texts::action_wording(language, "unsubscribe-button");
        let event = ConsentEvent {
            subscription: token.subscription,
            address_hash: service.links.address_hash(&membership.subscription.address),
            kind: ConsentKind::Withdrawn,
            method,
            at: now,
            wording: wording.wording,
            wording_version: wording.version,
            language,
            page: page.to_owned(),
            ip,
        };
        store::consent::append(&mut tx, service.links.key(), &[event]).await?;
        tx.commit().await?;
    }
    Ok(membership)
}
