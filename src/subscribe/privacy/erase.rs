//! Immediate erasure, with a certificate.

use jiff::SignedDuration;

use super::{button_evidence, dossier::utc, lock_data_link};
use crate::domain::{
    Actor, AuditAction, AuditEvent, Certificate, ConsentMethod, EmailAddress, MailKind, OutboxId,
    SubscriberId, Subscription,
};
use crate::membership::{self, Erasure, ErasureRequest, Evidence};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, StoreError, Write};
use crate::subscribe::{LinkError, LinkedSubscription};

/// Erases the person to whom the fresh link was mailed.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn erase_by_link(
    service: &Service,
    token: &str,
) -> Result<(LinkedSubscription, Certificate), LinkError> {
    let mut tx = service.store.write().await?;
    let (linked, stored) = lock_data_link(service, &mut tx, token).await?;
    let person = (linked.subscription.subscriber, &stored.address);
    let certificate = erase(service, &mut tx, person, ConsentMethod::Page).await?;
    tx.commit().await?;
    Ok((linked, certificate))
}

/// Erases the person with this address, on behalf of an owner, and logs that in the same transaction, without a name.
/// None when nobody has it.
///
/// # Errors
/// When the database cannot be used; then nobody was erased.
pub async fn erase_by_owner(
    service: &Service,
    address: &EmailAddress,
    actor: &Actor,
) -> Result<Option<Certificate>, StoreError> {
    let mut tx = service.store.write().await?;
    let Some(person) = store::subscriber::by_key(&mut tx, &address.key()).await? else {
        return Ok(None);
    };
    // With a change of address that is confirmed at this moment it is this person, at the new address.
    store::subscription::lock_all_of(&mut tx, person).await?;
    let Some(stored) = store::subscriber::by_id(&mut tx, person).await? else {
        return Ok(None);
    };
    let person = (person, &stored.address);
    let certificate = erase(service, &mut tx, person, ConsentMethod::Owner).await?;
    let (erased, at) = (AuditAction::ReaderErased, service.clock.now());
    let event = AuditEvent::about_a_reader(actor, erased, at);
    store::audit::append(&mut tx, service.links.key(), &event).await?;
    tx.commit().await?;
    Ok(Some(certificate))
}

async fn erase(
    service: &Service,
    tx: &mut Write,
    (subscriber, address): (SubscriberId, &EmailAddress),
    method: ConsentMethod,
) -> Result<Certificate, StoreError> {
    let now = service.clock.now();
    let key = service.links.key();
    let request = ErasureRequest {
        subscriber,
        address,
        placeholder: &format!("erased-{}@erased.invalid", service.clock.new_uuid()),
        at: now,
    };
    let evidence = |subscription: &Subscription| Evidence {
        method,
        ..button_evidence(service, subscription, "my-data-erase-button", "/my-data")
    };
    let erasure = membership::erase(tx, key, request, evidence).await?;
    let certificate = certificate(service, &erasure);
    if let Some(last) = erasure.events.last() {
        let mail = NewMail {
            id: OutboxId(service.clock.new_uuid()),
            kind: MailKind::Erased,
            to: Recipient::Address(last.subscription, address.clone()),
            language: last.language,
        };
        store::outbox::insert_with(tx, &mail, &certificate, now).await?;
    }
    store::consent::append(tx, key, &erasure.events).await?;
    Ok(certificate)
}

fn certificate(service: &Service, Erasure { erased, .. }: &Erasure) -> Certificate {
    let proof_remains = !erased.kept.is_empty();
    Certificate {
        at: utc(service.clock.now()),
        subscriptions: erased.kept.len() as u64 + erased.deleted,
        deliveries: erased.deliveries,
        mails: erased.mails,
        proof_until: proof_until(service).filter(|_| proof_remains),
        proof_remains,
    }
}

/// The day in UTC until which the proof of a subscription that ends now is kept; None when it is
/// kept without end.
#[must_use]
pub fn proof_until(service: &Service) -> Option<String> {
    let now = service.clock.now();
    let days = i64::from(service.settings.retention.proof_days);
    let until = now
        .checked_add(SignedDuration::from_hours(24 * days))
        .ok()?;
    (days > 0).then(|| until.strftime("%Y-%m-%d").to_string())
}
