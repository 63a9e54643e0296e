//! Taking an unsubscription back.

use std::net::IpAddr;

use jiff::Timestamp;

use super::unsubscribe::others;
use super::{LinkError, LinkedSubscription, linked_subscription};
use crate::domain::{
    ConsentKind, ConsentMethod, EndReason, Language, Purpose, Subscription, SubscriptionState,
};
use crate::membership::{self, Evidence, Requested};
use crate::service::Service;
use crate::store::{self, Read, StoreError};
use crate::texts;

/// What is active again.
#[derive(Debug, Clone)]
pub struct TakenBack {
    /// The subscription whose link ended them.
    pub linked: LinkedSubscription,
    /// Those that the page may name: the link's own and those to public newsletters.
    pub active: Vec<LinkedSubscription>,
}

/// Takes back an unsubscription: what it ended is active again, with its choices and its pause. The
/// answers to a newsletter's fields are not kept. Idempotent.
///
/// # Errors
/// When the link is not genuine, is older than [`Purpose::UNDO_HOURS`], or its subscriptions have
/// been erased since.
pub async fn undo_unsubscribe(
    service: &Service,
    token: &str,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<TakenBack, LinkError> {
    let now = service.clock.now();
    let key = service.links.key();
    let (token, marks) = key.verify_fresh(Purpose::Undo, token, now, Purpose::UNDO_HOURS)?;
    let of_all = !marks.is_empty();
    let mut tx = service.store.write().await?;
    let own = linked_subscription(&mut tx, token.subscription).await?;
    let all = store::subscription::lock_all_of(&mut tx, own.subscription.subscriber).await?;
    let present = all.iter().find(|one| one.id == token.subscription);
    let hash = service
        .links
        .address_hash(&present.ok_or(LinkError::Gone)?.address);
    if store::consent::suppression::refuses_signup(&mut tx, &hash, now).await? {
        return Err(LinkError::Gone);
    }
    let mut events = Vec::new();
    for one in &all {
        let is_meant = of_all || one.id == token.subscription;
        if !is_meant || !was_ended(&mut tx, one, token.issued_at).await? {
            continue;
        }
        let wanted = (one.subscriber, one.newsletter);
        let again = membership::request(&mut tx, Some(one), wanted, one.chosen, now).await?;
        let Requested::Pending(id) = again else {
            continue;
        };
        store::subscription::pause(&mut tx, id, one.paused_until).await?;
        if let Some(activated) = membership::activate(&mut tx, id, now, now).await? {
            let evidence = evidence(own.subscription.chosen.language, now, page, ip);
            events.push(activated.event(hash, evidence));
        }
    }
    let linked = linked_subscription(&mut tx, token.subscription).await?;
    let mut active = Vec::new();
    if linked.subscription.state == SubscriptionState::Active {
        active.push(linked.clone());
    }
    if of_all {
        let all = store::subscription::all_of(&mut tx, linked.subscription.subscriber).await?;
        active.extend(others(&mut tx, &all, token.subscription).await?);
    }
    if !events.is_empty() {
        store::consent::append(&mut tx, key, &events).await?;
        tx.commit().await?;
    }
    match active.is_empty() {
        true => Err(LinkError::Gone),
        false => Ok(TakenBack { linked, active }),
    }
}

/// Whether the reader ended an active subscription in this second. One that waited for its
/// confirmation was ended with the others, and nothing confirms it here.
pub(super) async fn was_ended(
    db: &mut Read,
    one: &Subscription,
    then: Timestamp,
) -> Result<bool, StoreError> {
    let unsubscribed = one.state == SubscriptionState::Ended
        && one.end_reason == Some(EndReason::Unsubscribed)
        && one
            .ended_at
            .is_some_and(|at| at.as_second() == then.as_second());
    if !unsubscribed {
        return Ok(false);
    }
    let events = store::consent::of_subscription(db, one.id).await?;
    let mut acts = events.iter().rev().map(|event| event.kind);
    let before = acts.find(|kind| {
        use ConsentKind::{Confirmed, Imported, Requested};
        matches!(kind, Requested | Confirmed | Imported)
    });
    Ok(before.is_some_and(|kind| kind != ConsentKind::Requested))
}

fn evidence(language: Language, at: Timestamp, page: &str, ip: Option<IpAddr>) -> Evidence {
    Evidence {
        method: ConsentMethod::SignedLink,
        at,
        wording: texts::action_wording(language, "unsubscribed-undo"),
        page: page.to_owned(),
        ip,
    }
}
