//! Unsubscribing: by the button on the page, or by the mailbox provider's one click (RFC 8058); and
//! taking it back.

use std::net::IpAddr;

use super::{LinkError, LinkedSubscription, LinkedSubscriptions};
use super::{linked_subscription, linked_subscriptions};
use crate::domain::{
    ConsentMethod, EndReason, Language, Purpose, Subscription, SubscriptionId, SubscriptionState,
};
use crate::membership::{self, Evidence, Requested, Withdrawal};
use crate::service::Service;
use crate::store::{self, Read, StoreError};
use crate::texts;

/// What a reader leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveScope {
    /// The newsletter of the link.
    This,
    /// Every newsletter.
    All,
}

/// The subscription of an unsubscribe link, and what else its reader receives.
#[derive(Debug, Clone)]
pub struct Leaving {
    /// The subscription.
    pub linked: LinkedSubscription,
    /// The reader's other active subscriptions.
    pub others: Vec<LinkedSubscription>,
    /// The path that takes back what this call has ended; None when it ended nothing.
    pub undo: Option<String>,
}

/// What the page of the link shows; changes nothing.
///
/// # Errors
/// When the link is not genuine.
pub async fn load_unsubscribe(service: &Service, token: &str) -> Result<Leaving, LinkError> {
    let token = service.links.key().verify(Purpose::Unsubscribe, token)?;
    let mut db = service.store.read().await?;
    let linked = linked_subscription(&mut db, token.subscription).await?;
    let all = store::subscription::all_of(&mut db, linked.subscription.subscriber).await?;
    Ok(Leaving {
        others: others(&mut db, &all, token.subscription).await?,
        linked,
        undo: None,
    })
}

/// Ends the subscription, or all of its reader's. Idempotent: a second call changes nothing and
/// returns the same, but for the undo.
///
/// # Errors
/// When the link is not genuine.
pub async fn unsubscribe(
    service: &Service,
    token: &str,
    scope: LeaveScope,
    method: ConsentMethod,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<Leaving, LinkError> {
    let token = service.links.key().verify(Purpose::Unsubscribe, token)?;
    let now = service.clock.now();
    let mut tx = service.store.write().await?;
    let own = linked_subscription(&mut tx, token.subscription).await?;
    let all = store::subscription::lock_all_of(&mut tx, own.subscription.subscriber).await?;
    let (mut events, mut were_active) = (Vec::new(), Vec::new());
    for one in &all {
        if one.id != token.subscription && scope == LeaveScope::This {
            continue;
        }
        let how = Withdrawal::Unsubscribed;
        let Some(withdrawn) = membership::withdraw(&mut tx, one.id, how, now).await? else {
            continue;
        };
        let button = match scope {
            LeaveScope::This => "unsubscribe-button",
            LeaveScope::All => "unsubscribe-all",
        };
        let evidence = Evidence {
            method,
            at: now,
            wording: texts::action_wording(own.subscription.chosen.language, button),
            page: page.to_owned(),
            ip,
        };
        let hash = service.links.address_hash(&one.address);
        events.push(withdrawn.event(hash, evidence));
        were_active.extend((one.state == SubscriptionState::Active).then_some(one.id));
    }
    let undo = were_active.split_first();
    let left = Leaving {
        linked: linked_subscription(&mut tx, token.subscription).await?,
        others: match scope {
            LeaveScope::This => others(&mut tx, &all, token.subscription).await?,
            LeaveScope::All => Vec::new(),
        },
        undo: undo.map(|(first, others)| service.links.undo(*first, others, now)),
    };
    if !events.is_empty() {
        store::consent::append(&mut tx, service.links.key(), &events).await?;
        tx.commit().await?;
        service.metrics.unsubscribes.inc_by(events.len() as u64);
    }
    Ok(left)
}

/// The active ones of a reader's subscriptions, but for the one of the link and for private newsletters: the link gets
/// forwarded with mails, and nobody else should learn who reads those.
async fn others(
    db: &mut Read,
    all: &[Subscription],
    own: SubscriptionId,
) -> Result<Vec<LinkedSubscription>, StoreError> {
    let mut others = Vec::new();
    for one in all {
        if one.id == own || one.state != SubscriptionState::Active {
            continue;
        }
        let newsletter = store::newsletter::by_id(db, one.newsletter).await?;
        if newsletter.is_public() {
            others.push(LinkedSubscription {
                newsletter,
                subscription: one.clone(),
            });
        }
    }
    Ok(others)
}

/// Takes back an unsubscription: what it ended is active again, with its choices and its pause. The
/// answers to a newsletter's fields are not kept. Idempotent. Returns what is active again.
///
/// # Errors
/// When the link is not genuine, is older than [`Purpose::UNDO_HOURS`], or its subscriptions have
/// been erased since.
pub async fn undo_unsubscribe(
    service: &Service,
    token: &str,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<LinkedSubscriptions, LinkError> {
    let now = service.clock.now();
    let key = service.links.key();
    let (token, others) = key.verify_fresh(Purpose::Undo, token, now, Purpose::UNDO_HOURS)?;
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
    let was_left = |one: &&Subscription| {
        let named = one.id == token.subscription || others.contains(&one.id);
        named && one.end_reason == Some(EndReason::Unsubscribed)
    };
    let mut events = Vec::new();
    for one in all.iter().filter(was_left) {
        let wanted = (one.subscriber, one.newsletter);
        let again = membership::request(&mut tx, Some(one), wanted, one.chosen, now).await?;
        let Requested::Pending(id) = again else {
            continue;
        };
        store::subscription::pause(&mut tx, id, one.paused_until).await?;
        if let Some(activated) = membership::activate(&mut tx, id, now, now).await? {
            let evidence = undo_evidence(own.subscription.chosen.language, now, page, ip);
            events.push(activated.event(hash, evidence));
        }
    }
    let found = linked_subscriptions(&mut tx, token.subscription, &others).await?;
    let active = found.in_state(SubscriptionState::Active);
    if !events.is_empty() {
        store::consent::append(&mut tx, key, &events).await?;
        tx.commit().await?;
    }
    active.ok_or(LinkError::Gone)
}

fn undo_evidence(
    language: Language,
    at: jiff::Timestamp,
    page: &str,
    ip: Option<IpAddr>,
) -> Evidence {
    Evidence {
        method: ConsentMethod::SignedLink,
        at,
        wording: texts::action_wording(language, "unsubscribed-undo"),
        page: page.to_owned(),
        ip,
    }
}
