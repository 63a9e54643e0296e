//! The fresh link, and the page behind it.

use super::{Dossier, Extent, act, dossier, opened, sent_lately};
use crate::domain::{ConsentKind, EndReason, MailKind, OutboxId, Purpose, SubscriptionState};
use crate::service::Service;
use crate::store::outbox::{NewMail, Recipient};
use crate::store::{self, Read};
use crate::subscribe::{LinkError, Membership, membership};

/// Links mailed to one person in an hour, a day and 30 days.
const MAX_LINKS: [i64; 3] = [2, 5, 20];
/// The longest name that is kept.
const MAX_NAME_CHARS: usize = 200;

/// What the page shows.
#[derive(Debug, Clone)]
pub struct MyData {
    /// The subscription whose link it was.
    pub membership: Membership,
    /// All that is held.
    pub dossier: Dossier,
}

/// Before a link is mailed; changes nothing.
///
/// # Errors
/// When the link is not genuine, or nothing is held any more.
pub async fn look_before_mailing(service: &Service, token: &str) -> Result<Membership, LinkError> {
    let mut db = service.store.read().await?;
    entitled(service, &mut db, token).await
}

/// Mails a link that opens the reader's data for an hour to the address on record. Beyond the
/// caps nothing is mailed, and the answer is the same.
///
/// # Errors
/// When the link is not genuine, or nothing is held any more.
pub async fn mail_data_link(service: &Service, token: &str) -> Result<Membership, LinkError> {
    let mut tx = service.store.write().await?;
    let found = entitled(service, &mut tx, token).await?;
    let person = found.subscription.subscriber;
    let sent = sent_lately(service, &mut tx, person, MailKind::DataLink).await?;
    if sent.short < MAX_LINKS[0] && sent.middle < MAX_LINKS[1] && sent.long < MAX_LINKS[2] {
        let mail = NewMail {
            id: OutboxId(service.clock.new_uuid()),
            kind: MailKind::DataLink,
            to: Recipient::Subscriber(found.subscription.id),
            language: found.subscription.chosen.language,
        };
        store::outbox::insert(&mut tx, &mail, service.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(found)
}

/// Who has not confirmed gets nothing but the mail that asks for it.
async fn entitled(service: &Service, db: &mut Read, token: &str) -> Result<Membership, LinkError> {
    let token = service.links.key().verify(Purpose::Preferences, token)?;
    let found = membership(db, token.subscription).await?;
    let subscription = &found.subscription;
    let erased = subscription.end_reason == Some(EndReason::Erased);
    if erased || subscription.state == SubscriptionState::Pending {
        return Err(LinkError::Gone);
    }
    Ok(found)
}

/// All that is held of the person whom the fresh link was mailed to; changes nothing.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn load_my_data(service: &Service, token: &str) -> Result<MyData, LinkError> {
    let mut db = service.store.read().await?;
    let (membership, _) = opened(service, &mut db, token).await?;
    let person = membership.subscription.subscriber;
    let dossier = dossier::gather(service, &mut db, person, Extent::All).await?;
    Ok(MyData {
        membership,
        dossier: dossier.ok_or(LinkError::Gone)?,
    })
}

/// Corrects the person's name; an empty one is forgotten. False when it is no name.
///
/// # Errors
/// When the link is not genuine or has expired.
pub async fn correct_name(service: &Service, token: &str, name: &str) -> Result<bool, LinkError> {
    let name = name.trim();
    let mut tx = service.store.write().await?;
    let (membership, held) = opened(service, &mut tx, token).await?;
    if name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Ok(false);
    }
    let new = Some(name).filter(|name| !name.is_empty());
    if held.name.as_deref() != new {
        let subscription = &membership.subscription;
        store::subscriber::rename(&mut tx, subscription.subscriber, new).await?;
        let event = act(
            service,
            subscription,
            ConsentKind::Corrected,
            "my-data-name-button",
            "/my-data",
        );
        store::consent::append(&mut tx, service.links.key(), &[event]).await?;
        tx.commit().await?;
    }
    Ok(true)
}
