//! Noticing that somebody signs other people up in great numbers.

use std::sync::PoisonError;

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};

use crate::domain::ConfirmationRate;
use crate::service::Service;
use crate::store::protection::rate_counter;
use crate::store::protection::rate_counter::{Hit, Window};
use crate::store::{Read, StoreError, Write};

/// The windows of the counters; an hour has six.
const WINDOW: i64 = 600;
/// How far back sign-ups and confirmations are counted.
const SPAN: i64 = 3600;
/// For how long a process believes what it has seen.
const BELIEVED: SignedDuration = SignedDuration::from_secs(1);

/// What the last hour looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastHour {
    /// Sign-ups and confirmations.
    pub turnout: ConfirmationRate,
    /// Whether it is an attack. It ends by itself, when its hour is over.
    pub attack: bool,
}

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Counted {
    Asked,
    Confirmed,
}

impl Counted {
    fn key(self, service: &Service) -> [u8; 32] {
        let name = match self {
            Self::Asked => "turnout-asked",
            Self::Confirmed => "turnout-confirmed",
        };
        service.links.key().keyed_hash(name, &[])
    }

    /// One more, to be written with [`rate_counter::hit`].
    pub(crate) fn hit(self, service: &Service) -> Hit {
        Hit {
            key: HEXLOWER.encode(&self.key(service)),
            window: Window::at(service.clock.now(), WINDOW),
        }
    }
}

/// Counts a confirmation.
pub(crate) async fn count_confirmed(service: &Service, tx: &mut Write) -> Result<(), StoreError> {
    rate_counter::hit(tx, &[Counted::Confirmed.hit(service)]).await
}

/// Looks at the last hour. The log is told when an attack begins or ends.
///
/// # Errors
/// When the database cannot be used.
pub async fn last_hour(service: &Service, db: &mut Read) -> Result<LastHour, StoreError> {
    let now = service.clock.now();
    let since = now.as_second() - SPAN;
    let (asked, confirmed) = (Counted::Asked.key(service), Counted::Confirmed.key(service));
    let turnout = ConfirmationRate {
        asked: rate_counter::sum(db, &asked, WINDOW, since).await?,
        confirmed: rate_counter::sum(db, &confirmed, WINDOW, since).await?,
    };
    let limits = &service.settings.signup;
    let attack = turnout.is_attack(
        limits.attack_signups_per_hour,
        limits.attack_confirmed_percent,
    );
    remember(service, now, turnout, attack);
    Ok(LastHour { turnout, attack })
}

fn remember(
    service: &Service,
    now: Timestamp,
    ConfirmationRate { asked, confirmed }: ConfirmationRate,
    on: bool,
) {
    let mut memory = service
        .attack
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let before = memory.replace((now, on)).is_some_and(|(_, on)| on);
    match (before, on) {
        (false, true) => tracing::error!(
            asked,
            confirmed,
            "sign-ups look like an attack: those without a proof wait, and the form asks for one"
        ),
        (true, false) => tracing::warn!(asked, confirmed, "the attack on sign-ups is over"),
        _ => {}
    }
}

/// Whether an attack goes on, as it was a second ago or later.
pub(crate) async fn goes_on(service: &Service) -> Result<bool, StoreError> {
    let now = service.clock.now();
    let known = *service
        .attack
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    match known {
        Some((at, on)) if now.duration_since(at).abs() <= BELIEVED => Ok(on),
        _ => Ok(last_hour(service, &mut service.store.read().await?)
            .await?
            .attack),
    }
}
