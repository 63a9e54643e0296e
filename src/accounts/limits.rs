//! How often somebody may try to sign in: per account and network, per account, and per network.
//!
//! Tries are counted before a password is looked at, in the database, so that all processes agree. What
//! was typed counts, whether there is such an account or not. Each longer window has a higher limit, so
//! that the waits grow. Whoever signs in has the tries from that network forgotten.
//!
//! A try that a limit refuses is not counted, so that one network uses up its own tries of an account and no
//! more. Many networks together can use up those of the account; a browser that is known there has its own.

use std::net::IpAddr;

use data_encoding::HEXLOWER;

use crate::domain::{ClientNetwork, EditorId, RateLimited};
use crate::service::Service;
use crate::store::protection::rate_counter::{self, Hit, Window};
use crate::store::{StoreError, Write};

const MINUTES_15: i64 = 900;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// A span in seconds, and how many tries it allows.
type Allowed = (i64, i64);

/// An account from one network: somebody who has forgotten the password, or a stranger.
const HERE: [Allowed; 3] = [(MINUTES_15, 5), (HOUR, 10), (DAY, 20)];
/// An account from everywhere: strangers with many networks. A known browser has as many for itself.
const ACCOUNT: [Allowed; 1] = [(DAY, 100)];
/// A network for all accounts; an office may share one.
const NETWORK: [Allowed; 2] = [(MINUTES_15, 60), (DAY, 300)];

/// Mails to one account by which a new password is set.
const RESET_MAILS: [Allowed; 2] = [(HOUR, 3), (DAY, 10)];

/// Who tries, as keyed hashes.
pub(super) struct Tries {
    keys: Vec<(Vec<u8>, &'static [Allowed])>,
}

/// What became of one more try.
pub(super) enum Counted {
    /// It counts once this transaction is committed.
    Allowed(Write),
    /// There were too many, and this one is not counted.
    Refused(RateLimited),
}

impl Tries {
    /// Of what was typed as the address, or the identifier of an account; of a browser that is known there by
    /// this hash.
    pub(super) fn of(
        service: &Service,
        account: &str,
        ip: Option<IpAddr>,
        known: Option<&[u8]>,
    ) -> Self {
        let key = service.links.key();
        let network = ClientNetwork::of(ip).octets();
        let account = account.as_bytes();
        let hash = |parts: &[&[u8]]| key.keyed_hash("sign-in", parts).to_vec();
        let everywhere = match known {
            Some(browser) => hash(&[b"browser", account, browser]),
            None => hash(&[b"account", account]),
        };
        Self {
            keys: vec![
                (hash(&[b"here", account, &network]), &HERE),
                (everywhere, &ACCOUNT),
                (hash(&[b"network", &network]), &NETWORK),
            ],
        }
    }

    /// Of somebody who is signed in, from wherever.
    pub(super) fn of_proof(service: &Service, editor: EditorId) -> Self {
        let key = service.links.key();
        let here = key.keyed_hash("proof", &[editor.0.as_bytes()]);
        Self {
            keys: vec![(here.to_vec(), &HERE)],
        }
    }

    /// Counts one more try, unless there were too many. Of any number of tries at once no more pass
    /// than one after the other.
    pub(super) async fn count(&self, service: &Service) -> Result<Counted, StoreError> {
        let now = service.clock.now();
        let mut hits = Vec::new();
        for (key, windows) in &self.keys {
            for (seconds, _) in *windows {
                hits.push(Hit {
                    key: HEXLOWER.encode(key),
                    window: Window::at(now, *seconds),
                });
            }
        }
        let mut tx = service.store.write().await?;
        // The rows stay locked until the transaction ends.
        rate_counter::hit(&mut tx, &hits).await?;
        let mut wait = None;
        for (key, windows) in &self.keys {
            for (seconds, limit) in *windows {
                let window = Window::at(now, *seconds);
                if rate_counter::hits(&mut tx, key, window).await? > *limit {
                    wait = wait.max(Some(window.seconds_left(now)));
                }
            }
        }
        Ok(match wait {
            // Dropping the transaction takes the hits back.
            Some(retry_after) => Counted::Refused(RateLimited { retry_after }),
            None => Counted::Allowed(tx),
        })
    }

    /// Forgets the tries of this account from this network.
    pub(super) async fn forgive(&self, tx: &mut Write) -> Result<(), StoreError> {
        match self.keys.first() {
            Some((here, _)) => rate_counter::clear(tx, here).await,
            None => Ok(()),
        }
    }
}

/// Counts a failed try for which there is no account; returns how many there were in this hour.
pub(super) async fn count_without_account(
    service: &Service,
    tx: &mut Write,
) -> Result<i64, StoreError> {
    let key = service.links.key().keyed_hash("sign-in", &[b"no account"]);
    let window = Window::at(service.clock.now(), HOUR);
    let hit = Hit {
        key: HEXLOWER.encode(&key),
        window,
    };
    rate_counter::hit(tx, &[hit]).await?;
    rate_counter::hits(tx, &key, window).await
}

pub(super) fn is_power_of_ten(tries: i64) -> bool {
    tries > 0 && 10_i64.checked_pow(tries.ilog10()) == Some(tries)
}

/// Whether an account gets one more mail by which it sets a new password, from whatever network it is asked for. A
/// browser that is known there has mails of its own, which strangers cannot use up. The account is locked.
pub(super) async fn may_mail_reset(
    service: &Service,
    tx: &mut Write,
    editor: EditorId,
    known: Option<&[u8]>,
) -> Result<bool, StoreError> {
    let parts = [&editor.0.as_bytes()[..], known.unwrap_or_default()];
    let key = service.links.key().keyed_hash("reset mails", &parts);
    let now = service.clock.now();
    let wait = rate_counter::hit_within(tx, &key, (1, &RESET_MAILS), now).await?;
    Ok(wait.is_none())
}

#[cfg(test)]
mod tests {
    use super::is_power_of_ten;

    #[test]
    fn the_log_has_a_try_for_each_new_digit() {
        let logged: Vec<i64> = (0..=1_000).filter(|n| is_power_of_ten(*n)).collect();
        assert_eq!(logged, [1, 10, 100, 1_000]);
    }
}
