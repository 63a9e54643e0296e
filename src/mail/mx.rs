//! Whether a domain accepts mail, according to the DNS (RFC 5321 §5.1, RFC 7505).

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ResolveHosts, ResolverOpts};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::NetError;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::dns;
use crate::domain::EmailAddress;
use crate::log_limiter::LogLimiter;

/// The most time that all DNS lookups for one address may take.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);
/// The time-out of one query, so that there is time for a second one.
const QUERY_TIMEOUT: Duration = Duration::from_millis(900);
/// How often a query is repeated.
const QUERY_RETRIES: usize = 1;
/// How many addresses may be looked up at the same time.
const MAX_LOOKUPS: usize = 64;
/// How many answers are cached, and for how long at most: negative ones shorter, so that a repaired domain is
/// soon accepted.
const CACHE_SIZE: u64 = 4096;
const POSITIVE_TTL: Duration = Duration::from_secs(3600);
const NEGATIVE_TTL: Duration = Duration::from_secs(300);

/// Whether a domain accepts mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakesMail {
    /// It has a mail server, or a host that may be one.
    Yes,
    /// It does not exist, has neither, or publishes a null MX (RFC 7505).
    No,
    /// The DNS could not be queried, which says nothing about the domain.
    Unknown,
}

/// Looks up in the DNS whether domains accept mail, and caches the answers.
pub struct MailDomains {
    resolver: TokioResolver,
    /// One permit for each lookup.
    lookups: Semaphore,
    failure_log: LogLimiter<&'static str>,
}

impl MailDomains {
    /// Uses these name servers, or those of the system if there are none.
    ///
    /// # Errors
    /// When the system has no name servers, or the resolver cannot be built.
    pub fn asking(servers: &[SocketAddr]) -> Result<Self, NetError> {
        let mut builder = dns::builder(servers)?;
        limit(builder.options_mut());
        Ok(Self {
            resolver: builder.build()?,
            lookups: Semaphore::new(MAX_LOOKUPS),
            failure_log: LogLimiter::default(),
        })
    }

    /// Whether the domain of an address accepts mail. Only the domain is looked up. Answers within two seconds,
    /// and with [`TakesMail::Unknown`] at once if 64 lookups are running already.
    pub async fn take_mail(&self, address: &EmailAddress) -> TakesMail {
        let Ok(_permit) = self.lookups.try_acquire() else {
            return self.unknown("too many lookups at once");
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
        // Otherwise the system's search list would be tried too.
        name.set_fqdn(true);
        let ask = |kind| self.resolver.lookup(name.clone(), kind);
        match read_mx(ask(RecordType::MX).await)? {
            MxAnswer::HasMx => return Ok(true),
            MxAnswer::NoMail => return Ok(false),
            MxAnswer::ImplicitMx => {}
        }
        Ok(has_host(ask(RecordType::A).await)? || has_host(ask(RecordType::AAAA).await)?)
    }

    /// Logs the failure without the domain, which may belong to one person.
    fn unknown(&self, why: &'static str) -> TakesMail {
        if let Some(times) = self.failure_log.may_log(why) {
            tracing::warn!(
                why,
                times,
                "the DNS could not be queried whether a domain accepts mail; sign-ups are accepted unchecked"
            );
        }
        TakesMail::Unknown
    }
}

fn limit(options: &mut ResolverOpts) {
    options.timeout = QUERY_TIMEOUT;
    options.attempts = QUERY_RETRIES;
    options.cache_size = CACHE_SIZE;
    options.positive_max_ttl = Some(POSITIVE_TTL);
    options.negative_max_ttl = Some(NEGATIVE_TTL);
    // Names in /etc/hosts say nothing about mail.
    options.use_hosts_file = ResolveHosts::Never;
}

/// What the MX records of a domain mean.
#[derive(Debug, PartialEq, Eq)]
enum MxAnswer {
    /// There is a mail server.
    HasMx,
    /// The domain says that it accepts no mail (RFC 7505).
    NoMail,
    /// There are no MX records: the host with the domain's name is the mail server, if there is one.
    /// Some servers answer that there is no such name where there is one with an address only.
    ImplicitMx,
}

fn read_mx(answer: Result<Lookup, NetError>) -> Result<MxAnswer, NetError> {
    match answer {
        Ok(lookup) => {
            let mut servers = lookup.answers().iter().filter_map(|record| {
                let RData::MX(mx) = &record.data else {
                    return None;
                };
                Some(&mx.exchange)
            });
            let Some(first) = servers.next() else {
                return Ok(MxAnswer::ImplicitMx);
            };
            if first.is_root() && servers.all(Name::is_root) {
                return Ok(MxAnswer::NoMail);
            }
            Ok(MxAnswer::HasMx)
        }
        Err(error) if dns::says_none(&error) => Ok(MxAnswer::ImplicitMx),
        Err(error) => Err(error),
    }
}

fn has_host(answer: Result<Lookup, NetError>) -> Result<bool, NetError> {
    match answer {
        Ok(lookup) => Ok(lookup
            .answers()
            .iter()
            .any(|record| matches!(record.data, RData::A(_) | RData::AAAA(_)))),
        Err(error) if dns::says_none(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_LOOKUPS, MailDomains, MxAnswer, TakesMail};
    use super::{has_host, read_mx};
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
        let of = |records: &[RData]| read_mx(found(records)).unwrap();
        assert_eq!(of(&[mx(10, "mx.a.example.")]), MxAnswer::HasMx);
        assert_eq!(of(&[mx(0, ".")]), MxAnswer::NoMail);
        assert_eq!(of(&[mx(0, "."), mx(5, "mx.a.example.")]), MxAnswer::HasMx);
        let alias = RData::CNAME(CNAME(name("b.example.")));
        assert_eq!(of(&[alias.clone(), mx(0, ".")]), MxAnswer::NoMail);
        assert_eq!(of(&[alias]), MxAnswer::ImplicitMx);
    }

    #[test]
    fn only_an_authoritative_answer_means_no_mail() {
        let no_domain = || Err(none(ResponseCode::NXDomain).into());
        let nothing = || Err(none(ResponseCode::NoError).into());
        // Some servers answer so to MX although the name has an address.
        assert_eq!(read_mx(no_domain()).unwrap(), MxAnswer::ImplicitMx);
        assert_eq!(read_mx(nothing()).unwrap(), MxAnswer::ImplicitMx);
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
            assert!(read_mx(Err(trouble.clone())).is_err(), "{trouble}");
            assert!(has_host(Err(trouble.clone())).is_err(), "{trouble}");
        }
    }

    #[tokio::test]
    async fn with_too_many_lookups_the_answer_is_unknown() {
        // A port where nobody listens.
        let domains = MailDomains::asking(&["127.0.0.1:9".parse().unwrap()]).unwrap();
        let address = EmailAddress::parse("a@b.example").unwrap();
        let all = domains
            .lookups
            .acquire_many(u32::try_from(MAX_LOOKUPS).unwrap());
        let all = all.await.unwrap();
        assert_eq!(domains.take_mail(&address).await, TakesMail::Unknown);
        assert_eq!(domains.lookups.available_permits(), 0);
        drop(all);
        // Answered without a query: the name is reserved (RFC 6761).
        let nowhere = EmailAddress::parse("a@b.invalid").unwrap();
        assert_eq!(domains.take_mail(&nowhere).await, TakesMail::No);
        assert_eq!(domains.lookups.available_permits(), MAX_LOOKUPS);
    }
}
