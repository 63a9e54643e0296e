//! What the settings and the servers allow, for each relay and each provider.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::config::Settings;
use crate::domain::{EmailAddress, Limits, Scope, Throttle};
use crate::store::{self, StoreError, Write};

/// The settings' part of it.
#[derive(Debug)]
pub(crate) struct QuotaRules {
    providers: HashMap<String, String>,
    limits: HashMap<(Scope, String), Limits>,
}

impl QuotaRules {
    pub(crate) fn new(settings: &Settings) -> Self {
        let relays = settings
            .all_relays()
            .into_iter()
            .map(|(name, relay)| ((Scope::Relay, name), relay.limits()));
        let providers = settings
            .providers
            .iter()
            .map(|(name, provider)| ((Scope::Provider, name.clone()), provider.limits()));
        let domains = settings.providers.iter().flat_map(|(name, provider)| {
            let domains = provider.domains.iter();
            domains.map(|domain| (domain.to_ascii_lowercase(), name.clone()))
        });
        Self {
            providers: domains.collect(),
            limits: relays.chain(providers).collect(),
        }
    }

    /// The provider of a mailbox; the domain itself where none is named.
    pub(crate) fn provider<'a>(&'a self, address: &'a EmailAddress) -> &'a str {
        let domain = address.domain();
        self.providers.get(domain).map_or(domain, String::as_str)
    }

    pub(crate) fn limits(&self, scope: Scope, name: &str) -> Limits {
        let key = (scope, name.to_owned());
        self.limits.get(&key).copied().unwrap_or_default()
    }
}

/// How things stand at one moment, for a look that binds nobody.
pub(crate) struct QuotaSnapshot<'a> {
    rules: &'a QuotaRules,
    known: HashMap<(Scope, String), Throttle>,
    now: Timestamp,
}

impl<'a> QuotaSnapshot<'a> {
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

    /// The moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Whether anything holds mails back there.
    pub(crate) fn limits(&self, scope: Scope, name: &str) -> bool {
        let limits = self.rules.limits(scope, name);
        limits.any()
            || self
                .known
                .get(&(scope, name.to_owned()))
                .is_some_and(|throttle| throttle.rate(limits, self.now).is_some())
    }

    /// Whether at least one message may go.
    pub(crate) fn has_room(&self, scope: Scope, name: &str) -> bool {
        let limits = self.rules.limits(scope, name);
        self.known
            .get(&(scope, name.to_owned()))
            .is_none_or(|throttle| throttle.permits(limits, self.now) > 0)
    }

    /// Locks what holds mails back for these relays and this provider until the
    /// transaction ends.
    pub(crate) async fn lock(
        &self,
        tx: &mut Write,
        relays: &[&str],
        provider: &str,
    ) -> Result<LockedQuotas, StoreError> {
        let relays = relays.iter().map(|name| (Scope::Relay, *name));
        let mut names: Vec<_> = relays
            .chain(Some((Scope::Provider, provider)).filter(|(_, name)| !name.is_empty()))
            .filter(|(scope, name)| self.limits(*scope, name))
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

/// Limits that are locked: what passes is counted before anybody else looks.
pub(crate) struct LockedQuotas {
    locked: Vec<(Throttle, Limits)>,
    now: Timestamp,
}

impl LockedQuotas {
    /// How many messages may pass; `i64::MAX` where nothing holds them back.
    pub(crate) fn permits(&self, scope: Scope, name: &str) -> i64 {
        self.locked
            .iter()
            .find(|(throttle, _)| throttle.scope == scope && throttle.name == name)
            .map_or(i64::MAX, |(throttle, limits)| {
                throttle.permits(*limits, self.now)
            })
    }

    /// So many messages pass.
    pub(crate) fn take(&mut self, scope: Scope, name: &str, messages: i64) {
        for (throttle, limits) in &mut self.locked {
            if throttle.scope == scope && throttle.name == name {
                throttle.take(*limits, self.now, messages);
            }
        }
    }

    pub(crate) async fn save(self, tx: &mut Write) -> Result<(), StoreError> {
        for (throttle, _) in &self.locked {
            store::delivery::throttle::save(tx, throttle).await?;
        }
        Ok(())
    }
}
