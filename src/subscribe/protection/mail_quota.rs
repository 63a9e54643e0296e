//! The hourly quotas of mails that anybody can cause by filling in a form.
//!
//! Each sign-up or change of address counts against one or two quotas. When the quota of an hour is used up, the mail
//! is due in the next hour that has room: it is delayed, not dropped.

use std::collections::{HashMap, HashSet};

use data_encoding::HEXLOWER;
use jiff::Timestamp;

use super::attack;
use super::proof_of_work::CHALLENGE_LIFETIME;
use crate::config::SignupLimits;
use crate::domain::{EmailAddress, LinkKey, MailRequest, SignupTrust};
use crate::service::Service;
use crate::store::protection::rate_counter;
use crate::store::protection::rate_counter::{Ahead, Hit, Limit, Window};
use crate::store::{self, Read, StoreError, Write};

const HOUR_SECONDS: i64 = 3600;

// The names below are part of stored keys: a change of one would start its counter anew.

fn domain_hash(key: &LinkKey, address: &EmailAddress) -> [u8; 32] {
    let mailbox = address.mailbox();
    let domain = mailbox.rsplit_once('@').map_or("", |(_, domain)| domain);
    key.keyed_hash("pace-domain", &[domain.as_bytes()])
}

/// The quota of the mailboxes at one domain.
fn domain_quota(key: &LinkKey, address: &EmailAddress) -> String {
    HEXLOWER.encode(&domain_hash(key, address))
}

/// The quota of all mails.
fn overall_quota(key: &LinkKey) -> String {
    HEXLOWER.encode(&key.keyed_hash("pace-all", &[]))
}

/// The quota of untrusted sign-ups during an attack.
fn untrusted_quota(key: &LinkKey) -> String {
    HEXLOWER.encode(&key.keyed_hash("pace-unvouched", &[]))
}

/// The quotas that one batch of sign-ups uses, locked until its transaction ends.
pub(crate) struct MailQuota<'a> {
    now: Timestamp,
    attack: bool,
    key: &'a LinkKey,
    limits: &'a SignupLimits,
    /// By the key of a quota: the hours that may have room. A clock that was ahead may have left mails in one that
    /// does not follow the others.
    used: HashMap<String, Ahead>,
    reserved: Vec<Hit>,
    /// The solutions that no other sign-up has used.
    proofs: HashSet<[u8; 32]>,
}

impl<'a> MailQuota<'a> {
    /// Reads and locks the quotas that these sign-ups may need. What is reserved at once is due `now`: whoever
    /// compares with another reading of the clock takes every mail for a postponed one.
    pub(crate) async fn open(
        service: &'a Service,
        tx: &mut Write,
        signups: impl Iterator<Item = MailRequest<'_>> + Clone,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let proofs = spend_proofs(tx, signups.clone(), now).await?;
        let attack = attack::last_hour(service, tx).await?.attack;
        let key = service.links.key();
        let limits = &service.settings.signup;
        let mut quotas = vec![
            (overall_quota(key), limits.mails_per_hour),
            (untrusted_quota(key), limits.attack_mails_per_hour),
        ];
        let per_domain = limits.mails_per_domain_per_hour;
        quotas.extend(signups.map(|signup| (domain_quota(key, signup.address), per_domain)));
        let limited = quotas.into_iter().filter(|(_, most)| *most > 0);
        let mut quotas: Vec<_> = limited.map(|(key, most)| Limit { key, most }).collect();
        quotas.sort_unstable();
        quotas.dedup();
        let used = rate_counter::ahead(tx, &quotas, Window::at(now, HOUR_SECONDS)).await?;
        Ok(Self {
            now,
            attack,
            key,
            limits,
            used,
            reserved: Vec::new(),
            proofs,
        })
    }

    /// Whether there is a reason to trust it. A solved challenge is one for a single sign-up.
    pub(crate) fn has_trust(&self, signup: MailRequest<'_>) -> bool {
        match &signup.trust {
            SignupTrust::None => false,
            SignupTrust::Proof(digest) => self.proofs.contains(digest),
            SignupTrust::Waited | SignupTrust::Network => true,
        }
    }

    /// Whether it may be part of an attack.
    pub(crate) fn is_suspect(&self, signup: MailRequest<'_>) -> bool {
        self.attack && !self.has_trust(signup)
    }

    /// Reserves a mail for this sign-up; returns when the mail is due. Every sign-up takes its place,
    /// also one that sends no mail: otherwise others could see by their own which address is known.
    pub(crate) fn reserve(&mut self, signup: MailRequest<'_>) -> Timestamp {
        let limits = self.limits;
        let domain = || domain_quota(self.key, signup.address);
        let quotas = match (self.has_trust(signup), self.attack) {
            (false, false) => vec![
                (domain(), limits.mails_per_domain_per_hour),
                (overall_quota(self.key), limits.mails_per_hour),
            ],
            // Not the overall quota: that is left to trusted sign-ups.
            (false, true) => vec![
                (domain(), limits.mails_per_domain_per_hour),
                (untrusted_quota(self.key), limits.attack_mails_per_hour),
            ],
            (true, _) => vec![(overall_quota(self.key), limits.mails_per_hour)],
        };
        let limited = quotas.into_iter().filter(|(_, limit)| *limit > 0);
        let latest = limited
            .map(|(key, limit)| self.reserve_in(key, limit))
            .max()
            .unwrap_or_default();
        Timestamp::from_second(latest).map_or(self.now, |hour| hour.max(self.now))
    }

    /// Reserves a mail in one quota; returns the beginning of its hour, in seconds since 1970.
    fn reserve_in(&mut self, key: String, limit: i64) -> i64 {
        let current = Window::at(self.now, HOUR_SECONDS).start;
        let used = self.used.entry(key.clone()).or_insert_with(|| Ahead {
            first: current,
            ..Ahead::default()
        });
        while used
            .hits
            .get(&used.first)
            .is_some_and(|hits| *hits >= limit)
        {
            used.first += HOUR_SECONDS;
        }
        let start = used.first;
        *used.hits.entry(start).or_default() += 1;
        let window = Window {
            seconds: HOUR_SECONDS,
            start,
        };
        self.reserved.push(Hit { key, window });
        start
    }

    /// Writes the reservations.
    pub(crate) async fn close(self, tx: &mut Write) -> Result<(), StoreError> {
        if self.reserved.is_empty() {
            return Ok(());
        }
        rate_counter::hit(tx, &self.reserved).await
    }
}

/// Marks the solutions of these sign-ups as used; returns those that were unused. A solution that
/// several of them send counts for none.
async fn spend_proofs(
    tx: &mut Write,
    signups: impl Iterator<Item = MailRequest<'_>>,
    now: Timestamp,
) -> Result<HashSet<[u8; 32]>, StoreError> {
    let digests = signups.filter_map(|signup| match signup.trust {
        SignupTrust::Proof(digest) => Some(digest),
        _ => None,
    });
    let mut times: HashMap<[u8; 32], usize> = HashMap::new();
    for digest in digests {
        *times.entry(digest).or_default() += 1;
    }
    if times.is_empty() {
        return Ok(HashSet::new());
    }
    let all: Vec<[u8; 32]> = times.keys().copied().collect();
    let until = now.saturating_add(CHALLENGE_LIFETIME).unwrap_or(now);
    let unused = store::protection::spent_proof::spend(tx, &all, until).await?;
    let unused = unused
        .into_iter()
        .filter_map(|digest| digest.try_into().ok());
    Ok(unused
        .filter(|digest| times.get(digest) == Some(&1))
        .collect())
}

/// Whether an untrusted mail to this domain would be delayed.
pub(crate) async fn is_domain_quota_used_up(
    service: &Service,
    db: &mut Read,
    address: &EmailAddress,
) -> Result<bool, StoreError> {
    let limit = service.settings.signup.mails_per_domain_per_hour;
    if limit == 0 {
        return Ok(false);
    }
    let now = Window::at(service.clock.now(), HOUR_SECONDS);
    let quota = domain_hash(service.links.key(), address);
    Ok(rate_counter::hits(db, &quota, now).await? >= limit)
}
