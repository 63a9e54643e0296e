//! The link in the confirmation mail.

use std::net::IpAddr;

use super::protection::attack;
use super::{LinkError, Membership, Memberships, memberships};
use crate::domain::{
    ConsentEvent, ConsentKind, ConsentMethod, LinkToken, MailKind, OutboxId, Purpose,
    SubscriptionId, SubscriptionState,
};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::texts;

/// Where a confirmation stands.
#[derive(Debug, Clone)]
pub enum Confirmation {
    /// One press of the button is missing; what it will confirm.
    Waiting(Memberships),
    /// It is done, now or before; what is confirmed.
    Done(Memberships),
    /// The reader has left since the mail was sent; only a new sign-up leads back.
    Ended(Memberships),
}

/// What the page of the link shows; changes nothing, as mail scanners follow links.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn load_confirmation(service: &Service, token: &str) -> Result<Confirmation, LinkError> {
    let (token, others) = verify(service, token)?;
    let mut db = service.store.read().await?;
    let found = memberships(&mut db, token.subscription, &others).await?;
    Ok(stand(found))
}

/// Confirms all that the link is good for, and nothing else. Doing it again does nothing
/// more and says the same.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn confirm(
    service: &Service,
    token: &str,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<Confirmation, LinkError> {
    let (token, others) = verify(service, token)?;
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let mut confirmed = Vec::new();
    // Whoever locks several of a person's does so in this order.
    let mut all = others.clone();
    all.push(token.subscription);
    all.sort_unstable();
    for id in all {
        if store::subscription::activate(&mut tx, id, now).await? {
            confirmed.push(id);
        }
    }
    let found = memberships(&mut tx, token.subscription, &others).await?;
    if confirmed.is_empty() {
        return Ok(stand(found));
    }
    attack::count_confirmed(service, &mut tx).await?;
    // Who was erased has come back by own will.
    let hash = service
        .links
        .address_hash(&found.first.subscription.address);
    store::consent::suppression::lift_erased(&mut tx, &hash).await?;
    if let Some(active) = found.in_state(SubscriptionState::Active) {
        welcome(service, &mut tx, &active, &confirmed).await?;
    }
    let new = found
        .iter()
        .filter(|one| confirmed.contains(&one.subscription.id));
    let events: Vec<ConsentEvent> = new.map(|one| consent(service, one, page, ip)).collect();
    store::consent::append(&mut tx, service.links.key(), &events).await?;
    tx.commit().await?;
    Ok(stand(found))
}

/// Checks the link of a confirmation mail.
pub(super) fn verify(
    service: &Service,
    token: &str,
) -> Result<(LinkToken, Vec<SubscriptionId>), LinkError> {
    let hours = service.settings.signup.confirm_hours;
    let now = service.clock.now();
    Ok(service
        .links
        .key()
        .verify_fresh(Purpose::Confirm, token, now, hours)?)
}

fn stand(found: Memberships) -> Confirmation {
    if let Some(waiting) = found.in_state(SubscriptionState::Pending) {
        return Confirmation::Waiting(waiting);
    }
    match found.in_state(SubscriptionState::Active) {
        Some(active) => Confirmation::Done(active),
        None => Confirmation::Ended(found),
    }
}

fn consent(
    service: &Service,
    Membership {
        subscription,
        newsletter,
    }: &Membership,
    page: &str,
    ip: Option<IpAddr>,
) -> ConsentEvent {
    let wording = texts::consent_wording(subscription.chosen.language, &newsletter.title);
    ConsentEvent {
        subscription: subscription.id,
        address_hash: service.links.address_hash(&subscription.address),
        kind: ConsentKind::Confirmed,
        method: ConsentMethod::Page,
        at: service.clock.now(),
        wording: wording.wording,
        wording_version: wording.version,
        language: subscription.chosen.language,
        page: page.to_owned(),
        ip,
    }
}

/// Greets once for all that was just confirmed.
async fn welcome(
    service: &Service,
    tx: &mut Write,
    active: &Memberships,
    confirmed: &[SubscriptionId],
) -> Result<(), StoreError> {
    let new = active.iter().map(|one| &one.subscription);
    let mut new = new.filter(|subscription| confirmed.contains(&subscription.id));
    let Some(first) = new.next() else {
        return Ok(());
    };
    let others: Vec<SubscriptionId> = new.map(|subscription| subscription.id).collect();
    let mail = NewMail {
        id: OutboxId(service.clock.new_uuid()),
        kind: MailKind::Welcome,
        to: Recipient::about(first.id, others),
        language: first.chosen.language,
    };
    store::outbox::insert(tx, &mail, service.clock.now()).await
}
