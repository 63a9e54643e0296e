//! How the DNS is asked: by the servers of the settings, or by those of the system.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{ResolverBuilder, TokioResolver};

/// The time-out of one query, and how often it is repeated.
const QUERY_TIMEOUT: Duration = Duration::from_secs(2);
const QUERY_RETRIES: usize = 1;

/// A resolver in the making that asks these servers, or those of the system if there are none.
///
/// # Errors
/// When the system has no name servers.
pub fn builder(servers: &[SocketAddr]) -> Result<ResolverBuilder<TokioRuntimeProvider>, NetError> {
    if servers.is_empty() {
        return TokioResolver::builder_tokio();
    }
    let config = ResolverConfig::from_name_servers(servers.iter().map(server).collect());
    let provider = TokioRuntimeProvider::default();
    Ok(TokioResolver::builder_with_config(config, provider))
}

fn server(to: &SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut config| {
        config.port = to.port();
        config
    });
    NameServerConfig::new(to.ip(), true, connections.into())
}

/// Asks the DNS for addresses and texts, and keeps no answer: whoever has mended a record wants to
/// see it.
#[derive(Clone)]
pub struct Dns(TokioResolver);

impl Dns {
    /// Asks these servers, or those of the system if there are none.
    ///
    /// # Errors
    /// When the resolver cannot be built.
    pub fn asking(servers: &[SocketAddr]) -> Result<Self, NetError> {
        let mut builder = builder(servers).or_else(|error| {
            // Not a reason not to start: only what asks the DNS fails.
            tracing::warn!(%error, "the system names no DNS servers; the one on this machine is asked");
            builder(&[SocketAddr::from(([127, 0, 0, 1], 53))])
        })?;
        let options = builder.options_mut();
        options.timeout = QUERY_TIMEOUT;
        options.attempts = QUERY_RETRIES;
        options.cache_size = 0;
        // What a machine calls its neighbours is nobody else's name.
        options.use_hosts_file = ResolveHosts::Never;
        Ok(Self(builder.build()?))
    }

    /// What asks, for those who ask for other records.
    #[must_use]
    pub fn resolver(&self) -> &TokioResolver {
        &self.0
    }

    /// The addresses of a host; none when it has none or does not exist.
    ///
    /// # Errors
    /// When the DNS could not be asked, which says nothing about the host.
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, NetError> {
        let (four, six) = tokio::join!(
            self.ask(host, RecordType::A),
            self.ask(host, RecordType::AAAA)
        );
        let address = |data: &RData| match data {
            RData::A(address) => Some(IpAddr::V4(address.0)),
            RData::AAAA(address) => Some(IpAddr::V6(address.0)),
            _ => None,
        };
        // Where one kind fails, the other is enough.
        let records = match (four, six) {
            (Ok(mut four), Ok(six)) => {
                four.extend(six);
                four
            }
            (Ok(some), Err(_)) | (Err(_), Ok(some)) if !some.is_empty() => some,
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        Ok(records.iter().filter_map(address).collect())
    }

    /// The TXT records of a name, each put together; none when it has none or does not exist.
    ///
    /// # Errors
    /// When the DNS could not be asked, which says nothing about the name.
    pub async fn texts(&self, name: &str) -> Result<Vec<String>, NetError> {
        let records = self.ask(name, RecordType::TXT).await?;
        let text = |data: &RData| match data {
            RData::TXT(text) => Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned()),
            _ => None,
        };
        Ok(records.iter().filter_map(text).collect())
    }

    /// The mail servers of a domain, by its MX records alone; none when it has none or does not exist.
    /// The null MX of RFC 7505 is an empty name.
    ///
    /// # Errors
    /// When the DNS could not be asked, which says nothing about the domain.
    pub async fn mail_servers(&self, domain: &str) -> Result<Vec<String>, NetError> {
        let records = self.ask(domain, RecordType::MX).await?;
        let server = |data: &RData| match data {
            RData::MX(mx) => Some(without_root(&mx.exchange)),
            _ => None,
        };
        Ok(records.iter().filter_map(server).collect())
    }

    /// The names of an address (reverse DNS); none when it has none.
    ///
    /// # Errors
    /// When the DNS could not be asked, which says nothing about the address.
    pub async fn names(&self, address: IpAddr) -> Result<Vec<String>, NetError> {
        let records = self
            .ask(&Name::from(address).to_ascii(), RecordType::PTR)
            .await?;
        let name = |data: &RData| match data {
            RData::PTR(name) => Some(without_root(&name.0)),
            _ => None,
        };
        Ok(records.iter().filter_map(name).collect())
    }

    async fn ask(&self, name: &str, kind: RecordType) -> Result<Vec<RData>, NetError> {
        let mut name = Name::from_ascii(name)?;
        // Otherwise the system's search list would be tried too.
        name.set_fqdn(true);
        match self.0.lookup(name, kind).await {
            Ok(found) => {
                let answers = found.answers().iter();
                Ok(answers.map(|record| record.data.clone()).collect())
            }
            Err(error) if says_none(&error) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

fn without_root(name: &Name) -> String {
    let name = name.to_ascii();
    name.trim_end_matches('.').to_ascii_lowercase()
}

/// Whether the answer is that there is no such name, or that it has no such records. A referral to
/// other name servers is no such answer (RFC 2308 §2.2).
pub(crate) fn says_none(error: &NetError) -> bool {
    if error.is_nx_domain() {
        return true;
    }
    let NetError::Dns(DnsError::NoRecordsFound(none)) = error else {
        return false;
    };
    none.response_code == ResponseCode::NoError && (none.ns.is_none() || none.soa.is_some())
}
