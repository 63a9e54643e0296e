//! Erasure, at once, with a certificate.

use jiff::SignedDuration;

use super::{act, dossier::utc, opened};
use crate::domain::{
    Certificate, ConsentEvent, ConsentKind, ConsentMethod, EmailAddress, MailKind, OutboxId,
    SubscriberId, Subscription, SuppressionReason,
};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::subscribe::{LinkError, Membership};

/// Erases the person whom the fresh link was mailed to.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn erase_by_link(
    service: &Service,
    token: &str,
) -> Result<(Membership, Certificate), LinkError> {
    let mut tx = service.store.write().await?;
    let (membership, held) = opened(service, &mut tx, token).await?;
    let person = membership.subscription.subscriber;
    let certificate = erase(service, &mut tx, person, &held.address, ConsentMethod::Page).await?;
    tx.commit().await?;
    Ok((membership, certificate))
}

/// Erases the person with this address, on behalf of an owner. None when nobody has it.
///
/// # Errors
/// When the database cannot be used; then nobody was erased.
pub async fn erase_by_owner(
    service: &Service,
    address: &EmailAddress,
) -> Result<Option<Certificate>, StoreError> {
    let mut tx = service.store.write().await?;
    let Some(person) = store::subscriber::by_key(&mut tx, &address.key()).await? else {
        return Ok(None);
    };
    let Some(held) = store::subscriber::by_id(&mut tx, person).await? else {
        return Ok(None);
    };
    let certificate = erase(
        service,
        &mut tx,
        person,
        &held.address,
        ConsentMethod::Owner,
    )
    .await?;
    tx.commit().await?;
    Ok(Some(certificate))
}

async fn erase(
    service: &Service,
    tx: &mut Write,
    person: SubscriberId,
    address: &EmailAddress,
    method: ConsentMethod,
) -> Result<Certificate, StoreError> {
    let now = service.clock.now();
    let all = store::subscription::lock_all_of(tx, person).await?;
    // What is recorded still has the address, as a keyed hash.
    let events = acts(service, &all, method);
    let key = service.links.key();
    let nobody = format!("erased-{}@erased.invalid", service.clock.new_uuid());
    let erased = store::subscriber::erasure::erase(tx, key, (person, &all), &nobody, now).await?;
    let hash = service.links.address_hash(address);
    let reason = SuppressionReason::Erased;
    store::consent::suppression::insert(tx, &hash, reason, now, None).await?;
    let certificate = Certificate {
        at: utc(now),
        subscriptions: erased.kept.len() as u64 + erased.deleted,
        deliveries: erased.deliveries,
        mails: erased.mails,
        proof_until: proof_until(service).filter(|_| !erased.kept.is_empty()),
        proof_remains: !erased.kept.is_empty(),
    };
    let kept = |event: &ConsentEvent| erased.kept.contains(&event.subscription);
    let events: Vec<ConsentEvent> = events.into_iter().filter(kept).collect();
    if let Some(last) = events.last() {
        let mail = NewMail {
            id: OutboxId(service.clock.new_uuid()),
            kind: MailKind::Erased,
            to: Recipient::Address(last.subscription, address.clone()),
            language: last.language,
        };
        store::outbox::insert_with(tx, &mail, &certificate, now).await?;
    }
    store::consent::append(tx, key, &events).await?;
    Ok(certificate)
}

fn acts(service: &Service, all: &[Subscription], method: ConsentMethod) -> Vec<ConsentEvent> {
    let (kind, button) = (ConsentKind::Erased, "my-data-erase-button");
    let act = |subscription: &Subscription| ConsentEvent {
        method,
        ..act(service, subscription, kind, button, "/my-data")
    };
    all.iter().map(act).collect()
}

/// The day until which the proof of a subscription that ends now is kept; none when without an end.
#[must_use]
pub fn proof_until(service: &Service) -> Option<String> {
    let now = service.clock.now();
    let days = i64::from(service.settings.retention.proof_days);
    let until = now
        .checked_add(SignedDuration::from_hours(24 * days))
        .ok()?;
    (days > 0).then(|| until.strftime("%Y-%m-%d").to_string())
}
