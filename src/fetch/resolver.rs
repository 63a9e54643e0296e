//! Looks names up, and gives the client only addresses that it may connect to.

use std::net::SocketAddr;
use std::sync::Arc;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::may_reach;
use crate::dns::Dns;

/// Why a name gives no address.
#[derive(Debug, thiserror::Error)]
pub(super) enum NameError {
    #[error("the name leads into a private network")]
    Private,
    #[error("there is no such host")]
    NoSuchHost,
    #[error("the DNS could not be asked")]
    Dns,
}

/// The client connects to what this returns and to nothing else, so that a name cannot have one address
/// for the check and another for the connection.
pub(super) struct CheckedNames {
    dns: Dns,
    allowed: Arc<[IpNet]>,
}

impl CheckedNames {
    pub(super) fn new(dns: Dns, allowed: Vec<IpNet>) -> Self {
        let allowed = allowed.into();
        Self { dns, allowed }
    }
}

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let (dns, allowed) = (self.dns.clone(), Arc::clone(&self.allowed));
        Box::pin(async move {
            let found = dns.addresses(name.as_str()).await;
            let found = found.map_err(|error| {
                tracing::debug!(%error, "a name could not be looked up");
                NameError::Dns
            })?;
            if found.is_empty() {
                return Err(NameError::NoSuchHost.into());
            }
            // One private address among public ones is no accident.
            if !found.iter().all(|address| may_reach(*address, &allowed)) {
                return Err(NameError::Private.into());
            }
            let found = found.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(found) as Addrs)
        })
    }
}
