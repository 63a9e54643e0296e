//! Fetches what editors link to, and nothing of the network that the service stands in.
//!
//! Every address of a name is checked before a connection, and the connection goes to the addresses
//! that were checked ([`address`]); the same again after each redirect. No proxy, no cookie, no
//! decompression; limits on octets, time, redirects, and on requests at once.
//! [Why](../../docs/decisions/0041-links-and-pictures-from-outside.md).

mod address;
mod resolver;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, LOCATION, RANGE};
use reqwest::{Client, Response, StatusCode, redirect};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use url::{Host, Url};

use crate::config::Fetch;
use crate::dns::Dns;
use address::may_reach;
use resolver::{CheckedNames, NameError};

/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// How many requests run at once, and how many to one host.
const MAX_REQUESTS: usize = 8;
const MAX_PER_HOST: usize = 1;
/// How much of a page is read that does not answer to HEAD.
const PROBE_OCTETS: usize = 4 * 1024;
/// How many hosts are remembered before those that are not in use are forgotten.
const MAX_HOSTS: usize = 1000;

/// Why something could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Not a page of the web.
    #[error("only addresses that begin with http:// or https:// can be fetched")]
    NotWeb,
    /// It leads into a network that is not public.
    #[error("the address leads into a private network")]
    Private,
    /// There is no such host.
    #[error("there is no such host")]
    NoSuchHost,
    /// The DNS did not answer.
    #[error("the DNS could not be asked")]
    Dns,
    /// It took too long.
    #[error("it took too long")]
    TooSlow,
    /// It leads from one address to the next without an end.
    #[error("it leads from one address to the next without an end")]
    Loop,
    /// It is larger than wanted.
    #[error("it is too large")]
    TooLarge,
    /// The server answers with an error.
    #[error("the server answers {0}")]
    Status(u16),
    /// The certificate is not valid.
    #[error("its certificate is not valid")]
    Certificate,
    /// The connection failed or broke.
    #[error("the connection failed")]
    Broken,
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// The address after all redirects.
    pub at: Url,
    /// How large the server says it is, in octets.
    pub octets: Option<u64>,
}

/// Fetches from the public internet.
pub struct Fetcher {
    /// Made when something is fetched first, as it reads all certificates of the system; none when it could
    /// not be made.
    client: OnceLock<Option<Client>>,
    names: Arc<CheckedNames>,
    agent: String,
    allowed: Vec<IpNet>,
    time: Duration,
    requests: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Fetcher {
    /// Makes one; `agent` says in each request who asks.
    #[must_use]
    pub fn new(settings: &Fetch, dns: Dns, agent: String) -> Self {
        Self {
            client: OnceLock::new(),
            names: Arc::new(CheckedNames::new(dns, settings.allow.clone())),
            agent,
            allowed: settings.allow.clone(),
            time: Duration::from_secs(settings.seconds),
            requests: Arc::new(Semaphore::new(MAX_REQUESTS)),
            hosts: Mutex::default(),
        }
    }

    fn client(&self) -> Result<&Client, FetchError> {
        let made = self.client.get_or_init(|| {
            let client = Client::builder()
                .dns_resolver(Arc::clone(&self.names))
                .redirect(redirect::Policy::none())
                .no_proxy()
                // The bucket's crate turns HTTP/2 on in reqwest.
                .http1_only()
                .referer(false)
                .user_agent(&self.agent)
                .connect_timeout(self.time.div_f32(2.0))
                // A connection is for one check: the next one looks the name up again.
                .pool_max_idle_per_host(0)
                .build();
            let failed = |error| tracing::error!(%error, "nothing can be fetched from other sites");
            client.map_err(failed).ok()
        });
        made.as_ref().ok_or(FetchError::Broken)
    }

    /// Whether a link answers, and where it leads: a HEAD, and where that fails, the beginning of a GET.
    ///
    /// # Errors
    /// When it does not.
    pub async fn probe(&self, url: &Url) -> Result<Probed, FetchError> {
        match self.follow(Wanted::Head, url).await {
            Ok(answer) => Ok(answer.probed()),
            // These would say the same to a GET.
            Err(
                error @ (FetchError::NotWeb
                | FetchError::Private
                | FetchError::NoSuchHost
                | FetchError::Dns
                | FetchError::Certificate
                | FetchError::Loop),
            ) => Err(error),
            // Many servers take HEAD amiss; what counts is what a reader's browser asks.
            Err(_) => {
                let answer = self.follow(Wanted::Beginning, url).await?;
                let probed = answer.probed();
                // A server may break off behind the status.
                self.read(answer, PROBE_OCTETS, Beyond::IsLeft).await?;
                Ok(probed)
            }
        }
    }

    /// What an address holds, of at most `max` octets.
    ///
    /// # Errors
    /// When it cannot be had, or is larger.
    pub async fn get(&self, url: &Url, max: usize) -> Result<Vec<u8>, FetchError> {
        let answer = self.follow(Wanted::Whole, url).await?;
        let too_large = |octets| octets > u64::try_from(max).unwrap_or(u64::MAX);
        if length(&answer.response).is_some_and(too_large) {
            return Err(FetchError::TooLarge);
        }
        self.read(answer, max, Beyond::IsRefused).await
    }

    /// The first answer that is no redirect, if it is a good one.
    async fn follow(&self, wanted: Wanted, url: &Url) -> Result<Answer, FetchError> {
        let mut at = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.ask(wanted, at).await?;
            let status = answer.response.status();
            let location = answer.response.headers().get(LOCATION);
            let Some(location) = location.filter(|_| status.is_redirection()) else {
                // A page of no octets has no first octet.
                return match status {
                    StatusCode::RANGE_NOT_SATISFIABLE => Ok(answer),
                    good if good.is_success() => Ok(answer),
                    bad => Err(FetchError::Status(bad.as_u16())),
                };
            };
            let location = location.to_str().map_err(|_| FetchError::Broken)?;
            at = answer.at.join(location).map_err(|_| FetchError::Broken)?;
        }
        Err(FetchError::Loop)
    }

    /// One request. Waiting for others takes nothing off its time.
    async fn ask(&self, wanted: Wanted, at: Url) -> Result<Answer, FetchError> {
        if !matches!(at.scheme(), "http" | "https") {
            return Err(FetchError::NotWeb);
        }
        let host = at.host().ok_or(FetchError::NotWeb)?;
        // A name is checked when it is looked up; an address is never looked up. The parser has made
        // decimal, octal and hexadecimal forms plain.
        let literal = match &host {
            Host::Ipv4(four) => Some(IpAddr::V4(*four)),
            Host::Ipv6(six) => Some(IpAddr::V6(*six)),
            Host::Domain(_) => None,
        };
        if literal.is_some_and(|address| !may_reach(address, &self.allowed)) {
            return Err(FetchError::Private);
        }
        let closed = |_| FetchError::Broken;
        let host = self.place_of(&host.to_string());
        let host = host.acquire_owned().await.map_err(closed)?;
        let all = Arc::clone(&self.requests).acquire_owned().await;
        let places = [host, all.map_err(closed)?];
        let mut bare = at.clone();
        // A password in a link is nobody's to try.
        if bare.set_username("").is_err() || bare.set_password(None).is_err() {
            return Err(FetchError::NotWeb);
        }
        let client = self.client()?;
        let request = match wanted {
            Wanted::Head => client.head(bare),
            Wanted::Beginning => client.get(bare).header(RANGE, "bytes=0-1023"),
            Wanted::Whole => client.get(bare),
        };
        let response = match timeout(self.time, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(reason(&error)),
            Err(_) => return Err(FetchError::TooSlow),
        };
        Ok(Answer {
            at,
            response,
            _places: places,
        })
    }

    async fn read(
        &self,
        mut answer: Answer,
        max: usize,
        beyond: Beyond,
    ) -> Result<Vec<u8>, FetchError> {
        let reading = async {
            let mut octets = Vec::new();
            while let Some(chunk) = answer.response.chunk().await.map_err(|e| reason(&e))? {
                octets.extend_from_slice(&chunk);
                if octets.len() > max {
                    return match beyond {
                        Beyond::IsLeft => Ok(octets),
                        Beyond::IsRefused => Err(FetchError::TooLarge),
                    };
                }
            }
            Ok(octets)
        };
        let read = timeout(self.time, reading).await;
        read.unwrap_or(Err(FetchError::TooSlow))
    }

    /// What lets one request at a time go to a host.
    fn place_of(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() > MAX_HOSTS {
            hosts.retain(|_, place| Arc::strong_count(place) > 1);
        }
        let place = hosts.entry(host.to_owned());
        Arc::clone(place.or_insert_with(|| Arc::new(Semaphore::new(MAX_PER_HOST))))
    }
}

/// How much of an address is asked for.
#[derive(Clone, Copy)]
enum Wanted {
    Head,
    Beginning,
    Whole,
}

/// An answer, with the places of its request until it has been read.
struct Answer {
    at: Url,
    response: Response,
    _places: [OwnedSemaphorePermit; 2],
}

impl Answer {
    fn probed(&self) -> Probed {
        Probed {
            at: self.at.clone(),
            octets: length(&self.response),
        }
    }
}

/// How large the whole is, as the server says.
fn length(response: &Response) -> Option<u64> {
    let header = |name| {
        let value = response.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let of_range = header(CONTENT_RANGE)
        .and_then(|range| range.rsplit_once('/').map(|(_, whole)| whole.to_owned()));
    of_range
        .or_else(|| header(CONTENT_LENGTH))
        .and_then(|octets| octets.trim().parse().ok())
}

/// What happens to a body that is longer than wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beyond {
    IsLeft,
    IsRefused,
}

/// What an error of the client means.
fn reason(error: &reqwest::Error) -> FetchError {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(name) = cause.downcast_ref::<NameError>() {
            return match name {
                NameError::Private => FetchError::Private,
                NameError::NoSuchHost => FetchError::NoSuchHost,
                NameError::Dns => FetchError::Dns,
            };
        }
        let io = cause.downcast_ref::<std::io::Error>();
        let tls = io.and_then(|io| io.get_ref()?.downcast_ref::<rustls::Error>());
        let tls = tls.or_else(|| cause.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(_)) = tls {
            return FetchError::Certificate;
        }
        source = cause.source();
    }
    if error.is_timeout() {
        FetchError::TooSlow
    } else {
        FetchError::Broken
    }
}
