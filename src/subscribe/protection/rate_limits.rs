//! How many sign-ups one client network may send.

use std::collections::HashMap;
use std::net::IpAddr;

use data_encoding::HEXLOWER;

use super::attack::Counter;
use super::form_timing;
use crate::config::SignupLimits;
use crate::domain::{ClientNetwork, LinkKey, MailRequest, RateLimited, SignupTrust};
use crate::metrics::SignupRefusal;
use crate::service::Service;
use crate::store::protection::rate_counter;
use crate::store::protection::rate_counter::{Hit, Window};
use crate::store::{StoreError, Write};

/// The limits in force, as window length in seconds and number; empty when switched off.
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
    .filter(|(_, limit)| *limit > 0)
    .collect()
}

/// The key of a counter.
fn hash(key: &LinkKey, network: ClientNetwork) -> [u8; 32] {
    key.keyed_hash("ip", &[&network.octets()])
}

/// The network whose limits a request must keep; none if the request is trusted.
fn limited_network(request: MailRequest<'_>) -> Option<ClientNetwork> {
    (request.trust != SignupTrust::Network).then(|| ClientNetwork::of(request.ip))
}

/// Whether one more sign-up from a network would exceed a limit. Writes nothing, so that
/// a flood costs reads only; [`count`] decides.
///
/// # Errors
/// When the database cannot be used.
pub async fn check_network(
    service: &Service,
    network: ClientNetwork,
) -> Result<Option<RateLimited>, StoreError> {
    let windows = windows(&service.settings.signup);
    if windows.is_empty() {
        return Ok(None);
    }
    let now = service.clock.now();
    let network = hash(service.links.key(), network);
    let mut db = service.store.read().await?;
    for (seconds, limit) in windows {
        let window = Window::at(now, seconds);
        if rate_counter::hits(&mut db, &network, window).await? >= limit {
            service.metrics.signup_refused(SignupRefusal::RateLimit);
            return Ok(Some(RateLimited {
                retry_after: window.seconds_left(now),
            }));
        }
    }
    Ok(None)
}

/// The trust in a caller by its address: whether it is in `signup.trusted_networks`.
#[must_use]
pub fn network_trust(service: &Service, ip: Option<IpAddr>) -> SignupTrust {
    let networks = &service.settings.signup.trusted_networks;
    match ip.map(|ip| ip.to_canonical()) {
        Some(ip) if networks.iter().any(|network| network.contains(&ip)) => SignupTrust::Network,
        _ => SignupTrust::None,
    }
}

/// Counts these sign-ups and changes of address: overall, and against the limits of the network unless that is trusted.
/// Returns for each whether it is over a limit: those that were counted first are not. The counters
/// are locked, so that of any number of sign-ups at once no more pass than one after the other.
pub(crate) async fn count<'a>(
    service: &Service,
    tx: &mut Write,
    signups: impl Iterator<Item = MailRequest<'a>> + Clone,
) -> Result<Vec<Option<RateLimited>>, StoreError> {
    add_hits(service, tx, signups.clone()).await?;
    let key = |network| HEXLOWER.encode(&hash(service.links.key(), network));
    let networks: Vec<Option<String>> = signups
        .map(|signup| limited_network(signup).map(key))
        .collect();
    let mut keys: Vec<String> = networks.iter().flatten().cloned().collect();
    keys.sort_unstable();
    keys.dedup();
    let mut limited = vec![None; networks.len()];
    if keys.is_empty() {
        return Ok(limited);
    }
    let now = service.clock.now();
    for (seconds, limit) in windows(&service.settings.signup) {
        let window = Window::at(now, seconds);
        let hits = rate_counter::hits_of(tx, &keys, window).await?;
        let over = RateLimited {
            retry_after: window.seconds_left(now),
        };
        let mut left: HashMap<&String, i64> = HashMap::new();
        for key in networks.iter().flatten() {
            let hits = hits.get(key).copied().unwrap_or_default();
            // Less each of this batch: what was counted before it.
            *left.entry(key).or_insert(limit - hits) += 1;
        }
        for (network, limited) in networks.iter().zip(&mut limited) {
            let Some(left) = network.as_ref().and_then(|key| left.get_mut(key)) else {
                continue;
            };
            if *left <= 0 {
                *limited = Some(over);
            }
            *left -= 1;
        }
    }
    Ok(limited)
}

async fn add_hits(
    service: &Service,
    tx: &mut Write,
    signups: impl Iterator<Item = MailRequest<'_>>,
) -> Result<(), StoreError> {
    let mut hits = Vec::new();
    for signup in signups {
        hits.push(Counter::Signups.hit(service));
        if signup.trust == SignupTrust::Waited {
            hits.push(form_timing::hit(service));
        }
        let network = limited_network(signup);
        hits.extend(
            network
                .into_iter()
                .flat_map(|network| hits_of(service, network)),
        );
    }
    rate_counter::hit(tx, &hits).await
}

/// Counts a refused sign-up against the limits of its network.
pub(crate) async fn count_refused(
    service: &Service,
    network: ClientNetwork,
) -> Result<(), StoreError> {
    if windows(&service.settings.signup).is_empty() {
        return Ok(());
    }
    let mut tx = service.store.write().await?;
    hit_network(service, &mut tx, network).await?;
    tx.commit().await
}

/// Counts one more against the limits of a network.
pub(crate) async fn hit_network(
    service: &Service,
    tx: &mut Write,
    network: ClientNetwork,
) -> Result<(), StoreError> {
    let hits: Vec<Hit> = hits_of(service, network).collect();
    rate_counter::hit(tx, &hits).await
}

/// One more from this network, in each window.
fn hits_of(service: &Service, network: ClientNetwork) -> impl Iterator<Item = Hit> {
    let key = HEXLOWER.encode(&hash(service.links.key(), network));
    let now = service.clock.now();
    let windows = windows(&service.settings.signup).into_iter();
    windows.map(move |(seconds, _)| Hit {
        key: key.clone(),
        window: Window::at(now, seconds),
    })
}
