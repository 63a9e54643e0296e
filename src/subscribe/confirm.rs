//! The link in the confirmation mail.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::protection::attack;
use super::{LinkError, LinkedSubscription, LinkedSubscriptions, linked_subscriptions};
use crate::domain::{
    ConsentEvent, ConsentKind, ConsentMethod, ConsentWording, DeliveryState, LinkToken, MailKind,
    OutboxId, Purpose, SubscriberId, Subscription, SubscriptionId, SubscriptionState,
};
use crate::membership::{self, Activated, Evidence};
use crate::service::Service;
use crate::store::outbox::{ConfirmationMail, NewMail, Recipient};
use crate::store::{self, Read, StoreError, Write};
use crate::texts;

/// The state of a confirmation.
#[derive(Debug, Clone)]
pub enum Confirmation {
    /// The button has not been pressed; what it will confirm.
    Waiting(LinkedSubscriptions),
    /// Confirmed, now or earlier.
    Done(LinkedSubscriptions),
    /// A later mail asks for the same: only its link confirms.
    Superseded(LinkedSubscriptions),
    /// The subscriber has unsubscribed since the mail was sent; only a new sign-up helps.
    Ended(LinkedSubscriptions),
}

/// The mail of a link, and those after it to the same person.
struct MailsSince {
    mails: Vec<ConfirmationMail>,
    /// The first moment after the second in the link.
    next: Timestamp,
}

impl MailsSince {
    async fn load(
        db: &mut Read,
        subscriber: SubscriberId,
        token: LinkToken,
    ) -> Result<Self, StoreError> {
        let since = token.issued_at;
        Ok(Self {
            mails: store::outbox::confirmations_since(db, subscriber, since).await?,
            next: not_ended_since(token),
        })
    }

    /// Whether the relay has accepted a later mail about this subscription. One that still waits or was
    /// refused does not count: until then the person has no other link.
    fn supersede(&self, id: SubscriptionId) -> bool {
        let later = |mail: &&ConfirmationMail| mail.first_due_at >= self.next;
        let mut later = self.mails.iter().filter(later);
        later.any(|mail| mail.state == DeliveryState::Sent && mail.about.contains(&id))
    }

    /// When the mail of the link about this subscription was accepted; None if that is not known.
    fn sent_at(&self, id: SubscriptionId) -> Option<Timestamp> {
        let own = |mail: &&ConfirmationMail| mail.first_due_at < self.next;
        let mut own = self.mails.iter().filter(own);
        own.find(|mail| mail.about.contains(&id))?.ended_at
    }
}

/// What the page of the link shows; changes nothing, as mail scanners follow links.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn load_confirmation(service: &Service, token: &str) -> Result<Confirmation, LinkError> {
    let (token, others) = verify(service, token)?;
    let mut db = service.store.read().await?;
    let found = linked_subscriptions(&mut db, token.subscription, &others).await?;
    let subscriber = found.first.subscription.subscriber;
    let mails = MailsSince::load(&mut db, subscriber, token).await?;
    Ok(state_of(found, &mails))
}

/// Confirms every pending subscription of the link, except those for which a later mail was sent:
/// somebody else may have caused a request since, and only its own mail may confirm it. Idempotent: a second call changes nothing and
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
    let found = linked_subscriptions(&mut tx, token.subscription, &others).await?;
    let subscriber = found.first.subscription.subscriber;
    let mails = MailsSince::load(&mut tx, subscriber, token).await?;
    let activated = activate_all(service, &mut tx, token, &others, &mails).await?;
    let found = linked_subscriptions(&mut tx, token.subscription, &others).await?;
    if activated.is_empty() {
        return Ok(state_of(found, &mails));
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
    let confirmed = activated.len();
    let clicked = Clicked { page, ip, mails };
    let events = events(service, &mut tx, &found, activated, &clicked).await?;
    store::consent::append(&mut tx, service.links.key(), &events).await?;
    tx.commit().await?;
    service.metrics.confirmations.inc_by(confirmed as u64);
    Ok(state_of(found, &clicked.mails))
}

/// Activates those that are pending, in the order in which all code locks several of a person's.
async fn activate_all(
    service: &Service,
    tx: &mut Write,
    token: LinkToken,
    others: &[SubscriptionId],
    mails: &MailsSince,
) -> Result<Vec<Activated>, StoreError> {
    let now = service.clock.now();
    let mut all = others.to_vec();
    all.push(token.subscription);
    all.retain(|id| !mails.supersede(*id));
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

fn state_of(found: LinkedSubscriptions, mails: &MailsSince) -> Confirmation {
    let is_pending = |one: &Subscription| {
        one.state == SubscriptionState::Pending
            && one.ended_at.is_none_or(|ended| ended <= mails.next)
    };
    if let Some(pending) = found.with(|one| is_pending(one) && !mails.supersede(one.id)) {
        return Confirmation::Waiting(pending);
    }
    if let Some(active) = found.in_state(SubscriptionState::Active) {
        return Confirmation::Done(active);
    }
    match found.with(|one| one.state == SubscriptionState::Pending && mails.supersede(one.id)) {
        Some(superseded) => Confirmation::Superseded(superseded),
        None => Confirmation::Ended(found),
    }
}

/// How a link was used.
struct Clicked<'a> {
    page: &'a str,
    ip: Option<IpAddr>,
    mails: MailsSince,
}

/// The consent events, in the order of the link.
async fn events(
    service: &Service,
    tx: &mut Write,
    found: &LinkedSubscriptions,
    mut activated: Vec<Activated>,
    clicked: &Clicked<'_>,
) -> Result<Vec<ConsentEvent>, StoreError> {
    let mut events = Vec::with_capacity(activated.len());
    for one in found.iter() {
        let id = one.subscription.id;
        let Some(index) = activated.iter().position(|new| new.subscription() == id) else {
            continue;
        };
        let hash = service.links.address_hash(&one.subscription.address);
        let evidence = Evidence {
            method: ConsentMethod::Page,
            at: service.clock.now(),
            wording: requested_wording(tx, one, &clicked.mails).await?,
            page: clicked.page.to_owned(),
            ip: clicked.ip,
        };
        events.push(activated.swap_remove(index).event(hash, evidence));
    }
    Ok(events)
}

/// The wording that was agreed to by the request which the link confirms: the last one before its mail
/// went out. The wording of today may be another one.
async fn requested_wording(
    tx: &mut Write,
    LinkedSubscription {
        subscription,
        newsletter,
    }: &LinkedSubscription,
    mails: &MailsSince,
) -> Result<ConsentWording, StoreError> {
    let sent_at = mails.sent_at(subscription.id);
    let events = store::consent::of_subscription(tx, subscription.id).await?;
    let mut requests = events.into_iter().rev().filter(|event| {
        let before = sent_at.is_none_or(|sent_at| event.at <= sent_at);
        event.kind == ConsentKind::Requested && before
    });
    Ok(match requests.next() {
        Some(request) => ConsentWording {
            wording: request.wording,
            version: request.wording_version,
            language: request.language,
        },
        None => texts::consent_wording(subscription.chosen.language, &newsletter.title),
    })
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
