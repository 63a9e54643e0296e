//! A change of address: asked for by the fresh link, confirmed at the new address, told to the old one.

use super::{act, opened, sent_lately};
use crate::domain::{
    AddressError, ConsentKind, EmailAddress, EndReason, LinkToken, MailKind, OutboxId, Purpose,
    Subscription,
};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError};
use crate::subscribe::{LinkError, Membership, membership};

/// Mails to new addresses that one person may ask for in a day.
const MAX_REQUESTS: i64 = 3;

/// What became of the wish for another address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewAddress {
    /// If the address can be had, a mail goes there. Whether somebody else has it is not told.
    Asked,
    /// It is no address.
    Invalid(AddressError),
    /// It is the address already.
    Same,
    /// It was asked for too often today.
    TooOften,
}

/// Where a change of address stands.
#[derive(Debug, Clone)]
pub enum Moved {
    /// One press of the button is missing.
    Waiting(Membership),
    /// It is done, now or before.
    Done(Membership),
}

/// Mails a link to the new address, by which it is confirmed.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn ask_for_new_address(
    service: &Service,
    token: &str,
    wanted: &str,
) -> Result<NewAddress, LinkError> {
    let mut tx = service.store.write().await?;
    let (Membership { subscription, .. }, held) = opened(service, &mut tx, token).await?;
    let address = match EmailAddress::parse(wanted) {
        Ok(address) => address,
        Err(why) => return Ok(NewAddress::Invalid(why)),
    };
    if address == held.address {
        return Ok(NewAddress::Same);
    }
    let person = subscription.subscriber;
    let sent = sent_lately(service, &mut tx, person, MailKind::NewAddress).await?;
    if sent.middle >= MAX_REQUESTS {
        return Ok(NewAddress::TooOften);
    }
    let now = service.clock.now();
    if !store::subscriber::address_change::ask(&mut tx, person, &address, now).await? {
        return Ok(NewAddress::TooOften);
    }
    // Whether somebody else has it is looked up when the mail goes out: here nothing tells.
    let to = Recipient::Address(subscription.id, address);
    let mail = NewMail {
        id: OutboxId(service.clock.new_uuid()),
        kind: MailKind::NewAddress,
        to,
        language: subscription.chosen.language,
    };
    store::outbox::insert(&mut tx, &mail, now).await?;
    tx.commit().await?;
    Ok(NewAddress::Asked)
}

/// What the page of the link to the new address shows; changes nothing.
///
/// # Errors
/// When the link is not genuine, has expired, or another address was asked for since.
pub async fn load_new_address(service: &Service, token: &str) -> Result<Moved, LinkError> {
    let token = verify(service, token)?;
    let mut db = service.store.read().await?;
    let membership = membership(&mut db, token.subscription).await?;
    let person = membership.subscription.subscriber;
    let asked = store::subscriber::address_change::asked(&mut db, person).await?;
    if asked.is_some_and(|(_, at)| at.as_second() == token.issued_at.as_second()) {
        return Ok(Moved::Waiting(membership));
    }
    let held = store::subscriber::by_id(&mut db, person).await?;
    let moved_at = held.and_then(|held| held.address_changed_at);
    if moved_at.is_some_and(|at| at >= token.issued_at)
        && membership.subscription.end_reason != Some(EndReason::Erased)
    {
        return Ok(Moved::Done(membership));
    }
    Err(LinkError::Gone)
}

/// Gives the reader the new address and tells the old one. Doing it again does nothing more.
///
/// # Errors
/// When the link is not genuine, has expired, or the address was taken meanwhile.
pub async fn move_to_new_address(service: &Service, token: &str) -> Result<Moved, LinkError> {
    if let Moved::Done(membership) = load_new_address(service, token).await? {
        return Ok(Moved::Done(membership));
    }
    let token = verify(service, token)?;
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let Membership {
        subscription,
        newsletter,
    } = membership(&mut tx, token.subscription).await?;
    let person = subscription.subscriber;
    let asked = store::subscriber::address_change::asked(&mut tx, person).await?;
    let asked = asked.filter(|(_, at)| at.as_second() == token.issued_at.as_second());
    let (address, _) = asked.ok_or(LinkError::Gone)?;
    let hash = service.links.address_hash(&address);
    if !store::subscriber::address_change::is_free(&mut tx, person, &address, &hash, now).await? {
        return Err(LinkError::Gone);
    }
    match store::subscriber::address_change::carry_out(&mut tx, person, &address, now).await {
        Err(StoreError::Taken(_)) => return Err(LinkError::Gone),
        done => done?,
    }
    // Who confirms has come back by own will.
    store::consent::suppression::lift_erased(&mut tx, &hash).await?;
    let told = NewMail {
        id: OutboxId(service.clock.new_uuid()),
        kind: MailKind::AddressChanged,
        to: Recipient::Address(subscription.id, subscription.address.clone()),
        language: subscription.chosen.language,
    };
    store::outbox::insert(&mut tx, &told, now).await?;
    let mut events = Vec::new();
    // By now with the new address.
    for moved in store::subscription::all_of(&mut tx, person).await? {
        let (kind, button) = (ConsentKind::Moved, "new-address-button");
        events.push(act(service, &moved, kind, button, "/new-address"));
    }
    store::consent::append(&mut tx, service.links.key(), &events).await?;
    tx.commit().await?;
    let subscription = Subscription {
        address,
        ..subscription
    };
    Ok(Moved::Done(Membership {
        subscription,
        newsletter,
    }))
}

fn verify(service: &Service, token: &str) -> Result<LinkToken, LinkError> {
    let now = service.clock.now();
    let key = service.links.key();
    let (token, _) =
        key.verify_fresh(Purpose::NewAddress, token, now, Purpose::NEW_ADDRESS_HOURS)?;
    Ok(token)
}
