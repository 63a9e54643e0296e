//! The fresh link to a person's own data, and the page behind it.

use super::{
    Dossier, Extent, button_evidence, dossier, lock_data_link, sent_lately, verify_data_link,
};
use crate::domain::{EndReason, MailKind, OutboxId, Purpose, SubscriptionState, is_one_line};
use crate::membership::{self, NoteKind, Subject};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, Read};
use crate::subscribe::{LinkError, LinkedSubscription, linked_subscription, shows_address};

/// Links mailed to one person in an hour, a day and 30 days.
const MAX_LINKS: [i64; 3] = [2, 5, 20];
/// The longest name that is stored.
const MAX_NAME_CHARS: usize = 200;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct MyData {
    /// The subscription of the link.
    pub linked: LinkedSubscription,
    /// Everything that is stored of the person.
    pub dossier: Dossier,
}

/// The page that mails a fresh link.
#[derive(Debug, Clone)]
pub struct DataRequest {
    /// The subscription of the link.
    pub linked: LinkedSubscription,
    /// Whether the page may show its address: not behind a link that was mailed to an earlier one.
    pub shows_address: bool,
}

/// What the page with the button that mails a fresh link shows; changes nothing.
///
/// # Errors
/// When the link is not genuine, or nothing is stored any more.
pub async fn load_data_request(service: &Service, token: &str) -> Result<DataRequest, LinkError> {
    let mut db = service.store.read().await?;
    verify_data_request(service, &mut db, token).await
}

/// Mails a link that opens the person's data for an hour to the stored address. Beyond the
/// limits nothing is mailed, and the answer is the same.
///
/// # Errors
/// When the link is not genuine, or nothing is stored any more.
pub async fn mail_data_link(service: &Service, token: &str) -> Result<DataRequest, LinkError> {
    let mut tx = service.store.write().await?;
    let found = verify_data_request(service, &mut tx, token).await?;
    let person = found.linked.subscription.subscriber;
    // Of several requests at once each sees the mails of those before it, and whether the person was erased.
    store::subscriber::lock(&mut tx, person).await?;
    let found = verify_data_request(service, &mut tx, token).await?;
    let subscription = &found.linked.subscription;
    let sent = sent_lately(service, &mut tx, person, MailKind::DataLink).await?;
    if sent.short < MAX_LINKS[0] && sent.middle < MAX_LINKS[1] && sent.long < MAX_LINKS[2] {
        let mail = NewMail {
            id: OutboxId(service.clock.new_uuid()),
            kind: MailKind::DataLink,
            to: Recipient::Subscriber(subscription.id),
            language: subscription.chosen.language,
        };
        store::outbox::insert(&mut tx, &mail, service.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(found)
}

/// Verifies the link of a mail. An unconfirmed address gets nothing but confirmation mails, so
/// there is no data link for it.
async fn verify_data_request(
    service: &Service,
    db: &mut Read,
    token: &str,
) -> Result<DataRequest, LinkError> {
    let token = service.links.key().verify(Purpose::Preferences, token)?;
    let linked = linked_subscription(db, token.subscription).await?;
    let subscription = &linked.subscription;
    let erased = subscription.end_reason == Some(EndReason::Erased);
    if erased || subscription.state == SubscriptionState::Pending {
        return Err(LinkError::Gone);
    }
    Ok(DataRequest {
        shows_address: shows_address(db, subscription, token).await?,
        linked,
    })
}

/// Everything that is stored of the person to whom the fresh link was mailed; changes nothing.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn load_my_data(service: &Service, token: &str) -> Result<MyData, LinkError> {
    let mut db = service.store.read().await?;
    let (linked, _) = verify_data_link(service, &mut db, token).await?;
    let person = linked.subscription.subscriber;
    let dossier = dossier::gather(service, &mut db, person, Extent::All).await?;
    let mut dossier = dossier.ok_or(LinkError::Gone)?;
    for one in &mut dossier.subscriptions {
        // How many subscriptions there were before is nobody's matter.
        one.number = None;
    }
    Ok(MyData { linked, dossier })
}

/// Corrects the person's name; an empty one deletes it. False when the name has control characters
/// or more than 200 characters.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn correct_name(service: &Service, token: &str, name: &str) -> Result<bool, LinkError> {
    let name = name.trim();
    let mut tx = service.store.write().await?;
    let (linked, stored) = lock_data_link(service, &mut tx, token).await?;
    if name.chars().count() > MAX_NAME_CHARS || !is_one_line(name) {
        return Ok(false);
    }
    let new = Some(name).filter(|name| !name.is_empty());
    if stored.name.as_deref() != new {
        let subscription = &linked.subscription;
        store::subscriber::rename(&mut tx, subscription.subscriber, new).await?;
        let key = service.links.key();
        let evidence = button_evidence(service, subscription, "my-data-name-button", "/my-data");
        let subject = Subject::of(key, subscription);
        let event = membership::note(subject, NoteKind::Corrected, evidence);
        store::consent::append(&mut tx, key, &[event]).await?;
        tx.commit().await?;
    }
    Ok(true)
}
