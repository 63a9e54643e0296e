//! The client of a request: its IP address and its language.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::domain::Language;
use crate::service::Service;

/// The IP address and the language of the client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    pub(crate) ip: Option<IpAddr>,
    pub(crate) language: Option<Language>,
}

impl FromRequestParts<Service> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Infallible> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        let trusted = &service.settings.http.trusted_proxies;
        Ok(Self {
            ip: peer.map(|peer| real_ip(peer, &parts.headers, trusted)),
            language: language(&parts.headers),
        })
    }
}

/// The first of the client's languages (`Accept-Language`) that the service has.
pub(crate) fn language(headers: &HeaderMap) -> Option<Language> {
    let accepted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    Language::negotiate(accepted)
}

/// The last address in `X-Forwarded-For` that is not a trusted proxy: the addresses to the left of
/// it are claims of the client.
fn real_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(&ip.to_canonical()));
    if !is_trusted(&peer) {
        return peer;
    }
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|line| line.split(',')).collect();
    let mut client = peer;
    for hop in hops.iter().rev() {
        let Ok(ip) = hop.trim().parse::<IpAddr>() else {
            break;
        };
        client = ip;
        if !is_trusted(&ip) {
            break;
        }
    }
    client
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
        assert_eq!(
            real_ip(ip("10.0.0.1")?, &headers, &trusted),
            ip("203.0.113.7")?
        );
        assert_eq!(
            real_ip(ip("192.0.2.1")?, &headers, &trusted),
            ip("192.0.2.1")?
        );
        assert_eq!(real_ip(ip("10.0.0.1")?, &headers, &[]), ip("10.0.0.1")?);
        assert_eq!(
            real_ip(ip("10.0.0.1")?, &HeaderMap::new(), &trusted),
            ip("10.0.0.1")?
        );
        Ok(())
    }
}
