//! Detecting that somebody signs up other people in great numbers.

use std::sync::PoisonError;

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};

use crate::domain::ConfirmationRate;
use crate::service::Service;
use crate::store::protection::rate_counter;
use crate::store::protection::rate_counter::{Hit, Window};
use crate::store::{Read, StoreError, Write};

/// The length of a counter's window; an hour has six.
const WINDOW_SECONDS: i64 = 600;
/// How far back sign-ups and confirmations are counted.
const SPAN_SECONDS: i64 = 3600;
/// How long a process uses the cached answer.
const CACHE_TTL: SignedDuration = SignedDuration::from_secs(1);

/// The sign-ups of the last hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastHour {
    /// How many there were, and how many were confirmed.
    pub rate: ConfirmationRate,
    /// Whether this is an attack. The attack is over when the rate of an hour is normal again.
    pub attack: bool,
}

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Counter {
    Signups,
    Confirmations,
}

impl Counter {
    fn key(self, service: &Service) -> [u8; 32] {
        // Part of stored keys: a change of one would start its counter anew.
        let name = match self {
            Self::Signups => "turnout-asked",
            Self::Confirmations => "turnout-confirmed",
        };
        service.links.key().keyed_hash(name, &[])
    }

    /// One more, to be written with [`rate_counter::hit`].
    pub(crate) fn hit(self, service: &Service) -> Hit {
        Hit {
            key: HEXLOWER.encode(&self.key(service)),
            window: Window::at(service.clock.now(), WINDOW_SECONDS),
        }
    }
}

/// Counts a confirmation.
pub(crate) async fn count_confirmed(service: &Service, tx: &mut Write) -> Result<(), StoreError> {
    rate_counter::hit(tx, &[Counter::Confirmations.hit(service)]).await
}

/// Reads the counters of the last hour. Logs when an attack begins or ends.
///
/// # Errors
/// When the database cannot be used.
pub async fn last_hour(service: &Service, db: &mut Read) -> Result<LastHour, StoreError> {
    let now = service.clock.now();
    let since = now.as_second() - SPAN_SECONDS;
    let signups = Counter::Signups.key(service);
    let confirmations = Counter::Confirmations.key(service);
    let rate = ConfirmationRate {
        signups: rate_counter::sum(db, &signups, WINDOW_SECONDS, since).await?,
        confirmations: rate_counter::sum(db, &confirmations, WINDOW_SECONDS, since).await?,
    };
    let limits = &service.settings.signup;
    let attack = rate.is_attack(
        limits.attack_signups_per_hour,
        limits.attack_confirmed_percent,
    );
    remember(service, now, rate, attack);
    Ok(LastHour { rate, attack })
}

fn remember(
    service: &Service,
    now: Timestamp,
    ConfirmationRate {
        signups,
        confirmations,
    }: ConfirmationRate,
    attack: bool,
) {
    let mut cache = service
        .attack
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let before = cache
        .replace((now, attack))
        .is_some_and(|(_, attack)| attack);
    match (before, attack) {
        (false, true) => tracing::error!(
            signups,
            confirmations,
            "sign-ups look like an attack: mails of those without a proof of work are delayed, \
             and the form requires one"
        ),
        (true, false) => {
            tracing::warn!(signups, confirmations, "the attack on sign-ups is over");
        }
        _ => {}
    }
}

/// Whether there is an attack, if this process has looked within a second.
pub(super) fn known(service: &Service) -> Option<bool> {
    let now = service.clock.now();
    let cached = *service
        .attack
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let (_, attack) = cached.filter(|(at, _)| now.duration_since(*at).abs() <= CACHE_TTL)?;
    Some(attack)
}

/// Whether there is an attack; at most one second stale.
pub(crate) async fn is_under_attack(service: &Service) -> Result<bool, StoreError> {
    match known(service) {
        Some(attack) => Ok(attack),
        None => Ok(last_hour(service, &mut service.store.read().await?)
            .await?
            .attack),
    }
}
