//! The link in the confirmation mail.

use std::net::IpAddr;

use super::{LinkError, Membership, membership};
use crate::domain::{
    ConsentEvent, ConsentKind, ConsentMethod, LinkToken, MailKind, OutboxId, Purpose,
    SubscriptionState,
};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::texts;

/// Where a confirmation stands.
#[derive(Debug, Clone)]
pub enum Confirmation {
    /// One press of the button is missing.
    Waiting(Membership),
    /// It is done, now or before.
    Done(Membership),
    /// The reader has left since the mail was sent; only a new sign-up leads back.
    Ended(Membership),
}

/// What the page of the link shows; changes nothing, as mail scanners follow links.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn look_at_confirmation(
    service: &Service,
    token: &str,
) -> Result<Confirmation, LinkError> {
    let token = verify(service, token)?;
    let mut db = service.store.read().await?;
    Ok(stand(membership(&mut db, token.subscription).await?))
}

/// Confirms. Doing it again does nothing more and says the same.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn confirm(
    service: &Service,
    token: &str,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<Confirmation, LinkError> {
    let token = verify(service, token)?;
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    if store::subscription::activate(&mut tx, token.subscription, now).await? {
        let membership = membership(&mut tx, token.subscription).await?;
        welcome(service, &mut tx, &membership, page, ip).await?;
        tx.commit().await?;
        return Ok(Confirmation::Done(membership));
    }
    Ok(stand(membership(&mut tx, token.subscription).await?))
}

/// Checks the link of a confirmation mail.
pub(super) fn verify(service: &Service, token: &str) -> Result<LinkToken, LinkError> {
    let hours = service.settings.signup.confirm_hours;
    let now = service.clock.now();
    Ok(service
        .links
        .key()
        .verify_fresh(Purpose::Confirm, token, now, hours)?)
}

fn stand(membership: Membership) -> Confirmation {
    match membership.subscription.state {
        SubscriptionState::Pending => Confirmation::Waiting(membership),
        SubscriptionState::Active => Confirmation::Done(membership),
        SubscriptionState::Ended => Confirmation::Ended(membership),
    }
}

async fn welcome(
    service: &Service,
    tx: &mut Write,
    Membership {
        subscription,
        newsletter,
    }: &Membership,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<(), StoreError> {
    let now = service.clock.now();
    let wording = texts::consent_wording(subscription.language, &newsletter.title);
    let event = ConsentEvent {
        subscription: subscription.id,
        address_hash: service.links.address_hash(&subscription.address),
        kind: ConsentKind::Confirmed,
        method: ConsentMethod::Page,
        at: now,
        wording: wording.wording,
        wording_version: wording.version,
        language: subscription.language,
        page: page.to_owned(),
        ip,
    };
    let mail = NewMail {
        id: OutboxId(service.clock.new_uuid()),
        kind: MailKind::Welcome,
        to: Recipient::Subscriber(subscription.id),
        language: subscription.language,
    };
    store::outbox::insert(tx, &mail, now).await?;
    store::consent::append(tx, service.links.key(), &[event]).await
}
