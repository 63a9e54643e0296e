//! How fast mails that anybody can cause go out.
//!
//! Each mail takes a place in one or two lines, of which each lets so many through an hour.
//! When an hour is full, the mail takes its place in the next one that is not: it waits, and
//! is not dropped.

use std::collections::{HashMap, HashSet};

use data_encoding::HEXLOWER;
use jiff::Timestamp;

use super::attack;
use super::proof_of_work::CHALLENGE_LIFETIME;
use crate::config::SignupLimits;
use crate::domain::{EmailAddress, LinkKey, Signup, SignupTrust};
use crate::service::Service;
use crate::store::protection::rate_counter;
use crate::store::protection::rate_counter::{Hit, Window};
use crate::store::{self, Read, StoreError, Write};

const HOUR: i64 = 3600;

fn domain_hash(key: &LinkKey, address: &EmailAddress) -> [u8; 32] {
    key.keyed_hash("pace-domain", &[address.domain().as_bytes()])
}

/// The line of one domain's mailboxes.
fn of_domain(key: &LinkKey, address: &EmailAddress) -> String {
    HEXLOWER.encode(&domain_hash(key, address))
}

/// The line of all mails.
fn of_all(key: &LinkKey) -> String {
    HEXLOWER.encode(&key.keyed_hash("pace-all", &[]))
}

/// The line of sign-ups that nothing vouches for, during an attack.
fn of_unvouched(key: &LinkKey) -> String {
    HEXLOWER.encode(&key.keyed_hash("pace-unvouched", &[]))
}

/// Gives the mails of one batch of sign-ups their times.
pub(crate) struct MailQuota<'a> {
    now: Timestamp,
    attack: bool,
    key: &'a LinkKey,
    limits: &'a SignupLimits,
    /// The last hour of each line that has a place taken, and how many.
    lines: HashMap<String, (i64, i64)>,
    taken: Vec<Hit>,
    /// The solutions that this batch was the first to bring.
    proofs: HashSet<[u8; 32]>,
}

impl<'a> MailQuota<'a> {
    /// Looks up the lines that these sign-ups may need, and keeps others from moving them
    /// until the transaction ends.
    pub(crate) async fn open(
        service: &'a Service,
        tx: &mut Write,
        signups: impl Iterator<Item = &Signup> + Clone,
    ) -> Result<Self, StoreError> {
        let now = service.clock.now();
        let proofs = spend(tx, signups.clone(), now).await?;
        let attack = attack::last_hour(service, tx).await?.attack;
        let key = service.links.key();
        let mut names = vec![of_all(key), of_unvouched(key)];
        names.extend(signups.map(|signup| of_domain(key, &signup.address)));
        names.sort_unstable();
        names.dedup();
        let lines = rate_counter::last(tx, &names, Window::at(now, HOUR)).await?;
        Ok(Self {
            now,
            attack,
            key,
            limits: &service.settings.signup,
            lines,
            taken: Vec::new(),
            proofs,
        })
    }

    /// Whether something vouches for it: a solution does so once.
    pub(crate) fn is_vouched(&self, signup: &Signup) -> bool {
        match &signup.voucher {
            SignupTrust::None => false,
            SignupTrust::Work(digest) => self.proofs.contains(digest),
            SignupTrust::Patience | SignupTrust::Trusted => true,
        }
    }

    /// Whether it looks like part of an attack.
    pub(crate) fn is_suspect(&self, signup: &Signup) -> bool {
        self.attack && !self.is_vouched(signup)
    }

    /// When the mail that this sign-up causes may go out.
    pub(crate) fn take(&mut self, signup: &Signup) -> Timestamp {
        let limits = self.limits;
        let domain = || of_domain(self.key, &signup.address);
        let lines = match (self.is_vouched(signup), self.attack) {
            (false, false) => vec![
                (domain(), limits.mails_per_domain_per_hour),
                (of_all(self.key), limits.mails_per_hour),
            ],
            // Not in everybody's line: those whom something vouches for keep it for themselves.
            (false, true) => vec![
                (domain(), limits.mails_per_domain_per_hour),
                (of_unvouched(self.key), limits.attack_mails_per_hour),
            ],
            (true, _) => vec![(of_all(self.key), limits.mails_per_hour)],
        };
        let limited = lines.into_iter().filter(|(_, most)| *most > 0);
        let last = limited
            .map(|(line, most)| self.place(line, most))
            .max()
            .unwrap_or_default();
        Timestamp::from_second(last).map_or(self.now, |hour| hour.max(self.now))
    }

    /// Takes the next place of a line; returns the beginning of its hour.
    fn place(&mut self, key: String, most: i64) -> i64 {
        let current = Window::at(self.now, HOUR).start;
        let (start, hits) = self.lines.entry(key.clone()).or_insert((current, 0));
        if *start < current {
            (*start, *hits) = (current, 0);
        }
        if *hits >= most {
            (*start, *hits) = (*start + HOUR, 0);
        }
        *hits += 1;
        let window = Window {
            seconds: HOUR,
            start: *start,
        };
        self.taken.push(Hit { key, window });
        window.start
    }

    /// Writes down which places are taken.
    pub(crate) async fn close(self, tx: &mut Write) -> Result<(), StoreError> {
        if self.taken.is_empty() {
            return Ok(());
        }
        rate_counter::hit(tx, &self.taken).await
    }
}

/// Uses up the solutions that these sign-ups bring. One that several bring is nobody's.
async fn spend(
    tx: &mut Write,
    signups: impl Iterator<Item = &Signup>,
    now: Timestamp,
) -> Result<HashSet<[u8; 32]>, StoreError> {
    let brought = signups.filter_map(|signup| match signup.voucher {
        SignupTrust::Work(digest) => Some(digest),
        _ => None,
    });
    let mut times: HashMap<[u8; 32], usize> = HashMap::new();
    for digest in brought {
        *times.entry(digest).or_default() += 1;
    }
    if times.is_empty() {
        return Ok(HashSet::new());
    }
    let all: Vec<[u8; 32]> = times.keys().copied().collect();
    let until = now.saturating_add(CHALLENGE_LIFETIME).unwrap_or(now);
    let first = store::protection::spent_proof::spend(tx, &all, until).await?;
    let first = first
        .into_iter()
        .filter_map(|digest| digest.try_into().ok());
    Ok(first
        .filter(|digest| times.get(digest) == Some(&1))
        .collect())
}

/// Whether a mail to this domain would have to wait if nothing vouched for it.
pub(crate) async fn is_full(
    service: &Service,
    db: &mut Read,
    address: &EmailAddress,
) -> Result<bool, StoreError> {
    let most = service.settings.signup.mails_per_domain_per_hour;
    if most == 0 {
        return Ok(false);
    }
    let now = Window::at(service.clock.now(), HOUR);
    let line = domain_hash(service.links.key(), address);
    let last = rate_counter::last_now(db, &line, now).await?;
    Ok(last.is_some_and(|(start, hits)| start > now.start || hits >= most))
}
