//! How many connections may be open: in total, and for each address, or network of IPv6.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Http;
use crate::domain::ClientNetwork;
use crate::log_limiter::LogLimiter;

/// Open files that are left to the database, relays and the log when all connections are open.
const RESERVED_FILES: u64 = 200;

/// As many of these connections as the limit of open files allows, after it has been raised as far as
/// this process may.
fn within_open_files(wanted: usize) -> usize {
    let needed = u64::try_from(wanted)
        .unwrap_or(u64::MAX)
        .saturating_add(RESERVED_FILES);
    match rlimit::increase_nofile_limit(needed) {
        Ok(limit) if limit < needed => {
            let fitting = limit.saturating_sub(RESERVED_FILES).max(limit / 2);
            tracing::warn!(
                limit,
                "only {fitting} of http.max_connections = {wanted} connections are accepted at a time, as the \
                 process may open so few files: raise LimitNOFILE of the unit (or ulimit -n) to {needed}"
            );
            usize::try_from(fitting).unwrap_or(wanted).clamp(1, wanted)
        }
        Ok(_) => wanted,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files could not be read");
            wanted
        }
    }
}

/// The places for connections. Clones share them.
#[derive(Clone)]
pub(super) struct Places {
    total: Arc<Semaphore>,
    /// By what [`ClientNetwork::octets`] says: whoever has one address of IPv6 has a network of them.
    by_network: Arc<Mutex<HashMap<Vec<u8>, usize>>>,
    per_network: usize,
    /// Proxies have the connections of all their clients.
    trusted: Arc<Vec<IpNet>>,
    log: Arc<LogLimiter<&'static str>>,
}

/// A place that is taken until this is dropped.
pub(super) struct Place {
    network: Vec<u8>,
    places: Places,
    _room: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(http: &Http) -> Self {
        Self {
            total: Arc::new(Semaphore::new(within_open_files(http.max_connections))),
            by_network: Arc::default(),
            per_network: http.max_connections_per_ip,
            trusted: Arc::new(http.trusted_proxies.clone()),
            log: Arc::default(),
        }
    }

    /// Waits until a connection may be accepted; those that wait meanwhile are queued by the system.
    /// `None` never comes: nothing closes the semaphore.
    pub(super) async fn room(&self) -> Option<OwnedSemaphorePermit> {
        if self.total.available_permits() == 0
            && let Some(times) = self.log.may_log("total")
        {
            tracing::warn!(
                times,
                "http.max_connections are open; further clients wait until one ends"
            );
        }
        Arc::clone(&self.total).acquire_owned().await.ok()
    }

    /// A place for a connection of this address; `None` if its network has too many.
    pub(super) fn take(&self, room: OwnedSemaphorePermit, address: IpAddr) -> Option<Place> {
        let address = address.to_canonical();
        // Whatever comes from this machine is ours: a proxy, a test, a measurement.
        let is_proxy =
            address.is_loopback() || self.trusted.iter().any(|net| net.contains(&address));
        let network = ClientNetwork::of(Some(address)).octets();
        let mut by_network = self.by_network();
        let open = by_network.entry(network.clone()).or_default();
        if *open >= self.per_network && self.per_network > 0 && !is_proxy {
            if let Some(times) = self.log.may_log("address") {
                tracing::warn!(
                    times,
                    "an address has http.max_connections_per_ip connections open; its next were closed"
                );
            }
            return None;
        }
        *open += 1;
        drop(by_network);
        Some(Place {
            network,
            places: self.clone(),
            _room: room,
        })
    }

    fn by_network(&self) -> MutexGuard<'_, HashMap<Vec<u8>, usize>> {
        self.by_network
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_network = self.places.by_network();
        if let Some(open) = by_network.get_mut(&self.network) {
            *open -= 1;
            if *open == 0 {
                by_network.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use crate::config::Settings;
    use std::net::IpAddr;
    use std::sync::Arc;

    #[test]
    fn an_address_has_its_share_and_a_proxy_more() -> Result<(), Box<dyn std::error::Error>> {
        let mut http = Settings::defaults()?.http;
        http.max_connections = 5;
        http.max_connections_per_ip = 2;
        http.trusted_proxies = vec!["10.0.0.0/8".parse()?];
        let places = Places::new(&http);
        let (one, other, proxy): (IpAddr, IpAddr, IpAddr) = (
            "192.0.2.1".parse()?,
            "::ffff:192.0.2.1".parse()?,
            "10.0.0.1".parse()?,
        );
        let take = |address| {
            let room = Arc::clone(&places.total).try_acquire_owned().ok()?;
            places.take(room, address)
        };
        let first = take(one);
        let second = take(other);
        assert!(first.is_some() && second.is_some());
        assert!(take(one).is_none(), "the same address in another form");
        drop(first);
        let again = take(one);
        let of_proxy: Vec<_> = (0..4).map(|_| take(proxy)).collect();
        assert!(again.is_some());
        let taken = of_proxy.iter().flatten().count();
        assert_eq!(taken, 3, "five in all");
        drop((second, again, of_proxy));
        assert!(places.by_network().is_empty());
        Ok(())
    }

    #[test]
    fn a_network_of_ipv6_has_the_share_of_one_address() -> Result<(), Box<dyn std::error::Error>> {
        let mut http = Settings::defaults()?.http;
        http.max_connections_per_ip = 1;
        let places = Places::new(&http);
        let take = |address: &str| {
            let room = Arc::clone(&places.total).try_acquire_owned().ok()?;
            places.take(room, address.parse().ok()?)
        };
        let first = take("2001:db8::1");
        assert!(first.is_some());
        assert!(take("2001:db8::ffff:2").is_none(), "the same /64");
        assert!(take("2001:db8:0:1::1").is_some(), "another");
        Ok(())
    }
}
