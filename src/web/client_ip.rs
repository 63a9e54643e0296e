//! The client of a request: its IP address and its language.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::LazyLock;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use ipnet::IpNet;

use super::listener::OverUnixSocket;
use crate::domain::{ClientNetwork, Language};
use crate::log_limiter::LogLimiter;
use crate::monitoring::proxy_probe::{CLAIMED, Seen};
use crate::service::Service;

/// The IP address and the language of the client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    /// None if the proxy does not name the client, or two headers name different ones.
    pub(crate) ip: Option<IpAddr>,
    pub(crate) language: Option<Language>,
}

impl Client {
    /// The network whose limits hold.
    pub(crate) fn network(&self) -> ClientNetwork {
        ClientNetwork::of(self.ip)
    }
}

impl FromRequestParts<Service> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Infallible> {
        let trusted = &service.settings.http.trusted_proxies;
        Ok(Self {
            ip: visitor(&parts.extensions, &parts.headers, trusted),
            language: language(&parts.headers),
        })
    }
}

/// What the service sees of this request, for the doctor.
pub(super) fn seen(extensions: &Extensions, headers: &HeaderMap, service: &Service) -> Seen {
    let trusted = &service.settings.http.trusted_proxies;
    Seen {
        client: visitor(extensions, headers, trusted),
        trusts_peer: comes_from_proxy(extensions, trusted),
        hops: hops(headers).map(ToOwned::to_owned).collect(),
    }
}

/// Whether a trusted proxy has passed it on; over a Unix socket nobody else can.
pub(super) fn comes_from_proxy(extensions: &Extensions, trusted: &[IpNet]) -> bool {
    extensions.get::<OverUnixSocket>().is_some()
        || peer(extensions).is_some_and(|ip| is_trusted(&ip, trusted))
}

fn peer(extensions: &Extensions) -> Option<IpAddr> {
    let info = extensions.get::<ConnectInfo<SocketAddr>>();
    info.map(|info| info.0.ip())
}

/// Whoever connects, or for whom our proxy does.
fn visitor(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    if let Some(peer) = peer(extensions) {
        return real_ip(peer, headers, trusted);
    }
    extensions.get::<OverUnixSocket>()?;
    named_by_proxy(headers, trusted).ok().flatten()
}

/// The first of the client's languages (`Accept-Language`) that the service has.
pub(crate) fn language(headers: &HeaderMap) -> Option<Language> {
    let accepted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    Language::negotiate(accepted)
}

/// The last hop in `X-Forwarded-For` or `Forwarded` (RFC 7239) that is not a trusted proxy: the hops to the left of it
/// are claims of the client. None if the two headers contradict each other: the peer's address may be trusted for
/// more than a visitor may claim.
fn real_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    if !is_trusted(&peer, trusted) {
        // Behind no proxy, a claim of our doctor stands there as it was made.
        if hops(headers).any(|hop| hop != CLAIMED) {
            warn(
                "a peer that is not in http.trusted_proxies names its clients; if it is your proxy, add it",
            );
        }
        return Some(peer);
    }
    let named = named_by_proxy(headers, trusted).ok()?;
    Some(named.unwrap_or(peer))
}

fn is_trusted(ip: &IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&ip.to_canonical()))
}

/// Two headers name different clients. A proxy writes one of them and passes on the other as the client sent it.
struct Contradiction;

/// The client that our proxy names; none when it names nobody.
fn named_by_proxy(headers: &HeaderMap, trusted: &[IpNet]) -> Result<Option<IpAddr>, Contradiction> {
    let (listed, standard) = (forwarded_for(headers), forwarded(headers));
    match (listed.is_empty(), standard.is_empty()) {
        (true, true) => Ok(None),
        (false, true) => Ok(last_client(&listed, trusted)),
        (true, false) => Ok(last_client(&standard, trusted)),
        (false, false) => {
            let (one, other) = (
                last_client(&listed, trusted),
                last_client(&standard, trusted),
            );
            // An outer proxy that writes one header alone is the client in the other.
            let is_proxy = |ip: Option<IpAddr>| ip.is_some_and(|ip| is_trusted(&ip, trusted));
            if one == other || is_proxy(other) {
                return Ok(one);
            }
            if is_proxy(one) {
                return Ok(other);
            }
            warn(
                "X-Forwarded-For and Forwarded name different clients; let the proxy remove the one that it does not write; all such clients share one limit",
            );
            Err(Contradiction)
        }
    }
}

/// The last of these hops that is not a trusted proxy.
fn last_client(hops: &[&str], trusted: &[IpNet]) -> Option<IpAddr> {
    let mut client = None;
    for hop in hops.iter().rev() {
        let Some(ip) = ip_of(hop) else {
            warn(
                "a proxy names a client by something that is no IP address; all such clients share its limits",
            );
            break;
        };
        client = Some(ip);
        if !is_trusted(&ip, trusted) {
            break;
        }
    }
    client
}

/// Says so once a minute: otherwise all visitors share one limit, and nobody knows why.
fn warn(why: &'static str) {
    static LOG: LazyLock<LogLimiter<&'static str>> = LazyLock::new(LogLimiter::default);
    if let Some(times) = LOG.may_log(why) {
        tracing::warn!(times, "{why}");
    }
}

/// The hops that proxies, or clients, have written.
fn hops(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    forwarded_for(headers).into_iter().chain(forwarded(headers))
}

/// The hops of `X-Forwarded-For` in their order; empty list elements say nothing.
fn forwarded_for(headers: &HeaderMap) -> Vec<&str> {
    let hops = list(headers, "x-forwarded-for");
    hops.filter(|hop| !hop.is_empty()).collect()
}

/// The hops of `Forwarded` in their order.
fn forwarded(headers: &HeaderMap) -> Vec<&str> {
    let pairs = list(headers, "forwarded").flat_map(|element| element.split(';'));
    let pairs = pairs.filter_map(|pair| pair.split_once('='));
    let named = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    named.map(|(_, value)| value.trim()).collect()
}

/// The elements of a list, which may have several lines.
fn list<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter();
    let lines = lines.filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// The address of a hop, which may have a port, quotes and the brackets of IPv6.
fn ip_of(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim_matches('"');
    let bracketed = hop.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    if let Some((ip, _)) = bracketed {
        return ip.parse().ok();
    }
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    hop.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::real_ip;
    use axum::http::{HeaderMap, HeaderValue};
    use std::net::IpAddr;

    #[test]
    fn only_trusted_proxies_are_believed() -> Result<(), Box<dyn std::error::Error>> {
        let ip = |text: &str| text.parse::<IpAddr>();
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            HeaderValue::from_static("198.51.100.9, 203.0.113.7, 10.0.0.2"),
        );
        let trusted = ["10.0.0.0/8".parse()?];
        let none = HeaderMap::new();
        for (peer, headers, trusted, client) in [
            ("10.0.0.1", &headers, &trusted[..], "203.0.113.7"),
            ("192.0.2.1", &headers, &trusted, "192.0.2.1"),
            ("10.0.0.1", &headers, &[], "10.0.0.1"),
            ("10.0.0.1", &none, &trusted, "10.0.0.1"),
        ] {
            let seen = real_ip(ip(peer)?, headers, trusted);
            assert_eq!(seen, Some(ip(client)?));
        }
        Ok(())
    }

    #[test]
    fn hops_are_read_as_proxies_write_them() -> Result<(), Box<dyn std::error::Error>> {
        let trusted = ["10.0.0.0/8".parse()?];
        let peer = "10.0.0.1".parse()?;
        for (name, value, client) in [
            ("x-forwarded-for", "203.0.113.7:51234", "203.0.113.7"),
            (
                "x-forwarded-for",
                "[2001:db8::1]:443, 10.0.0.2",
                "2001:db8::1",
            ),
            ("x-forwarded-for", "2001:db8::1", "2001:db8::1"),
            ("x-forwarded-for", "203.0.113.7, , ,", "203.0.113.7"),
            ("x-forwarded-for", "203.0.113.7, unknown", "10.0.0.1"),
            ("forwarded", "for=203.0.113.7;proto=https", "203.0.113.7"),
            (
                "forwarded",
                "For=\"[2001:db8::1]:4711\", for=10.0.0.2",
                "2001:db8::1",
            ),
            (
                "forwarded",
                "for=198.51.100.9, for=\"203.0.113.7:80\";by=10.0.0.2",
                "203.0.113.7",
            ),
            ("forwarded", "for=_hidden", "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            let seen = real_ip(peer, &headers, &trusted);
            assert_eq!(seen, Some(client.parse::<IpAddr>()?), "{value}");
        }
        Ok(())
    }

    #[test]
    fn headers_that_contradict_each_other_name_nobody() -> Result<(), Box<dyn std::error::Error>> {
        let trusted = ["10.0.0.0/8".parse()?];
        let peer = "10.0.0.1".parse()?;
        for (list, standard, client) in [
            ("203.0.113.7", "for=203.0.113.7", Some("203.0.113.7")),
            (
                "198.51.100.9, 203.0.113.7",
                "for=\"203.0.113.7:80\", for=10.0.0.2",
                Some("203.0.113.7"),
            ),
            ("203.0.113.7, 10.0.0.3", "for=10.0.0.3", Some("203.0.113.7")),
            // What the client sent itself is in one of them.
            ("198.51.100.9", "for=203.0.113.7", None),
            ("198.51.100.9", "for=_hidden", None),
            ("unknown", "for=198.51.100.9", None),
            (" ", "for=203.0.113.7", Some("203.0.113.7")),
            ("203.0.113.7", "proto=https", Some("203.0.113.7")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", HeaderValue::from_static(list));
            headers.insert("forwarded", HeaderValue::from_static(standard));
            let client = client.map(str::parse::<IpAddr>).transpose()?;
            let seen = real_ip(peer, &headers, &trusted);
            assert_eq!(seen, client, "{list}; {standard}");
            // A stranger's headers count as little as ever.
            assert_eq!(real_ip(peer, &headers, &[]), Some(peer));
        }
        Ok(())
    }
}
