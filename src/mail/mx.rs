//! Whether anybody takes mail for a domain, as the DNS says (RFC 5321 §5.1, RFC 7505).

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{ResolverBuilder, TokioResolver};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use crate::domain::EmailAddress;

/// How long somebody is kept waiting for the DNS.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);
/// How long one try at one question takes, so that there is time for another.
const ONE_TRY: Duration = Duration::from_millis(900);
const FURTHER_TRIES: usize = 1;
/// How many may wait for the DNS at the same time.
const AT_ONCE: usize = 64;
/// How many answers are kept, and at most how long: a domain that was mended is soon believed.
const KEPT: u64 = 4096;
const GOOD_KEPT: Duration = Duration::from_secs(3600);
const BAD_KEPT: Duration = Duration::from_secs(300);
/// How often the log says that something is wrong.
const SAID_EVERY: Duration = Duration::from_secs(60);

/// Whether a domain takes mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakesMail {
    /// It has a mail server, or a host that may be one.
    Yes,
    /// It does not exist, has neither, or says that it takes none.
    No,
    /// The DNS could not be asked. That tells nothing about the domain.
    Unknown,
}

/// Asks the DNS which domains take mail, and remembers what it said.
pub struct MailDomains {
    resolver: TokioResolver,
    places: Semaphore,
    trouble: Seldom,
}

impl MailDomains {
    /// Will ask these servers, or those of the system if there are none.
    ///
    /// # Errors
    /// When the system names none, or connections cannot be prepared.
    pub fn asking(servers: &[SocketAddr]) -> Result<Self, NetError> {
        let mut builder = if servers.is_empty() {
            TokioResolver::builder_tokio()?
        } else {
            of_servers(servers)
        };
        limit(builder.options_mut());
        Ok(Self {
            resolver: builder.build()?,
            places: Semaphore::new(AT_ONCE),
            trouble: Seldom::default(),
        })
    }

    /// Whether the domain of an address takes mail; nobody is asked about the rest of it. Answers
    /// within two seconds, and at once when too many are waiting already.
    pub async fn take_mail(&self, address: &EmailAddress) -> TakesMail {
        let Ok(_place) = self.places.try_acquire() else {
            return self.unknown("too many questions at once");
        };
        match timeout(LOOKUP_TIMEOUT, self.ask(address.domain())).await {
            Ok(Ok(true)) => TakesMail::Yes,
            Ok(Ok(false)) => TakesMail::No,
            Ok(Err(error)) => self.unknown(error.as_metrics_label()),
            Err(_) => self.unknown("no answer in time"),
        }
    }

    async fn ask(&self, domain: &str) -> Result<bool, NetError> {
        let mut name = Name::from_ascii(domain)?;
        // Without this the system's search list would be tried too.
        name.set_fqdn(true);
        let ask = |kind| self.resolver.lookup(name.clone(), kind);
        match exchange(ask(RecordType::MX).await)? {
            Exchange::Some => return Ok(true),
            Exchange::Never => return Ok(false),
            Exchange::Implied => {}
        }
        Ok(has_host(ask(RecordType::A).await)? || has_host(ask(RecordType::AAAA).await)?)
    }

    /// The log names no domain: it may be that of one person.
    fn unknown(&self, why: &'static str) -> TakesMail {
        if self.trouble.may_be_said() {
            tracing::warn!(
                why,
                "the DNS could not be asked whether a domain takes mail; sign-ups pass unchecked"
            );
        }
        TakesMail::Unknown
    }
}

fn of_servers(servers: &[SocketAddr]) -> ResolverBuilder<TokioRuntimeProvider> {
    let server = |to: &SocketAddr| {
        let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut way| {
            way.port = to.port();
            way
        });
        NameServerConfig::new(to.ip(), true, connections.into())
    };
    let config = ResolverConfig::from_name_servers(servers.iter().map(server).collect());
    TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
}

fn limit(options: &mut ResolverOpts) {
    options.timeout = ONE_TRY;
    options.attempts = FURTHER_TRIES;
    options.cache_size = KEPT;
    options.positive_max_ttl = Some(GOOD_KEPT);
    options.negative_max_ttl = Some(BAD_KEPT);
    // What this machine calls its neighbours says nothing about mail.
    options.use_hosts_file = ResolveHosts::Never;
}

/// What the MX records of a domain say.
#[derive(Debug, PartialEq, Eq)]
enum Exchange {
    /// There is a mail server.
    Some,
    /// There is none, and no host either: no such domain, or a null MX.
    Never,
    /// There are no such records: the host of that name is meant.
    Implied,
}

fn exchange(answer: Result<Lookup, NetError>) -> Result<Exchange, NetError> {
    match answer {
        Ok(lookup) => {
            let mut servers = lookup.answers().iter().filter_map(|record| {
                let RData::MX(mx) = &record.data else {
                    return None;
                };
                Some(&mx.exchange)
            });
            let Some(first) = servers.next() else {
                return Ok(Exchange::Implied);
            };
            if first.is_root() && servers.all(Name::is_root) {
                return Ok(Exchange::Never);
            }
            Ok(Exchange::Some)
        }
        Err(error) if error.is_nx_domain() => Ok(Exchange::Never),
        Err(error) if is_empty(&error) => Ok(Exchange::Implied),
        Err(error) => Err(error),
    }
}

fn has_host(answer: Result<Lookup, NetError>) -> Result<bool, NetError> {
    match answer {
        Ok(lookup) => Ok(lookup
            .answers()
            .iter()
            .any(|record| matches!(record.data, RData::A(_) | RData::AAAA(_)))),
        Err(error) if error.is_nx_domain() || is_empty(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether the answer is that there are no such records. One that only names other servers is
/// none: whoever was asked does not know (RFC 2308 §2.2).
fn is_empty(error: &NetError) -> bool {
    let NetError::Dns(DnsError::NoRecordsFound(none)) = error else {
        return false;
    };
    none.response_code == ResponseCode::NoError && (none.ns.is_none() || none.soa.is_some())
}

/// Something that may be said once in a while.
#[derive(Default)]
struct Seldom(Mutex<Option<Instant>>);

impl Seldom {
    fn may_be_said(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let may = last.is_none_or(|said| said.elapsed() >= SAID_EVERY);
        if may {
            *last = Some(Instant::now());
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::{AT_ONCE, Exchange, MailDomains, SAID_EVERY, Seldom, TakesMail};
    use super::{exchange, has_host};
    use crate::domain::EmailAddress;
    use hickory_resolver::lookup::Lookup;
    use hickory_resolver::net::{DnsError, ForwardNSData, NetError, NoRecords};
    use hickory_resolver::proto::op::{Query, ResponseCode};
    use hickory_resolver::proto::rr::rdata::{A, CNAME, MX, NS};
    use hickory_resolver::proto::rr::{Name, RData, Record};

    fn name(text: &str) -> Name {
        Name::from_ascii(text).unwrap()
    }

    fn found(records: &[RData]) -> Result<Lookup, NetError> {
        let record = |data: &RData| Record::from_rdata(name("a.example."), 60, data.clone());
        let records: Vec<Record> = records.iter().map(record).collect();
        Ok(Lookup::new_with_max_ttl(Query::default(), records))
    }

    fn none(code: ResponseCode) -> NoRecords {
        NoRecords::new(Query::default(), code)
    }

    fn mx(preference: u16, server: &str) -> RData {
        RData::MX(MX::new(preference, name(server)))
    }

    #[test]
    fn mx_records_decide() {
        let of = |records: &[RData]| exchange(found(records)).unwrap();
        assert_eq!(of(&[mx(10, "mx.a.example.")]), Exchange::Some);
        assert_eq!(of(&[mx(0, ".")]), Exchange::Never);
        assert_eq!(of(&[mx(0, "."), mx(5, "mx.a.example.")]), Exchange::Some);
        let alias = RData::CNAME(CNAME(name("b.example.")));
        assert_eq!(of(&[alias.clone(), mx(0, ".")]), Exchange::Never);
        assert_eq!(of(&[alias]), Exchange::Implied);
    }

    #[test]
    fn only_an_answer_is_a_no() {
        let no_domain = || Err(none(ResponseCode::NXDomain).into());
        let nothing = || Err(none(ResponseCode::NoError).into());
        assert_eq!(exchange(no_domain()).unwrap(), Exchange::Never);
        assert_eq!(exchange(nothing()).unwrap(), Exchange::Implied);
        assert!(!has_host(no_domain()).unwrap() && !has_host(nothing()).unwrap());
        assert!(has_host(found(&[RData::A(A::new(192, 0, 2, 1))])).unwrap());
        assert!(!has_host(found(&[mx(10, "mx.a.example.")])).unwrap());
        let ns = Record::from_rdata(name("example."), 60, RData::NS(NS(name("ns.example."))));
        let glue = [].into();
        let mut referral = none(ResponseCode::NoError);
        referral.ns = Some([ForwardNSData { ns, glue }].into());
        for trouble in [
            NetError::Timeout,
            NetError::NoConnections,
            DnsError::ResponseCode(ResponseCode::ServFail).into(),
            DnsError::ResponseCode(ResponseCode::Refused).into(),
            none(ResponseCode::Unknown(77)).into(),
            referral.into(),
        ] {
            assert!(exchange(Err(trouble.clone())).is_err(), "{trouble}");
            assert!(has_host(Err(trouble.clone())).is_err(), "{trouble}");
        }
    }

    #[tokio::test]
    async fn when_too_many_wait_nobody_is_asked() {
        // A port where nobody listens.
        let domains = MailDomains::asking(&["127.0.0.1:9".parse().unwrap()]).unwrap();
        let address = EmailAddress::parse("a@b.example").unwrap();
        let all = domains.places.acquire_many(u32::try_from(AT_ONCE).unwrap());
        let all = all.await.unwrap();
        assert_eq!(domains.take_mail(&address).await, TakesMail::Unknown);
        assert_eq!(domains.places.available_permits(), 0);
        drop(all);
        // Known without asking: the name is reserved (RFC 6761).
        let nowhere = EmailAddress::parse("a@b.invalid").unwrap();
        assert_eq!(domains.take_mail(&nowhere).await, TakesMail::No);
        assert_eq!(domains.places.available_permits(), AT_ONCE);
    }

    #[tokio::test(start_paused = true)]
    async fn trouble_is_said_once_a_minute() {
        let seldom = Seldom::default();
        assert!(seldom.may_be_said() && !seldom.may_be_said());
        tokio::time::advance(SAID_EVERY / 2).await;
        assert!(!seldom.may_be_said());
        tokio::time::advance(SAID_EVERY / 2).await;
        assert!(seldom.may_be_said() && !seldom.may_be_said());
    }
}
