//! Which addresses the service may connect to on behalf of an editor's text.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Whether an address is one of the public internet, or in a network that the settings allow.
pub(super) fn may_reach(address: IpAddr, allowed: &[IpNet]) -> bool {
    let is_public = match address {
        IpAddr::V4(four) => is_public_v4(four),
        IpAddr::V6(six) => is_public_v6(six),
    };
    is_public || allowed.iter().any(|net| net.contains(&address))
}

/// Not in the list of special networks of RFC 6890 and its updates.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match (a, b, c) {
        // "This network", private use, loopback, multicast, reserved and broadcast.
        (0 | 10 | 127 | 224..=255, _, _) => true,
        // Shared by the customers of a carrier.
        (100, 64..=127, _) => true,
        // Link-local: where clouds serve their metadata.
        (169, 254, _) => true,
        (172, 16..=31, _) => true,
        (192, 168, _) => true,
        // Assignments of protocols, documentation, 6to4 relays.
        (192, 0, 0 | 2) | (192, 88, 99) => true,
        // Benchmarks.
        (198, 18 | 19, _) => true,
        (198, 51, 100) | (203, 0, 113) => true,
        _ => false,
    };
    !special
}

/// Global unicast, and no way into a network of IPv4 that is not public itself.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let words = ip.segments();
    // NAT64 (RFC 6052): the only kind of address that hosts with IPv4 alone have where there is no IPv4.
    if words[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        let [high, low] = [words[6], words[7]].map(u16::to_be_bytes);
        return is_public_v4(Ipv4Addr::new(high[0], high[1], low[0], low[1]));
    }
    let special = match (words[0], words[1]) {
        // Teredo and other assignments of protocols, documentation, 6to4.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x2002, _) | (0x3fff, 0..=0xfff) => true,
        _ => false,
    };
    // Everything outside 2000::/3: loopback, mapped addresses, local NAT64, unique local, link-local,
    // multicast.
    words[0] >> 13 == 1 && !special
}

#[cfg(test)]
mod tests {
    use super::may_reach;
    use std::net::IpAddr;

    fn reach(address: &str, allowed: &[&str]) -> bool {
        let allowed: Vec<_> = allowed.iter().map(|net| net.parse().unwrap()).collect();
        may_reach(address.parse::<IpAddr>().unwrap(), &allowed)
    }

    #[test]
    fn only_the_public_internet_is_reached() {
        for refused in [
            "0.0.0.0",
            "0.1.2.3",
            "10.255.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!reach(refused, &[]), "{refused}");
        }
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.20.0.1",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2a00:1450::1",
            "64:ff9b::808:808",
        ] {
            assert!(reach(public, &[]), "{public}");
        }
    }

    #[test]
    fn a_network_of_the_settings_is_reached() {
        assert!(reach("127.0.0.1", &["127.0.0.0/8"]));
        assert!(reach("fd00::5", &["10.0.0.0/8", "fd00::/16"]));
        assert!(!reach("10.0.0.1", &["127.0.0.0/8"]));
    }
}
