//! A request for another address: it counts like a sign-up of that address.

use std::net::IpAddr;

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};

use super::{lock_data_link, verify_data_link};
use crate::domain::{
    AddressError, ClientNetwork, EmailAddress, MailKind, MailRequest, OutboxId, Purpose,
    RateLimited, SignupTrust, SubscriberId,
};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::protection::rate_counter::{self, Hit, Window};
use crate::store::{self, StoreError, Write};
use crate::subscribe::LinkError;
use crate::subscribe::protection::constant_time::in_constant_time;
use crate::subscribe::protection::mail_quota::MailQuota;
use crate::subscribe::protection::mx_check::domain_is_undeliverable;
use crate::subscribe::protection::{mailbox_limits, rate_limits};

/// How many changes of address one person may request in a day.
const MAX_REQUESTS_PER_DAY: i64 = 3;

/// The result of a request for another address. Nothing in it depends on what is known of that address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressChangeRequest {
    /// If the address is free and gets one more mail, that goes there now.
    Accepted,
    /// The same, but many mails wait: not before this time.
    Postponed(Timestamp),
    /// It is not a valid address.
    Invalid(AddressError),
    /// Addresses at its domain are not accepted.
    Disposable,
    /// Its domain takes no mail.
    Undeliverable,
    /// It is the person's address already.
    Same,
    /// It was requested too often today.
    TooOften,
    /// There were too many requests and sign-ups from this network.
    Limited(RateLimited),
}

/// Mails a link to the new address, by which it is confirmed. It counts like a sign-up of that address:
/// against the limits of the network, of the domain and of the mailbox.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn request_address_change(
    service: &Service,
    token: &str,
    typed: &str,
    ip: Option<IpAddr>,
) -> Result<AddressChangeRequest, LinkError> {
    let work = async {
        let address = match check(service, token, typed, ip).await? {
            Ok(address) => address,
            Err(refused) => return Ok(refused),
        };
        let mut tx = service.store.write().await?;
        let done = request(service, &mut tx, token, &address, ip).await?;
        tx.commit().await?;
        Ok(done)
    };
    Box::pin(in_constant_time(&service.signups_in_flight, work)).await
}

/// What can be refused without a transaction.
async fn check(
    service: &Service,
    token: &str,
    typed: &str,
    ip: Option<IpAddr>,
) -> Result<Result<EmailAddress, AddressChangeRequest>, LinkError> {
    let mut db = service.store.read().await?;
    let (_, stored) = verify_data_link(service, &mut db, token).await?;
    drop(db);
    let address = match EmailAddress::parse(typed) {
        Ok(address) => address,
        Err(why) => return Ok(Err(AddressChangeRequest::Invalid(why))),
    };
    if address == stored.address {
        return Ok(Err(AddressChangeRequest::Same));
    }
    if service.disposable.contains(&address) {
        return Ok(Err(AddressChangeRequest::Disposable));
    }
    let network = ClientNetwork::of(ip);
    if let Some(limited) = rate_limits::check_network(service, network).await? {
        return Ok(Err(AddressChangeRequest::Limited(limited)));
    }
    // Last, so that a client that is over its limits causes no DNS queries.
    if domain_is_undeliverable(service, &address, Some(network)).await? {
        return Ok(Err(AddressChangeRequest::Undeliverable));
    }
    Ok(Ok(address))
}

async fn request(
    service: &Service,
    tx: &mut Write,
    token: &str,
    address: &EmailAddress,
    ip: Option<IpAddr>,
) -> Result<AddressChangeRequest, LinkError> {
    let (linked, _) = verify_data_link(service, tx, token).await?;
    let (now, subscription) = (service.clock.now(), linked.subscription);
    let person = subscription.subscriber;
    let asked = MailRequest {
        address,
        ip,
        trust: SignupTrust::None,
    };
    // Locks the counters: of several requests at once none passes that would not alone.
    let limited = rate_limits::count(service, tx, std::iter::once(asked)).await?;
    if let Some(limited) = limited.into_iter().flatten().next() {
        return Ok(AddressChangeRequest::Limited(limited));
    }
    if is_too_often(service, tx, person).await? {
        return Ok(AddressChangeRequest::TooOften);
    }
    let mut quota = MailQuota::open(service, tx, std::iter::once(asked), now).await?;
    let (reserved, suspect) = (quota.reserve(asked), quota.is_suspect(asked));
    quota.close(tx).await?;
    // Behind the counters, as sign-ups do. It waits for an erasure.
    lock_data_link(service, tx, token).await?;
    let due = mailbox_limits::next_mail(service, tx, address, suspect, now).await?;
    let due = due.map(|due| due.max(reserved));
    let earlier = store::subscriber::address_change::asked(tx, person).await?;
    if !keeps_earlier(earlier.as_ref(), address, due, now) {
        let at = unlike(earlier.map(|(_, at)| at), due.unwrap_or(now));
        if !store::subscriber::address_change::ask(tx, person, address, at).await? {
            return Ok(AddressChangeRequest::TooOften);
        }
        if due.is_some() {
            // Whether somebody else has the address, or wants no mail, is checked when the mail is
            // sent: this page must not reveal it.
            let mail = NewMail {
                id: OutboxId(service.clock.new_uuid()),
                kind: MailKind::NewAddress,
                to: Recipient::Address(subscription.id, address.clone()),
                language: subscription.chosen.language,
            };
            store::outbox::insert(tx, &mail, at).await?;
            mailbox_limits::count(service, tx, address, mail.id, at).await?;
        }
    }
    Ok(match reserved > now {
        true => AddressChangeRequest::Postponed(reserved),
        false => AddressChangeRequest::Accepted,
    })
}

/// Counts the request; whether the person has made too many in the last day. Requests are counted and not
/// mails: how many there are must not depend on the address.
async fn is_too_often(
    service: &Service,
    tx: &mut Write,
    person: SubscriberId,
) -> Result<bool, StoreError> {
    let now = service.clock.now();
    // The name is part of the stored key.
    let parts: &[&[u8]] = &[&person.0.to_be_bytes()];
    let key = service.links.key().keyed_hash("new-address-asked", parts);
    let hour = Window::at(now, 3600);
    let before = rate_counter::sum(tx, &key, hour.seconds, hour.start - 86_400).await?;
    if before >= MAX_REQUESTS_PER_DAY {
        return Ok(true);
    }
    let hit = Hit {
        key: HEXLOWER.encode(&key),
        window: hour,
    };
    rate_counter::hit(tx, &[hit]).await?;
    Ok(false)
}

/// Whether the link of an earlier request for the same address goes on working, because there is no new
/// mail now.
fn keeps_earlier(
    earlier: Option<&(EmailAddress, Timestamp)>,
    address: &EmailAddress,
    due: Option<Timestamp>,
    now: Timestamp,
) -> bool {
    let hours = SignedDuration::from_hours(i64::from(Purpose::NEW_ADDRESS_HOURS));
    let mailed_now = due.is_some_and(|due| due <= now);
    earlier.is_some_and(|(asked, at)| {
        asked == address && !mailed_now && now.duration_since(*at) < hours
    })
}

/// The time of a request, another second than that of the earlier one: links carry seconds, and that to
/// the first address would confirm the second.
fn unlike(earlier: Option<Timestamp>, at: Timestamp) -> Timestamp {
    if earlier.is_none_or(|earlier| earlier.as_second() != at.as_second()) {
        return at;
    }
    let second = SignedDuration::from_secs(1);
    at.saturating_add(second).unwrap_or(at)
}
