//! How many messages each relay and each provider may get: limits of the settings, and lowered rates.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::config::Settings;
use crate::domain::{EmailAddress, Limits, Scope, Throttle};
use crate::store::{self, StoreError, Write};

/// The limits of the settings, and which domain belongs to which provider.
#[derive(Debug)]
pub(crate) struct QuotaRules {
    /// The provider's name by domain.
    providers: HashMap<String, String>,
    limits: HashMap<(Scope, String), Limits>,
}

impl QuotaRules {
    /// Reads `[smtp]`, `[relays.*]` and `[providers.*]`.
    pub(crate) fn new(settings: &Settings) -> Self {
        let relays = settings
            .all_relays()
            .into_iter()
            .map(|(name, relay)| ((Scope::Relay, name), relay.limits()));
        let providers = settings
            .providers
            .iter()
            .map(|(name, provider)| ((Scope::Provider, name.clone()), provider.limits()));
        Self {
            providers: settings.provider_by_domain(),
            limits: relays.chain(providers).collect(),
        }
    }

    /// The provider of a mailbox: its name in the settings, else the domain of the address.
    pub(crate) fn provider<'a>(&'a self, address: &'a EmailAddress) -> &'a str {
        let domain = address.domain();
        self.providers.get(domain).map_or(domain, String::as_str)
    }

    /// The limits of a relay or provider; none if the settings do not name it.
    pub(crate) fn limits(&self, scope: Scope, name: &str) -> Limits {
        let key = (scope, name.to_owned());
        self.limits.get(&key).copied().unwrap_or_default()
    }
}

/// The throttles at one moment, read without a lock: enough to see where a claim is worthwhile.
pub(crate) struct QuotaSnapshot<'a> {
    rules: &'a QuotaRules,
    known: HashMap<(Scope, String), Throttle>,
    now: Timestamp,
}

impl<'a> QuotaSnapshot<'a> {
    /// From the throttles in the database at `now`.
    pub(crate) fn new(rules: &'a QuotaRules, known: Vec<Throttle>, now: Timestamp) -> Self {
        let named = known
            .into_iter()
            .map(|throttle| ((throttle.scope, throttle.name.clone()), throttle));
        Self {
            rules,
            known: named.collect(),
            now,
        }
    }

    /// The relays and providers whose rate is lowered.
    pub(crate) fn slowed(&self) -> impl Iterator<Item = (Scope, String)> {
        let slowed = |throttle: &&Throttle| {
            throttle
                .slowed
                .is_some_and(|slowed| slowed.rate_at(self.now).is_some())
        };
        let throttles = self.known.values().filter(slowed);
        throttles.map(|throttle| (throttle.scope, throttle.name.clone()))
    }

    /// The time of the snapshot.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Whether a rate or quota applies to this relay or provider.
    pub(crate) fn is_limited(&self, scope: Scope, name: &str) -> bool {
        let limits = self.rules.limits(scope, name);
        limits.any()
            || self
                .known
                .get(&(scope, name.to_owned()))
                .is_some_and(|throttle| throttle.rate(limits, self.now).is_some())
    }

    /// Whether at least one message may be sent now.
    pub(crate) fn has_room(&self, scope: Scope, name: &str) -> bool {
        let limits = self.rules.limits(scope, name);
        self.known
            .get(&(scope, name.to_owned()))
            .is_none_or(|throttle| throttle.permits(limits, self.now) > 0)
    }

    /// Locks the throttles of these relays and this provider (none if empty) until the transaction ends.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub(crate) async fn lock(
        &self,
        tx: &mut Write,
        relays: &[&str],
        provider: &str,
    ) -> Result<LockedQuotas, StoreError> {
        let relays = relays.iter().map(|name| (Scope::Relay, *name));
        let mut names: Vec<_> = relays
            .chain(Some((Scope::Provider, provider)).filter(|(_, name)| !name.is_empty()))
            .filter(|(scope, name)| self.is_limited(*scope, name))
            .collect();
        names.sort_unstable();
        let mut locked = Vec::with_capacity(names.len());
        for (scope, name) in names {
            let throttle = store::delivery::throttle::lock(tx, scope, name).await?;
            locked.push((throttle, self.rules.limits(scope, name)));
        }
        Ok(LockedQuotas {
            locked,
            now: self.now,
        })
    }
}

/// Throttles that are locked, so that no other worker can take the same permits.
pub(crate) struct LockedQuotas {
    locked: Vec<(Throttle, Limits)>,
    now: Timestamp,
}

impl LockedQuotas {
    /// How many messages may be sent now; `i64::MAX` where nothing is limited.
    pub(crate) fn permits(&self, scope: Scope, name: &str) -> i64 {
        self.locked
            .iter()
            .find(|(throttle, _)| throttle.scope == scope && throttle.name == name)
            .map_or(i64::MAX, |(throttle, limits)| {
                throttle.permits(*limits, self.now)
            })
    }

    /// Counts messages that are about to be sent.
    pub(crate) fn take(&mut self, scope: Scope, name: &str, messages: i64) {
        for (throttle, limits) in &mut self.locked {
            if throttle.scope == scope && throttle.name == name {
                throttle.take(*limits, self.now, messages);
            }
        }
    }

    /// Writes the counts.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub(crate) async fn save(self, tx: &mut Write) -> Result<(), StoreError> {
        for (throttle, _) in &self.locked {
            store::delivery::throttle::save(tx, throttle).await?;
        }
        Ok(())
    }
}
