//! The link in the confirmation mail.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::protection::attack;
use super::{LinkError, LinkedSubscription, LinkedSubscriptions, linked_subscriptions};
use crate::domain::{
    ConsentEvent, ConsentMethod, LinkToken, MailKind, OutboxId, Purpose, Subscription,
    SubscriptionId, SubscriptionState,
};
use crate::membership::{self, Activated, Evidence};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::texts;

/// The state of a confirmation.
#[derive(Debug, Clone)]
pub enum Confirmation {
    /// The button has not been pressed; what it will confirm.
    Waiting(LinkedSubscriptions),
    /// Confirmed, now or earlier.
    Done(LinkedSubscriptions),
    /// The subscriber has unsubscribed since the mail was sent; only a new sign-up helps.
    Ended(LinkedSubscriptions),
}

/// What the page of the link shows; changes nothing, as mail scanners follow links.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn load_confirmation(service: &Service, token: &str) -> Result<Confirmation, LinkError> {
    let (token, others) = verify(service, token)?;
    let mut db = service.store.read().await?;
    let found = linked_subscriptions(&mut db, token.subscription, &others).await?;
    Ok(state_of(found, token))
}

/// Confirms every pending subscription of the link. Idempotent: a second call changes nothing and
/// returns the same.
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
    let mut tx = service.store.write().await?;
    let activated = activate_all(service, &mut tx, token, &others).await?;
    let found = linked_subscriptions(&mut tx, token.subscription, &others).await?;
    if activated.is_empty() {
        return Ok(state_of(found, token));
    }
    attack::count_confirmed(service, &mut tx).await?;
    // An erased person who confirms has returned by choice.
    let hash = service
        .links
        .address_hash(&found.first.subscription.address);
    store::consent::suppression::lift_erased(&mut tx, &hash).await?;
    if let Some(active) = found.in_state(SubscriptionState::Active) {
        enqueue_welcome(service, &mut tx, &active, &activated).await?;
    }
    let events = events(service, &found, activated, page, ip);
    store::consent::append(&mut tx, service.links.key(), &events).await?;
    tx.commit().await?;
    Ok(state_of(found, token))
}

/// Activates those that are pending, in the order in which all code locks several of a person's.
async fn activate_all(
    service: &Service,
    tx: &mut Write,
    token: LinkToken,
    others: &[SubscriptionId],
) -> Result<Vec<Activated>, StoreError> {
    let now = service.clock.now();
    let mut all = others.to_vec();
    all.push(token.subscription);
    all.sort_unstable();
    let mut activated = Vec::new();
    for id in all {
        activated.extend(membership::activate(tx, id, not_ended_since(token), now).await?);
    }
    Ok(activated)
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

/// A link confirms what has not ended since this. The time in a link has no fractions of a second.
fn not_ended_since(token: LinkToken) -> Timestamp {
    let next = token.issued_at.saturating_add(SignedDuration::from_secs(1));
    next.unwrap_or(token.issued_at)
}

fn state_of(found: LinkedSubscriptions, token: LinkToken) -> Confirmation {
    let since = not_ended_since(token);
    let is_pending = |one: &Subscription| {
        one.state == SubscriptionState::Pending && one.ended_at.is_none_or(|ended| ended <= since)
    };
    if let Some(pending) = found.with(is_pending) {
        return Confirmation::Waiting(pending);
    }
    match found.in_state(SubscriptionState::Active) {
        Some(active) => Confirmation::Done(active),
        None => Confirmation::Ended(found),
    }
}

/// The consent events, in the order of the link.
fn events(
    service: &Service,
    found: &LinkedSubscriptions,
    mut activated: Vec<Activated>,
    page: &str,
    ip: Option<IpAddr>,
) -> Vec<ConsentEvent> {
    let mut events = Vec::with_capacity(activated.len());
    for one in found.iter() {
        let id = one.subscription.id;
        let Some(index) = activated.iter().position(|new| new.subscription() == id) else {
            continue;
        };
        let hash = service.links.address_hash(&one.subscription.address);
        let evidence = evidence(service, one, page, ip);
        events.push(activated.swap_remove(index).event(hash, evidence));
    }
    events
}

fn evidence(
    service: &Service,
    LinkedSubscription {
        subscription,
        newsletter,
    }: &LinkedSubscription,
    page: &str,
    ip: Option<IpAddr>,
) -> Evidence {
    Evidence {
        method: ConsentMethod::Page,
        at: service.clock.now(),
        wording: texts::consent_wording(subscription.chosen.language, &newsletter.title),
        page: page.to_owned(),
        ip,
    }
}

/// Enqueues one welcome mail about everything that was just confirmed.
async fn enqueue_welcome(
    service: &Service,
    tx: &mut Write,
    active: &LinkedSubscriptions,
    activated: &[Activated],
) -> Result<(), StoreError> {
    let is_new = |id: SubscriptionId| activated.iter().any(|new| new.subscription() == id);
    let new = active.iter().map(|one| &one.subscription);
    let mut new = new.filter(|subscription| is_new(subscription.id));
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
