//! A change of address: requested by the fresh link, confirmed at the new address, reported to the
//! old one.

use jiff::SignedDuration;

use super::button_evidence;
use crate::domain::{
    ConsentEvent, EmailAddress, EndReason, LinkToken, MailKind, OutboxId, Purpose, SubscriberId,
    Subscription, SubscriptionId,
};
use crate::membership::{self, NoteKind, Subject};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::protection::unconfirmed_mail;
use crate::store::{self, StoreError, Write};
use crate::subscribe::decline::{DeclineUndo, declined_until};
use crate::subscribe::protection::attack;
use crate::subscribe::{LinkError, LinkedSubscription, linked_subscription};

/// The state of a change of address.
#[derive(Debug, Clone)]
pub enum AddressChange {
    /// The button has not been pressed.
    Waiting(LinkedSubscription),
    /// The address is changed, now or earlier.
    Done(LinkedSubscription),
    /// Its owner does not want that; what takes it back.
    Declined(LinkedSubscription, DeclineUndo),
}

/// What the page of the link to the new address shows; changes nothing.
///
/// # Errors
/// When the link is not genuine, has expired, or another address was requested since.
pub async fn load_address_change(
    service: &Service,
    token: &str,
) -> Result<AddressChange, LinkError> {
    let token = verify(service, token)?;
    let mut db = service.store.read().await?;
    let linked = linked_subscription(&mut db, token.subscription).await?;
    let person = linked.subscription.subscriber;
    let requested = store::subscriber::address_change::asked(&mut db, person).await?;
    if requested.is_some_and(|(_, at)| at.as_second() == token.issued_at.as_second()) {
        return Ok(AddressChange::Waiting(linked));
    }
    let stored = store::subscriber::by_id(&mut db, person).await?;
    let changed_at = stored.and_then(|stored| stored.address_changed_at);
    if changed_at.is_some_and(|at| at >= token.issued_at)
        && linked.subscription.end_reason != Some(EndReason::Erased)
    {
        return Ok(AddressChange::Done(linked));
    }
    Err(LinkError::Gone)
}

/// Gives the person the new address and enqueues a mail to the old one. Idempotent.
///
/// # Errors
/// When the link is not genuine, has expired, or somebody else has taken the address.
pub async fn confirm_address_change(
    service: &Service,
    token: &str,
) -> Result<AddressChange, LinkError> {
    match load_address_change(service, token).await? {
        AddressChange::Waiting(_) => {}
        changed => return Ok(changed),
    }
    let token = verify(service, token)?;
    let mut tx = service.store.write().await?;
    let linked = lock_linked(&mut tx, token.subscription).await?;
    let subscription = &linked.subscription;
    let person = subscription.subscriber;
    let address = change_address(service, &mut tx, &token, person).await?;
    let report = NewMail {
        id: OutboxId(service.clock.new_uuid()),
        kind: MailKind::AddressChanged,
        to: Recipient::Address(subscription.id, subscription.address.clone()),
        language: subscription.chosen.language,
    };
    store::outbox::insert(&mut tx, &report, service.clock.now()).await?;
    attack::count_confirmed(service, &mut tx).await?;
    let events = moved_events(service, &mut tx, person).await?;
    store::consent::append(&mut tx, service.links.key(), &events).await?;
    tx.commit().await?;
    Ok(AddressChange::Done(LinkedSubscription {
        subscription: Subscription {
            address,
            ..linked.subscription
        },
        newsletter: linked.newsletter,
    }))
}

/// The subscription of a link, with everything of its person locked until the transaction ends.
async fn lock_linked(tx: &mut Write, id: SubscriptionId) -> Result<LinkedSubscription, LinkError> {
    let linked = linked_subscription(tx, id).await?;
    store::subscription::lock_all_of(tx, linked.subscription.subscriber).await?;
    // An erasure or another change of address may have been waited for.
    linked_subscription(tx, id).await
}

/// Writes the requested address; returns it.
async fn change_address(
    service: &Service,
    tx: &mut Write,
    token: &LinkToken,
    person: SubscriberId,
) -> Result<EmailAddress, LinkError> {
    let now = service.clock.now();
    let requested = store::subscriber::address_change::asked(tx, person).await?;
    let requested = requested.filter(|(_, at)| at.as_second() == token.issued_at.as_second());
    let (address, _) = requested.ok_or(LinkError::Gone)?;
    let keys = service.links.key().suppression_keys(&address);
    match store::subscriber::address_change::carry_out(tx, person, &address, now).await {
        Err(StoreError::Taken(_)) => return Err(LinkError::Gone),
        done => done?,
    }
    // Afterwards: who suppresses the address waits for this transaction from here on, or has committed.
    if !store::subscriber::address_change::is_free(tx, person, &address, &keys, now).await? {
        return Err(LinkError::Gone);
    }
    // An erased person who confirms has returned by choice.
    store::consent::suppression::lift_erased(tx, &keys.address).await?;
    Ok(address)
}

/// The consent events of all subscriptions of the person, read with the new address.
async fn moved_events(
    service: &Service,
    tx: &mut Write,
    person: SubscriberId,
) -> Result<Vec<ConsentEvent>, StoreError> {
    let all = store::subscription::all_of(tx, person).await?;
    let moved = all.iter().map(|one| {
        let subject = Subject::of(service.links.key(), one);
        let evidence = button_evidence(service, one, "new-address-button", "/new-address");
        membership::note(subject, NoteKind::Moved, evidence)
    });
    Ok(moved.collect())
}

/// "This was not me", by the owner of an address to which a reader wanted to move: the request is
/// forgotten, and for `signup.declined_days` days nobody can cause a mail to that mailbox. After the
/// address was confirmed it is [`AddressChange::Done`], and nothing changes.
///
/// # Errors
/// When the link is not genuine or has expired, or the mail is forgotten.
pub async fn decline_address_change(
    service: &Service,
    token: &str,
) -> Result<AddressChange, LinkError> {
    let token = verify(service, token)?;
    let mut tx = service.store.write().await?;
    let linked = lock_linked(&mut tx, token.subscription).await?;
    let until = token.issued_at.saturating_add(SignedDuration::from_secs(1));
    let sent = (token.issued_at, until.unwrap_or(token.issued_at));
    let kind = MailKind::NewAddress;
    // The mail knows the mailbox also when the reader has asked for another one since.
    let mailbox = unconfirmed_mail::mailbox_of(&mut tx, token.subscription, kind, sent).await?;
    let mailbox = mailbox.ok_or(LinkError::Gone)?;
    let present = &linked.subscription.address;
    if service.links.key().mailbox_hash(present)[..] == mailbox[..] {
        return Ok(AddressChange::Done(linked));
    }
    let (now, until) = (service.clock.now(), declined_until(service));
    store::consent::suppression::decline_mailbox(&mut tx, &mailbox, now, until).await?;
    let person = linked.subscription.subscriber;
    let requested = store::subscriber::address_change::asked(&mut tx, person).await?;
    if requested.is_some_and(|(_, at)| at.as_second() == token.issued_at.as_second()) {
        store::subscriber::address_change::forget(&mut tx, person).await?;
    }
    tx.commit().await?;
    let undo = DeclineUndo::of_mailbox(service.links.key(), &mailbox, now);
    Ok(AddressChange::Declined(linked, undo))
}

fn verify(service: &Service, token: &str) -> Result<LinkToken, LinkError> {
    let now = service.clock.now();
    let key = service.links.key();
    let (token, _) =
        key.verify_fresh(Purpose::NewAddress, token, now, Purpose::NEW_ADDRESS_HOURS)?;
    Ok(token)
}
