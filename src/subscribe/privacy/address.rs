//! A change of address: requested by the fresh link, confirmed at the new address, reported to the
//! old one.

use super::{button_evidence, sent_lately, verify_data_link};
use crate::domain::{
    AddressError, ConsentEvent, EmailAddress, EndReason, LinkToken, MailKind, OutboxId, Purpose,
    SubscriberId, Subscription,
};
use crate::membership::{self, NoteKind, Subject};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::subscribe::{LinkError, LinkedSubscription, linked_subscription};

/// How many changes of address one person may request in a day.
const MAX_REQUESTS_PER_DAY: i64 = 3;

/// The result of a request for another address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressChangeRequest {
    /// If the address is free, a mail goes there. Whether somebody else has it is not revealed.
    Accepted,
    /// It is not a valid address.
    Invalid(AddressError),
    /// It is the person's address already.
    Same,
    /// It was requested too often today.
    TooOften,
}

/// The state of a change of address.
#[derive(Debug, Clone)]
pub enum AddressChange {
    /// The button has not been pressed.
    Waiting(LinkedSubscription),
    /// The address is changed, now or earlier.
    Done(LinkedSubscription),
}

/// Mails a link to the new address, by which it is confirmed.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn request_address_change(
    service: &Service,
    token: &str,
    typed: &str,
) -> Result<AddressChangeRequest, LinkError> {
    let mut tx = service.store.write().await?;
    let (linked, stored) = verify_data_link(service, &mut tx, token).await?;
    let subscription = linked.subscription;
    let address = match EmailAddress::parse(typed) {
        Ok(address) => address,
        Err(why) => return Ok(AddressChangeRequest::Invalid(why)),
    };
    if address == stored.address {
        return Ok(AddressChangeRequest::Same);
    }
    let person = subscription.subscriber;
    let sent = sent_lately(service, &mut tx, person, MailKind::NewAddress).await?;
    if sent.middle >= MAX_REQUESTS_PER_DAY {
        return Ok(AddressChangeRequest::TooOften);
    }
    let now = service.clock.now();
    if !store::subscriber::address_change::ask(&mut tx, person, &address, now).await? {
        return Ok(AddressChangeRequest::TooOften);
    }
    // Whether somebody else has the address is checked when the mail is sent: this page must not
    // reveal it.
    let mail = NewMail {
        id: OutboxId(service.clock.new_uuid()),
        kind: MailKind::NewAddress,
        to: Recipient::Address(subscription.id, address),
        language: subscription.chosen.language,
    };
    store::outbox::insert(&mut tx, &mail, now).await?;
    tx.commit().await?;
    Ok(AddressChangeRequest::Accepted)
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
    if let AddressChange::Done(linked) = load_address_change(service, token).await? {
        return Ok(AddressChange::Done(linked));
    }
    let token = verify(service, token)?;
    let mut tx = service.store.write().await?;
    let linked = linked_subscription(&mut tx, token.subscription).await?;
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
    let hash = service.links.address_hash(&address);
    if !store::subscriber::address_change::is_free(tx, person, &address, &hash, now).await? {
        return Err(LinkError::Gone);
    }
    match store::subscriber::address_change::carry_out(tx, person, &address, now).await {
        Err(StoreError::Taken(_)) => return Err(LinkError::Gone),
        done => done?,
    }
    // An erased person who confirms has returned by choice.
    store::consent::suppression::lift_erased(tx, &hash).await?;
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

fn verify(service: &Service, token: &str) -> Result<LinkToken, LinkError> {
    let now = service.clock.now();
    let key = service.links.key();
    let (token, _) =
        key.verify_fresh(Purpose::NewAddress, token, now, Purpose::NEW_ADDRESS_HOURS)?;
    Ok(token)
}
