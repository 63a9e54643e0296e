//! How many sign-ups may come from one place.

use std::net::IpAddr;

use super::attack::Counted;
use super::form_timing;
use crate::config::SignupLimits;
use crate::domain::{LinkKey, Signup, SignupTrust};
use crate::service::Service;
use crate::store::protection::rate_counter;
use crate::store::protection::rate_counter::{Hit, Window};
use crate::store::{StoreError, Write};

/// Too many sign-ups from one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimited {
    /// Seconds until it makes sense to try again.
    pub retry_after: i64,
}

/// The limits in force, as window length and number; empty when switched off.
fn windows(limits: &SignupLimits) -> Vec<(i64, i64)> {
    if limits.per_ip_per_hour == 0 {
        return Vec::new();
    }
    [
        (600, limits.per_ip_per_10_minutes),
        (3_600, limits.per_ip_per_hour),
        (86_400, limits.per_ip_per_day),
    ]
    .into_iter()
    .filter(|(_, most)| *most > 0)
    .collect()
}

/// What is counted: the keyed hash of an IPv4 address or of an IPv6 /64, which
/// one household or server has to itself.
fn place(key: &LinkKey, ip: IpAddr) -> [u8; 32] {
    match ip.to_canonical() {
        IpAddr::V4(ip) => key.keyed_hash("ip", &[&ip.octets()]),
        IpAddr::V6(ip) => key.keyed_hash("ip", &[&ip.octets()[..8]]),
    }
}

/// Whether one more sign-up from `ip` would be too many; writes nothing, so that
/// a flood costs reads only.
///
/// # Errors
/// When the database cannot be used.
pub async fn check_ip(service: &Service, ip: IpAddr) -> Result<Option<RateLimited>, StoreError> {
    let windows = windows(&service.settings.signup);
    if windows.is_empty() {
        return Ok(None);
    }
    let now = service.clock.now();
    let place = place(service.links.key(), ip);
    let mut db = service.store.read().await?;
    for (seconds, most) in windows {
        let window = Window::at(now, seconds);
        if rate_counter::hits(&mut db, &place, window).await? >= most {
            return Ok(Some(RateLimited {
                retry_after: window.seconds_left(now),
            }));
        }
    }
    Ok(None)
}

/// The voucher of a caller at this address: whether it is one that the operator trusts.
#[must_use]
pub fn trusted(service: &Service, ip: Option<IpAddr>) -> SignupTrust {
    let networks = &service.settings.signup.trusted_networks;
    match ip.map(|ip| ip.to_canonical()) {
        Some(ip) if networks.iter().any(|network| network.contains(&ip)) => SignupTrust::Trusted,
        _ => SignupTrust::None,
    }
}

/// Counts these sign-ups, each for the place it came from unless a trusted caller sent it.
pub(crate) async fn count(
    service: &Service,
    tx: &mut Write,
    signups: impl Iterator<Item = &Signup>,
) -> Result<(), StoreError> {
    let mut hits = Vec::new();
    for signup in signups {
        hits.push(Counted::Asked.hit(service));
        if signup.voucher == SignupTrust::Patience {
            hits.push(form_timing::hit(service));
        }
        let Some(ip) = signup.ip.filter(|_| signup.voucher != SignupTrust::Trusted) else {
            continue;
        };
        hits.extend(hits_of(service, ip));
    }
    rate_counter::hit(tx, &hits).await
}

/// Counts a sign-up that was refused, for the place it came from.
pub(crate) async fn count_refused(service: &Service, ip: IpAddr) -> Result<(), StoreError> {
    let hits: Vec<Hit> = hits_of(service, ip).collect();
    if hits.is_empty() {
        return Ok(());
    }
    let mut tx = service.store.write().await?;
    rate_counter::hit(&mut tx, &hits).await?;
    tx.commit().await
}

/// One more from this place, in each of its windows.
fn hits_of(service: &Service, ip: IpAddr) -> impl Iterator<Item = Hit> {
    let key = data_encoding::HEXLOWER.encode(&place(service.links.key(), ip));
    let now = service.clock.now();
    let windows = windows(&service.settings.signup).into_iter();
    windows.map(move |(seconds, _)| Hit {
        key: key.clone(),
        window: Window::at(now, seconds),
    })
}

#[cfg(test)]
mod tests {
    use super::place;
    use crate::domain::LinkKey;

    #[test]
    fn one_ipv6_household_is_one_place() -> Result<(), std::net::AddrParseError> {
        let key = LinkKey::new([1; 32]);
        let of = |ip: &str| ip.parse().map(|ip| place(&key, ip));
        assert_eq!(of("2001:db8:1:2::1")?, of("2001:db8:1:2:ffff::9")?);
        assert_ne!(of("2001:db8:1:2::1")?, of("2001:db8:1:3::1")?);
        assert_eq!(of("::ffff:192.0.2.1")?, of("192.0.2.1")?);
        assert_ne!(of("192.0.2.1")?, of("192.0.2.2")?);
        Ok(())
    }
}
