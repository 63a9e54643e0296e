//! Unsubscribing somebody who asked the publisher for it.

use crate::domain::{
    Actor, AuditAction, AuditEvent, ConsentMethod, EmailAddress, Newsletter, Subscription,
    SubscriptionState,
};
use crate::membership::{self, Evidence, Withdrawal};
use crate::service::Service;
use crate::store::{self, Read, StoreError};
use crate::texts;

/// The subscription of this address to a newsletter, unless it has ended or there is none.
///
/// # Errors
/// When the database cannot be used.
pub async fn running_subscription(
    service: &Service,
    address: &EmailAddress,
    newsletter: &Newsletter,
) -> Result<Option<Subscription>, StoreError> {
    let mut db = service.store.read().await?;
    let Some(person) = store::subscriber::by_key(&mut db, &address.key()).await? else {
        return Ok(None);
    };
    let all = store::subscription::all_of(&mut db, person).await?;
    Ok(all.into_iter().find(|one| is_meant(one, newsletter)))
}

/// Ends that subscription, with its consent event, and logs it in the same transaction, without a name. False when there
/// is none that could end.
///
/// # Errors
/// When the database cannot be used; then nothing has ended.
pub async fn unsubscribe_by_owner(
    service: &Service,
    address: &EmailAddress,
    newsletter: &Newsletter,
    actor: &Actor,
    page: &str,
) -> Result<bool, StoreError> {
    let (now, key) = (service.clock.now(), service.links.key());
    let mut tx = service.store.write().await?;
    let db: &mut Read = &mut tx;
    let Some(person) = store::subscriber::by_key(db, &address.key()).await? else {
        return Ok(false);
    };
    let all = store::subscription::lock_all_of(&mut tx, person).await?;
    let Some(one) = all.iter().find(|one| is_meant(one, newsletter)) else {
        return Ok(false);
    };
    let how = Withdrawal::Unsubscribed;
    let Some(withdrawn) = membership::withdraw(&mut tx, one.id, how, now).await? else {
        return Ok(false);
    };
    let evidence = Evidence {
        method: ConsentMethod::Owner,
        at: now,
        wording: texts::action_wording(one.chosen.language, "unsubscribe-button"),
        page: page.to_owned(),
        ip: None,
    };
    let event = withdrawn.event(key.address_hash(&one.address.key()), evidence);
    store::consent::append(&mut tx, key, &[event]).await?;
    let event = AuditEvent::about_a_reader(actor, AuditAction::ReaderUnsubscribed, now);
    let event = event.in_newsletter(Some(newsletter.id));
    store::audit::append(&mut tx, key, &event).await?;
    tx.commit().await?;
    service.metrics.unsubscribes.inc();
    Ok(true)
}

fn is_meant(one: &Subscription, newsletter: &Newsletter) -> bool {
    one.newsletter == newsletter.id && one.state != SubscriptionState::Ended
}
