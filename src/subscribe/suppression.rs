//! Suppressing addresses on behalf of an operator, and taking that back.

use std::fmt;

use serde::Serialize;

use crate::domain::{
    Actor, AuditAction, AuditEvent, ConsentEvent, ConsentMethod, ConsentWording, EmailAddress,
    Subscription, SubscriptionState,
};
use crate::membership::{self, Evidence, Withdrawal};
use crate::service::Service;
use crate::store::consent::operator_suppression;
use crate::store::{self, StoreError, Write};

/// Why addresses are suppressed if whoever does it gives no reason.
pub const BY_HAND: &str = "An operator suppressed the address.";
/// What the log says of a suppression that was taken back.
pub const ONE_ADDRESS: &str = "one address";
/// The same, of one that the reader had asked for.
pub const ONE_READERS_ADDRESS: &str = "one address, as its reader asked";

/// The same two, of several addresses, after their number.
const ADDRESSES: &str = " addresses";
const READERS_ADDRESSES: &str = " addresses, as their readers asked";

/// Addresses in one transaction: sign-ups wait meanwhile.
const BATCH: usize = 200;
/// The page of the consent event.
const PAGE: &str = "xabar suppression add";

/// What was done, or would be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SuppressionReport {
    /// Addresses that were not suppressed for ever before.
    pub new: u64,
    /// Addresses that were.
    pub known: u64,
    /// Subscriptions that ended.
    pub ended: u64,
    /// Unconfirmed sign-ups that were erased.
    pub unconfirmed: u64,
}

/// Whether to do it, or only to find out what it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// Nothing remains of it.
    DryRun,
    /// It is done.
    Real,
}

/// What the log says of addresses that were suppressed together. The log is a chain, so the written form never
/// changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuppressedInBatch {
    /// How many addresses.
    pub addresses: u64,
    /// How many subscriptions ended with that.
    pub subscriptions: u64,
    /// Why.
    pub because: String,
}

impl SuppressedInBatch {
    /// Reads what the log has.
    #[must_use]
    pub fn parse(said: &str) -> Option<Self> {
        let (addresses, rest) = said.split_once(" addresses, ")?;
        let (subscriptions, because) = rest.split_once(" subscriptions ended: ")?;
        Some(Self {
            addresses: addresses.parse().ok()?,
            subscriptions: subscriptions.parse().ok()?,
            because: because.to_owned(),
        })
    }
}

impl fmt::Display for SuppressedInBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            addresses,
            subscriptions,
            because,
        } = self;
        write!(
            f,
            "{addresses} addresses, {subscriptions} subscriptions ended: {because}"
        )
    }
}

/// Suppresses addresses and ends their subscriptions, each with its consent event. Idempotent. When it
/// fails, whole batches before that are done, and the same call again goes on from there.
///
/// # Errors
/// When the database cannot be used.
pub async fn suppress(
    service: &Service,
    addresses: &[EmailAddress],
    because: &str,
    actor: &Actor,
    execution: Execution,
) -> Result<SuppressionReport, StoreError> {
    let mut addresses: Vec<&EmailAddress> = addresses.iter().collect();
    // In the order in which sign-ups lock people.
    addresses.sort_by_cached_key(|address| address.key());
    addresses.dedup_by_key(|address| address.key());
    let mut total = SuppressionReport::default();
    for batch in addresses.chunks(BATCH) {
        let mut tx = service.store.write().await?;
        let (mut report, mut events) = (SuppressionReport::default(), Vec::new());
        for address in batch {
            suppress_one(service, &mut tx, address, because, &mut report, &mut events).await?;
        }
        total.new += report.new;
        total.known += report.known;
        total.ended += report.ended;
        total.unconfirmed += report.unconfirmed;
        if execution == Execution::DryRun {
            // Without a commit it is undone.
            continue;
        }
        let key = service.links.key();
        if !events.is_empty() {
            store::consent::append(&mut tx, key, &events).await?;
        }
        if report.new + report.ended + report.unconfirmed > 0 {
            let event =
                AuditEvent::new(actor, AuditAction::AddressesSuppressed, service.clock.now());
            let said = SuppressedInBatch {
                addresses: report.new,
                subscriptions: report.ended,
                because: because.to_owned(),
            };
            store::audit::append(&mut tx, key, &event.saying(said.to_string())).await?;
        }
        tx.commit().await?;
    }
    Ok(total)
}

async fn suppress_one(
    service: &Service,
    tx: &mut Write,
    address: &EmailAddress,
    because: &str,
    report: &mut SuppressionReport,
    events: &mut Vec<ConsentEvent>,
) -> Result<(), StoreError> {
    let (now, key) = (service.clock.now(), service.links.key());
    let hash = key.address_hash(&address.key());
    // Taking the address makes this wait for an import or a sign-up that has just inserted it.
    let person = store::subscriber::find_or_insert(tx, address, None, now).await?;
    if !person.is_new {
        let all = store::subscription::lock_all_of(tx, person.id).await?;
        membership::erase_unconfirmed(tx, key, &all, now).await?;
        for one in &all {
            match one.state {
                SubscriptionState::Pending => report.unconfirmed += 1,
                SubscriptionState::Ended => {}
                SubscriptionState::Active => {
                    let how = Withdrawal::Suppressed;
                    if let Some(ended) = membership::withdraw(tx, one.id, how, now).await? {
                        report.ended += 1;
                        events.push(ended.event(hash, evidence(service, one, because)));
                    }
                }
            }
        }
    }
    match operator_suppression::add(tx, &hash, now).await? {
        true => report.new += 1,
        false => report.known += 1,
    }
    if person.is_new {
        store::subscriber::remove(tx, &[person.id]).await?;
    }
    Ok(())
}

/// Nobody was shown any words: those of the operator are recorded.
fn evidence(service: &Service, subscription: &Subscription, because: &str) -> Evidence {
    Evidence {
        method: ConsentMethod::Operator,
        at: service.clock.now(),
        wording: ConsentWording {
            wording: because.to_owned(),
            version: PAGE.to_owned(),
            language: subscription.chosen.language,
        },
        page: PAGE.to_owned(),
        ip: None,
    }
}

/// Whose suppressions to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalScope {
    /// Those of operators alone.
    OfOperators,
    /// All, as the reader asks to get mails again.
    ReaderAsked,
}

/// What was taken back of many addresses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RemovalReport {
    /// Addresses of which a suppression was removed.
    pub removed: u64,
    /// Addresses that have none now of that scope; another one may stay.
    pub others: u64,
}

/// How many addresses the log says that were taken back together, and whether their readers had asked for it.
#[must_use]
pub fn removed_together(said: &str) -> Option<(u64, bool)> {
    let asked = said.strip_suffix(READERS_ADDRESSES);
    let number = asked.or_else(|| said.strip_suffix(ADDRESSES))?;
    Some((number.parse().ok()?, asked.is_some()))
}

/// Removes suppressions of many addresses, as [`remove`] does of one. When it fails, whole batches before that are done,
/// and the same call again goes on from there.
///
/// # Errors
/// When the database cannot be used.
pub async fn remove_many(
    service: &Service,
    addresses: &[EmailAddress],
    scope: RemovalScope,
    actor: &Actor,
    execution: Execution,
) -> Result<RemovalReport, StoreError> {
    let key = service.links.key();
    let mut addresses: Vec<&EmailAddress> = addresses.iter().collect();
    // So that two of these take turns.
    addresses.sort_by_cached_key(|address| key.address_hash(&address.key()));
    addresses.dedup_by_key(|address| address.key());
    let mut total = RemovalReport::default();
    for batch in addresses.chunks(BATCH) {
        let now = service.clock.now();
        let mut tx = service.store.write().await?;
        let mut removed = 0;
        for address in batch {
            removed += u64::from(remove_one(service, &mut tx, address, scope).await?);
        }
        total.removed += removed;
        total.others += batch.len() as u64 - removed;
        // Without a commit it is undone.
        if removed > 0 && execution == Execution::Real {
            let words = match scope {
                RemovalScope::OfOperators => ADDRESSES,
                RemovalScope::ReaderAsked => READERS_ADDRESSES,
            };
            let event = AuditEvent::new(actor, AuditAction::SuppressionRemoved, now);
            let event = event.saying(format!("{removed}{words}"));
            store::audit::append(&mut tx, key, &event).await?;
            tx.commit().await?;
        }
    }
    Ok(total)
}

async fn remove_one(
    service: &Service,
    tx: &mut Write,
    address: &EmailAddress,
    scope: RemovalScope,
) -> Result<bool, StoreError> {
    let keys = service.links.key().suppression_keys(address);
    match scope {
        RemovalScope::OfOperators => {
            operator_suppression::remove(tx, &keys.address, service.clock.now()).await
        }
        RemovalScope::ReaderAsked => operator_suppression::remove_all(tx, &keys).await,
    }
}

/// Removes suppressions of an address. No subscription comes back: its reader signs up again. Returns
/// whether there was anything to remove.
///
/// # Errors
/// When the database cannot be used.
pub async fn remove(
    service: &Service,
    address: &EmailAddress,
    scope: RemovalScope,
    actor: &Actor,
) -> Result<bool, StoreError> {
    let (now, key) = (service.clock.now(), service.links.key());
    let mut tx = service.store.write().await?;
    let removed = remove_one(service, &mut tx, address, scope).await?;
    if removed {
        let event = AuditEvent::new(actor, AuditAction::SuppressionRemoved, now);
        let event = event.saying(match scope {
            RemovalScope::OfOperators => ONE_ADDRESS,
            RemovalScope::ReaderAsked => ONE_READERS_ADDRESS,
        });
        store::audit::append(&mut tx, key, &event).await?;
        tx.commit().await?;
    }
    Ok(removed)
}
