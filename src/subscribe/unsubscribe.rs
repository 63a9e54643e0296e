//! Unsubscribing: by the button on the page, or by the mailbox provider's one click (RFC 8058).

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::undo_unsubscribe::was_ended;
use super::{LinkError, LinkedSubscription, linked_subscription};
use crate::domain::{ConsentMethod, Purpose, Subscription, SubscriptionId, SubscriptionState};
use crate::membership::{self, Evidence, Withdrawal};
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

impl LeaveScope {
    /// The text of the button that asks for it.
    fn button(self) -> &'static str {
        match self {
            Self::This => "unsubscribe-button",
            Self::All => "unsubscribe-all",
        }
    }
}

/// The subscription of an unsubscribe link, and what else its reader receives.
#[derive(Debug, Clone)]
pub struct Leaving {
    /// The subscription.
    pub linked: LinkedSubscription,
    /// The reader's other active subscriptions.
    pub others: Vec<LinkedSubscription>,
    /// The path that takes back what this call, or the first of a double click, has ended; None when that is nothing that
    /// the page may name.
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

/// Within this time a second call is a double click, and gets the undo of the first. Later it may come from somebody
/// to whom the mail was forwarded, who must bring nobody back.
const DOUBLE_CLICK: SignedDuration = SignedDuration::from_secs(10);

/// Ends the subscription, or all of its reader's. Idempotent: a second call changes nothing and
/// returns the same; the undo only within ten seconds.
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
    let receives = others(&mut tx, &all, token.subscription).await?;
    let may_name = |one: &Subscription| one.id == token.subscription || names(&receives, one.id);
    let evidence = Evidence {
        method,
        at: now,
        wording: texts::action_wording(own.subscription.chosen.language, scope.button()),
        page: page.to_owned(),
        ip,
    };
    let mut events = Vec::new();
    let mut undone_from = just_left(&mut tx, &own.subscription, now).await?;
    let is_meant = |one: &&Subscription| one.id == token.subscription || scope == LeaveScope::All;
    for one in all.iter().filter(is_meant) {
        let how = Withdrawal::Unsubscribed;
        let Some(withdrawn) = membership::withdraw(&mut tx, one.id, how, now).await? else {
            continue;
        };
        let hash = service.links.address_hash(&one.address);
        events.push(withdrawn.event(hash, evidence.clone()));
        if one.state == SubscriptionState::Active && may_name(one) {
            undone_from = Some(now);
        }
    }
    let undo = |at| {
        let links = &service.links;
        links.undo(token.subscription, scope == LeaveScope::All, at)
    };
    let left = Leaving {
        linked: linked_subscription(&mut tx, token.subscription).await?,
        others: match scope {
            LeaveScope::This => receives,
            LeaveScope::All => Vec::new(),
        },
        undo: undone_from.map(undo),
    };
    if !events.is_empty() {
        store::consent::append(&mut tx, service.links.key(), &events).await?;
        tx.commit().await?;
        service.metrics.unsubscribes.inc_by(events.len() as u64);
    }
    Ok(left)
}

/// When the reader ended this subscription, if that is part of the same double click.
async fn just_left(
    db: &mut Read,
    own: &Subscription,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let Some(at) = own.ended_at else {
        return Ok(None);
    };
    let is_double = now.duration_since(at) <= DOUBLE_CLICK && was_ended(db, own, at).await?;
    Ok(is_double.then_some(at))
}

/// The active ones of a reader's subscriptions, but for the one of the link and for private newsletters: the link gets
/// forwarded with mails, and nobody else should learn who reads those.
pub(super) async fn others(
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

fn names(all: &[LinkedSubscription], id: SubscriptionId) -> bool {
    all.iter().any(|one| one.subscription.id == id)
}
