//! The network of a client, which limits count as one.

use std::net::IpAddr;

/// An IPv4 address, or an IPv6 /64, which one household or server has to itself. All clients whom nobody names are
/// one network together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientNetwork(Option<IpAddr>);

impl ClientNetwork {
    /// The network of a client with this address; that of the unnamed without one.
    #[must_use]
    pub fn of(ip: Option<IpAddr>) -> Self {
        Self(ip.map(|ip| ip.to_canonical()))
    }

    /// What two clients of one network have in common, to be hashed: 4 or 8 octets, none for the unnamed.
    #[must_use]
    pub fn octets(self) -> Vec<u8> {
        match self.0 {
            Some(IpAddr::V4(ip)) => ip.octets().to_vec(),
            Some(IpAddr::V6(ip)) => ip.octets()[..8].to_vec(),
            None => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ClientNetwork;

    #[test]
    fn one_ipv6_64_is_one_network_and_so_are_the_unnamed() -> Result<(), std::net::AddrParseError> {
        let of = |ip: &str| ip.parse().map(|ip| ClientNetwork::of(Some(ip)).octets());
        assert_eq!(of("2001:db8:1:2::1")?, of("2001:db8:1:2:ffff::9")?);
        assert_ne!(of("2001:db8:1:2::1")?, of("2001:db8:1:3::1")?);
        assert_eq!(of("::ffff:192.0.2.1")?, of("192.0.2.1")?);
        assert_ne!(of("192.0.2.1")?, of("192.0.2.2")?);
        let unnamed = ClientNetwork::of(None).octets();
        assert_eq!(unnamed, ClientNetwork::of(None).octets());
        assert_ne!(unnamed, of("0.0.0.0")?);
        Ok(())
    }
}
